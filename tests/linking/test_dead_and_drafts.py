"""What was deleted on TikTok Shop is dead, what is a draft there stands there, what was never answered may be there."""

import pytest

from sandbox.tiktok.lifecycle import Event
from server.domain.linking import LinkState, OnMatch
from server.domain.listings import ListingOrigin, ListingStatus
from server.domain.tasks import ItemState, TaskState
from server.services import tasks
from server.store import remote_shelves
from server.tables import Listing, Product
from tests.linking.shelf import Shelf
from tests.linking.test_by_hand import linked
from tests.linking.test_no_twin_of_strangers import candle, opened
from tests.listing.stall import Stall, codes
from tests.shops.deliveries import receive
from workers.inbox import run_inbox

CREATE = "Create Product"
S = ListingStatus

pytestmark = pytest.mark.usefixtures("twins_would_show")


async def test_a_product_deleted_in_seller_center_is_listed_anew(stall: Stall, shelf: Shelf) -> None:
    await stall.listed(candle("Ivory", "IVORY"))
    ((product,), (listing,)) = await stall.products(), await stall.listings()
    dead = listing.remote_id or ""
    stall.world.clock.advance(900)
    await shelf.sweep()
    assert set(await shelf.mirror()) == {dead}
    await deleted_in_seller_center(stall, dead)
    assert (await shelf.statuses(), await shelf.mirror()) == ([S.DELETED], {})
    task = await stall.played(await stall.started([product.id]))
    assert [(item.state, codes(item)) for item in await stall.items(task)] == [(ItemState.SUCCEEDED, [])]
    (listing,) = await stall.listings()
    assert (listing.status, listing.origin, stall.calls(CREATE)) == (S.IN_REVIEW, ListingOrigin.CREATED, 2)
    assert listing.remote_id not in (None, dead)


async def deleted_in_seller_center(stall: Stall, remote_id: str) -> None:
    """The webhook is worked off, too."""
    gone = stall.world.tiktok.products[remote_id]
    assert gone.apply(Event.DELETE, stall.world.clock.unix())
    stall.world.tiktok.put(gone)
    said = {"product_id": int(remote_id), "status": "PRODUCT_STATUS_CHANGED", "update_time": stall.world.clock.unix()}
    await receive(stall.deps, "5", stall.tiktok_shop.remote_id, said)
    assert await run_inbox(stall.deps) == 1


@pytest.mark.parametrize("title", ["", "Beeswax Candle in Ivory"])
async def test_a_product_deleted_while_its_item_waits_is_listed_anew(stall: Stall, shelf: Shelf, title: str) -> None:
    """One that cannot be made as it is now fails alone, and is not taken for the dead one ever after."""
    await stall.listed(candle("Ivory", "IVORY"), candle("Rose", "ROSE"))
    ((ivory, rose), (listing, _)) = await stall.products(), await stall.listings()
    dead = listing.remote_id or ""
    stall.world.clock.advance(900)
    task = await stall.started([ivory.id, rose.id])
    await deleted_in_seller_center(stall, dead)
    assert await shelf.statuses() == [S.DELETED, S.IN_REVIEW]
    await _titled(stall, ivory, title)
    task = await stall.played(task)
    first = (ItemState.SUCCEEDED, []) if title else (ItemState.FAILED, ["TITLE_EMPTY"])
    ends = [(item.state, codes(item)) for item in await stall.items(task)]
    assert ends == [first, (ItemState.SKIPPED, ["ALREADY_LISTED"])]
    await _titled(stall, ivory, "Beeswax Candle in Ivory")
    await stall.played(await stall.started([ivory.id]))
    (listing, _) = await stall.listings()
    assert (listing.status, listing.generation, stall.calls(CREATE)) == (S.IN_REVIEW, 2, 3)
    assert listing.remote_id not in (None, dead)
    assert await stall.open_intents() == []


async def _titled(stall: Stall, product: Product, title: str) -> None:
    async with stall.deps.database.write() as session:
        row = await session.get_one(Product, product.id)
        row.title = title
        session.add(row)


async def test_a_draft_stands_there_and_is_not_made_again(stall: Stall, shelf: Shelf) -> None:
    await opened(stall, candle("Rose", "ROSE"), candle("Lilac", "LILAC"))
    theirs, other = await shelf.put("ROSE", as_draft=True), await shelf.put("ELSE", as_draft=True)
    await stall.imported()
    _, rose, lilac = await stall.products()
    await linked(stall, lilac.id, other)
    before = stall.calls(CREATE)
    task = await stall.played(await stall.started([rose.id, lilac.id]))
    ends = [(item.state, codes(item)) for item in await stall.items(task)]
    assert ends == [(ItemState.SKIPPED, ["ALREADY_LISTED"])] * 2
    assert stall.calls(CREATE) == before
    drafts = [(one.remote_id, one.status, codes(one)) for one in (await stall.listings())[1:]]
    assert drafts == [(theirs, S.DEACTIVATED, ["DRAFT_ON_TIKTOK"]), (other, S.DEACTIVATED, ["DRAFT_ON_TIKTOK"])]
    for name in (theirs, other):
        assert stall.world.tiktok.products[name].apply(Event.SUBMIT, stall.world.clock.unix() + 60)
        stall.world.tiktok.put(stall.world.tiktok.products[name])
    stall.world.clock.advance(900)
    await shelf.sweep()
    assert [(one.status, codes(one)) for one in (await stall.listings())[1:]] == [(S.IN_REVIEW, [])] * 2


async def test_a_listing_that_stands_for_something_is_never_made_again(stall: Stall, shelf: Shelf) -> None:
    """Whatever its status says."""
    await stall.listed(candle("Ivory", "IVORY"))
    (before,) = await stall.listings()
    async with stall.deps.database.write() as session:
        row = await session.get_one(Listing, before.id)
        row.status = S.NOT_SYNCED
        session.add(row)
    task = await stall.played(await stall.started([before.product_id]))
    assert [codes(item) for item in await stall.items(task)] == [["ALREADY_LISTED"]]
    (after,) = await stall.listings()
    assert (after.remote_id, stall.calls(CREATE)) == (before.remote_id, 1)


@pytest.mark.parametrize("on_match", [OnMatch.LINK, OnMatch.HOLD])
async def test_a_creation_cancelled_without_an_answer_is_found(stall: Stall, shelf: Shelf, on_match: OnMatch) -> None:
    await stall.imported(candle("Ivory", "IVORY"))
    stall.fault(kind="reset", operation=CREATE, first=1, after_effect=True)
    task = await stall.once(await stall.activated(await stall.template()))
    deps = stall.deps
    async with deps.database.write() as session:
        await tasks.cancel(session, deps.queue, deps.feed, shop_id=stall.shop.id, task_id=task.id, now=deps.clock())
    assert (await stall.played(task)).state is TaskState.CANCELLED
    (listing,) = await stall.listings()
    assert (listing.status, codes(listing)[-1]) == (S.SYNC_FAILED, "CREATION_UNANSWERED")
    assert len(await stall.open_intents()) == 1
    async with deps.database.write() as session:
        await remote_shelves.change(session, **stall.where, on_match=on_match)
    stall.world.clock.advance(900)
    await shelf.sweep()
    ((listing,), (made,)) = await stall.listings(), stall.world.tiktok.products
    if on_match is OnMatch.HOLD:
        assert [(one.remote_id, one.state) for one in await shelf.proposals()] == [(made, LinkState.PENDING)]
        await linked(stall, listing.product_id, made)
        (listing,) = await stall.listings()
    assert (listing.remote_id, listing.status, codes(listing)) == (made, S.IN_REVIEW, [])
    assert await stall.open_intents() == []
