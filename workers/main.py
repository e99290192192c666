"""One worker process: arq jobs, the sweep, and an orderly end."""

import asyncio
import os
import signal
import socket
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import structlog
from arq.worker import func

from server.deps import Deps, open_deps
from server.domain.tasks import TaskKind
from server.kit.logs import set_up
from server.queue import JobName
from server.settings import Settings
from workers.arq_worker import PushWorker
from workers.inbox import run_inbox
from workers.runtime import Story, play
from workers.stories import STORIES
from workers.sweeps import sweep_forever

log = structlog.get_logger()

_DRAIN_SECONDS = 10.0


async def run_chunk(ctx: dict[Any, Any], *, chunk_id: str, **_later: object) -> None:
    """A task's chunk. Arguments a newer sender adds are ignored."""
    await play(ctx["deps"], ctx["stories"], chunk_id=UUID(chunk_id), worker=ctx["worker"], stopping=ctx["stopping"])


async def run_inbox_job(ctx: dict[Any, Any], **_later: object) -> None:
    """Work off the webhooks that wait."""
    await run_inbox(ctx["deps"])


JOBS = {JobName.CHUNK: run_chunk, JobName.INBOX: run_inbox_job}
"""Every job and the coroutine that does it; its keyword arguments are those of ``server.queue.JOB_ARGUMENTS``."""


def run(settings: Settings) -> None:
    """Work until SIGTERM or SIGINT; what runs then comes to the end of its step and is given back."""
    set_up(settings.log_level)
    asyncio.run(_work(settings))


async def _work(settings: Settings) -> None:
    loop = asyncio.get_running_loop()
    ending = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ending.set)
    async with open_deps(settings) as deps:
        await work_until(deps, ending)


async def work_until(deps: Deps, ending: asyncio.Event, *, stories: Mapping[TaskKind, Story] = STORIES) -> None:
    """A worker inside a running loop, until ``ending`` is set."""
    stopping = asyncio.Event()
    worker = PushWorker(
        [func(job, name=name) for name, job in JOBS.items()],
        redis_url=deps.settings.redis_url,
        lease=deps.settings.lease_seconds,
        max_jobs=deps.settings.worker_chunks,
        ctx={"deps": deps, "stories": stories, "worker": f"{socket.gethostname()}:{os.getpid()}", "stopping": stopping},
    )
    sides = [asyncio.create_task(worker.async_run()), asyncio.create_task(sweep_forever(deps))]
    waiting = asyncio.create_task(ending.wait())
    log.info("worker.started", chunks=deps.settings.worker_chunks)
    try:
        await asyncio.wait([waiting, *sides], return_when=asyncio.FIRST_COMPLETED)
        stopping.set()
        await worker.drain(_DRAIN_SECONDS)
    finally:
        for side in (waiting, *sides):
            side.cancel()
        await asyncio.gather(waiting, *sides, return_exceptions=True)
        await worker.close()
    log.info("worker.stopped")
