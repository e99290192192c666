"""Whether what we stand on is there: database, Redis, queue and workers. Nothing secret in it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import anyio
from redis.asyncio import Redis
from redis.exceptions import RedisError

from server.queue import Queue
from server.store import health as store
from server.store.session import Database

_WITHIN = 2.0
_WORKER_KEY = "leafmark:worker:"
_WORKER_HEARD_FOR = 15
"""Seconds after its last word that a worker counts as there; it speaks up every few seconds."""


@dataclass(frozen=True, slots=True)
class Health:
    """What was found. ``queue`` (jobs waiting or running) and ``workers`` (heard lately) need Redis to be known."""

    database: bool
    redis: bool
    queue: int | None
    workers: int | None

    @property
    def is_ready(self) -> bool:
        """Requests can be served. Without Redis nothing is lost, but nothing long starts either."""
        return self.database and self.redis


async def look(database: Database, redis: Redis, queue: Queue) -> Health:
    """All of it at once, within two seconds, whatever hangs."""
    found: dict[str, int | None] = {}

    async def ask(name: str, question: Callable[[], Awaitable[int]]) -> None:
        found[name] = None
        with anyio.move_on_after(_WITHIN):
            try:
                found[name] = await question()
            except Exception:  # noqa: BLE001 - any failure is the answer: it is not there
                return

    async with anyio.create_task_group() as group:
        group.start_soon(ask, "database", lambda: store.answers(database))
        group.start_soon(ask, "queue", queue.length)
        group.start_soon(ask, "workers", lambda: workers_heard(redis))
    redis_answers = found["queue"] is not None
    return Health(found["database"] is not None, redis_answers, found["queue"], found["workers"])


async def note_worker(redis: Redis, *, name: str) -> None:
    """A worker says that it is there; a dead Redis is no reason to stop working."""
    try:
        await redis.set(_WORKER_KEY + name, b"", ex=_WORKER_HEARD_FOR)
    except (RedisError, OSError):
        return


async def workers_heard(redis: Redis) -> int:
    """How many workers spoke lately."""
    return len([key async for key in redis.scan_iter(match=_WORKER_KEY + "*", count=1000)])
