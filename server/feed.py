"""The doorbell: says that something changed, never what. Readers go to SQL for the truth."""

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

log = structlog.get_logger()

_PREFIX = "leafmark:feed:"
_SAFETY_SECONDS = 2.0
"""A reader looks this often even when nobody rings: a ring lost with Redis costs a moment, never an event."""


class Ring:
    """One listener's bell: rings that come while it looks elsewhere melt into one."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def ring(self) -> None:
        """Something changed."""
        self._event.set()

    async def heard(self) -> None:
        """Wait for a ring, or for the safety interval to pass."""
        with contextlib.suppress(TimeoutError):  # not wait_for: before Python 3.12 it may swallow a cancellation
            async with asyncio.timeout(_SAFETY_SECONDS):
                await self._event.wait()
        self._event.clear()


class Feed:
    """One Redis connection per process, fanned out to all listeners of that process."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._rings: dict[str, set[Ring]] = defaultdict(set)
        self._reader: asyncio.Task[None] | None = None
        self._ready = asyncio.Event()

    async def ring(self, topics: Iterable[str]) -> None:
        """Tell everyone who listens to these topics. A dead Redis is no error: readers also look by themselves."""
        try:
            async with self._redis.pipeline(transaction=False) as pipe:
                for topic in topics:
                    pipe.publish(_PREFIX + topic, b"")
                await pipe.execute()
        except (RedisError, OSError) as error:
            log.warning("feed.ring_lost", error=str(error))

    @asynccontextmanager
    async def listen(self, topic: str) -> AsyncIterator[Ring]:
        """A bell for ``topic``, connected before the block starts, taken down when it ends."""
        if self._reader is None or self._reader.done():
            self._ready.clear()
            self._reader = asyncio.create_task(self._read())
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_SAFETY_SECONDS):
                await self._ready.wait()
        ring = Ring()
        self._rings[topic].add(ring)
        try:
            yield ring
        finally:
            self._rings[topic].discard(ring)
            if not self._rings[topic]:
                del self._rings[topic]

    @property
    def listeners(self) -> int:
        """How many bells hang in this process."""
        return sum(len(rings) for rings in self._rings.values())

    async def close(self) -> None:
        """Stop reading."""
        if self._reader is not None:
            self._reader.cancel()
            await asyncio.gather(self._reader, return_exceptions=True)

    async def _read(self) -> None:
        while True:
            try:
                async with self._redis.pubsub(ignore_subscribe_messages=False) as pubsub:
                    await pubsub.psubscribe(_PREFIX + "*")
                    async for message in pubsub.listen():
                        self._hand_on(message)
            except (RedisError, OSError) as error:
                log.warning("feed.reader_lost", error=str(error))
                await asyncio.sleep(0.5)

    def _hand_on(self, message: dict[str, object]) -> None:
        if message["type"] == "psubscribe":
            self._ready.set()
            for rings in self._rings.values():
                for ring in rings:
                    ring.ring()
        elif message["type"] == "pmessage" and isinstance(message["channel"], bytes):
            for ring in self._rings.get(message["channel"].decode().removeprefix(_PREFIX), ()):
                ring.ring()
