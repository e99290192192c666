"""Listings on TikTok Shop that a template has to do with."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text

from server.store.session import Session


@dataclass(frozen=True, slots=True)
class Affected:
    """How many listings, and the products of the first of them."""

    count: int
    first: tuple[UUID, ...]


_WHERE = """
FROM listing WHERE shop_id = :shop_id AND tiktok_shop_id = :tiktok_shop_id AND remote_id IS NOT NULL
  AND status NOT IN ('NOT_SYNCED', 'SYNC_FAILED', 'DELETED')
  AND (template_id = :template_id OR product_id = ANY(CAST(:taken AS uuid[])))
"""
_COUNT = text(f"SELECT count(*) AS amount {_WHERE}")  # our own words
_FIRST = text(f"SELECT product_id {_WHERE} ORDER BY product_id LIMIT :first")  # our own words


async def affected(
    session: Session,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    template_id: UUID,
    taken: Sequence[UUID],
    first: int,
) -> Affected:
    """Listings that were made with a template, and those of the products that it takes."""
    values = {
        "shop_id": shop_id,
        "tiktok_shop_id": tiktok_shop_id,
        "template_id": template_id,
        "taken": list(taken),
    }
    connection = await session.connection()
    amount = (await connection.execute(_COUNT, values)).scalar_one()
    rows = await connection.execute(_FIRST, values | {"first": first})
    return Affected(amount, tuple(row.product_id for row in rows))


_IDS = text(f"SELECT product_id {_WHERE} ORDER BY product_id")  # our own words


async def affected_products(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, template_id: UUID, taken: Sequence[UUID]
) -> list[UUID]:
    """The products of all of them."""
    values = {
        "shop_id": shop_id,
        "tiktok_shop_id": tiktok_shop_id,
        "template_id": template_id,
        "taken": list(taken),
    }
    connection = await session.connection()
    return [row.product_id for row in await connection.execute(_IDS, values)]


_GONE = text("""
SELECT product_id FROM listing
WHERE shop_id = :shop_id AND tiktok_shop_id = :tiktok_shop_id AND remote_id IS NOT NULL
  AND status NOT IN ('NOT_SYNCED', 'SYNC_FAILED', 'DELETED') AND template_id = :template_id
  AND NOT EXISTS (SELECT FROM product_traits WHERE product_traits.product_id = listing.product_id)
""")


async def of_gone_products(session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, template_id: UUID) -> list[UUID]:
    """The products of listings made with a template that the store does not have any more, and no rule can see."""
    connection = await session.connection()
    values = {"shop_id": shop_id, "tiktok_shop_id": tiktok_shop_id, "template_id": template_id}
    return [row.product_id for row in await connection.execute(_GONE, values)]
