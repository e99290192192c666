"""An edit whose answer was lost and that nobody goes on with: it keeps no listing from being unlinked or linked."""

from collections.abc import Sequence

import pytest
from sqlmodel import col, select

from sandbox.tiktok.lifecycle import Event
from server.domain.listings import ListingStatus
from server.domain.tasks import TaskState
from server.kit.errors import Conflict
from server.services import tasks
from server.tables import Intent, Listing, Task
from tests.editing.bench import Bench
from tests.linking.shelf import Shelf
from tests.linking.test_by_hand import linked, refusal, unlinked
from tests.listing.stall import Stall, a_product

S = ListingStatus


async def begun(stall: Stall) -> tuple[Bench, Task]:
    """The call went out, its answer was lost, and TikTok Shop cannot be asked what became of it."""
    bench = Bench(stall)
    await bench.on_sale(a_product())
    await bench.store({"title": "Beeswax Candle in Snow"})
    stall.fault(kind="reset", operation="Partial Edit Product", after_effect=True)
    stall.fault(kind="http", status=503, operation="Get Product", skip=1)
    task = await stall.once(await bench.started())
    assert (task.state, len(await stall.open_intents())) == (TaskState.WAITING, 1)
    return bench, task


async def abandoned(stall: Stall) -> Listing:
    """The same, and the merchant cancelled the task."""
    bench, task = await begun(stall)
    async with stall.deps.database.write() as session:
        deps = stall.deps
        await tasks.cancel(session, deps.queue, deps.feed, shop_id=stall.shop.id, task_id=task.id, now=deps.clock())
    assert (await stall.played(task)).state is TaskState.CANCELLED
    stall.world.faults.clear()
    assert len(await stall.open_intents()) == 1
    return await bench.one()


async def ended(stall: Stall) -> Sequence[str | None]:
    """How the edits ended, in their order."""
    async with stall.deps.database.read() as session:
        return list(await session.exec(select(Intent.outcome).where(Intent.kind == "EDIT").order_by(col(Intent.id))))


async def test_an_edit_under_way_keeps_its_listing_linked(stall: Stall) -> None:
    bench, task = await begun(stall)
    row = await bench.one()
    assert await refusal(unlinked(stall, row.id)) == (Conflict, ("listingId",))
    assert ((await bench.one()).remote_id, await ended(stall)) == (row.remote_id, [None])
    stall.world.faults.clear()
    assert (await stall.played(task)).state is TaskState.SUCCEEDED
    assert await ended(stall) == ["NOTHING"]  # it had arrived


async def test_an_abandoned_edit_does_not(stall: Stall) -> None:
    row = await abandoned(stall)
    gone = await unlinked(stall, row.id)
    assert (gone.remote_id, gone.status, await ended(stall)) == (None, S.NOT_SYNCED, ["MOOT"])
    again = await linked(stall, row.product_id, row.remote_id or "")
    assert (again.remote_id, again.status) == (row.remote_id, S.LIVE)
    assert (await Bench(stall).edited()).total == 1
    assert await stall.open_intents() == []


@pytest.mark.parametrize("by_hand", [True, False])
async def test_a_product_that_was_deleted_there_is_linked_to_another(stall: Stall, shelf: Shelf, by_hand: bool) -> None:
    row = await abandoned(stall)
    stall.world.clock.advance(60)
    assert stall.world.tiktok.products[row.remote_id or ""].apply(Event.DELETE, stall.world.clock.unix())
    stall.world.tiktok.put(stall.world.tiktok.products[row.remote_id or ""])
    stall.world.clock.advance(900)
    await shelf.sweep()
    assert await shelf.statuses() == [S.DELETED]
    other = await shelf.put("WAX-1")
    if by_hand:
        await linked(stall, row.product_id, other)
    else:
        await shelf.sweep()
    (after,) = await stall.listings()
    assert (after.id, after.remote_id, after.status) == (row.id, other, S.IN_REVIEW)
    assert await ended(stall) == ["LINKED"]
