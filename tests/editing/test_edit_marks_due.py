"""Which TikTok shops the sweep comes to: not those that are busy or were stopped; and what a cancelled task leaves."""

from datetime import datetime, timedelta

from sqlmodel import col, select, update

from server.services import tasks
from server.services.listings.editing import starting as editing
from server.store import edit_dues
from server.store.edit_dues import DueShop
from server.tables import Listing, Task, TikTokAuthorization
from tests.editing.bench import Bench
from tests.listing.stall import codes

LEASE = timedelta(minutes=10)
LONGEST = timedelta(hours=6)


async def due_shops(bench: Bench) -> list[DueShop]:
    now = bench.stall.deps.clock()
    async with bench.stall.deps.database.read() as session:
        return await edit_dues.due_shops(session, before=now, now=now, pause=LEASE, longest=LONGEST, amount=50)


async def cancelled(bench: Bench, task: Task) -> Task:
    async with bench.stall.deps.database.write() as session:
        deps, shop_id = bench.stall.deps, bench.stall.shop.id
        await tasks.cancel(session, deps.queue, deps.feed, shop_id=shop_id, task_id=task.id, now=deps.clock())
    return await bench.stall.played(task)


async def opened(bench: Bench) -> Task:
    """What is due, in a task that nobody has worked on yet."""
    deps = bench.stall.deps
    async with deps.database.write() as session:
        await editing.sweep(session, deps.queue, deps.feed, pause=timedelta(0), now=deps.clock())
    async with deps.database.read() as session:
        (task,) = await session.exec(select(Task).where(Task.kind == "EDIT", col(Task.finished_at).is_(None)))
    return task


async def test_a_shop_whose_due_listings_are_all_in_hand_takes_no_place(bench: Bench) -> None:
    await bench.on_sale()
    await bench.variant({"price": "21.50"})
    assert await due_shops(bench) == [DueShop(**bench.stall.where)]
    task = await opened(bench)
    bench.world.clock.advance(LEASE.total_seconds() + 1)
    assert await due_shops(bench) == []
    await bench.stall.played(task)
    assert (await bench.one()).edit_due_at is None


async def test_a_cancelled_task_older_than_its_lease_is_not_undone(bench: Bench) -> None:
    await bench.on_sale()
    await bench.variant({"price": "21.50"})
    task = await opened(bench)
    bench.world.clock.advance(LEASE.total_seconds() + 60)
    await cancelled(bench, task)
    assert (await bench.one()).edit_due_at is None
    assert await bench.swept() == []
    assert bench.counted()["Update Price"] == 0


async def test_after_each_stop_the_shop_is_left_alone_for_twice_as_long(bench: Bench) -> None:
    await bench.on_sale()
    await bench.variant({"price": "21.50"})
    bench.stall.fault(kind="tiktok", code=105005, operation="Search Products")
    (task,) = await bench.swept()
    assert task.problem is not None, [codes(item) for item in await bench.stall.items(task)]
    for pause in (20, 40, 80):
        began = bench.stall.deps.clock()
        async with bench.stall.deps.database.read() as session:
            stopped = max(one.finished_at for one in await session.exec(select(Task)) if one.finished_at)
        await until(bench, stopped + timedelta(minutes=pause) - timedelta(seconds=1))
        assert (began, await bench.swept()) == (began, [])
        await until(bench, stopped + timedelta(minutes=pause))
        (task,) = await bench.swept()
        assert task.problem is not None
    async with bench.stall.deps.database.write() as session:
        now = bench.stall.deps.clock()
        await session.exec(update(Listing).values(edit_due_at=now))
        await session.exec(update(TikTokAuthorization).values(authorized_at=now))
    bench.stall.world.faults.clear()
    (task,) = await bench.swept()
    assert task.succeeded == 1


async def until(bench: Bench, moment: datetime) -> None:
    bench.world.clock.advance((moment - bench.stall.deps.clock()).total_seconds())
