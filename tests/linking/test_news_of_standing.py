"""Where a product stands and why: told by sweeps although the status is the same, and by news that says too little."""

import pytest

from sandbox.tiktok.lifecycle import Event
from server.clients.tiktok_product_answers import FoundProduct
from server.domain.categories import CategoryVersion
from server.domain.listings import ListingStatus
from server.domain.tasks import TaskState
from server.services.listings.mirror import mirroring
from tests.graphql.test_statements import counted
from tests.linking.shelf import Shelf
from tests.linking.test_sweeps import candles
from tests.listing.stall import Stall, codes
from tests.shops.deliveries import audit, outcomes, receive
from workers.inbox import run_inbox

S = ListingStatus


async def standings(stall: Stall) -> list[tuple[ListingStatus, list[str]]]:
    return [(one.status, codes(one)) for one in await stall.listings()]


async def swept(stall: Stall, shelf: Shelf) -> int:
    """How many products the sweep read by themselves."""
    stall.world.clock.advance(900)
    before = stall.calls("Get Product")
    assert (await shelf.sweep()).state is TaskState.SUCCEEDED
    return stall.calls("Get Product") - before


async def test_a_sweep_tells_what_changed_within_a_status(stall: Stall, shelf: Shelf) -> None:
    await stall.listed(*candles(3))
    refused, removed, waiting = [one.remote_id or "" for one in await stall.listings()]
    for one in (refused, removed):
        await shelf.control("judge", product_id=one, verdict="pass")
    assert stall.world.tiktok.products[removed].apply(Event.DEACTIVATE, stall.world.clock.unix())
    stall.world.tiktok.put(stall.world.tiktok.products[removed])
    assert await swept(stall, shelf) == 0
    assert await standings(stall) == [(S.LIVE, []), (S.DEACTIVATED, []), (S.IN_REVIEW, [])]
    stall.world.clock.advance(60)
    await shelf.control("other-hand", product_id=refused, body={"title": "Beeswax Candle, the best of all"})
    await shelf.control("judge", product_id=refused, verdict="fail", reasons=["boastful title"])
    await shelf.control("intervene", product_id=removed, event="remove", reason="unsafe")
    await shelf.control("judge", product_id=waiting, verdict="pre_approve")
    assert await swept(stall, shelf) == 2
    told = [(S.LIVE, ["EDIT_REVIEW_FAILED"]), (S.DEACTIVATED, ["PLATFORM_DEACTIVATED"])]
    assert await standings(stall) == [*told, (S.IN_REVIEW, ["REVIEW_AWAITS_SHOP"])]
    listings = await stall.listings()
    assert "boastful title" in listings[0].problems[0]["message"]
    assert "identity check" in listings[2].problems[0]["message"]
    assert await swept(stall, shelf) == 0
    stall.world.clock.advance(60)
    await shelf.control("other-hand", product_id=refused, body={"title": "Beeswax Candle, plain and simple"})
    await shelf.control("judge", product_id=refused, verdict="pass")
    assert await swept(stall, shelf) == 0
    assert await standings(stall) == [(S.LIVE, []), *told[1:], (S.IN_REVIEW, ["REVIEW_AWAITS_SHOP"])]


@pytest.mark.parametrize(
    ("event", "expected", "code"),
    [("freeze", S.FROZEN, "PLATFORM_FROZEN"), ("remove", S.DEACTIVATED, "PLATFORM_DEACTIVATED")],
)
async def test_what_happens_in_the_second_of_going_live_is_looked_at_and_its_reason_kept(
    stall: Stall, shelf: Shelf, event: str, expected: ListingStatus, code: str
) -> None:
    await stall.listed(*candles(1))
    ((listing,), ref) = await stall.listings(), stall.tiktok_shop.remote_id
    remote_id = listing.remote_id or ""
    await shelf.control("judge", product_id=remote_id, verdict="pass")
    at = stall.deps.clock()
    await receive(stall.deps, "37", ref, audit(remote_id, "APPROVED", at), name="live")
    assert await run_inbox(stall.deps) == 1
    assert await shelf.statuses() == [S.LIVE]
    await shelf.control("intervene", product_id=remote_id, event=event, reason="sold as a toy")
    said = {
        "product_id": int(remote_id),
        "status": "PRODUCT_STATUS_CHANGED",
        "suspended_reason": "sold as a toy",
        "update_time": int(at.timestamp()),
    }
    await receive(stall.deps, "5", ref, said, name="gone")
    assert await run_inbox(stall.deps) == 1
    assert (await outcomes(stall.deps))["gone"] == ("looked: applied", True)
    (listing,) = await stall.listings()
    assert (listing.status, codes(listing)) == (expected, [code])
    assert "sold as a toy" in listing.problems[0]["message"]
    assert await swept(stall, shelf) == 0
    (after,) = await stall.listings()
    assert after.problems == listing.problems


@pytest.mark.parametrize(
    ("event", "expected"), [(Event.DEACTIVATE, S.DEACTIVATED), (Event.FREEZE, S.FROZEN), (Event.DELETE, S.DELETED)]
)
async def test_a_review_that_passed_does_not_bring_back_what_is_off_sale(
    stall: Stall, shelf: Shelf, event: Event, expected: ListingStatus
) -> None:
    await stall.listed(*candles(1))
    (listing,) = await stall.listings()
    remote_id = listing.remote_id or ""
    await shelf.control("judge", product_id=remote_id, verdict="pass")
    assert stall.world.tiktok.products[remote_id].apply(event, stall.world.clock.unix())
    stall.world.tiktok.put(stall.world.tiktok.products[remote_id])
    await swept(stall, shelf)
    before = await standings(stall)
    assert before[0][0] is expected
    await receive(
        stall.deps, "37", stall.tiktok_shop.remote_id, audit(remote_id, "APPROVED", stall.deps.clock()), name="late"
    )
    assert await run_inbox(stall.deps) == 1
    assert (await outcomes(stall.deps))["late"] == ("looked: applied", True)
    assert await standings(stall) == before


async def test_a_deleted_product_that_get_product_does_not_know_is_searched_for(stall: Stall, shelf: Shelf) -> None:
    await stall.listed(*candles(1))
    (listing,) = await stall.listings()
    remote_id = listing.remote_id or ""
    stall.world.clock.advance(60)
    assert stall.world.tiktok.products[remote_id].apply(Event.DELETE, stall.world.clock.unix())
    stall.world.tiktok.put(stall.world.tiktok.products[remote_id])
    stall.fault(kind="tiktok", code=12052260, operation="Get Product")
    said = {"product_id": int(remote_id), "status": "PRODUCT_STATUS_CHANGED", "update_time": stall.world.clock.unix()}
    await receive(stall.deps, "5", stall.tiktok_shop.remote_id, said)
    assert await run_inbox(stall.deps) == 1
    assert await outcomes(stall.deps) == {"n1": ("looked: applied", True)}
    assert await shelf.statuses() == [S.DELETED]


async def test_a_page_costs_the_same_statements_however_many_listings_moved(stall: Stall, shelf: Shelf) -> None:
    """A sweep after a long silence tells a hundred listings a page, in sets."""
    await stall.listed(*candles(8))
    remote_ids = [one.remote_id or "" for one in await stall.listings()]
    at = stall.world.clock.unix() + 60

    async def told(names: list[str], status: str) -> int:
        hits = [FoundProduct(id=name, status=status, create_time=at, update_time=at) for name in names]
        with counted() as statements:
            async with stall.deps.database.write() as session:
                feed, now = stall.deps.feed, stall.deps.clock()
                await mirroring.take_in(
                    session, feed, **stall.where, hits=hits, version=CategoryVersion.V2, mark=None, now=now
                )
        return len(statements)

    one = await told(remote_ids[:1], "ACTIVATE")
    assert await told(remote_ids[1:7], "ACTIVATE") == one
    assert await shelf.statuses() == [S.LIVE] * 7 + [S.IN_REVIEW]
    assert len(await shelf.history()) == 8 + 7
