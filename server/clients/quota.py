"""How many products a shop has listed today, and whether its day is used up (TikTok fact sheet 3.10.2, 5.5).

A new shop may list 100 products a day, later 1,000; the platform tells only (12052093) that it is enough, and what it
told is known from then on. It says so of creations and of products that are put up again (TikTok fact sheet 3.14). Our
days are UTC: the platform names no zone for its own, so a refusal on a day on which nothing was listed yet (its day has
not begun) closes an hour, not the day. A listing is reserved before it is sent, so that parallel calls do not pass a
known limit together; a creation whose answer was lost is not reserved again that day.
"""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import TypeVar, cast

from redis.asyncio import Redis
from redis.exceptions import RedisError

from server.domain.estimates import next_midnight
from server.kit.clock import from_unix

_LOG = logging.getLogger(__name__)
_KEPT = timedelta(days=2)
LOOK_AGAIN = timedelta(hours=1)
"""After a refusal on a day without a listing: the platform's day may begin at any of ours."""
_AT_ONCE = timedelta(seconds=1)
"""The refusal is of a day that is over by now: it says nothing of the new one."""
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class ListingDay:
    """Products listed today by this app; ``closed_until`` after a refusal; ``limit`` when it is known."""

    listed: int = 0
    limit: int | None = None
    closed_until: datetime | None = None

    @property
    def room(self) -> int | None:
        """How many more may be listed now; None: as far as we know any number."""
        if self.closed_until is not None:
            return 0
        return None if self.limit is None else max(0, self.limit - self.listed)


@dataclass(frozen=True, slots=True)
class Closing:
    """What a refusal closed. ``day`` is the used-up day; None when only an hour is waited."""

    until: datetime
    day: date | None


@dataclass(frozen=True, slots=True)
class _Mine:
    """The same hash as in Redis, for a process alone."""

    listed: int = 0
    limit: int | None = None
    made: bool = False
    until: float = 0.0
    lost: frozenset[str] = field(default_factory=frozenset)


_TAKE = """
local h = redis.call('HMGET', KEYS[1], 'listed', 'until', 'limit')
local listed, shut, limit = tonumber(h[1]) or 0, tonumber(h[2]) or 0, tonumber(h[3])
if ARGV[3] ~= '' and redis.call('HDEL', KEYS[1], 'lost:' .. ARGV[3]) == 1 then return 1 end
if shut > tonumber(ARGV[2]) or (limit and listed + tonumber(ARGV[4]) > limit) then return 0 end
redis.call('HINCRBY', KEYS[1], 'listed', ARGV[4])
redis.call('EXPIRE', KEYS[1], ARGV[1])
return 1
"""
_GIVE_BACK = """
local listed = tonumber(redis.call('HGET', KEYS[1], 'listed')) or 0
if listed > 0 then redis.call('HINCRBY', KEYS[1], 'listed', -math.min(listed, tonumber(ARGV[2]))) end
return 0
"""
_SET = """
redis.call('HSET', KEYS[1], ARGV[2], '1')
redis.call('EXPIRE', KEYS[1], ARGV[1])
return 0
"""
_CLOSE = """
local made = redis.call('HEXISTS', KEYS[1], 'made')
redis.call('HSET', KEYS[1], 'until', made == 1 and ARGV[3] or ARGV[2])
redis.call('EXPIRE', KEYS[1], ARGV[1])
return made
"""
_KNOW = """
local listed = tonumber(redis.call('HGET', KEYS[1], 'listed')) or 0
redis.call('HSET', KEYS[1], 'listed', math.max(listed, tonumber(ARGV[2])))
if tonumber(ARGV[2]) > 0 then redis.call('HSET', KEYS[1], 'made', '1') end
if ARGV[3] == '' then redis.call('HDEL', KEYS[1], 'limit') else redis.call('HSET', KEYS[1], 'limit', ARGV[3]) end
if ARGV[4] ~= '' then redis.call('HSET', KEYS[1], 'until', ARGV[4]) end
redis.call('EXPIRE', KEYS[1], ARGV[1])
return 0
"""


class ListingQuota:
    """One small hash per shop and day in Redis; in this process alone without it or while it does not answer."""

    def __init__(self, redis: Redis | None) -> None:
        self._redis = redis
        self._local: dict[str, _Mine] = {}

    async def today(self, key: str, now: datetime) -> ListingDay:
        """One round trip."""
        name = _name(key, now.date())

        async def ask(redis: Redis) -> ListingDay:
            # redis types one method for both its clients; ours is the asynchronous one.
            asked = cast("Awaitable[list[bytes | None]]", redis.hmget(name, ["listed", "until", "limit"]))
            listed, until, limit = await asked
            return _day(int(listed or 0), None if limit is None else int(limit), float(until or 0), now)

        def alone() -> ListingDay:
            mine = self._mine(name)
            return _day(mine.listed, mine.limit, mine.until, now)

        return await self._shared(key, ask, alone)

    async def take(self, key: str, now: datetime, mark: str, amount: int = 1) -> bool:
        """Reserve so many listings of today, all or none; False while so many more may not be listed.

        The call ``mark`` whose answer was lost today has its reservation still: it is taken over. Without a mark
        nothing is.
        """
        name = _name(key, now.date())

        def alone() -> bool:
            mine = self._mine(name)
            if mark and mark in mine.lost:
                self._keep(name, replace(mine, lost=mine.lost - {mark}))
                return True
            room = _day(mine.listed, mine.limit, mine.until, now).room
            if room is not None and room < amount:
                return False
            self._keep(name, replace(mine, listed=mine.listed + amount))
            return True

        words = (str(now.timestamp()), mark, str(amount))
        return bool(await self._shared(key, lambda redis: _run(redis, _TAKE, name, *words), alone))

    async def give_back(self, key: str, day: date, amount: int = 1) -> None:
        """So many listings reserved on ``day`` were not made."""
        name = _name(key, day)

        def alone() -> int:
            mine = self._mine(name)
            self._keep(name, replace(mine, listed=max(0, mine.listed - amount)))
            return 0

        await self._shared(key, lambda redis: _run(redis, _GIVE_BACK, name, str(amount)), alone)

    async def lost(self, key: str, day: date, mark: str) -> None:
        """Nobody knows whether the listing reserved on ``day`` was made: repeating this call takes no other."""
        name = _name(key, day)

        def alone() -> int:
            mine = self._mine(name)
            self._keep(name, replace(mine, lost=mine.lost | {mark}))
            return 0

        await self._shared(key, lambda redis: _run(redis, _SET, name, f"lost:{mark}"), alone)

    async def made(self, key: str, day: date) -> None:
        """A listing was made on ``day``; told once by each process, since one is all that is asked for."""
        name = _name(key, day)
        mine = self._mine(name)
        if mine.made:
            return
        self._keep(name, replace(mine, made=True))
        await self._shared(key, lambda redis: _run(redis, _SET, name, "made"), lambda: 0)

    async def know(self, key: str, now: datetime, day: ListingDay) -> None:
        """What the database remembers of today: Redis may have been emptied. A higher count of its own stays."""
        name = _name(key, now.date())
        limit = "" if day.limit is None else str(day.limit)
        until = "" if day.closed_until is None else str(day.closed_until.timestamp())

        def alone() -> int:
            mine = self._mine(name)
            known = replace(
                mine, listed=max(mine.listed, day.listed), limit=day.limit, made=mine.made or day.listed > 0
            )
            self._keep(name, replace(known, until=float(until)) if until else known)
            return 0

        await self._shared(key, lambda redis: _run(redis, _KNOW, name, str(day.listed), limit, until), alone)

    async def close(self, key: str, day: date, now: datetime) -> Closing:
        """A call of ``day`` was refused. Where that day had no listing the refusal is of the platform's day before."""
        name, over = _name(key, day), now + _AT_ONCE
        soon, midnight = (now + LOOK_AGAIN, next_midnight(now)) if day == now.date() else (over, over)
        hour, whole = (str(until.timestamp()) for until in (soon, midnight))

        def alone() -> int:
            mine = self._mine(name)
            self._keep(name, replace(mine, until=float(whole if mine.made else hour)))
            return int(mine.made)

        made = await self._shared(key, lambda redis: _run(redis, _CLOSE, name, hour, whole), alone)
        self._keep(name, replace(self._mine(name), until=float(whole if made else hour)))
        return Closing(midnight, day) if made else Closing(soon, None)

    async def _shared(self, key: str, ask: Callable[[Redis], Awaitable[_T]], alone: Callable[[], _T]) -> _T:
        if self._redis is not None:
            try:
                return await ask(self._redis)
            except (RedisError, OSError):
                _LOG.warning("Redis does not answer: the listings of %s are counted by this process only", key)
        return alone()

    def _mine(self, name: str) -> _Mine:
        return self._local.get(name, _Mine())

    def _keep(self, name: str, mine: _Mine) -> None:
        """Older days' numbers go with the first of a newer one."""
        day = name.rpartition(":")[2]
        for old in [other for other in self._local if other.rpartition(":")[2] < day]:
            del self._local[old]
        self._local[name] = mine


def _day(listed: int, limit: int | None, until: float, now: datetime) -> ListingDay:
    return ListingDay(listed, limit, from_unix(until) if until > now.timestamp() else None)


async def _run(redis: Redis, script: str, name: str, *words: str) -> int:
    asked = cast("Awaitable[int]", redis.eval(script, 1, name, str(int(_KEPT.total_seconds())), *words))
    return int(await asked)


def _name(key: str, day: date) -> str:
    return f"leafmark:listings:{key}:{day}"
