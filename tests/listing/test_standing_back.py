"""Two tasks want the same product: the second waits for the first, and not without rest."""

from datetime import timedelta

import pytest

from server.domain.tasks import TaskState
from server.services import tasks
from server.services.listings.creating.preparing import stand_back
from tests.listing.stall import Stall, a_product, codes


@pytest.mark.parametrize(("under_way", "wait"), [(0, 2), (8, 2), (40, 10), (239, 59.75), (240, 60), (86_400, 60)])
def test_how_long_to_stand_back(under_way: float, wait: float) -> None:
    assert stand_back(timedelta(seconds=under_way)) == timedelta(seconds=wait)


@pytest.mark.usefixtures("twins_would_show")
async def test_a_paused_tasks_creation_is_not_looked_at_without_rest(stall: Stall) -> None:
    """The second task's item waits for the first one's, which a person paused: a minute at a time, and no twin."""
    await stall.imported(a_product())
    stall.fault(kind="reset", operation="Create Product", first=1, after_effect=True)
    first = await stall.once(await stall.activated(await stall.template()))
    (product,) = await stall.products()
    second = await stall.started([product.id])
    deps, task = stall.deps, {"shop_id": stall.shop.id, "task_id": first.id}
    async with deps.database.write() as session:
        await tasks.pause(session, deps.feed, **task, now=deps.clock())
    stall.world.clock.advance(600)
    await stall.once(second)
    (item,) = await stall.items(second)
    assert (item.state, codes(item), item.attempts) == ("QUEUED", ["BEING_LISTED_ELSEWHERE"], 0)
    assert item.due_at is not None
    assert timedelta(seconds=50) < item.due_at - deps.clock() <= timedelta(seconds=60)
    async with deps.database.write() as session:
        await tasks.resume(session, deps.queue, deps.feed, **task, now=deps.clock())
    assert (await stall.played(first)).state is TaskState.SUCCEEDED
    assert (await stall.played(second)).state is TaskState.SUCCEEDED
    assert [codes(item) for item in await stall.items(second)] == [["ALREADY_LISTED"]]
    assert stall.created() == {product.remote_id: 1}
