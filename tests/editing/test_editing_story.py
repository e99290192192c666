"""Edits against the sandbox: the smallest call for each change, nothing for nothing, nobody's work written over."""

import asyncio

import pytest

from sandbox.shopify.changes import delete_product
from server.domain.history import ChangeKind
from server.domain.listings import ListingStatus
from server.domain.tasks import TaskState
from server.services.listings.editing import elsewhere
from tests.editing.bench import Bench
from tests.listing.stall import a_product, codes

OTHER_LEAF = "1019872"
SIZE = {"length": 10, "width": 10, "height": 10, "unit": "CENTIMETER"}


async def test_nothing_changed_makes_no_call(bench: Bench) -> None:
    await bench.on_sale()
    task = await bench.edited()
    assert (task.state, task.skipped, bench.calls) == (TaskState.SUCCEEDED, 1, {})
    (item,) = await bench.stall.items(task)
    assert codes(item) == ["NOTHING_CHANGED"]


async def test_a_price(bench: Bench) -> None:
    await bench.on_sale()
    await bench.variant({"price": "21.50"})
    task = await bench.edited()
    assert (task.succeeded, bench.calls) == (1, {"Update Price": 1})
    (price,) = bench.remote().prices.values()
    assert price.amount == "21.50"
    assert (await bench.edited()).skipped == 1
    assert bench.calls == {}
    line = (await bench.history())[-1]
    assert (line.kind, line.actor, list(line.fields.values())) == ("PRICE_CHANGED", "user:1", [["19.9", "21.5"]])
    assert line.request_id


async def test_stock_runs_out_and_comes_back(bench: Bench) -> None:
    await bench.on_sale()
    for quantity in (0, 7):
        await bench.variant({"quantity": quantity})
        task = await bench.edited()
        assert (task.succeeded, bench.calls) == (1, {"Update Inventory": 1})
        ((stock,),) = bench.remote().stock.values()
        assert stock.quantity == quantity
    assert (await bench.one()).status is ListingStatus.LIVE


async def test_words_go_by_partial_edit_and_are_reviewed(bench: Bench) -> None:
    await bench.on_sale()
    await bench.store({"title": "Beeswax Candle in Snow", "html": "<p>Burns for two days.</p>"})
    task = await bench.edited()
    assert (task.succeeded, bench.calls) == (1, {"Get Product": 1, "Partial Edit Product": 1})
    await bench.reviewed()
    base = bench.remote().base
    assert (base.title, base.description) == ("Beeswax Candle in Snow", "<p>Burns for two days.</p>")
    assert (await bench.one()).status is ListingStatus.LIVE


async def test_variants_go_by_full_edit_that_keeps_what_is_not_ours(bench: Bench) -> None:
    ring = a_product(
        "Beeswax Candle in Ivory",
        options=["Size"],
        variants=[
            {"options": ["S"], "price": "10.00", "sku": "S-1", "quantity": 3, "weight": 50.0},
            {"options": ["L"], "price": "12.00", "sku": "L-1", "quantity": 3, "weight": 50.0},
        ],
    )
    await bench.on_sale(ring)
    product = bench.remote()
    kept = {sku.seller_sku: sku.id for sku in product.base.skus}
    bench.sellers({"search_terms": ["wax", "light"], "key_product_features": ["Slow"], "is_cod_allowed": False})
    variants = [
        {"options": ["S"], "price": "10.00", "sku": "S-1", "quantity": 3, "weight": 50.0},
        {"options": ["XL"], "price": "15.00", "sku": "XL-1", "quantity": 4, "weight": 50.0},
    ]
    await bench.store({"variants": [{"slot": 1, **variants[0]}, {"slot": 5, **variants[1]}]})
    task = await bench.edited()
    assert task.state is TaskState.SUCCEEDED, [item.problems for item in await bench.stall.items(task)]
    assert bench.calls == {"Get Product": 1, "Update Inventory": 1, "Edit Product": 1}
    await bench.reviewed()
    skus = {sku.seller_sku: sku for sku in bench.remote().base.skus}
    assert set(skus) == {"S-1", "XL-1"}
    assert skus["S-1"].id == kept["S-1"]
    assert skus["XL-1"].sales_attributes[0].value_name == "XL"
    assert bench.remote().prices[skus["XL-1"].id].amount == "15.00"
    assert bench.remote().base.search_terms == ("wax", "light")
    assert bench.remote().base.key_product_features == ("Slow",)
    assert (await bench.edited()).skipped == 1
    assert bench.calls == {}


async def test_a_price_and_a_title_at_once(bench: Bench) -> None:
    await bench.on_sale()
    await bench.store({"title": "Beeswax Candle in Snow"})
    await bench.variant({"price": "30.00"})
    task = await bench.edited()
    assert (task.succeeded, bench.calls) == (1, {"Get Product": 1, "Update Price": 1, "Partial Edit Product": 1})


async def test_the_sellers_title_is_held_until_the_merchant_decides(bench: Bench) -> None:
    await bench.on_sale()
    bench.sellers({"title": "Hand Poured Candle"})
    async with bench.stall.deps.database.write() as session:
        row = await bench.one()
        await elsewhere.heard(
            session,
            **bench.stall.where,
            remote_id=row.remote_id or "",
            source="SELLER_CENTER",
            now=bench.stall.deps.clock(),
        )
    await bench.store({"title": "Beeswax Candle in Snow"})
    await bench.variant({"price": "30.00"})
    task = await bench.edited()
    assert bench.calls == {"Get Product": 1, "Update Price": 1}
    row = await bench.one()
    assert codes(row) == ["CHANGED_ON_TIKTOK"]
    assert bench.remote().base.title == "Hand Poured Candle"
    assert row.ownership["held"]["TITLE"]["fields"] == {"title": "Hand Poured Candle"}
    kinds = [line.kind for line in await bench.history()]
    assert kinds.count(ChangeKind.CHANGED_ON_TIKTOK) == 1
    task = await bench.edited()
    assert (task.skipped, bench.calls) == (1, {})
    (item,) = await bench.stall.items(task)
    assert codes(item) == ["CHANGED_ON_TIKTOK"]


async def test_a_price_waits_until_the_review_is_over(bench: Bench) -> None:
    await bench.stall.listed(a_product())
    await bench.variant({"price": "21.50"})
    task = await bench.edited()
    assert (task.skipped, bench.calls) == (1, {})
    assert [codes(item) for item in await bench.stall.items(task)] == [["EDIT_WAITS_FOR_REVIEW"]]
    await bench.reviewed()
    (task,) = await bench.swept()
    assert task.succeeded == 1
    (price,) = bench.remote().prices.values()
    assert price.amount == "21.50"


@pytest.mark.parametrize("patch", [{"status": "ARCHIVED"}, {"status": "DRAFT"}])
async def test_a_product_that_the_store_takes_off_goes_off_sale_and_comes_back(
    bench: Bench, patch: dict[str, str]
) -> None:
    await bench.on_sale()
    await bench.store(patch)
    await bench.edited()
    assert bench.remote().status.value == "SELLER_DEACTIVATED"
    assert (await bench.one()).status is ListingStatus.DEACTIVATED
    assert (await bench.edited()).skipped == 1
    await bench.store({"status": "ACTIVE"})
    await bench.edited()
    await bench.reviewed()
    assert bench.remote().status.value == "ACTIVATE"
    assert (await bench.one()).status is ListingStatus.LIVE


async def test_a_change_in_the_store_goes_out_by_itself_and_changes_gather(bench: Bench) -> None:
    await bench.on_sale(a_product(), a_product("Beeswax Candle in Rose"))
    assert await bench.swept() == []
    for price in ("21.00", "22.00", "23.00"):
        await bench.variant({"price": price})
    assert await bench.swept(pause=60) == []
    before = bench.counted()
    (task,) = await bench.swept()
    assert (task.total, task.succeeded, task.started_by) == (1, 1, "system:edits")
    assert bench.counted() - before == {"Update Price": 1}
    prices = (price.amount for product in bench.products() for price in product.prices.values())
    assert sorted(prices) == ["19.90", "23.00"]
    assert await bench.swept() == []
    assert (await bench.history())[-1].cause == "STORE"


async def test_a_change_that_comes_while_the_edit_is_under_way_goes_out_next(bench: Bench) -> None:
    (row,) = await bench.on_sale()
    await bench.variant({"price": "21.00"})
    bench.world.settings.latency_ms = 300
    task = await bench.started()
    playing = asyncio.create_task(bench.stall.once(task))
    deadline = asyncio.get_running_loop().time() + 10
    while not await bench.stall.open_intents():
        assert asyncio.get_running_loop().time() < deadline, await bench.stall.items(task)
        await asyncio.sleep(0.01)
    await bench.mark([row.product_id])
    await playing
    bench.world.settings.latency_ms = 0
    row = await bench.one()
    assert row.edit_due_at is not None
    (again,) = await bench.swept()
    assert (again.skipped, (await bench.one()).edit_due_at) == (1, None)


async def test_a_deleted_product_goes_off_sale(bench: Bench) -> None:
    await bench.on_sale()
    delete_product(bench.world, "beeswax-candle-in-ivory")
    await bench.stall.imported()
    (task,) = await bench.swept()
    assert task.succeeded == 1
    assert bench.remote().status.value == "SELLER_DEACTIVATED"
