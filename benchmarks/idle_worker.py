"""A real worker process whose story does nothing: it takes and records items as a listing does, and calls nobody.

Run by ``benchmarks.ground``: ``python -m benchmarks.idle_worker`` with the worker's usual environment.
"""

import asyncio
import os
import signal
import time

import uvloop

from benchmarks.ground import ready_key, started_key
from cli.environment import read_settings
from server.deps import open_deps
from server.domain.runs import ItemResult
from server.domain.tasks import ItemState, TaskKind
from server.kit.logs import set_up
from workers.listing import SLICE
from workers.process import work_until
from workers.runtime import ChunkRun, Story


async def do_nothing(run: ChunkRun) -> None:
    """Take (transaction), call nobody, record (transaction), until nothing is left."""
    if run.claim.position == 0:
        began = time.monotonic_ns()
        await run.deps.redis.set(started_key(run.claim.task_id), began)
    while True:
        async with run.step() as session:
            items = await run.take(session, SLICE)
            if not items:
                return
        async with run.step() as session:
            await run.record(session, [ItemResult(item.id, ItemState.SUCCEEDED) for item in items])


async def work() -> None:
    """Until SIGTERM."""
    ending = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ending.set)
    async with open_deps(read_settings()) as deps:
        working = asyncio.create_task(work_until(deps, ending, stories={TaskKind.LISTING: Story(do_nothing)}))
        await deps.redis.set(ready_key(os.getpid()), 1)
        await working


if __name__ == "__main__":
    set_up("WARNING")
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(work())
