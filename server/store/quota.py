"""Daily listing limits: counted and learned in one row for each TikTok shop."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, select

from server.domain.estimates import TRUSTED_AT_ONCE
from server.store.session import Session
from server.tables import ListingQuota

_TOLD = "listing_quota.day < excluded.day AND listing_quota.closed_at IS NOT NULL AND listing_quota.listed > 0"
_LEARN = f"""
    daily_limit = CASE WHEN {_TOLD} THEN listing_quota.listed ELSE listing_quota.daily_limit END,
    learned_at = CASE WHEN NOT ({_TOLD}) THEN listing_quota.learned_at
                      WHEN listing_quota.listed >= {TRUSTED_AT_ONCE} OR listing_quota.listed = listing_quota.daily_limit
                      THEN listing_quota.closed_at END
"""
"""What the day before taught, once it is over: the rule of ``server.domain.estimates.learned``."""

_COUNT = text(f"""
INSERT INTO listing_quota (tiktok_shop_id, shop_id, day, listed) VALUES (:tiktok_shop_id, :shop_id, :day, :amount)
ON CONFLICT (tiktok_shop_id) DO UPDATE SET
    listed = CASE WHEN listing_quota.day = excluded.day THEN listing_quota.listed ELSE 0 END + excluded.listed,
    closed_at = CASE WHEN listing_quota.day = excluded.day THEN listing_quota.closed_at END,
    {_LEARN},
    day = excluded.day
WHERE listing_quota.day <= excluded.day
""")  # noqa: S608  # put together from our own words; values are bound

_CLOSE = text(f"""
INSERT INTO listing_quota (tiktok_shop_id, shop_id, day, listed, closed_at)
VALUES (:tiktok_shop_id, :shop_id, :day, 0, :now)
ON CONFLICT (tiktok_shop_id) DO UPDATE SET
    closed_at = excluded.closed_at,
    listed = CASE WHEN listing_quota.day = excluded.day THEN listing_quota.listed ELSE 0 END,
    {_LEARN},
    day = excluded.day
WHERE listing_quota.day <= excluded.day
""")  # noqa: S608  # put together from our own words; values are bound


async def count(session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, day: date, amount: int) -> None:
    """So many more were listed on ``day``; a day before the newest one is over and not counted."""
    values = {"shop_id": shop_id, "tiktok_shop_id": tiktok_shop_id, "day": day, "amount": amount}
    await (await session.connection()).execute(_COUNT, values)


async def close(session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, day: date, now: datetime) -> None:
    """The platform refused one more on ``day``: what was listed on it, late reports included, is its number."""
    values = {"shop_id": shop_id, "tiktok_shop_id": tiktok_shop_id, "day": day, "now": now}
    await (await session.connection()).execute(_CLOSE, values)


async def by_tiktok_shops(session: Session, *, shop_id: UUID, ids: Sequence[UUID]) -> dict[UUID, ListingQuota]:
    """What is known of these TikTok shops; one that never listed is not in it."""
    statement = select(ListingQuota).where(ListingQuota.shop_id == shop_id, col(ListingQuota.tiktok_shop_id).in_(ids))
    return {row.tiktok_shop_id: row for row in await session.exec(statement)}
