"""How fast we may call: per app and TikTok shop, reads and writes apart, learning from every throttling.

The platform publishes no numbers (TikTok fact sheet 5.5); the starting rates are our own, and the rates then move.
"""

import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import date
from enum import StrEnum
from typing import TypeVar

import anyio
from redis.asyncio import Redis
from redis.exceptions import RedisError

from server.clients.buckets import Buckets, LocalBuckets, Rate, RedisBuckets
from server.clients.errors import Upstream, UpstreamKind
from server.clients.quota import Closing, ListingDay, ListingQuota
from server.clients.verdicts import Verdict
from server.domain.estimates import next_midnight
from server.kit.clock import Clock, system_clock

_LOG = logging.getLogger(__name__)
_WITHOUT_ADVICE = 2.0
"""Seconds to hold still after a throttling that names no ``Retry-After``."""
_AT_ONCE = 0.001
"""Below the precision of the numbers; not worth a sleep."""
_ROOM_FOR_FEWER = 60.0
"""Seconds after which a call that lists several asks again with fewer; parallel calls may give room back."""
_NOT_NOW = Verdict(UpstreamKind.PLATFORM_LIMIT, "REQUEST_LIMIT")
_LISTINGS_USED_UP = Verdict(UpstreamKind.PLATFORM_LIMIT, "DAILY_LISTING_LIMIT")
_T = TypeVar("_T")


class Lane(StrEnum):
    """Reads never wait behind writes."""

    READ = "read"
    WRITE = "write"


TIKTOK_RATES: Mapping[Lane, Rate] = {
    Lane.READ: Rate(start=5.0, floor=0.5, ceiling=100.0, growth=0.5, burst=10.0),
    Lane.WRITE: Rate(start=2.0, floor=0.2, ceiling=50.0, growth=0.2, burst=4.0),
}
"""Start of TikTok fact sheet 5.5; without any throttling a rate doubles every 5 s of use, after one it grows slowly."""


class Pace:
    """Shared through Redis when given one; alone (and still polite) without it or while it does not answer."""

    def __init__(
        self,
        redis: Redis | None = None,
        *,
        rates: Mapping[Lane, Rate] = TIKTOK_RATES,
        patience: float = 20.0,
        clock: Clock = system_clock,
        sleep: Callable[[float], Awaitable[None]] = anyio.sleep,
    ) -> None:
        self._local: Buckets = LocalBuckets(lambda: clock().timestamp())
        self._shared: Buckets | None = RedisBuckets(redis) if redis is not None else None
        self._rates = rates
        self._patience = patience
        self._clock = clock
        self._sleep = sleep
        self._quota = ListingQuota(redis)

    async def admit(self, key: str, lane: Lane) -> None:
        """Wait for a slot; when it is further off than our patience, ``Upstream`` tells when to come back."""
        await self.admit_at(f"{key}:{lane}", self._rates[lane])

    async def admit_at(self, key: str, rate: Rate, cost: float = 1.0) -> None:
        """The same for a bucket of another kind (Shopify's points)."""
        wait = await self._ask(lambda buckets: buckets.take(key, rate, cost, self._patience))
        if wait > self._patience:
            raise Upstream(_NOT_NOW, platform="The pace", retry_after=wait)
        if wait > _AT_ONCE:
            await self._sleep(wait)

    async def throttled(self, key: str, lane: Lane, retry_after: float | None) -> None:
        """The platform said too many: slow this lane down, for every process."""
        wait = retry_after if retry_after is not None else _WITHOUT_ADVICE
        await self._ask(lambda buckets: buckets.cut(f"{key}:{lane}", self._rates[lane], wait))

    async def learned(self, key: str, *, available: float, maximum: float, restore: float) -> None:
        """The platform told its bucket's state (Shopify fact sheet 3.5)."""
        await self._ask(
            lambda buckets: buckets.learn(key, available=available, maximum=maximum, restore=max(restore, 0.001))
        )

    async def reserve_listing(self, key: str, mark: str = "", amount: int = 1) -> date:
        """Take so many listings of the shop's day, and tell which day; ``mark`` names the call among its repetitions.

        ``Upstream`` without a call while the day is known to be used up, or to have room for fewer.
        """
        now = self._clock()
        if not await self._quota.take(key, now, mark, amount):
            known = await self._quota.today(key, now)
            wait = ((known.closed_until or next_midnight(now)) - now).total_seconds()
            raise Upstream(_LISTINGS_USED_UP, platform="The pace", retry_after=_ROOM_FOR_FEWER if known.room else wait)
        return now.date()

    async def give_back_listing(self, key: str, day: date, amount: int = 1) -> None:
        """So many of the listings reserved on that day were not made."""
        await self._quota.give_back(key, day, amount)

    async def lost_listing(self, key: str, day: date, mark: str) -> None:
        """Nobody knows whether it was made: repeating the call ``mark`` that day takes no second one."""
        await self._quota.lost(key, day, mark)

    async def listing_made(self, key: str, day: date) -> None:
        """The listing reserved on that day was made."""
        await self._quota.made(key, day)

    async def know_listings(self, key: str, day: ListingDay) -> None:
        """What is remembered of today: how many were listed, and the shop's limit where it is known."""
        await self._quota.know(key, self._clock(), day)

    async def close_listing(self, key: str, day: date) -> Closing:
        """Code 12052093 for a call of ``day``: no more listings of this shop until its next day."""
        return await self._quota.close(key, day, self._clock())

    async def listings_today(self, key: str) -> ListingDay:
        """How many products this app has listed in the shop today, and whether the day is used up."""
        return await self._quota.today(key, self._clock())

    async def _ask(self, question: Callable[[Buckets], Awaitable[_T]]) -> _T:
        if self._shared is not None:
            try:
                return await question(self._shared)
            except (RedisError, OSError):
                _LOG.warning("Redis does not answer: this process keeps its own pace for now")
        return await question(self._local)
