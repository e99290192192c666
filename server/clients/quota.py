"""How many products a shop has listed today, and whether its day is used up (TikTok fact sheet 3.10.2, 5.5).

A new shop may list 100 products a day, later 1,000; the platform tells only (12052093) that it is enough.
Days are UTC: the platform names no zone.
"""

import logging
from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from redis.asyncio import Redis
from redis.exceptions import RedisError

_LOG = logging.getLogger(__name__)
_CLOSED = "closed"
_KEPT = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class ListingDay:
    """Products listed today by this app; ``closed`` once the platform refused one more."""

    listed: int
    closed: bool


def next_day(now: datetime) -> datetime:
    """The coming midnight, UTC."""
    return now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)


class ListingQuota:
    """One small hash per shop and day in Redis; in this process alone without it or while it does not answer."""

    def __init__(self, redis: Redis | None) -> None:
        self._redis = redis
        self._local: dict[str, ListingDay] = {}

    async def today(self, key: str, now: datetime) -> ListingDay:
        """One round trip."""
        name = _name(key, now)
        mine = self._local.get(name, ListingDay(0, closed=False))
        if self._redis is None:
            return mine
        try:
            # redis types one method for both its clients; ours is the asynchronous one.
            asked = cast("Awaitable[list[bytes | None]]", self._redis.hmget(name, ["listed", _CLOSED]))
            listed, closed = await asked
        except (RedisError, OSError):
            return mine
        return ListingDay(int(listed or 0), closed is not None)

    async def count(self, key: str, now: datetime) -> None:
        """One more was listed."""
        name = _name(key, now)
        mine = self._local.get(name, ListingDay(0, closed=False))
        self._keep(name, ListingDay(mine.listed + 1, mine.closed))
        if self._redis is not None:
            try:
                async with self._redis.pipeline(transaction=False) as pipe:
                    pipe.hincrby(name, "listed", 1)
                    pipe.expire(name, _KEPT)
                    await pipe.execute()
            except (RedisError, OSError):
                _LOG.warning("Redis does not answer: a listing of %s is counted by this process only", key)

    async def close(self, key: str, now: datetime) -> None:
        """The platform refused one more today."""
        name = _name(key, now)
        self._keep(name, ListingDay(self._local.get(name, ListingDay(0, closed=True)).listed, closed=True))
        if self._redis is not None:
            try:
                async with self._redis.pipeline(transaction=False) as pipe:
                    pipe.hset(name, _CLOSED, "1")
                    pipe.expire(name, _KEPT)
                    await pipe.execute()
            except (RedisError, OSError):
                _LOG.warning("Redis does not answer: the used-up day of %s is known to this process only", key)

    def _keep(self, name: str, day: ListingDay) -> None:
        """Yesterday's numbers go with the first of today."""
        date = name.rpartition(":")[2]
        for old in [other for other in self._local if not other.endswith(date)]:
            del self._local[old]
        self._local[name] = day


def _name(key: str, now: datetime) -> str:
    return f"leafmark:listings:{key}:{now:%Y-%m-%d}"
