"""Product overrides: each product's own settings in a TikTok shop."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, delete, select

from server.domain.categories import CategoryRef
from server.kit.ids import new_id
from server.kit.json import dumps_text
from server.store.session import Session
from server.tables import ProductOverride


@dataclass(frozen=True, slots=True)
class NewOverride:
    """What a product shall have of its own; ``content`` is ``domain.overrides`` as JSON."""

    product_id: UUID
    category: CategoryRef | None
    content: Mapping[str, Any]


async def by_products(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, product_ids: Sequence[UUID]
) -> dict[UUID, ProductOverride]:
    """Overrides by product; one without is not in it."""
    statement = select(ProductOverride).where(
        ProductOverride.shop_id == shop_id,
        ProductOverride.tiktok_shop_id == tiktok_shop_id,
        col(ProductOverride.product_id).in_(product_ids),
    )
    rows = await session.exec(statement.execution_options(populate_existing=True))
    return {row.product_id: row for row in rows}


_HOLD = text("""
SELECT id FROM product
WHERE shop_id = :shop_id AND id = ANY(CAST(:ids AS uuid[])) AND deleted_at IS NULL
ORDER BY id FOR NO KEY UPDATE
""")


async def hold_products(session: Session, *, shop_id: UUID, product_ids: Sequence[UUID]) -> set[UUID]:
    """Those of the products that the store has; until the transaction ends nobody else writes overrides of them."""
    connection = await session.connection()
    rows = await connection.execute(_HOLD, {"shop_id": shop_id, "ids": list(product_ids)})
    return {row.id for row in rows}


async def by_ids(session: Session, *, shop_id: UUID, ids: Sequence[UUID]) -> dict[UUID, ProductOverride]:
    """Those of the overrides that are the shop's."""
    rows = await session.exec(
        select(ProductOverride).where(ProductOverride.shop_id == shop_id, col(ProductOverride.id).in_(ids))
    )
    return {row.id: row for row in rows}


_UPSERT = text("""
INSERT INTO product_override (id, shop_id, tiktok_shop_id, product_id, category_id, category_version, content, revision,
                              updated_at, updated_by)
SELECT new.row_id, :shop_id, :tiktok_shop_id, new.product_id, new.category_id, new.category_version, new.content, 1,
       :now, :updated_by
FROM jsonb_to_recordset(CAST(:rows AS jsonb))
     AS new(row_id uuid, product_id uuid, category_id text, category_version text, content jsonb)
JOIN product ON product.id = new.product_id AND product.shop_id = :shop_id
ORDER BY new.product_id
ON CONFLICT (tiktok_shop_id, product_id) DO UPDATE SET
    category_id = excluded.category_id, category_version = excluded.category_version, content = excluded.content,
    revision = product_override.revision + 1, updated_at = excluded.updated_at, updated_by = excluded.updated_by
WHERE (product_override.category_id, product_override.category_version, product_override.content)
      IS DISTINCT FROM (excluded.category_id, excluded.category_version, excluded.content)
RETURNING product_id
""")


async def upsert(
    session: Session,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    overrides: Sequence[NewOverride],
    updated_by: str,
    now: datetime,
) -> set[UUID]:
    """Write overrides in one statement; the products whose override is new or another now. Each product once."""
    rows = [
        {
            "row_id": new_id(),
            "product_id": one.product_id,
            "category_id": one.category.id if one.category else None,
            "category_version": one.category.version if one.category else None,
            "content": dict(one.content),
        }
        for one in overrides
    ]
    values = {
        "shop_id": shop_id,
        "tiktok_shop_id": tiktok_shop_id,
        "rows": dumps_text(rows),
        "now": now,
        "updated_by": updated_by,
    }
    connection = await session.connection()
    return {row.product_id for row in await connection.execute(_UPSERT, values)}


async def remove(session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, product_ids: Sequence[UUID]) -> set[UUID]:
    """Forget overrides; the products that had one."""
    statement = (
        delete(ProductOverride)
        .where(
            col(ProductOverride.shop_id) == shop_id,
            col(ProductOverride.tiktok_shop_id) == tiktok_shop_id,
            col(ProductOverride.product_id).in_(product_ids),
        )
        .returning(col(ProductOverride.product_id))
    )
    return set((await session.exec(statement)).scalars())
