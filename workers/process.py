"""One worker inside a running loop: arq jobs, the sweep, and an orderly end."""

import asyncio
import os
import socket
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import structlog
from arq.typing import WorkerCoroutine
from arq.worker import func

from server.deps import Deps
from server.domain.tasks import TaskKind
from server.queue import JobName
from workers.arq_worker import PushWorker
from workers.housekeeping import keep_house
from workers.inbox import InboxDoor
from workers.runtime import Story, play
from workers.subscribing import subscribe
from workers.sweeps import sweep_forever

log = structlog.get_logger()

_DRAIN_SECONDS = 10.0


async def run_chunk(ctx: dict[Any, Any], *, chunk_id: str, **_later: object) -> None:
    """A task's chunk. Arguments a newer sender adds are ignored."""
    await play(ctx["deps"], ctx["stories"], chunk_id=UUID(chunk_id), worker=ctx["worker"], stopping=ctx["stopping"])


async def run_inbox_job(ctx: dict[Any, Any], **_later: object) -> None:
    """Work off the webhooks that wait."""
    await ctx["inbox"].ring()


async def run_subscribe(ctx: dict[Any, Any], *, shop_id: str, **_later: object) -> None:
    """Have a store tell us of changes; the next import makes up for a failure."""
    await subscribe(ctx["deps"], shop_id=UUID(shop_id))


JOBS: Mapping[JobName, WorkerCoroutine] = {
    JobName.CHUNK: run_chunk,
    JobName.INBOX: run_inbox_job,
    JobName.SUBSCRIBE: run_subscribe,
}
"""Every job and the coroutine that does it; its keyword arguments are those of ``server.queue.JOB_ARGUMENTS``."""


async def work_until(deps: Deps, ending: asyncio.Event, *, stories: Mapping[TaskKind, Story]) -> None:
    """Work until ``ending`` is set; what runs then comes to the end of its step and is given back."""
    stopping = asyncio.Event()
    name = f"{socket.gethostname()}:{os.getpid()}"
    worker = PushWorker(
        [func(job, name=name) for name, job in JOBS.items()],
        redis_url=deps.settings.redis_url,
        lease=deps.settings.lease_seconds,
        max_jobs=deps.settings.worker_chunks,
        ctx={
            "deps": deps,
            "inbox": InboxDoor(deps),
            "stories": stories,
            "worker": name,
            "stopping": stopping,
        },
    )
    duties = (worker.async_run(), sweep_forever(deps), keep_house(deps, name))
    sides = [asyncio.create_task(duty) for duty in duties]
    waiting = asyncio.create_task(ending.wait())
    log.info("worker.started", chunks=deps.settings.worker_chunks)
    try:
        await asyncio.wait([waiting, *sides], return_when=asyncio.FIRST_COMPLETED)
        stopping.set()
        await worker.drain(_DRAIN_SECONDS)
    finally:
        for side in (waiting, *sides):
            side.cancel()
        ends = await asyncio.gather(waiting, *sides, return_exceptions=True)
        await worker.close()
    for end in ends:
        if isinstance(end, Exception):
            raise end
    log.info("worker.stopped")
