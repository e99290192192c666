"""What a file of overrides is written from: the store's products in the order of their ids, with what they have."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import JSONB

from server.store.session import Session


@dataclass(frozen=True, slots=True)
class OverrideLine:
    """A product; ``content`` is None when it has nothing of its own."""

    product_id: UUID
    handle: str
    title: str
    category_id: str | None
    category_version: str | None
    content: dict[str, Any] | None


_LINES = text("""
SELECT product.id, product.handle, product.title, own.category_id, own.category_version, own.content
FROM product LEFT JOIN product_override own ON own.product_id = product.id AND own.tiktok_shop_id = :tiktok_shop_id
WHERE product.shop_id = :shop_id AND product.deleted_at IS NULL
  AND (CAST(:after AS uuid) IS NULL OR product.id > :after) AND (NOT :overridden OR own.id IS NOT NULL)
ORDER BY product.id LIMIT :amount
""").columns(content=JSONB())

_ATTRIBUTES = text("""
SELECT DISTINCT one ->> 'id' AS id FROM product_override
CROSS JOIN LATERAL jsonb_array_elements(coalesce(product_override.content -> 'attributes', '[]'::jsonb)) AS one
WHERE shop_id = :shop_id AND tiktok_shop_id = :tiktok_shop_id AND one ->> 'source' IS NULL
ORDER BY 1
""")


async def page(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, overridden: bool, after: UUID | None, amount: int
) -> list[OverrideLine]:
    """The products behind ``after``; with ``overridden`` only those that have something of their own."""
    values = {"shop_id": shop_id, "tiktok_shop_id": tiktok_shop_id, "overridden": overridden, "after": after}
    connection = await session.connection()
    rows = await connection.execute(_LINES, values | {"amount": amount})
    return [
        OverrideLine(row.id, row.handle, row.title, row.category_id, row.category_version, row.content) for row in rows
    ]


async def attribute_ids(session: Session, *, shop_id: UUID, tiktok_shop_id: UUID) -> Sequence[str]:
    """Attributes that any override names with fixed values."""
    connection = await session.connection()
    values = {"shop_id": shop_id, "tiktok_shop_id": tiktok_shop_id}
    return [row.id for row in await connection.execute(_ATTRIBUTES, values)]
