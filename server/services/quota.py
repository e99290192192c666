"""Daily listing limits: what we listed today, what the platform taught, and what room is left."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from server.clients.quota import ListingDay
from server.domain.estimates import PROBE_AFTER, DailyLimit, learned, next_midnight
from server.store import quota as store
from server.store.session import Session
from server.tables import ListingQuota


@dataclass(frozen=True, slots=True)
class Quota:
    """Where a TikTok shop stands today. ``resumes_at``: no more until then.

    ``guess`` is a limit that one refusal told and none confirmed: good for an estimate, not for holding back.
    """

    listed: int = 0
    daily_limit: int | None = None
    resumes_at: datetime | None = None
    guess: int | None = None

    @property
    def room(self) -> int | None:
        """How many more may be listed today; None: as far as we know any number."""
        if self.resumes_at is not None:
            return 0
        return None if self.daily_limit is None else max(0, self.daily_limit - self.listed)

    @property
    def limit(self) -> DailyLimit:
        """For estimates; a guess that today's listings went beyond is none."""
        number = self.daily_limit or self.guess
        if self.resumes_at is not None:
            return DailyLimit(0, number)
        if number is None or (self.daily_limit is None and self.listed >= number):
            return DailyLimit()
        return DailyLimit(max(0, number - self.listed), number)

    @property
    def day(self) -> ListingDay:
        """For the pace, which may have forgotten it."""
        return ListingDay(self.listed, self.daily_limit, self.resumes_at)


def quota_of(row: ListingQuota | None, now: datetime) -> Quota:
    """A row as it holds today. A limit learned long ago is not held against the shop: it is tried once more."""
    if row is None:
        return Quota()
    today = row.day == now.date()
    number, at = _learned(row)
    trusted = at is not None and (now - at < PROBE_AFTER or (today and row.closed_at is not None))
    limit, listed = number if trusted else None, row.listed if today else 0
    full = (today and row.closed_at is not None) or (limit is not None and listed >= limit)
    guess = number if at is None else None
    return Quota(listed, limit, next_midnight(now) if full else None, guess)


def _learned(row: ListingQuota) -> tuple[int | None, datetime | None]:
    """The number that refusals told, and since when it counts as the limit: with the row's own day, if that closed."""
    if row.closed_at is None or not row.listed:
        return row.daily_limit, row.learned_at
    return row.listed, row.closed_at if learned(row.listed, row.daily_limit) else None


async def quotas(session: Session, *, shop_id: UUID, ids: Sequence[UUID], now: datetime) -> dict[UUID, Quota]:
    """Where these TikTok shops stand today."""
    rows = await store.by_tiktok_shops(session, shop_id=shop_id, ids=ids)
    return {one: quota_of(rows.get(one), now) for one in ids}


async def count(session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, listed: Mapping[date, int]) -> None:
    """So many products were listed, by the day of the call: a slice may reach over midnight."""
    for day, amount in sorted(listed.items()):
        await store.count(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, day=day, amount=amount)


async def close(session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, day: date, now: datetime) -> None:
    """The platform refused one more on that day (code 12052093)."""
    await store.close(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, day=day, now=now)
