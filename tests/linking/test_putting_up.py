"""A product that is put up again is one of the day's listings: known limits hold for it, and it counts."""

from uuid import UUID

from redis import Redis as SyncRedis

from server.domain.estimates import next_midnight
from server.domain.listings import ListingStatus, StatusAction
from server.domain.tasks import TaskKind, TaskState
from server.services import quota, tasks
from server.services.quota import Quota
from server.tables import Task
from tests.linking.shelf import Shelf
from tests.linking.test_switching import live, told
from tests.listing.stall import Stall, a_product
from tests.listing.test_week import HOUR, closed, estimated, known, refusals

S, A = ListingStatus, StatusAction
ACTIVATE = "Activate Product"


def to_the_next_day(stall: Stall, hours: float) -> None:
    now = stall.deps.clock()
    stall.world.clock.advance((next_midnight(now) - now).total_seconds() + hours * HOUR)


async def off_sale(stall: Stall, shelf: Shelf, amount: int) -> list[UUID]:
    """Products that stood on sale and were taken off; then it is eight in the morning of another day."""
    ids = await live(stall, shelf, amount)
    started = await told(stall, A.DEACTIVATE, *ids)
    assert started.task is not None
    assert (await stall.played(started.task)).succeeded == amount
    to_the_next_day(stall, 8)
    return ids


async def put_up(stall: Stall, *ids: UUID) -> Task:
    started = await told(stall, A.ACTIVATE, *ids)
    assert started.task is not None
    return started.task


async def created(stall: Stall, shelf: Shelf, amount: int) -> Task:
    """The task that an import opens for so many new products, with what stands there fresh in mind."""
    await shelf.sweep()
    for at in range(amount):
        stall.add(a_product(f"Lamp number {at}", variants=[{"price": "9.90", "quantity": 5, "weight": 250.0}]))
    await stall.imported()
    task = (await stall.tasks(TaskKind.LISTING))[-1]
    assert task.total == amount
    return task


async def test_a_day_that_is_used_up_is_met_once_a_day(stall: Stall, shelf: Shelf) -> None:
    """Five a day of twelve: no hour in between asks again, and two days teach the limit as creations do."""
    ids = await off_sale(stall, shelf, 12)
    stall.world.settings.daily_listing_limit = 5
    task = await put_up(stall, *ids)
    done, calls, foretold = [], [], []
    for _ in range(3):
        for _ in range(15):
            task = await stall.once(task)
            stall.world.clock.advance(HOUR)
        done.append(task.succeeded)
        calls.append(stall.calls(ACTIVATE))
        foretold.append(await estimated(stall, task))
        to_the_next_day(stall, 8)
    assert (task.state, done, calls) == (TaskState.SUCCEEDED, [5, 10, 12], [1, 2, 3])
    ended = task.finished_at
    assert ended is not None
    assert [told and (ended.date() - told.date()).days for told in foretold] == [0, 0, None]
    assert await known(stall) == Quota(0, 5)
    assert set(await shelf.statuses()) == {S.IN_REVIEW}


async def test_a_day_known_to_be_used_up_is_not_asked_about(stall: Stall, shelf: Shelf, redis_url: str) -> None:
    """The database knows it, Redis was emptied: nothing is called before midnight, and then the task goes on."""
    ids = await off_sale(stall, shelf, 3)
    now = stall.deps.clock()
    async with stall.deps.database.write() as session:
        await quota.count(session, **stall.where, listed={now.date(): 100})
        await quota.close(session, **stall.where, day=now.date(), now=now)
    with SyncRedis.from_url(redis_url) as redis:
        redis.flushall()
    task = await put_up(stall, *ids)
    for _ in range(15):
        task = await stall.once(task)
        assert (task.state, task.queued, stall.calls(ACTIVATE)) == (TaskState.WAITING, 3, 0)
        assert (await estimated(stall, task) or now) >= next_midnight(now)
        stall.world.clock.advance(HOUR)
    assert set(await shelf.statuses()) == {S.DEACTIVATED}
    to_the_next_day(stall, 0.1)
    assert (await stall.once(task)).succeeded == 3
    assert await known(stall) == Quota(3, 100)


async def test_a_task_that_waits_for_room_can_be_cancelled(stall: Stall, shelf: Shelf) -> None:
    ids = await off_sale(stall, shelf, 2)
    await closed(stall, 1, 1)
    async with stall.deps.database.write() as session:
        await quota.count(session, **stall.where, listed={stall.deps.clock().date(): 1})
    task = await stall.once(await put_up(stall, *ids))
    assert (task.state, stall.calls(ACTIVATE)) == (TaskState.WAITING, 0)
    async with stall.deps.database.write() as session:
        await tasks.cancel(
            session,
            stall.deps.queue,
            stall.deps.feed,
            shop_id=stall.shop.id,
            task_id=task.id,
            now=stall.deps.clock(),
        )
    assert (await stall.once(task)).state is TaskState.CANCELLED
    assert stall.calls(ACTIVATE) == 0


async def test_creations_know_what_was_put_up(stall: Stall, shelf: Shelf) -> None:
    """Ten a day are known: after six products that came back there is room for four new ones, and no call more."""
    ids = await off_sale(stall, shelf, 6)
    await closed(stall, 10, 10)
    stall.world.settings.daily_listing_limit = 10
    assert (await stall.once(await put_up(stall, *ids))).succeeded == 6
    assert await known(stall) == Quota(6, 10)
    task = await stall.once(await created(stall, shelf, 8))
    assert (task.state, task.succeeded, refusals(stall)) == (TaskState.WAITING, 4, 0)
    assert await known(stall) == Quota(10, 10, next_midnight(stall.deps.clock()))


async def test_of_two_tasks_the_earlier_has_the_room_first_whatever_it_does(stall: Stall, shelf: Shelf) -> None:
    """Eight new products, then three that come back, five a day: they are up on the third day, as was told."""
    ids = await off_sale(stall, shelf, 3)
    await closed(stall, 5, 5)
    stall.world.settings.daily_listing_limit = 5
    new, began = await created(stall, shelf, 8), stall.deps.clock()
    back = await put_up(stall, *ids)
    counts, foretold = [], []
    for _ in range(2):
        back = await stall.once(back)
        foretold.append(await estimated(stall, back))
        new, back = await stall.once(new), await stall.once(back)
        stall.world.clock.advance(120)
        back = await stall.once(back)
        counts.append((new.succeeded, back.succeeded))
        to_the_next_day(stall, 8)
    back = await stall.once(back)
    assert (counts, back.succeeded, refusals(stall)) == ([(5, 0), (8, 2)], 3, 0)
    assert stall.calls(ACTIVATE) == 2
    assert [told and (told.date() - began.date()).days for told in foretold] == [2, 2]


async def test_what_a_lost_answer_put_up_is_counted_once(stall: Stall, shelf: Shelf) -> None:
    ids = await off_sale(stall, shelf, 3)
    stall.fault(kind="reset", operation=ACTIVATE, first=1, after_effect=True)
    assert (await stall.played(await put_up(stall, *ids))).succeeded == 3
    assert await known(stall) == Quota(3)
