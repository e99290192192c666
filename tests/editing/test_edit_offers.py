"""Whatever keeps a product from being described: what it costs and how much of it there is goes out all the same."""

from typing import Any

from sqlmodel import update

from server.domain.edits import Step
from server.domain.tasks import TaskState
from server.services import templates
from server.services.listings.editing import owning
from server.services.listings.editing.pending import Pending, pending
from server.tables import CategoryTemplate
from tests.editing.bench import Bench
from tests.listing.stall import CANDLES, a_product, codes

BROKEN = {"kind": "jpg", "width": 600, "height": 600, "slot": 9, "flaw": "missing"}


def two(*sizes: str) -> list[dict[str, Any]]:
    slots = {"S": 1, "L": 2}
    return [
        {"slot": slots[one], "options": [one], "price": "10.00", "sku": f"{one}-1", "quantity": 3, "weight": 50.0}
        for one in sizes
    ]


async def put(bench: Bench, **values: Any) -> None:
    async with bench.stall.deps.database.write() as session:
        await session.exec(update(CategoryTemplate).values(**values))


async def waiting(bench: Bench) -> Pending:
    async with bench.stall.deps.database.read() as session:
        row = await bench.one()
        ownership = await owning.of_listing(session, shop_id=bench.stall.shop.id, listing=row)
        now = bench.stall.deps.clock()
        return await pending(session, shop_id=bench.stall.shop.id, listing=row, ownership=ownership, now=now)


async def test_a_category_that_is_gone_keeps_words_back_but_neither_price_nor_stock(bench: Bench) -> None:
    await bench.on_sale()
    await bench.stall.trees()
    await put(bench, category_id="1")
    await bench.store({"title": "Beeswax Candle in Snow"})
    await bench.variant({"price": "21.50", "quantity": 2})
    found = await waiting(bench)
    assert (found.plan.steps, [one.code for one in found.problems]) == (
        (Step.STOCK, Step.PRICE),
        ["CATEGORY_NOT_IN_TREE"],
    )
    task = await bench.edited()
    (item,) = await bench.stall.items(task)
    assert (task.state, codes(item), item.outcome and item.outcome["calls"]) == (
        TaskState.FAILED,
        ["CATEGORY_NOT_IN_TREE"],
        ["STOCK", "PRICE"],
    )
    assert bench.calls == {"Update Price": 1, "Update Inventory": 1}
    product = bench.remote()
    ((stock,),), (price,) = product.stock.values(), product.prices.values()
    assert (product.newest.title, price.amount, stock.quantity) == ("Beeswax Candle in Ivory", "21.50", 2)
    assert (codes(await bench.one()), await bench.stall.open_intents()) == (["CATEGORY_NOT_IN_TREE"], [])
    assert (await bench.edited()).state is TaskState.FAILED
    assert bench.calls == {}
    await put(bench, category_id=CANDLES.id)
    assert (await bench.edited()).succeeded == 1
    assert bench.calls == {"Get Product": 1, "Partial Edit Product": 1}
    assert (bench.remote().newest.title, codes(await bench.one())) == ("Beeswax Candle in Snow", [])


async def test_pictures_that_all_broke_keep_no_stock_back(bench: Bench) -> None:
    await bench.on_sale()
    await bench.store({"images": [BROKEN], "variants": [{"slot": 1, "price": "19.90", "sku": "WAX-1", "quantity": 0}]})
    task = await bench.edited()
    assert (task.state, bench.calls) == (TaskState.FAILED, {"Update Inventory": 1})
    ((stock,),) = bench.remote().stock.values()
    assert stock.quantity == 0


async def test_without_any_template_the_price_stays_as_it_was_worked_out(bench: Bench) -> None:
    """The template's rule made it: the store's price alone is another price."""
    await bench.on_sale(content={"price": {"percent": "10"}})
    row = await bench.one()
    async with bench.stall.deps.database.write() as session:
        assert row.template_id is not None
        await templates.delete(
            session, shop_id=bench.stall.shop.id, template_id=row.template_id, now=bench.stall.deps.clock()
        )
    await bench.variant({"price": "30.00", "quantity": 1})
    assert (await waiting(bench)).plan.steps == (Step.STOCK,)
    task = await bench.edited()
    assert (task.state, bench.calls) == (TaskState.FAILED, {"Update Inventory": 1})
    (price,) = bench.remote().prices.values()
    assert price.amount == "21.89"


async def test_a_price_at_fault_keeps_no_stock_back(bench: Bench) -> None:
    await bench.on_sale()
    await bench.variant({"price": "0.00", "quantity": 1})
    task = await bench.edited()
    assert [codes(item) for item in await bench.stall.items(task)] == [["PRICE_TOO_LOW"]]
    assert bench.calls == {"Update Inventory": 1}


async def test_a_variant_that_the_store_has_no_more_is_offered_with_none(bench: Bench) -> None:
    await bench.on_sale(a_product(options=["Size"], variants=two("S", "L")))
    await bench.stall.trees()
    await put(bench, category_id="1")
    await bench.store({"variants": two("S")})
    task = await bench.edited()
    assert (task.state, bench.calls) == (TaskState.FAILED, {"Update Inventory": 1})
    product = bench.remote()
    left = {sku.seller_sku: product.stock[sku.id][0].quantity for sku in product.base.skus}
    assert left == {"S-1": 3, "L-1": 0}


async def test_a_list_price_that_ends_keeps_no_price_back(bench: Bench) -> None:
    """Only a full edit can empty it, and there is nothing to make one of: it stays as it was told (US)."""
    candle = {"price": "20.00", "compare_at": "30.00", "sku": "WAX-1", "quantity": 5, "weight": 250.0}
    await bench.on_sale(a_product(variants=[candle]))
    told = dict(await _told(bench))
    assert (told["price"], told["list_price"]) == ("20", "30")
    await bench.stall.trees()
    await put(bench, category_id="1")
    await bench.variant({"price": "25.00", "compare_at": None})
    assert (await waiting(bench)).plan.steps == (Step.PRICE,)
    task = await bench.edited()
    assert (task.state, bench.calls) == (TaskState.FAILED, {"Update Price": 1})
    assert [codes(item) for item in await bench.stall.items(task)] == [["CATEGORY_NOT_IN_TREE"]]
    (price,), told = bench.remote().prices.values(), await _told(bench)
    assert (price.amount, told["price"], told["list_price"]) == ("25.00", "25", "30")
    assert await bench.stall.open_intents() == []
    await put(bench, category_id=CANDLES.id)
    assert (await bench.edited()).succeeded == 1
    assert bench.calls == {"Get Product": 1, "Edit Product": 1}
    await bench.reviewed()
    (sku,) = bench.remote().base.skus
    assert (sku.list_price, "list_price" in await _told(bench)) == (None, False)


async def _told(bench: Bench) -> dict[str, Any]:
    """What we know of the only variant that the platform was told."""
    (sku,) = ((await bench.one()).sent or {})["skus"].values()
    return dict(sku)
