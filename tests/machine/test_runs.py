"""One chunk through the machine against real PostgreSQL: claims, fences, counts, events, cancellation."""

import asyncio
from datetime import datetime, timedelta

import pytest

from server.domain.problems import Problem
from server.domain.runs import Claim, ItemResult, LeaseLost
from server.domain.tasks import ItemState, TaskState
from server.kit.errors import Conflict, NotFound
from server.kit.ids import new_id
from server.services import runs, tasks
from server.tables import Task, TaskItem
from tests.machine.machine import Machine

NOTHING = timedelta(0)
LEASE = timedelta(seconds=30)
EMPTY = Problem("TITLE_EMPTY", ("title",), "The title is empty: give the product a title.")


async def take(machine: Machine, claim: Claim, amount: int) -> list[TaskItem]:
    async with machine.deps.database.write() as session:
        held = await runs.hold(session, claim=claim, lease=LEASE)
        return await runs.take(
            session, machine.deps.feed, claim=claim, held=held, amount=amount, now=machine.deps.clock()
        )


async def record(machine: Machine, claim: Claim, results: list[ItemResult]) -> None:
    async with machine.deps.database.write() as session:
        await runs.hold(session, claim=claim, lease=LEASE)
        await runs.record(session, machine.deps.feed, claim=claim, results=results, now=machine.deps.clock())


async def release(machine: Machine, claim: Claim, again_at: datetime | None = None) -> None:
    async with machine.deps.database.write() as session:
        await runs.hold(session, claim=claim, lease=LEASE)
        await runs.release(
            session, machine.deps.feed, claim=claim, again_at=again_at, crashes=0, now=machine.deps.clock()
        )


def counts(task: Task) -> tuple[int, int, int, int, int, int]:
    return task.total, task.queued, task.running, task.succeeded, task.skipped, task.failed


async def test_a_chunk_from_claim_to_the_end_of_its_task(machine: Machine) -> None:
    task = await machine.open(3)
    [chunk] = await machine.chunks(task)
    claim = await machine.claim(chunk)
    assert claim is not None
    items = await take(machine, claim, 10)
    assert [item.position for item in items] == [0, 1, 2]
    assert counts(await machine.task(task)) == (3, 0, 3, 0, 0, 0)
    ends = (ItemState.SUCCEEDED, ItemState.SKIPPED, ItemState.FAILED)
    await record(machine, claim, [ItemResult(i.id, end, (EMPTY,)) for i, end in zip(items, ends, strict=True)])
    await release(machine, claim)
    done = await machine.task(task)
    assert (done.state, counts(done)) == (TaskState.PARTIALLY_SUCCEEDED, (3, 0, 0, 1, 1, 1))
    assert done.finished_at is not None
    assert await machine.log(task) == list(
        enumerate(
            (
                *("TASK_CREATED", "TASK_STATE", "ITEM_STARTED", "ITEM_STARTED", "ITEM_STARTED"),
                *("ITEM_SUCCEEDED", "ITEM_SKIPPED", "ITEM_FAILED", "TASK_STATE"),
            ),
            1,
        )
    )


async def test_two_workers_cannot_hold_one_chunk(machine: Machine) -> None:
    task = await machine.open(1)
    [chunk] = await machine.chunks(task)
    claims = await asyncio.gather(*(machine.claim(chunk, worker=f"w{n}") for n in range(8)))
    assert sum(claim is not None for claim in claims) == 1


async def test_a_silent_worker_is_replaced_and_its_late_write_misses(machine: Machine) -> None:
    task = await machine.open(2)
    [chunk] = await machine.chunks(task)
    silent = await machine.claim(chunk)
    assert silent is not None
    items = await take(machine, silent, 1)
    async with machine.deps.database.write() as session:
        await runs.hold(session, claim=silent, lease=NOTHING)
    heir = await machine.claim(chunk, worker="w2")
    assert heir is not None
    assert heir.fence == silent.fence + 1
    assert counts(await machine.task(task)) == (2, 2, 0, 0, 0, 0)
    with pytest.raises(LeaseLost):
        await record(machine, silent, [ItemResult(items[0].id, ItemState.SUCCEEDED)])
    assert counts(await machine.task(task)) == (2, 2, 0, 0, 0, 0)
    assert [item.id for item in await take(machine, heir, 1)] == [items[0].id]
    kinds = [kind for _, kind in await machine.log(task)]
    assert kinds == ["TASK_CREATED", "TASK_STATE", "ITEM_STARTED", "ITEM_RETRY", "ITEM_STARTED"]


async def test_an_item_waits_for_its_next_attempt_and_the_task_with_it(machine: Machine) -> None:
    task = await machine.open(1)
    [chunk] = await machine.chunks(task)
    claim = await machine.claim(chunk)
    assert claim is not None
    [item] = await take(machine, claim, 1)
    later = machine.deps.clock() + timedelta(minutes=1)
    await record(machine, claim, [ItemResult(item.id, ItemState.QUEUED, (EMPTY,), due_at=later)])
    assert await take(machine, claim, 1) == []
    await release(machine, claim)
    assert (await machine.task(task)).state is TaskState.WAITING
    assert await machine.claim(chunk) is None


async def test_the_same_idempotency_key_is_the_same_task(machine: Machine) -> None:
    first = await machine.open(2, key="again")
    second = await machine.open(5, key="again")
    assert (second.id, second.total) == (first.id, 2)
    assert len(await machine.chunks(first)) == 1


async def test_a_task_without_subjects_is_done_at_once(machine: Machine) -> None:
    task = await machine.open(0)
    assert task.state is TaskState.SUCCEEDED


async def test_a_large_task_is_cut_into_chunks_of_a_hundred(machine: Machine) -> None:
    task = await machine.open(250)
    assert len(await machine.chunks(task)) == 3
    third = await machine.claim((await machine.chunks(task))[2])
    assert third is not None
    assert len(await take(machine, third, 1000)) == 50


async def test_cancelling_skips_what_is_open_and_finishes_what_runs(machine: Machine) -> None:
    task = await machine.open(3)
    [chunk] = await machine.chunks(task)
    claim = await machine.claim(chunk)
    assert claim is not None
    [running] = await take(machine, claim, 1)
    for _ in range(2):
        async with machine.deps.database.write() as session:
            asked = await tasks.cancel(
                session,
                machine.deps.queue,
                machine.deps.feed,
                shop_id=machine.shop_id,
                task_id=task.id,
                now=machine.deps.clock(),
            )
        assert asked.state is TaskState.CANCELLING
    await record(machine, claim, [ItemResult(running.id, ItemState.SUCCEEDED)])
    assert await take(machine, claim, 5) == []
    await release(machine, claim)
    done = await machine.task(task)
    assert (done.state, counts(done)) == (TaskState.CANCELLED, (3, 0, 0, 1, 2, 0))


async def test_a_chunk_that_parks_while_its_task_is_cancelled_does_not_wait(machine: Machine) -> None:
    """The limit was seen before the cancellation and the chunk given back after it: it is due at once, not tomorrow."""
    task = await machine.open(2)
    [chunk] = await machine.chunks(task)
    claim = await machine.claim(chunk)
    assert claim is not None
    deps, now = machine.deps, machine.deps.clock()
    async with deps.database.write() as session:
        await tasks.cancel(session, deps.queue, deps.feed, shop_id=machine.shop_id, task_id=task.id, now=now)
    await release(machine, claim, again_at=now + timedelta(hours=9))
    assert (await machine.task(task)).state is TaskState.CANCELLING
    again = await machine.claim(chunk)
    assert again is not None
    assert await take(machine, again, 5) == []
    await release(machine, again)
    done = await machine.task(task)
    assert (done.state, counts(done)) == (TaskState.CANCELLED, (2, 0, 0, 0, 2, 0))


async def test_a_stopped_task_fails_its_open_items_in_every_chunk(machine: Machine) -> None:
    task = await machine.open(150)
    first, second = [await machine.claim(chunk) for chunk in await machine.chunks(task)]
    assert first is not None
    assert second is not None
    in_hand = await take(machine, second, 1)
    await take(machine, first, 1)
    async with machine.deps.database.write() as session:
        await runs.hold(session, claim=first, lease=LEASE)
        await runs.stop(session, machine.deps.feed, claim=first, problem=EMPTY, now=machine.deps.clock())
    await release(machine, first)
    await record(machine, second, [ItemResult(in_hand[0].id, ItemState.SUCCEEDED)])
    assert await take(machine, second, 5) == []
    await release(machine, second)
    done = await machine.task(task)
    assert (done.state, counts(done)) == (TaskState.FAILED, (150, 0, 0, 1, 0, 149))
    assert done.problem is not None
    assert done.problem["code"] == "TITLE_EMPTY"


async def test_pausing_takes_nothing_more_until_resumed(machine: Machine) -> None:
    task = await machine.open(1)
    [chunk] = await machine.chunks(task)
    deps, shop_id = machine.deps, machine.shop_id
    async with deps.database.write() as session:
        await tasks.pause(session, deps.feed, shop_id=shop_id, task_id=task.id, now=deps.clock())
    assert await machine.claim(chunk) is None
    async with machine.deps.database.write() as session:
        resumed = await tasks.resume(session, deps.queue, deps.feed, shop_id=shop_id, task_id=task.id, now=deps.clock())
    assert resumed.state is TaskState.QUEUED
    assert await machine.claim(chunk) is not None


async def test_an_ended_task_cannot_be_paused(machine: Machine) -> None:
    task = await machine.open(0)
    async with machine.deps.database.write() as session:
        with pytest.raises(Conflict):
            await tasks.pause(
                session, machine.deps.feed, shop_id=machine.shop_id, task_id=task.id, now=machine.deps.clock()
            )
    assert await machine.log(task) == [(1, "TASK_CREATED"), (2, "TASK_STATE")]


async def test_another_shops_task_does_not_exist(machine: Machine) -> None:
    task = await machine.open(1)
    async with machine.deps.database.read() as session:
        with pytest.raises(NotFound):
            await tasks.get(session, shop_id=new_id(), task_id=task.id)


async def test_the_sweep_sends_what_was_forgotten_and_only_once(machine: Machine) -> None:
    await machine.open(250)
    await machine.deps.redis.flushall()
    later = machine.deps.clock() + tasks.RESEND_AFTER * 2
    sent = []
    for _ in range(2):
        async with machine.deps.database.write() as session:
            sent.append(await tasks.sweep(session, machine.deps.queue, now=later))
    assert sent == [3, 0]
    assert await machine.deps.queue.length() == 3


async def test_progress_replays_from_any_cursor_without_gap_or_double(machine: Machine) -> None:
    task = await machine.open(5)
    [chunk] = await machine.chunks(task)
    claim = await machine.claim(chunk)
    assert claim is not None
    items = await take(machine, claim, 5)
    await record(machine, claim, [ItemResult(item.id, ItemState.SUCCEEDED) for item in items])
    whole = await machine.log(task)
    for limit in (1, 3, 500):
        seen, cursor, lagged = [], 0, True
        while lagged:
            async with machine.deps.database.read() as session:
                look = await tasks.progress(
                    session, shop_id=machine.shop_id, task_id=task.id, after=cursor, limit=limit
                )
            seen += [(line.seq, line.kind) for line in look.events]
            cursor, lagged = look.cursor, look.lagged
        assert seen == whole
