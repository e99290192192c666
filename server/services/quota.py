"""Daily listing limits: what we listed today, what the platform taught, and what room is left."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from server.clients.quota import ListingDay
from server.domain.estimates import PROBE_AFTER, DailyLimit, next_midnight
from server.store import quota as store
from server.store.session import Session
from server.tables import ListingQuota


@dataclass(frozen=True, slots=True)
class Quota:
    """Where a TikTok shop stands today. ``resumes_at``: no more until then."""

    listed: int = 0
    daily_limit: int | None = None
    resumes_at: datetime | None = None

    @property
    def room(self) -> int | None:
        """How many more may be listed today; None: as far as we know any number."""
        if self.resumes_at is not None:
            return 0
        return None if self.daily_limit is None else max(0, self.daily_limit - self.listed)

    @property
    def limit(self) -> DailyLimit:
        """For estimates."""
        return DailyLimit(self.room, self.daily_limit)

    @property
    def day(self) -> ListingDay:
        """For the pace, which may have forgotten it."""
        return ListingDay(self.listed, self.resumes_at is not None, self.daily_limit)


def quota_of(row: ListingQuota | None, now: datetime) -> Quota:
    """A row as it holds today. A limit learned long ago is not held against the shop: it is tried once more."""
    if row is None:
        return Quota()
    today = row.day == now.date()
    fresh = row.learned_at is not None and now - row.learned_at < PROBE_AFTER
    closed = today and row.closed_at is not None
    limit = row.daily_limit if fresh or closed else None
    listed = row.listed if today else 0
    full = closed or (limit is not None and listed >= limit)
    return Quota(listed, limit, next_midnight(now) if full else None)


async def quotas(session: Session, *, shop_id: UUID, ids: Sequence[UUID], now: datetime) -> dict[UUID, Quota]:
    """Where these TikTok shops stand today."""
    rows = await store.by_tiktok_shops(session, shop_id=shop_id, ids=ids)
    return {one: quota_of(rows.get(one), now) for one in ids}


async def count(session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, amount: int, now: datetime) -> None:
    """So many products were listed just now."""
    if amount:
        await store.count(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, day=now.date(), amount=amount)


async def close(session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, now: datetime) -> None:
    """The platform refused one more today (code 12052093); its limit is known from now on."""
    await store.close(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, now=now)
