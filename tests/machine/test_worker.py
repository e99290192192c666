"""The worker around the machine, with real Redis: nudges, sweeps, crashes, an orderly end; the stories are made up."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from time import monotonic

from server.clients.errors import Upstream
from server.clients.tiktok_codes import TIKTOK_CODES
from server.deps import Deps
from server.domain.runs import ItemResult
from server.domain.tasks import ItemState, TaskKind, TaskState
from server.services import tasks
from server.tables import Task
from tests.machine.machine import Machine
from workers.faults import MAX_CRASHES
from workers.process import work_until
from workers.runtime import ChunkRun, Story


@asynccontextmanager
async def working(deps: Deps, stories: Mapping[TaskKind, Story]) -> AsyncIterator[None]:
    """A worker while the block runs."""
    ending = asyncio.Event()
    worker = asyncio.create_task(work_until(deps, ending, stories=stories))
    try:
        yield
    finally:
        ending.set()
        await asyncio.wait_for(worker, 20)


async def ended(machine: Machine, task: Task, *, seconds: float = 20) -> Task:
    """The task once it has come to its end; says what it saw when that takes too long."""
    deadline = monotonic() + seconds
    async with machine.deps.feed.listen(f"task:{task.id}") as ring:
        while not (seen := await machine.task(task)).state.is_final:
            assert monotonic() < deadline, f"still {seen.state} after {seconds} s: {seen.model_dump()}"
            await ring.heard()
    return seen


async def succeed(run: ChunkRun) -> None:
    """Every item goes well."""
    while True:
        async with run.step() as session:
            items = await run.take(session, 50)
            if not items:
                return
            await run.record(session, [ItemResult(item.id, ItemState.SUCCEEDED) for item in items])


async def test_a_task_of_many_chunks_is_worked_to_its_end(machine: Machine) -> None:
    async with working(machine.deps, {TaskKind.LISTING: Story(succeed)}):
        done = await ended(machine, await machine.open(450))
    assert (done.state, done.succeeded, done.queued, done.running) == (TaskState.SUCCEEDED, 450, 0, 0)
    log = await machine.log(done)
    assert [seq for seq, _ in log] == list(range(1, len(log) + 1))
    assert sum(kind == "ITEM_SUCCEEDED" for _, kind in log) == 450


async def test_a_redis_that_was_emptied_loses_no_task(machine: Machine) -> None:
    task = await machine.open(10)
    await machine.deps.redis.flushall()
    async with working(machine.deps, {TaskKind.LISTING: Story(succeed)}):
        done = await ended(machine, task)
    assert done.succeeded == 10


async def test_an_item_is_tried_again_until_its_attempts_are_used_up(machine: Machine) -> None:
    tries: dict[int, int] = {}

    async def story(run: ChunkRun) -> None:
        async with run.step() as session:
            items = await run.take(session, 50)
            for item in items:
                tries[item.position] = tries.get(item.position, 0) + 1
            results = [
                ItemResult(item.id, ItemState.SUCCEEDED)
                if item.position == 0 and item.attempts == 1
                else ItemResult(item.id, ItemState.QUEUED, due_at=run.now())
                if item.attempts < 3
                else ItemResult(item.id, ItemState.FAILED)
                for item in items
            ]
            await run.record(session, results)

    async with working(machine.deps, {TaskKind.LISTING: Story(story)}):
        done = await ended(machine, await machine.open(2))
    assert tries == {0: 2, 1: 4}
    assert (done.state, done.succeeded, done.failed) == (TaskState.PARTIALLY_SUCCEEDED, 1, 1)


async def test_a_story_that_crashes_goes_on_where_it_was(machine: Machine) -> None:
    crashed = asyncio.Event()

    async def story(run: ChunkRun) -> None:
        async with run.step() as session:
            items = await run.take(session, 1)
        if items and not crashed.is_set():
            crashed.set()
            raise ZeroDivisionError("a bug of ours")
        async with run.step() as session:
            await run.record(session, [ItemResult(item.id, ItemState.SUCCEEDED) for item in items])
        await succeed(run)

    async with working(machine.deps, {TaskKind.LISTING: Story(story)}):
        done = await ended(machine, await machine.open(3))
    assert crashed.is_set()
    assert (done.state, done.succeeded) == (TaskState.SUCCEEDED, 3)


async def test_a_lost_authorization_ends_the_task_with_its_reason(machine: Machine) -> None:
    async def story(run: ChunkRun) -> None:
        async with run.step() as session:
            await run.take(session, 1)
        raise Upstream(TIKTOK_CODES[36004001])

    async with working(machine.deps, {TaskKind.LISTING: Story(story)}):
        done = await ended(machine, await machine.open(120))
    assert (done.state, done.failed, done.succeeded) == (TaskState.FAILED, 120, 0)
    assert done.problem is not None
    assert done.problem["remedy"] == "RECONNECT"


async def test_a_paused_task_waits_and_a_resumed_one_ends(machine: Machine) -> None:
    task = await machine.open(5)
    deps, shop_id = machine.deps, machine.shop_id
    async with deps.database.write() as session:
        await tasks.pause(session, deps.feed, shop_id=shop_id, task_id=task.id, now=deps.clock())
    async with working(deps, {TaskKind.LISTING: Story(succeed)}):
        assert (await machine.task(task)).state is TaskState.PAUSED
        async with deps.database.write() as session:
            await tasks.resume(session, deps.queue, deps.feed, shop_id=shop_id, task_id=task.id, now=deps.clock())
        done = await ended(machine, task)
    assert done.succeeded == 5


async def test_a_worker_that_is_told_to_end_gives_its_chunk_back(machine: Machine) -> None:
    reached = asyncio.Event()
    go_on = asyncio.Event()

    async def slow(run: ChunkRun) -> None:
        while True:
            async with run.step() as session:
                items = await run.take(session, 1)
            if not items:
                return
            reached.set()
            await go_on.wait()
            async with run.step() as session:
                await run.record(session, [ItemResult(item.id, ItemState.SUCCEEDED) for item in items])

    task = await machine.open(3)
    async with working(machine.deps, {TaskKind.LISTING: Story(slow)}):
        await asyncio.wait_for(reached.wait(), 10)
        asyncio.get_running_loop().call_later(0.2, go_on.set)
    left = await machine.task(task)
    assert (left.succeeded, left.queued, left.running) == (1, 2, 0)
    async with working(machine.deps, {TaskKind.LISTING: Story(succeed)}):
        assert (await ended(machine, task)).succeeded == 3


async def test_a_platform_limit_is_waited_for_and_is_no_crash(machine: Machine) -> None:
    limited = 0

    async def story(run: ChunkRun) -> None:
        nonlocal limited
        if limited < MAX_CRASHES + 1:
            limited += 1
            raise Upstream(TIKTOK_CODES[12052093], retry_after=0.01)
        await succeed(run)

    async with working(machine.deps, {TaskKind.LISTING: Story(story)}):
        done = await ended(machine, await machine.open(1))
    assert (done.state, done.succeeded, limited) == (TaskState.SUCCEEDED, 1, MAX_CRASHES + 1)
