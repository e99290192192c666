"""Not one webhook arrives: a sweep brings the truth, and what arrives late afterwards changes nothing."""

from typing import Any

from sandbox.tiktok.lifecycle import Event
from server.domain.listings import ListingStatus
from server.domain.tasks import TaskState
from server.services.listings import apply_audit
from tests.linking.shelf import Shelf
from tests.listing.stall import Stall, a_product, codes

S = ListingStatus


def candles(amount: int) -> list[dict[str, Any]]:
    return [
        a_product(
            f"Candle number {at}", variants=[{"price": "9.90", "sku": f"WAX-{at}", "quantity": 5, "weight": 250.0}]
        )
        for at in range(amount)
    ]


async def test_a_sweep_catches_what_webhooks_missed(stall: Stall, shelf: Shelf) -> None:
    await stall.listed(*candles(7))
    live, failed, removed, frozen, deleted, off, waiting = [one.remote_id or "" for one in await stall.listings()]
    for one in (live, removed, off, frozen, deleted):
        await shelf.control("judge", product_id=one, verdict="pass")
    await shelf.control("judge", product_id=failed, verdict="fail", reasons=["blurry picture"])
    stall.world.clock.advance(60)
    await shelf.control("intervene", product_id=removed, event="remove", reason="unsafe")
    await shelf.control("intervene", product_id=frozen, event="freeze", reason="forged")
    products = stall.world.tiktok.products
    assert products[deleted].apply(Event.DELETE, stall.world.clock.unix())
    assert products[off].apply(Event.DEACTIVATE, stall.world.clock.unix())
    for one in (deleted, off):
        stall.world.tiktok.put(products[one])
    assert await shelf.statuses() == [S.IN_REVIEW] * 7
    stall.world.clock.advance(900)
    task = await shelf.sweep()
    assert (task.state, task.succeeded) == (TaskState.SUCCEEDED, 6)
    expected = [S.LIVE, S.REVIEW_FAILED, S.DEACTIVATED, S.FROZEN, S.DELETED, S.DEACTIVATED, S.IN_REVIEW]
    assert await shelf.statuses() == expected
    listings = await stall.listings()
    assert [codes(one) for one in listings] == [
        [], ["REVIEW_FAILED"], ["PLATFORM_DEACTIVATED"], ["PLATFORM_FROZEN"], [], [], [],
    ]  # fmt: skip
    assert "blurry picture" in listings[1].problems[0]["message"]
    assert {cause for kind, cause, _ in await shelf.history() if kind == "STATUS_CHANGED"} == {"SWEEP"}
    assert set(await shelf.mirror()) == {live, failed, removed, frozen, off, waiting}
    before = [(one.status, one.platform_updated_at, one.problems) for one in listings]
    lines = len(await shelf.history())
    await _late_news(stall, [one for one in (live, failed, removed, frozen, deleted, off) if one])
    assert [(one.status, one.platform_updated_at, one.problems) for one in await stall.listings()] == before
    assert len(await shelf.history()) == lines
    assert (await shelf.sweep()).succeeded == 6
    assert len(await shelf.history()) == lines


async def _late_news(stall: Stall, remote_ids: list[str]) -> None:
    """Every webhook of the products' lives, in the wrong order."""
    products = stall.world.tiktok.products
    for remote_id in remote_ids:
        first, last = products[remote_id].create_time, products[remote_id].update_time
        for topic, data in (
            ("37", {"audit": {"status": "APPROVED"}, "update_time": last}),
            ("5", {"status": "PRODUCT_AUDIT_FAILURE", "update_time": last}),
            ("37", {"audit": {"status": "AUDITING"}, "update_time": first}),
        ):
            async with stall.deps.database.write() as session:
                await apply_audit(
                    session,
                    stall.deps.feed,
                    **stall.where,
                    topic=topic,
                    data=data | {"product_id": remote_id},
                    now=stall.deps.clock(),
                )


async def test_a_product_that_no_search_shows_is_asked_for_before_it_counts_as_gone(stall: Stall, shelf: Shelf) -> None:
    await stall.listed(*candles(2))
    stall.world.clock.advance(3600)
    empty = (
        '{"code":0,"message":"Success","request_id":"x","data":{"products":[],"total_count":0,"next_page_token":""}}'
    )
    stall.fault(kind="http", status=200, operation="Search Products", body=empty)
    assert (await shelf.sweep()).state is TaskState.SUCCEEDED
    assert await shelf.statuses() == [S.IN_REVIEW] * 2
    gone = (await stall.listings())[0].remote_id
    assert gone is not None
    del stall.world.tiktok.products[gone]
    assert (await shelf.sweep()).state is TaskState.SUCCEEDED
    assert await shelf.statuses() == [S.DELETED, S.IN_REVIEW]


async def test_a_frozen_product_that_no_search_showed_is_not_gone(stall: Stall, shelf: Shelf) -> None:
    """It cannot be read either: only the search for frozen ones still shows it."""
    await stall.listed(*candles(2))
    stall.world.clock.advance(3600)
    frozen, gone = [one.remote_id or "" for one in await stall.listings()]
    await shelf.control("intervene", product_id=frozen, event="freeze", reason="forged")
    del stall.world.tiktok.products[gone]
    empty = (
        '{"code":0,"message":"Success","request_id":"x","data":{"products":[],"total_count":0,"next_page_token":""}}'
    )
    stall.fault(kind="http", status=200, operation="Search Products", body=empty, first=3)
    before = stall.calls("Search Products")
    assert (await shelf.sweep()).state is TaskState.SUCCEEDED
    assert stall.calls("Search Products") - before == 4
    assert await shelf.statuses() == [S.FROZEN, S.DELETED]
    assert set(await shelf.mirror()) == {frozen}


async def test_details_are_read_of_strangers_once(stall: Stall, shelf: Shelf) -> None:
    await stall.listed(*candles(3))
    stranger = await shelf.put("THEIRS-1", external="theirs-77", codes=("4006381333931",))
    await shelf.sweep()
    assert stall.calls("Get Product") == 1
    row = (await shelf.mirror())[stranger]
    assert (row.external_product_id, row.category_id, row.category_version) == ("theirs-77", "1008592", "v2")
    assert [(sku["seller_sku"], sku["identifier"]) for sku in row.skus] == [("THEIRS-1", "4006381333931")]
    await shelf.sweep()
    assert stall.calls("Get Product") == 1
    assert (await shelf.mirror())[stranger].skus == row.skus


async def test_a_killed_sweep_goes_on_and_counts_nothing_twice(stall: Stall, shelf: Shelf) -> None:
    await stall.listed(*candles(3))
    stall.fault(kind="reset", operation="Search Products", first=9)
    task = await shelf.sweep()
    assert (task.state, task.succeeded, task.total) == (TaskState.SUCCEEDED, 3, 3)


async def test_other_hands_leave_traces(stall: Stall, shelf: Shelf) -> None:
    await stall.listed(*candles(2))
    await shelf.sweep()
    assert (await shelf.known()).other_hands == []
    stall.world.clock.advance(60)
    twin = await shelf.put("WAX-1")
    await shelf.put("THEIRS-1", external="theirs-77")
    await shelf.sweep()
    traces = {one["kind"]: (one["amount"], one["examples"]) for one in (await shelf.known()).other_hands}
    assert traces["TWIN_SKU"] == (1, [twin])
    assert traces["CREATED_SINCE_CONNECTING"][0] == 2
    assert traces["FOREIGN_EXTERNAL_ID"][0] == 1
