"""TikTok Shop does not answer for a while, or its day is used up: nothing is lost, and nothing is tried in vain."""

from datetime import timedelta

from server.domain.tasks import TaskState
from server.services import quota
from server.tables import Task, TaskItem
from tests.listing.stall import Stall, a_product

SOME = 4
VARIANT = {"price": "19.90", "quantity": 5, "weight": 250.0}


async def opened(stall: Stall, amount: int = SOME) -> Task:
    await stall.imported(*(a_product(f"Candle {n}", variants=[VARIANT]) for n in range(amount)))
    return await stall.activated(await stall.template())


async def test_an_outage_before_the_first_product_ends_nothing(stall: Stall) -> None:
    """Two minutes in which the prerequisites cannot be asked for: more tries than a crash would be given."""
    task = await opened(stall)
    stall.fault(kind="http", operation="Check Listing Prerequisites", status=503)
    until, asked = stall.deps.clock() + timedelta(minutes=2), 0
    while stall.deps.clock() < until:
        task = await stall.once(task)
        assert (task.state, task.queued, task.problem) == (TaskState.WAITING, SOME, None)
        stall.world.clock.advance(10)
    asked = stall.calls("Check Listing Prerequisites")
    assert stall.calls("Create Product") == 0
    stall.world.faults.clear()
    task = await stall.played(task)
    assert (task.state, task.succeeded, asked > 5) == (TaskState.SUCCEEDED, SOME, True)


async def test_a_full_day_has_room_for_questions_about_lost_creations(stall: Stall) -> None:
    """The lost creation stands last in its chunk: it is found today all the same, and the others wait untouched."""
    room = SOME - 1
    now = stall.deps.clock()
    for ago in (2, 1):
        day = now - timedelta(days=ago)
        async with stall.deps.database.write() as session:
            await quota.count(session, **stall.where, listed={day.date(): room})
            await quota.close(session, **stall.where, day=day.date(), now=day)
    task = await opened(stall)
    stall.fault(kind="reset", operation="Create Product", after_effect=True, skip=room - 1)
    task = await stall.once(task)
    [lost] = await stall.open_intents()
    assert (task.state, task.succeeded, task.queued) == (TaskState.WAITING, room - 1, 2)
    async with stall.deps.database.write() as session:
        item = await session.get_one(TaskItem, lost.item_id)
        item.position = 99
        session.add(item)
    stall.world.faults.clear()
    stall.world.clock.advance(40)
    task = await stall.once(task)
    assert (task.state, task.succeeded, task.queued) == (TaskState.WAITING, room, 1)
    assert [item.attempts for item in await stall.items(task)][-2:] == [0, 2]
    assert (stall.calls("Create Product"), set(stall.created().values())) == (room, {1})
    stall.world.clock.advance(timedelta(days=1).total_seconds())
    assert (await stall.once(task)).state is TaskState.SUCCEEDED
