"""Brands of leaf categories that were looked for or met."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, or_, select

from server.domain.brands import KeptBrand
from server.domain.categories import CategoryRef
from server.kit.ids import new_id
from server.store.session import Session
from server.tables import LeafBrand


@dataclass(frozen=True, slots=True)
class BrandAnswer:
    """What the platform said of one name: the brand, or that the leaf has none such."""

    key: str
    brand: KeptBrand | None


async def read(
    session: Session,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    refs: Collection[CategoryRef],
    keys: Collection[str],
    brand_ids: Collection[str],
    since: datetime,
) -> dict[CategoryRef, list[BrandAnswer]]:
    """What was learned since then of these names and brands in these leaves."""
    statement = select(LeafBrand).where(
        LeafBrand.shop_id == shop_id,
        LeafBrand.tiktok_shop_id == tiktok_shop_id,
        col(LeafBrand.leaf_id).in_([ref.id for ref in refs]),
        or_(col(LeafBrand.key).in_(keys), col(LeafBrand.remote_id).in_(brand_ids)),
        col(LeafBrand.read_at) > since,
    )
    found: dict[CategoryRef, list[BrandAnswer]] = {}
    for row in await session.exec(statement):
        brand = KeptBrand(row.remote_id, row.name, row.is_authorized, row.is_usable) if row.remote_id else None
        found.setdefault(CategoryRef(row.leaf_id, row.version), []).append(BrandAnswer(row.key, brand))
    return found


_KEEP = text("""
INSERT INTO leaf_brand (id, shop_id, tiktok_shop_id, version, leaf_id, key, remote_id, name, is_authorized, is_usable,
                        read_at)
SELECT new.row_id, :shop_id, :tiktok_shop_id, :version, :leaf_id, new.key, new.remote_id, new.name, new.is_authorized,
       new.is_usable, :now
FROM unnest(CAST(:row_ids AS uuid[]), CAST(:keys AS text[]), CAST(:remote_ids AS text[]), CAST(:names AS text[]),
            CAST(:authorized AS boolean[]), CAST(:usable AS boolean[]))
     AS new(row_id, key, remote_id, name, is_authorized, is_usable)
ORDER BY new.key
ON CONFLICT (tiktok_shop_id, version, leaf_id, key) DO UPDATE SET remote_id = excluded.remote_id,
    name = excluded.name, is_authorized = excluded.is_authorized, is_usable = excluded.is_usable,
    read_at = excluded.read_at
WHERE leaf_brand.read_at <= excluded.read_at
""")


async def keep(
    session: Session,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    ref: CategoryRef,
    answers: Sequence[BrandAnswer],
    now: datetime,
) -> None:
    """Remember answers in one statement, in place of older ones; each name once."""
    values = {
        "shop_id": shop_id,
        "tiktok_shop_id": tiktok_shop_id,
        "version": ref.version.value,
        "leaf_id": ref.id,
        "now": now,
        "row_ids": [new_id() for _ in answers],
        "keys": [one.key for one in answers],
        "remote_ids": [one.brand.id if one.brand else None for one in answers],
        "names": [one.brand.name if one.brand else "" for one in answers],
        "authorized": [bool(one.brand and one.brand.is_authorized) for one in answers],
        "usable": [bool(one.brand and one.brand.is_usable) for one in answers],
    }
    connection = await session.connection()
    await connection.execute(_KEEP, values)
