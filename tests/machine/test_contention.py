"""Many holders of one task's chunks at once: they queue for the task's row and never lock each other out."""

import asyncio
from uuid import UUID

from sqlalchemy import text

from server.domain.runs import ItemResult
from server.domain.tasks import ItemState, TaskState
from server.services import runs
from tests.machine.machine import LEASE, Machine


async def test_holders_of_one_task_never_lock_each_other_out(machine: Machine) -> None:
    """With a full ``FOR UPDATE`` of the task's row PostgreSQL found two sessions that waited for it in deadlock."""
    task = await machine.open(1600)
    chunks = await machine.chunks(task)
    async with asyncio.timeout(60), asyncio.TaskGroup() as holders:
        for chunk in chunks:
            holders.create_task(work_off(machine, chunk))
    done = await machine.task(task)
    assert (done.state, done.succeeded, done.queued, done.running) == (TaskState.SUCCEEDED, 1600, 0, 0)
    assert [seq for seq, _ in await machine.log(task)] == list(range(1, done.seq + 1))
    assert done.seq == 3 + 2 * 1600
    async with machine.deps.database.read() as session:
        found = await (await session.connection()).execute(
            text("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        )
        assert found.scalar_one() == 0


async def work_off(machine: Machine, chunk: UUID) -> None:
    """A chunk from its claim to its release, ten items a slice."""
    deps = machine.deps
    claim = await machine.claim(chunk)
    assert claim is not None
    while True:
        async with deps.database.write() as session:
            held = await runs.hold(session, claim=claim, lease=LEASE)
            items = await runs.take(session, deps.feed, claim=claim, held=held, amount=10, now=deps.clock())
            if not items:
                break
        async with deps.database.write() as session:
            await runs.hold(session, claim=claim, lease=LEASE)
            results = [ItemResult(item.id, ItemState.SUCCEEDED) for item in items]
            await runs.record(session, deps.feed, claim=claim, results=results, now=deps.clock())
    async with deps.database.write() as session:
        await runs.hold(session, claim=claim, lease=LEASE)
        await runs.release(session, deps.feed, claim=claim, again_at=None, crashes=0, now=deps.clock())
