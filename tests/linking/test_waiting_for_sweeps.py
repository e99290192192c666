"""Listing looks at what stands there: our own doing costs pages only, strangers a sweep, and sweeps end or go on."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from server.clients import tiktok_sweep
from server.domain.runs import Claim
from server.domain.tasks import ItemState, TaskKind, TaskState
from server.services import runs, tasks, tiktok_shops
from server.services.listings.mirror import existing, mirroring, sweeping
from server.services.listings.mirror.mirroring import TakenIn
from server.tables import Task, TaskChunk
from tests.linking.shelf import Shelf
from tests.linking.test_no_twin_of_strangers import candle
from tests.linking.test_sweeps import candles
from tests.listing.stall import Stall, codes
from workers import twins


@pytest.fixture(autouse=True)
def _two_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(twins, "MOST", 2)


async def one_more(stall: Stall, *, minutes: int = 120) -> Task:
    """The merchant lists another product two hours later."""
    stall.add(candle("Rose", "ROSE"))
    products = await stall.imported()
    stall.world.clock.advance(60 * minutes)
    return await stall.started([products[-1].id])


async def sweeps(stall: Stall) -> list[TaskState]:
    return [task.state for task in await stall.tasks(TaskKind.SWEEP)]


async def waiting(stall: Stall, shelf: Shelf) -> tuple[Task, Task]:
    """A listing task that waits for a sweep, because there are more strangers than it takes in by itself."""
    await stall.listed(candle("Ivory", "IVORY"))
    task = await one_more(stall)
    for at in range(4):
        await shelf.put(f"THEIRS-{at}")
    assert (await stall.once(task)).state is TaskState.WAITING
    (sweep,) = await stall.tasks(TaskKind.SWEEP)
    return task, sweep


@pytest.mark.parametrize("pageable", [1, 10_000])
async def test_what_we_listed_ourselves_needs_no_sweep(
    stall: Stall, shelf: Shelf, pageable: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither when it is more than one search can page through."""
    monkeypatch.setattr(tiktok_sweep, "SEARCH_LIMIT", pageable)
    await stall.listed(*candles(4))
    task = await stall.played(await one_more(stall))
    assert [(item.state, codes(item)) for item in await stall.items(task)] == [(ItemState.SUCCEEDED, [])]
    assert await sweeps(stall) == []
    assert len(await shelf.mirror()) == 4


async def test_many_strangers_wait_for_a_sweep(stall: Stall, shelf: Shelf) -> None:
    task, sweep = await waiting(stall, shelf)
    assert await sweeps(stall) == [TaskState.QUEUED]
    await stall.played(sweep)
    task = await stall.played(task)
    assert task.state is TaskState.SUCCEEDED
    assert await sweeps(stall) == [TaskState.SUCCEEDED]


async def somebody_looks(stall: Stall) -> Claim:
    """Another worker's run holds the look."""
    task = await stall.started([(await stall.products())[0].id])
    deps, lease = stall.deps, timedelta(minutes=5)
    async with deps.database.write() as session:
        (chunk,) = await session.exec(select(TaskChunk.id).where(TaskChunk.task_id == task.id))
        claim = await runs.claim(session, deps.feed, chunk_id=chunk, worker="w2", lease=lease, now=deps.clock())
        assert claim is not None
        assert await existing.take_look(session, claim=claim, tiktok_shop_id=stall.tiktok_shop.id)
    return claim


async def is_killed(stall: Stall, claim: Claim) -> None:
    async with stall.deps.database.write() as session:
        await runs.hold(session, claim=claim, lease=timedelta(0))


async def test_one_looks_and_the_others_wait_for_it_as_long_as_it_lives(stall: Stall, shelf: Shelf) -> None:
    await stall.listed(candle("Ivory", "IVORY"))
    task, looks = await one_more(stall), stall.calls("Search Products")
    looker = await somebody_looks(stall)
    for _ in range(2):
        assert (await stall.once(task)).state is TaskState.WAITING
        stall.world.clock.advance(11)
    assert (stall.calls("Search Products"), stall.calls("Create Product")) == (looks, 1)
    await is_killed(stall, looker)
    assert (await stall.once(task)).state is TaskState.SUCCEEDED
    assert (stall.calls("Search Products"), stall.calls("Create Product")) == (looks + 2, 2)


async def test_nobody_waits_for_a_look_within_the_hour(stall: Stall, shelf: Shelf) -> None:
    await stall.listed(candle("Ivory", "IVORY"))
    task, looks = await one_more(stall, minutes=50), stall.calls("Search Products")
    await somebody_looks(stall)
    assert (await stall.once(task)).state is TaskState.SUCCEEDED
    assert (stall.calls("Search Products"), stall.calls("Create Product")) == (looks, 2)


async def test_the_look_is_renewed_before_the_hour_is_over(stall: Stall, shelf: Shelf) -> None:
    await stall.listed(candle("Ivory", "IVORY"))
    task = await one_more(stall, minutes=50)
    before, known = stall.deps.clock(), await shelf.known()
    assert known.known_at is not None
    assert known.known_at < before
    assert (await stall.once(task)).state is TaskState.SUCCEEDED
    known = await shelf.known()
    assert known.known_at is not None
    assert known.known_at >= before
    assert (known.looking_chunk, known.too_much_at) == (None, None)


async def test_a_platform_that_does_not_answer_stops_nobody_within_the_hour(stall: Stall, shelf: Shelf) -> None:
    await stall.listed(candle("Ivory", "IVORY"))
    task, known = await one_more(stall, minutes=50), await shelf.known()
    stall.fault(kind="tiktok", code=36009003, operation="Search Products")
    assert (await stall.once(task)).state is TaskState.SUCCEEDED
    assert stall.calls("Create Product") == 2
    assert ((await shelf.known()).known_at, (await shelf.known()).looking_chunk) == (known.known_at, None)


async def test_nobody_looks_again_while_a_sweep_is_waited_for(stall: Stall, shelf: Shelf) -> None:
    task, sweep = await waiting(stall, shelf)
    asked = [stall.calls(name) for name in ("Search Products", "Get Product")]
    for _ in range(2):
        stall.world.clock.advance(11)
        assert (await stall.once(task)).state is TaskState.WAITING
    assert [stall.calls(name) for name in ("Search Products", "Get Product")] == asked
    assert await sweeps(stall) == [TaskState.QUEUED]
    await stall.played(sweep)
    assert (await shelf.known()).too_much_at is None


async def test_a_look_breaks_off_when_its_task_is_cancelled(
    stall: Stall, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    await stall.listed(candle("Ivory", "IVORY"))
    task, deps, known = await one_more(stall), stall.deps, await shelf.known()
    take_in = mirroring.take_in

    async def meanwhile(*args: Any, **asked: Any) -> TakenIn:
        async with deps.database.write() as session:
            await tasks.cancel(session, deps.queue, deps.feed, shop_id=stall.shop.id, task_id=task.id, now=deps.clock())
        return await take_in(*args, **asked)

    monkeypatch.setattr(mirroring, "take_in", meanwhile)
    assert (await stall.once(task)).state is TaskState.CANCELLED
    assert (await shelf.known()).known_at == known.known_at
    assert stall.calls("Create Product") == 1


async def test_a_paused_sweep_goes_on_when_it_is_waited_for_or_due(stall: Stall, shelf: Shelf) -> None:
    task, sweep = await waiting(stall, shelf)
    deps = stall.deps

    async def paused() -> None:
        async with deps.database.write() as session:
            await tasks.pause(session, deps.feed, shop_id=stall.shop.id, task_id=sweep.id, now=deps.clock())
        assert await sweeps(stall) == [TaskState.PAUSED]

    async def due() -> int:
        async with deps.database.write() as session:
            return await sweeping.start_due(session, deps.queue, deps.feed, now=deps.clock())

    await paused()
    stall.world.clock.advance(11)
    assert (await stall.once(task)).state is TaskState.WAITING
    assert await sweeps(stall) == [TaskState.QUEUED]
    assert await due() == 0
    await paused()
    assert await due() == 1
    assert await sweeps(stall) == [TaskState.QUEUED]
    await paused()
    assert await due() == 0
    assert await sweeps(stall) == [TaskState.PAUSED]


async def test_sweeps_that_fail_are_opened_ever_later_and_end_the_waiting(stall: Stall, shelf: Shelf) -> None:
    task, _ = await waiting(stall, shelf)

    async def fails() -> None:
        stall.fault(kind="tiktok", code=105005, operation="Search Products")
        assert (await stall.played((await stall.tasks(TaskKind.SWEEP))[-1])).state is TaskState.FAILED
        stall.world.faults.clear()

    for wait in (60, 600):
        before = len(await sweeps(stall))
        await fails()
        stall.world.clock.advance(wait - 5)
        assert (await stall.once(task)).state is TaskState.WAITING
        assert len(await sweeps(stall)) == before
        stall.world.clock.advance(6)
        await stall.once(task)
        assert len(await sweeps(stall)) == before + 1
    await fails()
    task = await stall.played(task)
    assert (task.state, task.problem and task.problem["code"]) == (TaskState.FAILED, "PERMISSION_NEEDED")
    assert await sweeps(stall) == [TaskState.FAILED] * 3
    assert stall.calls("Create Product") == 1


async def test_a_repeated_key_answers_with_its_sweep(stall: Stall, shelf: Shelf) -> None:
    await stall.listed(candle("Ivory", "IVORY"))
    first = await shelf.sweep(key="once")
    again = await shelf.sweep(key="once")
    assert (again.id, await sweeps(stall)) == (first.id, [TaskState.SUCCEEDED])
    other = await shelf.sweep(key="twice")
    assert other.id != first.id
    again = await shelf.sweep(key="once")
    assert (again.id, await sweeps(stall)) == (first.id, [TaskState.SUCCEEDED] * 2)
    async with stall.deps.database.write() as session:
        await tiktok_shops.disconnect(session, stall.deps.queue, stall.deps.feed, **stall.where, now=stall.deps.clock())
    assert (await shelf.sweep(key="once")).id == first.id
