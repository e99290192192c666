"""When tasks without items will end: told from what is left of their total, or not told at all."""

from datetime import datetime, timedelta

import pytest

from server.domain.tasks import TaskKind
from server.services import estimates, runs
from server.tables import Task
from tests.machine.machine import Machine


async def under_way(machine: Machine, kind: TaskKind, **progress: int) -> Task:
    """A task whose chunk is in a worker's hands, with this much done."""
    task = await machine.open(None, kind=kind)
    [chunk] = await machine.chunks(task)
    claim = await machine.claim(chunk)
    assert claim is not None
    counts = {"added": 0, "succeeded": 0, "skipped": 0, "failed": 0} | progress
    async with machine.deps.database.write() as session:
        await runs.save(session, machine.deps.feed, claim=claim, checkpoint={}, now=machine.deps.clock(), **counts)
    return await machine.task(task)


async def told(machine: Machine, task: Task, now: datetime) -> datetime | None:
    async with machine.deps.database.read() as session:
        found = await estimates.finish_times(session, shop_id=machine.shop_id, tasks=[task], now=now)
    return found[task.id]


@pytest.mark.parametrize("kind", [TaskKind.IMPORT, TaskKind.CATEGORIES])
async def test_an_import_under_way_ends_when_its_rest_is_done(machine: Machine, kind: TaskKind) -> None:
    task = await under_way(machine, kind, added=100, succeeded=30, skipped=6, failed=4)
    assert task.started_at is not None
    now = task.started_at + timedelta(seconds=20)
    assert await told(machine, task, now) == now + timedelta(seconds=30)


async def test_a_task_that_knows_no_total_yet_tells_nothing(machine: Machine) -> None:
    task = await under_way(machine, TaskKind.IMPORT)
    assert await told(machine, task, machine.deps.clock()) is None


async def test_a_sweep_tells_nothing(machine: Machine) -> None:
    """What it met is its total: how much is still to be met nobody knows."""
    task = await under_way(machine, TaskKind.SWEEP, added=100, succeeded=100)
    assert await told(machine, task, machine.deps.clock()) is None
