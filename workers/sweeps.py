"""The sweep: looks in SQL for work that is due and not on its way. It alone survives a Redis that lost everything."""

import asyncio
from datetime import timedelta

import structlog

from server.deps import Deps
from server.queue import Job, JobName
from server.services import inbox, tasks, tree_sweep
from server.services.listings import editing, sweeping

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
    """One look; returns how many jobs were sent."""
    now, pause = deps.clock(), timedelta(seconds=deps.settings.edit_pause_seconds)
    async with deps.database.write() as session:
        sent = await tasks.sweep(session, deps.queue, now=now)
    async with deps.database.write() as session:
        sent += await tree_sweep.sweep(session, deps.queue, deps.feed, now=now)
        sent += await sweeping.start_due(session, deps.queue, deps.feed, now=now)
        sent += await editing.sweep(session, deps.queue, deps.feed, pause=pause, now=now)
        waiting = await inbox.has_due(session, now=now)
    if waiting:
        await deps.queue.send([Job(JobName.INBOX, f"inbox:{int(now.timestamp())}")])
    return sent + int(waiting)
