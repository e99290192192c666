"""One process at a time, without a transaction held meanwhile: for what goes over the wire and is then stored.

A lease is a courtesy, not a lock: its holder may be late, so what it guards must be harmless when done twice.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TypeVar

import anyio

from server.kit.clock import Clock
from server.kit.errors import Unavailable
from server.kit.ids import new_id
from server.store import leases as store
from server.store.session import Database

T = TypeVar("T")

LIFE = timedelta(seconds=40)
"""Longer than our HTTP client waits for an answer; a holder that died costs the others this much."""

_LOOK_EVERY = 0.05
_LONGER = 5.0
"""Seconds that the others wait beyond a lease's life."""


@asynccontextmanager
async def held(database: Database, *, name: str, clock: Clock, life: timedelta = LIFE) -> AsyncIterator[bool]:
    """Tells the block whether the lease is its own; given back at its end, also when it fails or is cancelled."""
    holder, now = new_id(), clock()
    async with database.write() as session:
        mine = await store.take(session, name=name, holder=holder, now=now, until=now + life)
    try:
        yield mine
    finally:
        if mine:
            with anyio.CancelScope(shield=True):
                async with database.write() as session:
                    await store.give_back(session, name=name, holder=holder)


async def once(
    database: Database,
    *,
    name: str,
    clock: Clock,
    known: Callable[[], Awaitable[T | None]],
    make: Callable[[], Awaitable[T]],
    life: timedelta = LIFE,
) -> T:
    """What ``known`` answers, else what ``make`` makes, in less than ``life``; of all who ask at once only one does.

    ``Unavailable`` when nobody succeeded in time.
    """
    with anyio.move_on_after(life.total_seconds() + _LONGER):
        while True:
            if (value := await known()) is not None:
                return value
            async with held(database, name=name, clock=clock, life=life) as mine:
                if mine:
                    value = await known()
                    return value if value is not None else await make()
            await anyio.sleep(_LOOK_EVERY)
    raise Unavailable("The connection is being renewed and this takes too long; try again in a minute.")
