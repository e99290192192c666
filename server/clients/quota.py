"""How many products a shop has listed today, and whether its day is used up (TikTok fact sheet 3.10.2, 5.5).

A new shop may list 100 products a day, later 1,000; the platform tells only (12052093) that it is enough, and what it
told is known from then on. Days are UTC: the platform names no zone. A listing is reserved before it is sent, so
that parallel calls do not pass a known limit together.
"""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar, cast

from redis.asyncio import Redis
from redis.exceptions import RedisError

_LOG = logging.getLogger(__name__)
_KEPT = timedelta(days=2)
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class ListingDay:
    """Products listed today by this app; ``closed`` once the platform refused one more; ``limit`` when it is known."""

    listed: int = 0
    closed: bool = False
    limit: int | None = None

    @property
    def room(self) -> int | None:
        """How many more may be listed today; None: as far as we know any number."""
        if self.closed:
            return 0
        return None if self.limit is None else max(0, self.limit - self.listed)


_TAKE = """
local h = redis.call('HMGET', KEYS[1], 'listed', 'closed', 'limit')
local listed, limit = tonumber(h[1]) or 0, tonumber(h[3])
if h[2] or (limit and listed >= limit) then return 0 end
redis.call('HINCRBY', KEYS[1], 'listed', 1)
redis.call('EXPIRE', KEYS[1], ARGV[1])
return 1
"""
_GIVE_BACK = """
if (tonumber(redis.call('HGET', KEYS[1], 'listed')) or 0) > 0 then redis.call('HINCRBY', KEYS[1], 'listed', -1) end
return 0
"""
_KNOW = """
local listed = tonumber(redis.call('HGET', KEYS[1], 'listed')) or 0
redis.call('HSET', KEYS[1], 'listed', math.max(listed, tonumber(ARGV[2])))
if ARGV[3] == '' then redis.call('HDEL', KEYS[1], 'limit') else redis.call('HSET', KEYS[1], 'limit', ARGV[3]) end
if ARGV[4] == '1' then redis.call('HSET', KEYS[1], 'closed', '1') end
redis.call('EXPIRE', KEYS[1], ARGV[1])
return 0
"""


class ListingQuota:
    """One small hash per shop and day in Redis; in this process alone without it or while it does not answer."""

    def __init__(self, redis: Redis | None) -> None:
        self._redis = redis
        self._local: dict[str, ListingDay] = {}

    async def today(self, key: str, now: datetime) -> ListingDay:
        """One round trip."""
        name = _name(key, now)

        async def ask(redis: Redis) -> ListingDay:
            # redis types one method for both its clients; ours is the asynchronous one.
            asked = cast("Awaitable[list[bytes | None]]", redis.hmget(name, ["listed", "closed", "limit"]))
            listed, closed, limit = await asked
            return ListingDay(int(listed or 0), closed is not None, None if limit is None else int(limit))

        return await self._shared(key, ask, lambda: self._mine(name))

    async def take(self, key: str, now: datetime) -> bool:
        """Reserve one listing of today; False when the day is known to be used up."""
        name = _name(key, now)

        def alone() -> bool:
            mine = self._mine(name)
            if mine.room == 0:
                return False
            self._keep(name, replace(mine, listed=mine.listed + 1))
            return True

        return bool(await self._shared(key, lambda redis: _run(redis, _TAKE, name), alone))

    async def give_back(self, key: str, now: datetime) -> None:
        """A reserved listing was not made."""
        name = _name(key, now)

        def alone() -> int:
            mine = self._mine(name)
            self._keep(name, replace(mine, listed=max(0, mine.listed - 1)))
            return 0

        await self._shared(key, lambda redis: _run(redis, _GIVE_BACK, name), alone)

    async def know(self, key: str, now: datetime, day: ListingDay) -> None:
        """What the database remembers of today: Redis may have been emptied. A higher count of its own stays."""
        name = _name(key, now)
        limit, closed = "" if day.limit is None else str(day.limit), "1" if day.closed else ""

        def alone() -> int:
            mine = self._mine(name)
            self._keep(name, ListingDay(max(mine.listed, day.listed), mine.closed or day.closed, day.limit))
            return 0

        await self._shared(key, lambda redis: _run(redis, _KNOW, name, str(day.listed), limit, closed), alone)

    async def close(self, key: str, now: datetime) -> None:
        """The platform refused one more today."""
        day = await self.today(key, now)
        self._keep(_name(key, now), replace(self._mine(_name(key, now)), closed=True))
        await self.know(key, now, replace(day, closed=True))

    async def _shared(self, key: str, ask: Callable[[Redis], Awaitable[_T]], alone: Callable[[], _T]) -> _T:
        if self._redis is not None:
            try:
                return await ask(self._redis)
            except (RedisError, OSError):
                _LOG.warning("Redis does not answer: the listings of %s are counted by this process only", key)
        return alone()

    def _mine(self, name: str) -> ListingDay:
        return self._local.get(name, ListingDay())

    def _keep(self, name: str, day: ListingDay) -> None:
        """Yesterday's numbers go with the first of today."""
        date = name.rpartition(":")[2]
        for old in [other for other in self._local if not other.endswith(date)]:
            del self._local[old]
        self._local[name] = day


async def _run(redis: Redis, script: str, name: str, *words: str) -> int:
    asked = cast("Awaitable[int]", redis.eval(script, 1, name, str(int(_KEPT.total_seconds())), *words))
    return int(await asked)


def _name(key: str, now: datetime) -> str:
    return f"leafmark:listings:{key}:{now:%Y-%m-%d}"
