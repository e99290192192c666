"""Token buckets that learn: the rule in Python for one process, the same rule in Lua for all processes (Redis).

A bucket is kept as the moment at which it would be full again (GCRA), so a grant is one reservation: who is told to
wait 0.4 s owns that slot, and no herd wakes together.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Protocol

from redis.asyncio import Redis
from redis.commands.core import AsyncScript

_LONGEST_EVIDENCE = 1.0
"""Idle seconds prove nothing about a limit: a rate grows by at most this many seconds between two calls."""
_DOUBLING = 5.0
_CUT_APART = 1.0
"""Calls under way together are throttled together: only one cut a second."""
_KEEP_MS = 3_600_000


@dataclass(frozen=True, slots=True)
class Rate:
    """Calls (or points) a second: where it starts, between what it moves, how it grows back, and the burst."""

    start: float
    floor: float
    ceiling: float
    growth: float
    burst: float


class Buckets(Protocol):
    """A family of buckets by key."""

    async def take(self, key: str, rate: Rate, cost: float, patience: float) -> float:
        """Seconds to wait for the reserved slot; above ``patience`` nothing was reserved."""
        ...

    async def cut(self, key: str, rate: Rate, retry_after: float) -> None:
        """The platform throttled: halve the rate and grant nothing for ``retry_after`` seconds."""
        ...

    async def learn(self, key: str, *, available: float, maximum: float, restore: float) -> None:
        """The platform told its own bucket's state: believe it."""
        ...


@dataclass(frozen=True, slots=True)
class _State:
    full_at: float
    rate: float
    at: float
    burst: float
    cut_at: float = 0.0


class LocalBuckets:
    """For one process, or while Redis does not answer. ``now`` gives seconds."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._states: dict[str, _State] = {}

    async def take(self, key: str, rate: Rate, cost: float, patience: float) -> float:
        """See ``Buckets``."""
        now = self._now()
        state = self._grown(self._states.get(key), rate, now)
        grant = max(now, state.full_at - (state.burst - min(cost, state.burst)) / state.rate)
        if grant - now <= patience:
            state = replace(state, full_at=max(now, state.full_at) + cost / state.rate)
        self._states[key] = state
        return grant - now

    async def cut(self, key: str, rate: Rate, retry_after: float) -> None:
        """See ``Buckets``."""
        now = self._now()
        state = self._grown(self._states.get(key), rate, now)
        slower = state.rate if now - state.cut_at < _CUT_APART else max(rate.floor, state.rate / 2)
        empty_until = now + retry_after + (state.burst - 1) / slower
        self._states[key] = _State(max(state.full_at, empty_until), slower, now, state.burst, now)

    async def learn(self, key: str, *, available: float, maximum: float, restore: float) -> None:
        """See ``Buckets``."""
        now = self._now()
        self._states[key] = _State(now + max(0.0, maximum - available) / restore, restore, now, maximum)

    @staticmethod
    def _grown(state: _State | None, rate: Rate, now: float) -> _State:
        if state is None:
            return _State(now, rate.start, now, rate.burst)
        evidence = min(max(0.0, now - state.at), _LONGEST_EVIDENCE)
        if rate.growth == 0:
            return replace(state, at=now)
        faster = state.rate + rate.growth * evidence if state.cut_at else state.rate * 2 ** (evidence / _DOUBLING)
        return replace(state, rate=min(rate.ceiling, faster), at=now)


_PRELUDE = """
local t = redis.call('TIME')
local now = tonumber(t[1]) + tonumber(t[2]) / 1000000
local function keep(full_at, rate, burst, cut_at)
  redis.call('HSET', KEYS[1], 'full_at', string.format('%.6f', full_at), 'rate', string.format('%.9g', rate),
    'at', string.format('%.6f', now), 'burst', string.format('%.9g', burst), 'cut_at', string.format('%.6f', cut_at))
  redis.call('PEXPIRE', KEYS[1], math.max(KEEP_MS, math.ceil((full_at - now) * 1000) + 60000))
end
"""
_GROWN = """
local start, ceiling, growth = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local h = redis.call('HMGET', KEYS[1], 'full_at', 'rate', 'at', 'burst', 'cut_at')
local full_at, rate, at = tonumber(h[1]) or now, tonumber(h[2]) or start, tonumber(h[3]) or now
local burst, cut_at = tonumber(h[4]) or tonumber(ARGV[4]), tonumber(h[5]) or 0
local evidence = math.min(math.max(0, now - at), EVIDENCE)
if growth > 0 then
  if cut_at > 0 then rate = rate + growth * evidence else rate = rate * 2 ^ (evidence / DOUBLING) end
  rate = math.min(ceiling, rate)
end
"""
_TAKE = """
local cost, patience = tonumber(ARGV[5]), tonumber(ARGV[6])
local grant = math.max(now, full_at - (burst - math.min(cost, burst)) / rate)
if grant - now <= patience then full_at = math.max(now, full_at) + cost / rate end
keep(full_at, rate, burst, cut_at)
return string.format('%.6f', grant - now)
"""
_CUT = """
local retry_after, floor = tonumber(ARGV[5]), tonumber(ARGV[6])
if now - cut_at >= CUT_APART then rate = math.max(floor, rate / 2) end
keep(math.max(full_at, now + retry_after + (burst - 1) / rate), rate, burst, now)
return '0'
"""
_LEARN = """
local available, maximum, restore = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
keep(now + math.max(0, maximum - available) / restore, restore, maximum, 0)
return '0'
"""


def _script(*parts: str) -> str:
    text = "".join(parts)
    for name, value in (
        ("KEEP_MS", _KEEP_MS),
        ("EVIDENCE", _LONGEST_EVIDENCE),
        ("DOUBLING", _DOUBLING),
        ("CUT_APART", _CUT_APART),
    ):
        text = text.replace(name, str(value))
    return text


class RedisBuckets:
    """Shared by all processes, by Redis' own clock; each call is one round trip (EVALSHA)."""

    def __init__(self, redis: Redis, prefix: str = "leafmark:pace:") -> None:
        self._prefix = prefix
        self._take = redis.register_script(_script(_PRELUDE, _GROWN, _TAKE))
        self._cut = redis.register_script(_script(_PRELUDE, _GROWN, _CUT))
        self._learn = redis.register_script(_script(_PRELUDE, _LEARN))

    async def take(self, key: str, rate: Rate, cost: float, patience: float) -> float:
        """See ``Buckets``."""
        return await self._run(self._take, key, rate.start, rate.ceiling, rate.growth, rate.burst, cost, patience)

    async def cut(self, key: str, rate: Rate, retry_after: float) -> None:
        """See ``Buckets``."""
        await self._run(self._cut, key, rate.start, rate.ceiling, rate.growth, rate.burst, retry_after, rate.floor)

    async def learn(self, key: str, *, available: float, maximum: float, restore: float) -> None:
        """See ``Buckets``."""
        await self._run(self._learn, key, available, maximum, restore)

    async def _run(self, script: AsyncScript, key: str, *numbers: float) -> float:
        answer: Awaitable[bytes | str] = script(keys=[self._prefix + key], args=list(numbers))
        return float(await answer)
