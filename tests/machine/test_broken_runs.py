"""Stories that break off: a poisonous item costs itself alone, an outage is waited for, a limit leaves nothing."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from sqlmodel import select

from server.clients.errors import Upstream
from server.clients.tiktok_codes import TIKTOK_CODES
from server.clients.verdicts import UpstreamKind, Verdict
from server.domain.runs import ItemResult
from server.domain.tasks import ItemState, TaskKind, TaskState
from server.kit.errors import Conflict, Forbidden, Invalid, NotFound, Unavailable
from server.services import runs
from server.tables import Task, TaskChunk, TaskItem
from tests.machine.machine import Machine
from workers.faults import MAX_CRASHES, MAX_OUTAGES, MAX_SILENCES, fault_of
from workers.runtime import ChunkRun, Story, play

DOWN = Verdict(UpstreamKind.RETRYABLE, "PLATFORM_BUSY")
HOURS = 3600.0


async def succeed(run: ChunkRun, poison: Callable[[TaskItem], Awaitable[None]]) -> None:
    """Every item goes well that is no poison."""
    while True:
        async with run.step() as session:
            items = await run.take(session, 50)
        if not items:
            return
        for item in items:
            await poison(item)
        async with run.step() as session:
            await run.record(session, [ItemResult(item.id, ItemState.SUCCEEDED) for item in items])


async def harmless(_item: TaskItem) -> None:
    """Nothing happens."""


async def due_now(machine: Machine, task: Task) -> float:
    """Let what waits be due; tells for how many seconds it would have waited."""
    deps, [only] = machine.deps, await machine.chunks(task)
    async with deps.database.write() as session:
        [chunk] = await session.exec(select(TaskChunk).where(TaskChunk.id == only))
        waited = (chunk.due_at - deps.clock()).total_seconds()
        chunk.due_at = deps.clock()
        session.add(chunk)
    return waited


async def played(machine: Machine, task: Task, story: Callable[[ChunkRun], Awaitable[None]], runs_: int) -> list[float]:
    """Run the task's only chunk so often, or until it has ended; tells the waits in between."""
    waits = []
    [chunk] = await machine.chunks(task)
    stories = {TaskKind.LISTING: Story(story)}
    for _ in range(runs_):
        await play(machine.deps, stories, chunk_id=chunk, worker="w1", stopping=asyncio.Event())
        if (await machine.task(task)).state.is_final:
            break
        waits.append(await due_now(machine, task))
    return waits


async def test_an_item_that_breaks_every_run_fails_alone(machine: Machine) -> None:
    broken = 0

    async def poison(item: TaskItem) -> None:
        nonlocal broken
        if item.position == 60:
            broken += 1
            raise ZeroDivisionError("a bug of ours")

    task = await machine.open(100)
    waits = await played(machine, task, lambda run: succeed(run, poison), 20)
    done = await machine.task(task)
    assert (done.state, done.succeeded, done.failed) == (TaskState.PARTIALLY_SUCCEEDED, 99, 1)
    assert (broken, len(waits)) == (MAX_CRASHES + 2, MAX_CRASHES + 2)
    assert done.problem is None


async def test_a_story_that_breaks_before_it_takes_anything_ends_its_task(machine: Machine) -> None:
    async def story(_run: ChunkRun) -> None:
        raise ZeroDivisionError("a bug of ours")

    task = await machine.open(3)
    waits = await played(machine, task, story, 20)
    done = await machine.task(task)
    assert (done.state, done.failed, len(waits)) == (TaskState.FAILED, 3, MAX_CRASHES - 1)
    assert done.problem is not None
    assert done.problem["code"] == "INTERNAL"


async def silenced(machine: Machine, task: Task, take: int) -> None:
    """A worker takes so many items and is never heard of again."""
    [chunk] = await machine.chunks(task)
    claim = await machine.claim(chunk)
    assert claim is not None
    async with machine.deps.database.write() as session:
        held = await runs.hold(session, claim=claim, lease=timedelta(0))
        if take:
            await runs.take(session, machine.deps.feed, claim=claim, held=held, amount=take, now=machine.deps.clock())


async def test_an_item_that_kills_its_workers_fails_alone(machine: Machine) -> None:
    task = await machine.open(3)
    for _ in range(MAX_CRASHES):
        await silenced(machine, task, 1)
    await played(machine, task, lambda run: succeed(run, harmless), 2)
    done = await machine.task(task)
    assert (done.state, done.succeeded, done.failed) == (TaskState.PARTIALLY_SUCCEEDED, 2, 1)


async def test_a_task_that_kills_its_workers_without_an_item_ends_later(machine: Machine) -> None:
    task = await machine.open(3)
    for _ in range(MAX_SILENCES):
        await silenced(machine, task, 0)
    await played(machine, task, lambda run: succeed(run, harmless), 1)
    done = await machine.task(task)
    assert (done.state, done.succeeded, done.failed) == (TaskState.FAILED, 0, 3)


async def test_a_killed_worker_that_got_somewhere_starts_the_count_anew(machine: Machine) -> None:
    """However often workers are killed: as long as each brings something home, nothing is given up."""
    task = await machine.open(2 * MAX_CRASHES + 1)
    for _ in range(2 * MAX_CRASHES):
        [chunk] = await machine.chunks(task)
        claim = await machine.claim(chunk)
        assert claim is not None
        run = ChunkRun(machine.deps, claim, asyncio.Event())
        async with run.step() as session:
            [item] = await run.take(session, 1)
            await run.record(session, [ItemResult(item.id, ItemState.SUCCEEDED)])
        async with machine.deps.database.write() as session:
            await runs.hold(session, claim=claim, lease=timedelta(0))
    await played(machine, task, lambda run: succeed(run, harmless), 1)
    assert (await machine.task(task)).state is TaskState.SUCCEEDED


async def test_a_platform_that_does_not_answer_is_waited_for(machine: Machine) -> None:
    """Longer than any crash would be forgiven; what was in hand is open meanwhile."""
    calls = 0

    async def story(run: ChunkRun) -> None:
        nonlocal calls
        async with run.step() as session:
            await run.take(session, 2)
        calls += 1
        if calls <= 9:
            raise Upstream(DOWN, retry_after=7.0 if calls == 1 else None)
        await succeed(run, harmless)

    task = await machine.open(2)
    [chunk] = await machine.chunks(task)
    await play(machine.deps, {TaskKind.LISTING: Story(story)}, chunk_id=chunk, worker="w1", stopping=asyncio.Event())
    now = await machine.task(task)
    assert (now.state, now.queued, now.running) == (TaskState.WAITING, 2, 0)
    waits = [await due_now(machine, task), *await played(machine, task, story, 8)]
    least = (7, 4, 8, 16, 30, 60, 120, 300, 300)
    assert [own - 1 < wait < own * 1.25 + 1 for own, wait in zip(least, waits, strict=True)] == [True] * 9


async def test_an_outage_of_hours_ends_the_task_with_its_reason(machine: Machine) -> None:
    async def story(_run: ChunkRun) -> None:
        raise Upstream(DOWN)

    task = await machine.open(2)
    waits = await played(machine, task, story, MAX_OUTAGES + 1)
    done = await machine.task(task)
    assert (done.state, done.failed, len(waits)) == (TaskState.FAILED, 2, MAX_OUTAGES - 1)
    assert 2.5 * HOURS < sum(waits) < 4 * HOURS
    assert done.problem is not None
    assert done.problem["code"] == "PLATFORM_BUSY"


async def test_a_limit_met_with_items_in_hand_leaves_none_running(machine: Machine) -> None:
    limited = False

    async def story(run: ChunkRun) -> None:
        nonlocal limited
        if not limited:
            async with run.step() as session:
                await run.take(session, 2)
            limited = True
            raise Upstream(TIKTOK_CODES[36009037])
        await succeed(run, harmless)

    task = await machine.open(3)
    [wait] = await played(machine, task, story, 1)
    now = await machine.task(task)
    assert (now.state, now.queued, now.running, round(wait, -1)) == (TaskState.WAITING, 3, 0, 3600)
    await played(machine, task, story, 1)
    done = await machine.task(task)
    assert (done.state, done.succeeded) == (TaskState.SUCCEEDED, 3)
    assert [kind for _, kind in await machine.log(task)].count("ITEM_RETRY") == 2


@pytest.mark.parametrize(
    ("error", "code", "again"),
    [
        (Unavailable("The file store does not answer."), "TASK_CANNOT_GO_ON", True),
        (Conflict("The template was changed."), "TASK_CANNOT_GO_ON", False),
        (NotFound("There is no such template."), "TASK_CANNOT_GO_ON", False),
        (Invalid("Not so."), "TASK_CANNOT_GO_ON", False),
        (Forbidden("Not you."), "TASK_CANNOT_GO_ON", False),
        (Upstream(TIKTOK_CODES[36004001]), "AUTHORIZATION_NEEDED", False),
        (Upstream(DOWN), "PLATFORM_BUSY", True),
        (ExceptionGroup("calls", [ExceptionGroup("more", [Upstream(DOWN)])]), "PLATFORM_BUSY", True),
        (ExceptionGroup("calls", [Upstream(DOWN), ValueError("a bug")]), "INTERNAL", True),
    ],
)
def test_what_a_fault_means(error: Exception, code: str, again: bool) -> None:
    found = fault_of(error, crashes=0, outages=0)
    assert (found.problem.code, found.again_in is not None) == (code, again)
    assert found.crashes == (code == "INTERNAL")


async def test_who_lost_the_chunk_breaks_off_the_call_that_is_under_way(machine: Machine) -> None:
    """Silent for too long, then awake again: the call that waits is not waited for, and its answer is not written."""
    task = await machine.open(1)
    [chunk] = await machine.chunks(task)
    heirs, ends = [], []

    async def story(run: ChunkRun) -> None:
        async with run.step() as session:
            await run.take(session, 1)
        async with machine.deps.database.write() as session:
            await runs.hold(session, claim=run.claim, lease=timedelta(0))
        heirs.append(await machine.claim(chunk, worker="w2"))
        try:
            await asyncio.Event().wait()
        finally:
            ends.append("broken off")

    stories = {TaskKind.LISTING: Story(story)}
    async with asyncio.timeout(20):
        await play(machine.deps, stories, chunk_id=chunk, worker="w1", stopping=asyncio.Event())
    [heir] = heirs
    assert heir is not None
    assert ends == ["broken off"]
    async with machine.deps.database.write() as session:
        assert (await runs.hold(session, claim=heir, lease=timedelta(seconds=30))).state is TaskState.RUNNING
