"""The sweep: looks in SQL for work that is due and not on its way. It alone survives a Redis that lost everything."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import structlog

from server.deps import Deps, Session
from server.queue import Job, JobName
from server.services import inbox, tasks, tree_sweep
from server.services.listings.editing import starting as editing
from server.services.listings.mirror import sweeping

log = structlog.get_logger()


async def sweep_forever(deps: Deps) -> None:
    """Look every ``sweep_seconds``. A database or Redis that is away is waited for."""
    while True:
        try:
            await sweep(deps)
        except Exception as error:  # noqa: BLE001 - whatever is away now may be back at the next look
            log.warning("sweep.missed", error=str(error))
        await asyncio.sleep(deps.settings.sweep_seconds)


async def sweep(deps: Deps) -> int:
    """One look; returns how many jobs were sent. Each kind of work has a transaction of its own: none fails another."""
    now, pause = deps.clock(), timedelta(seconds=deps.settings.edit_pause_seconds)
    looks: tuple[Callable[[Session], Awaitable[int]], ...] = (
        lambda session: tasks.sweep(session, deps.queue, now=now),
        lambda session: tree_sweep.sweep(session, deps.queue, deps.feed, now=now),
        lambda session: sweeping.start_due(session, deps.queue, deps.feed, now=now),
        lambda session: editing.sweep(session, deps.queue, deps.feed, pause=pause, now=now),
    )
    sent = 0
    for look in looks:
        sent += await _looked(deps, look)
    async with deps.database.read() as session:
        waiting = await inbox.has_due(session, now=now)
    if waiting:
        await deps.queue.send([Job(JobName.INBOX, f"inbox:{int(now.timestamp())}")])
    return sent + int(waiting)


async def _looked(deps: Deps, look: Callable[[Session], Awaitable[int]]) -> int:
    """What one kind of work cannot do now it does at the next look; the others go on."""
    try:
        async with deps.database.write() as session:
            return await look(session)
    except Exception as error:  # noqa: BLE001 - whatever is away now may be back at the next look
        log.warning("sweep.missed", error=str(error))
        return 0
