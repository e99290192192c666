"""Off sale and on again: what the store says arrives whatever the product's state allows, and stays known."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from sandbox.shopify.changes import change_product, change_variant
from sandbox.tiktok.envelope import Refusal
from sandbox.tiktok.lifecycle import Event
from sandbox.tiktok.product import Verdict
from server.domain.estimates import next_midnight
from server.domain.listings import ListingStatus
from server.domain.tasks import TaskState
from server.services.listings import Heard, apply_audit
from server.services.quota import Quota
from server.tables import Listing
from tests.editing.bench import Bench, stall_source
from tests.listing.stall import a_product, codes
from tests.listing.test_week import known

FAIL = Verdict("fail", ("The picture is blurred",))


async def on_sale(bench: Bench) -> bool:
    """Whether we told it to be sold."""
    sent = (await bench.one()).sent or {}
    return bool(sent["fields"]["on_sale"])


async def test_a_product_that_comes_back_with_other_words_can_be_taken_off_again(bench: Bench) -> None:
    """The edit puts it up again, so Activate is refused: the product is where it should be."""
    bench.world.settings.audit = "never"
    await bench.on_sale()
    await bench.store({"status": "ARCHIVED"})
    await bench.edited()
    await bench.store({"status": "ACTIVE", "title": "Beeswax Candle in Snow"})
    task = await bench.edited()
    assert task.succeeded == 1, [item.problems for item in await bench.stall.items(task)]
    assert ((await bench.one()).status, await on_sale(bench)) == (ListingStatus.IN_REVIEW, True)
    await bench.reviewed()
    assert (await bench.edited()).skipped == 1
    assert bench.calls == {}
    await bench.store({"status": "ARCHIVED"})
    assert (await bench.edited()).succeeded == 1
    assert bench.remote().status.value == "SELLER_DEACTIVATED"
    assert bench.remote().base.title == "Beeswax Candle in Snow"


@pytest.mark.parametrize("first", [1, 5], ids=["repeated by the client", "repeated by the task"])
async def test_a_lost_answer_of_taking_it_off(bench: Bench, first: int) -> None:
    """Nobody else is blamed, and the product comes back with the store's."""
    await bench.on_sale()
    await bench.store({"status": "ARCHIVED"})
    bench.stall.fault(kind="reset", operation="Deactivate Products", first=first, after_effect=True)
    task = await bench.stall.once(await bench.started())
    await bench.looked()
    task = await bench.stall.played(task)
    assert task.state is TaskState.SUCCEEDED, [item.problems for item in await bench.stall.items(task)]
    bench.stall.world.faults.clear()
    row = await bench.one()
    assert (row.status, codes(row), await on_sale(bench)) == (ListingStatus.DEACTIVATED, [], False)
    assert await bench.stall.open_intents() == []
    await bench.store({"status": "ACTIVE"})
    assert (await bench.edited()).succeeded == 1
    await bench.reviewed()
    assert bench.remote().status.value == "ACTIVATE"


async def test_what_the_seller_took_off_is_not_put_up_by_an_edit(bench: Bench) -> None:
    """We did not hear of it: the product is read, and the new title waits for it to be on sale."""
    (row,) = await bench.on_sale()
    await bench.store({"title": "Beeswax Candle in Snow"})
    products, source = bench.stall.deps.tiktok.products, await stall_source(bench.stall)
    await products.deactivate(source, [row.remote_id or ""])
    task = await bench.edited()
    assert (task.skipped, bench.calls) == (1, {"Get Product": 1})
    assert [codes(item) for item in await bench.stall.items(task)] == [["EDIT_WAITS_FOR_REVIEW"]]
    assert bench.remote().status.value == "SELLER_DEACTIVATED"
    await products.activate(source, [row.remote_id or ""])
    await bench.reviewed()
    (task,) = await bench.swept()
    assert (task.succeeded, bench.remote().newest.title) == (1, "Beeswax Candle in Snow")


async def test_a_price_of_what_the_seller_took_off_waits_until_it_is_on_sale(bench: Bench) -> None:
    """We did not hear of it: the search that looks at prices shows it, and no price is refused (12052901)."""
    (row,) = await bench.on_sale()
    products, source = bench.stall.deps.tiktok.products, await stall_source(bench.stall)
    await products.deactivate(source, [row.remote_id or ""])
    await bench.variant({"price": "21.50", "quantity": 2})
    task = await bench.edited()
    assert (task.skipped, bench.calls) == (1, {"Get Product": 1})
    assert [codes(item) for item in await bench.stall.items(task)] == [["EDIT_WAITS_FOR_REVIEW"]]
    assert (await bench.one()).status is ListingStatus.DEACTIVATED
    line = (await bench.history())[-1]
    assert (line.kind, line.cause, line.actor, line.task_id, line.fields) == (
        *("STATUS_CHANGED", "UNKNOWN", "system", task.id),
        {"status": ["LIVE", "DEACTIVATED"]},
    )
    assert [item.outcome and item.outcome["changed"] for item in await bench.stall.items(task)] == [[]]
    await products.activate(source, [row.remote_id or ""])
    await bench.reviewed()
    (task,) = await bench.swept()
    ((stock,),), (price,) = bench.remote().stock.values(), bench.remote().prices.values()
    assert (task.succeeded, price.amount, stock.quantity) == (1, "21.50", 2)


async def test_the_stock_of_what_is_being_reviewed_needs_no_look_of_its_own(bench: Bench) -> None:
    bench.world.settings.audit = "never"
    await bench.stall.listed(a_product())
    await bench.variant({"quantity": 2})
    assert ((await bench.edited()).succeeded, bench.calls) == (1, {"Update Inventory": 1})


def moment(row: Listing) -> int:
    """The newest that was heard of it."""
    assert row.platform_updated_at is not None
    return int(row.platform_updated_at.timestamp())


@pytest.mark.parametrize("by", ["the review", "the platform"])
async def test_a_price_mends_a_product_that_was_refused(bench: Bench, by: str) -> None:
    """Prices have no call of their own there: the whole product takes the new one along into a new review."""
    bench.world.settings.audit = "never"
    await bench.stall.listed(a_product())
    await bench.reviewed(FAIL if by == "the review" else Verdict("pass"))
    if by == "the platform":
        assert bench.remote().apply(Event.REMOVE, bench.world.clock.unix())
        await bench.looked()
    row = await bench.one()
    assert codes(row) == ["REVIEW_FAILED" if by == "the review" else "PLATFORM_DEACTIVATED"]
    await bench.variant({"price": "21.50"})
    task = await bench.edited()
    assert (task.succeeded, bench.calls) == (1, {"Get Product": 1, "Edit Product": 1})
    assert ((await bench.one()).status, codes(await bench.one())) == (ListingStatus.IN_REVIEW, [])
    if by == "the review":  # the second of the two webhooks that a failed review sends comes late
        told = {"product_id": row.remote_id, "audit": {"status": "FAILED"}, "update_time": moment(row)}
        async with bench.stall.deps.database.write() as session:
            where, now = bench.stall.where, bench.stall.deps.clock()
            heard = await apply_audit(session, bench.stall.deps.feed, **where, topic="37", data=told, now=now)
        assert (heard, (await bench.one()).status) == (Heard.STALE, ListingStatus.IN_REVIEW)
    await bench.reviewed()
    (price,) = bench.remote().prices.values()
    assert (price.amount, (await bench.one()).status) == ("21.50", ListingStatus.LIVE)
    assert (await bench.edited()).skipped == 1


async def back_in_the_store(bench: Bench, amount: int) -> None:
    """Products were off sale and come back; their calls go out one by one."""
    deps = bench.stall.deps
    bench.stall.deps = replace(deps, settings=deps.settings.model_copy(update={"worker_calls": 1}))
    await bench.on_sale(*(a_product(f"Beeswax Candle Number {number}") for number in range(amount)))
    for status in ("ARCHIVED", "ACTIVE"):
        for product in bench.stores():
            change_product(bench.world, product.gid, {"status": status})
        await bench.stall.imported()
        if status == "ARCHIVED":
            assert (await bench.edited()).succeeded == amount


def in_the_morning(bench: Bench) -> None:
    """No hour of the test is of another day."""
    now = bench.stall.deps.clock()
    bench.world.clock.advance((next_midnight(now) - now).total_seconds() + 8 * 3600)


async def test_a_day_that_is_used_up_keeps_what_comes_back_until_the_next(bench: Bench) -> None:
    """Putting a product up counts as a listing: the first refusal says it of all others of the day."""
    in_the_morning(bench)
    await back_in_the_store(bench, 3)
    bench.world.settings.daily_listing_limit = 3
    task = await bench.stall.once(await bench.started())
    assert (task.state, task.failed, bench.stall.calls("Activate Product")) == (TaskState.WAITING, 0, 1)
    assert [codes(item) for item in await bench.stall.items(task)] == [["DAILY_LISTING_LIMIT"]] * 3
    bench.world.clock.advance(3600)
    assert ((await bench.stall.once(task)).queued, bench.stall.calls("Activate Product")) == (3, 1)
    assert {product.status.value for product in bench.products()} == {"SELLER_DEACTIVATED"}
    bench.world.clock.advance(86_400)
    assert (await bench.stall.played(task)).succeeded == 3
    assert await known(bench.stall) == Quota(3, guess=3)
    await bench.reviewed()
    assert {product.status.value for product in bench.products()} == {"ACTIVATE"}


async def test_a_day_that_is_used_up_keeps_no_stock_back(bench: Bench) -> None:
    """One comes back and has to wait; behind it the stock of the other goes out."""
    in_the_morning(bench)
    deps = bench.stall.deps
    bench.stall.deps = replace(deps, settings=deps.settings.model_copy(update={"worker_calls": 1}))
    await bench.on_sale(*(a_product(f"Beeswax Candle Number {number}") for number in range(2)))
    back, other = bench.stores()
    change_product(bench.world, back.gid, {"status": "ARCHIVED"})
    await bench.stall.imported()
    assert (await bench.edited()).succeeded == 1
    change_product(bench.world, back.gid, {"status": "ACTIVE"})
    change_variant(bench.world, other.variants[0].gid, {"quantity": 0})
    await bench.stall.imported()
    bench.world.settings.daily_listing_limit = 2
    task, now = await bench.stall.once(await bench.started()), bench.stall.deps.clock()
    assert (task.state, task.succeeded, task.queued) == (TaskState.WAITING, 1, 1)
    assert [codes(item) for item in await bench.stall.items(task)] == [["DAILY_LISTING_LIMIT"], []]
    assert [stock.quantity for stocks in bench.remote(1).stock.values() for stock in stocks] == [0]
    assert await known(bench.stall) == Quota(2, None, next_midnight(now), 2)
    bench.world.clock.advance(86_400)
    assert (await bench.stall.played(task)).succeeded == 2


def _refused(*_: object) -> None:
    raise Refusal(12052700, "Seller is inactive")


def _found(*_: object) -> list[Refusal]:
    return [Refusal(12052700, "Seller is inactive")]


@pytest.mark.parametrize(("place", "answer"), [("count_listing", _refused), ("faults", _found)], ids=["it", "inside"])
async def test_a_shop_that_may_not_sell_ends_the_task_at_the_first_product(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, place: str, answer: Callable[..., object]
) -> None:
    """The platform says it of a product, or as what its check found, and means the shop (TikTok fact sheet 3.14)."""
    await back_in_the_store(bench, 3)
    monkeypatch.setattr(f"sandbox.tiktok.products_bulk.{place}", answer)
    task = await bench.stall.played(await bench.started())
    assert (task.state, task.problem and task.problem["code"]) == (TaskState.FAILED, "SHOP_INACTIVE")
    assert bench.stall.calls("Activate Product") == 1
    assert {product.status.value for product in bench.products()} == {"SELLER_DEACTIVATED"}
    assert await bench.stall.open_intents() == []


async def test_what_passes_by_itself_is_tried_again_by_itself(bench: Bench) -> None:
    """A promotion locks the price: in six hours it is tried again, without any change."""
    await bench.on_sale()
    await bench.variant({"price": "21.50"})
    bench.stall.fault(kind="tiktok", code=12052038, operation="Update Price", first=1)
    task = await bench.edited()
    assert (task.state, codes(await bench.one())) == (TaskState.FAILED, ["PRICE_LOCKED"])
    assert await bench.swept() == []
    bench.world.clock.advance(6 * 3600)
    (task,) = await bench.swept()
    (price,) = bench.remote().prices.values()
    assert (task.succeeded, price.amount, codes(await bench.one())) == (1, "21.50", [])
    assert (await bench.one()).edit_due_at is None
