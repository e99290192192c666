"""Whose turn it is: a big task does not keep a small one waiting, and webhooks take one place of a worker."""

import asyncio

from server.deps import Deps
from server.domain.runs import ItemResult
from server.domain.tasks import ItemState, TaskKind, TaskState
from server.queue import Job, JobName
from server.services.tasks import CHUNK_SIZE
from server.tables import Task
from tests.machine.machine import Machine
from tests.machine.test_worker import ended, working
from workers.inbox import InboxDoor
from workers.runtime import ChunkRun, Story

NOW_MS = 1_763_700_000_000


def test_the_first_jobs_of_each_work_go_before_the_later_ones_of_any_other() -> None:
    def stands(place: int, *, at: int) -> int:
        return Job(JobName.CHUNK, "x", place=place).score(NOW_MS + at)

    assert stands(0, at=0) == NOW_MS - 3_600_000
    assert stands(0, at=60_000) < stands(61, at=0) < stands(2, at=60_000)
    assert stands(3_600, at=0) == stands(9_000, at=0) == NOW_MS


async def test_a_single_product_does_not_wait_for_the_last_of_a_big_task(machine: Machine) -> None:
    """Both wait when the only worker begins; the small task is over when the big one has just begun."""
    big, small = await machine.open(40 * CHUNK_SIZE), await machine.open(1)
    seen: list[Task] = []

    async def story(run: ChunkRun) -> None:
        if run.claim.task_id == small.id:
            seen.append(await machine.task(big))
        while True:
            async with run.step() as session:
                items = await run.take(session, CHUNK_SIZE)
                if not items:
                    return
                await run.record(session, [ItemResult(item.id, ItemState.SUCCEEDED) for item in items])

    async with working(machine.deps, {TaskKind.LISTING: Story(story)}):
        done, whole = await ended(machine, small), await ended(machine, big, seconds=60)
    assert (done.state, whole.succeeded) == (TaskState.SUCCEEDED, 40 * CHUNK_SIZE)
    places = machine.deps.settings.worker_chunks
    assert seen[0].succeeded <= 2 * places * CHUNK_SIZE


async def test_a_worker_has_one_door_to_the_inbox(deps: Deps) -> None:
    """While somebody works webhooks off, whoever rings goes away at once, and is looked after all the same."""
    looked = 0
    door = InboxDoor(deps)

    async def counted() -> None:
        nonlocal looked
        await door.ring()
        looked += 1

    first = asyncio.create_task(counted())
    await asyncio.sleep(0)
    assert door.is_open
    await asyncio.wait_for(asyncio.gather(counted(), counted()), 1)
    assert (looked, first.done(), door.rang) == (2, False, True)
    await first
    assert (door.is_open, door.rang) == (False, False)
