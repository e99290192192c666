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
FROM listing
LEFT JOIN template_assignment AS given
  ON given.tiktok_shop_id = listing.tiktok_shop_id AND given.product_id = listing.product_id
WHERE listing.shop_id = :shop_id AND listing.tiktok_shop_id = :tiktok_shop_id AND listing.remote_id IS NOT NULL
  AND listing.status NOT IN ('NOT_SYNCED', 'SYNC_FAILED', 'DELETED')
"""
_HOMELESS = text(f"SELECT listing.product_id {_WHERE} AND coalesce(given.template_id, listing.template_id) IS NULL")
_EDITED = f"""{_WHERE}
  AND (coalesce(given.template_id, listing.template_id) = :template_id
       OR listing.product_id = ANY(CAST(:homeless AS uuid[])))
"""
_COUNT = text(f"SELECT count(*) AS amount {_EDITED}")  # our own words
_FIRST = text(f"SELECT listing.product_id {_EDITED} ORDER BY listing.product_id LIMIT :first")  # our own words
_IDS = text(f"SELECT listing.product_id {_EDITED} ORDER BY listing.product_id")  # our own words


async def homeless(session: Session, *, shop_id: UUID, tiktok_shop_id: UUID) -> list[UUID]:
    """Products of listings of which no template is known, as of linked ones: by its rules one edits them."""
    connection = await session.connection()
    rows = await connection.execute(_HOMELESS, {"shop_id": shop_id, "tiktok_shop_id": tiktok_shop_id})
    return [row.product_id for row in rows]


async def affected(
    session: Session,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    template_id: UUID,
    homeless: Sequence[UUID],
    first: int,
) -> Affected:
    """Listings that are edited with a template: their products were given to it, or they were made with it.

    So are those of the ``homeless`` that are named.
    """
    values = {
        "shop_id": shop_id,
        "tiktok_shop_id": tiktok_shop_id,
        "template_id": template_id,
        "homeless": list(homeless),
    }
    connection = await session.connection()
    amount = (await connection.execute(_COUNT, values)).scalar_one()
    rows = await connection.execute(_FIRST, values | {"first": first})
    return Affected(amount, tuple(row.product_id for row in rows))


async def affected_products(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, template_id: UUID, homeless: Sequence[UUID]
) -> list[UUID]:
    """The products of all of them."""
    values = {
        "shop_id": shop_id,
        "tiktok_shop_id": tiktok_shop_id,
        "template_id": template_id,
        "homeless": list(homeless),
    }
    connection = await session.connection()
    return [row.product_id for row in await connection.execute(_IDS, values)]
