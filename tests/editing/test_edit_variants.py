"""Variants: the platform's ids are never lost, no quantity of another warehouse is, and unborn SKUs wait."""

from dataclasses import replace
from typing import Any

import pytest
from sqlmodel import select, update

from sandbox.tiktok import audit
from sandbox.tiktok.content import Stock
from sandbox.tiktok.product import SELLER_CENTER, Product
from sandbox.tiktok.sellers import Warehouse
from server.domain.history import ChangeKind
from server.domain.listings import ListingOrigin
from server.domain.ownership import FieldGroup, Owner, Ownership
from server.domain.tasks import TaskState
from server.store.edit_marks import WAITS_FOR_LIVE
from server.tables import CategoryTemplate, Listing
from tests.editing.bench import PASS, Bench
from tests.editing.test_owners import decide
from tests.linking.shelf import Shelf
from tests.listing.stall import a_product, codes

S = {"slot": 1, "options": ["S"], "price": "10.00", "sku": "S-1", "quantity": 3, "weight": 50.0}
L = {"slot": 2, "options": ["L"], "price": "12.00", "sku": "L-1", "quantity": 4, "weight": 50.0}
XL = {"slot": 5, "options": ["XL"], "price": "15.00", "sku": "XL-1", "quantity": 5, "weight": 50.0}


def rings() -> dict[str, Any]:
    return a_product(options=["Size"], variants=[S, L])


def offers(product: Product) -> dict[str, tuple[str, dict[str, int]]]:
    """Price and stock of each variant that buyers see, by seller SKU."""
    return {
        sku.seller_sku: (
            product.prices[sku.id].amount,
            {one.warehouse_id: one.quantity or 0 for one in product.stock[sku.id]},
        )
        for sku in product.base.skus
    }


@pytest.fixture
async def shop(bench: Bench) -> str:
    """Two variants on sale, reviews end when we say so; the warehouse they are sold from."""
    bench.world.settings.audit = "never"
    await bench.on_sale(rings())
    return bench.stall.tiktok_shop.warehouse_id or ""


async def test_a_linked_product_keeps_the_names_of_its_variants(bench: Bench, shop: str) -> None:
    """Who else made it gave our names to none; an edit's answer says nothing of them either."""
    product = bench.remote()
    product.base = replace(product.base, skus=tuple(replace(sku, external_sku_id="") for sku in product.base.skus))
    ours = (FieldGroup.TITLE, FieldGroup.PRICE, FieldGroup.STOCK)
    owners = dict.fromkeys(FieldGroup, Owner.TIKTOK) | dict.fromkeys(ours, Owner.STORE)
    async with bench.stall.deps.database.write() as session:
        ownership = Ownership(own=owners).to_json()
        await session.exec(update(Listing).values(sent=None, origin=ListingOrigin.LINKED, ownership=ownership))
    named = {sku["id"]: sku["external_sku_id"] for sku in (await bench.one()).remote_skus}
    await bench.store({"title": "Beeswax Candle in Snow"})
    assert (await bench.edited()).succeeded == 1
    await bench.reviewed()
    assert {sku["id"]: sku["external_sku_id"] for sku in (await bench.one()).remote_skus} == named
    await bench.variant({"price": "11.00", "quantity": 8}, slot=0)
    task = await bench.edited()
    assert task.succeeded == 1, [item.problems for item in await bench.stall.items(task)]
    assert offers(bench.remote()) == {"S-1": ("11.00", {shop: 8}), "L-1": ("12.00", {shop: 4})}


async def test_the_lost_answer_of_an_edit_that_adds_a_variant(bench: Bench, shop: str) -> None:
    """The read after it tells the new SKU's id: its price and its last piece are sent, and it is not deleted."""
    await bench.store({"variants": [S, L, XL]})
    bench.stall.fault(kind="reset", operation="Edit Product", first=1, after_effect=True)
    task = await bench.edited()
    assert (task.state, await bench.stall.open_intents()) == (TaskState.SUCCEEDED, [])
    bench.stall.world.faults.clear()
    await bench.reviewed()
    await bench.variant({"price": "16.00", "quantity": 0}, slot=2)
    await bench.edited()
    assert offers(bench.remote())["XL-1"] == ("16.00", {shop: 0})
    await bench.store({"variants": [S, L | {"sku": "L-2"}, XL | {"price": "16.00", "quantity": 0}]})
    assert (await bench.edited()).succeeded == 1
    await bench.reviewed()
    assert set(offers(bench.remote())) == {"S-1", "L-2", "XL-1"}
    assert (await bench.edited()).skipped == 1
    assert bench.calls == {}


async def test_a_variant_that_is_being_reviewed_waits_and_the_others_do_not(bench: Bench, shop: str) -> None:
    """One SKU that buyers do not see yet would refuse the whole call (12052557)."""
    await bench.store({"variants": [S, L, XL]})
    await bench.edited()
    await bench.variant({"price": "16.00", "quantity": 9}, slot=2)
    await bench.variant({"price": "10.50", "quantity": 2}, slot=0)
    task = await bench.edited()
    assert (task.succeeded, bench.calls) == (1, {"Update Price": 1, "Update Inventory": 1})
    assert offers(bench.remote()) == {"S-1": ("10.50", {shop: 2}), "L-1": ("12.00", {shop: 4})}
    task = await bench.edited()
    assert (task.skipped, bench.calls) == (1, {})
    assert [codes(item) for item in await bench.stall.items(task)] == [["EDIT_WAITS_FOR_REVIEW"]]
    await bench.reviewed()
    (task,) = await bench.swept()
    assert (task.succeeded, offers(bench.remote())["XL-1"]) == (1, ("16.00", {shop: 9}))


async def test_a_sweep_finds_that_the_review_of_a_variant_has_ended(bench: Bench, shop: str) -> None:
    """Webhook 37 was lost, the listing was on sale all the while; a sweep during the review tells nothing."""
    shelf = Shelf(bench.stall)
    await bench.store({"variants": [S, L, XL]})
    await bench.edited()
    await bench.variant({"price": "16.00", "quantity": 9}, slot=2)
    assert (await bench.edited()).skipped == 1
    await shelf.sweep()
    assert ((await bench.one()).edit_cause, (await bench.one()).edit_due_at) == (WAITS_FOR_LIVE, None)
    bench.world.clock.advance(60)
    audit.judge(bench.world, bench.remote(), PASS)
    await shelf.sweep()
    (task,) = await bench.swept()
    assert (task.succeeded, offers(bench.remote())["XL-1"]) == (1, ("16.00", {shop: 9}))
    await shelf.sweep()
    assert await bench.swept() == []


async def test_stock_in_other_warehouses_stays(bench: Bench, shop: str) -> None:
    """Update Inventory wants all warehouses of a SKU: those that are not named are lost (fact sheet 3.14)."""
    product, (first, _) = bench.remote(), bench.remote().base.skus
    _warehouse(bench, "7000000000000000901")
    product.stock[first.id] = (
        replace(product.stock[first.id][0], handling_time=3),
        Stock("7000000000000000901", 40, backorder_quantity=6, handling_time=2),
    )
    await bench.variant({"quantity": 0}, slot=0)
    assert (await bench.edited()).succeeded == 1
    assert product.stock[first.id] == (
        Stock(shop, 0, handling_time=3),
        Stock("7000000000000000901", 40, backorder_quantity=6, handling_time=2),
    )


async def test_another_warehouse_takes_the_stock_along(bench: Bench, shop: str) -> None:
    """What was offered from the old one is not offered twice."""
    _warehouse(bench, "7000000000000000901")
    async with bench.stall.deps.database.write() as session:
        content = (await _template(bench)).content | {"stock": {"warehouse_id": "7000000000000000901"}}
        await session.exec(update(CategoryTemplate).values(content=content))
    task = await bench.edited()
    assert (task.succeeded, bench.calls) == (1, {"Update Inventory": 1}), await bench.stall.items(task)
    moved = {"7000000000000000901": 3, shop: 0}
    assert offers(bench.remote()) == {"S-1": ("10.00", moved), "L-1": ("12.00", moved | {"7000000000000000901": 4})}


async def test_the_same_refusal_of_two_variants_is_told_once(bench: Bench, shop: str) -> None:
    (warehouse, *_) = next(iter(bench.world.tiktok.shops.values())).warehouses
    warehouse.effect_status = "DISABLED"
    for slot in (0, 1):
        await bench.variant({"quantity": 9}, slot=slot)
    task = await bench.edited()
    (item,) = await bench.stall.items(task)
    assert (codes(item), codes(await bench.one())) == (["WAREHOUSE_REFUSED"], ["WAREHOUSE_REFUSED"])
    assert offers(bench.remote()) == {"S-1": ("10.00", {shop: 3}), "L-1": ("12.00", {shop: 4})}


@pytest.mark.parametrize("owner", [Owner.STORE, Owner.TIKTOK])
async def test_a_variant_that_the_seller_added_is_held_and_decided(bench: Bench, shop: str, owner: Owner) -> None:
    """Whatever is decided of the variants, no price and no quantity of the others is taken for told."""
    _sellers_variant(bench)
    await bench.store({"title": "Beeswax Candle in Rose"})
    await bench.variant({"price": "10.50"}, slot=0)
    await bench.edited()
    row = await bench.one()
    assert list(row.ownership["held"]) == ["VARIANTS"]
    await bench.variant({"price": "12.50", "quantity": 1}, slot=1)
    await decide(bench, row, {FieldGroup.VARIANTS: owner})
    task = await bench.edited()
    assert task.succeeded == 1, [item.problems for item in await bench.stall.items(task)]
    await bench.reviewed()
    ours = {"S-1": ("10.50", {shop: 3}), "L-1": ("12.50", {shop: 1})}
    theirs = {} if owner is Owner.STORE else {"GIFT": ("99.00", {shop: 1})}
    assert offers(bench.remote()) == ours | theirs
    told = [line.kind for line in await bench.history()].count(ChangeKind.CHANGED_ON_TIKTOK)
    await bench.variant({"quantity": 7}, slot=0)
    await bench.store({"title": "Beeswax Candle in Snow"})
    assert (await bench.edited()).succeeded == 1
    assert offers(bench.remote())["S-1"] == ("10.50", {shop: 7})
    assert [line.kind for line in await bench.history()].count(ChangeKind.CHANGED_ON_TIKTOK) == told == 1


def _warehouse(bench: Bench, warehouse_id: str) -> None:
    (shop, *_) = bench.world.tiktok.shops.values()
    shop.warehouses.append(
        Warehouse(warehouse_id, "1", "Second warehouse", "SALES_WAREHOUSE", "DOMESTIC_WAREHOUSE", shop.region, False)
    )


def _sellers_variant(bench: Bench) -> None:
    """The seller adds one in Seller Center; we do not hear of it."""
    product = bench.remote()
    first = product.base.skus[0]
    axis = replace(first.sales_attributes[0], value_id="", value_name="Gift")
    sku = replace(first, id="7000000000000000777", seller_sku="GIFT", external_sku_id="", sales_attributes=(axis,))
    product.base = replace(product.base, skus=(*product.base.skus, sku))
    product.prices[sku.id] = replace(product.prices[first.id], amount="99.00")
    product.stock[sku.id] = (replace(product.stock[first.id][0], quantity=1),)
    product.source = SELLER_CENTER
    bench.world.tiktok.put(product)


async def _template(bench: Bench) -> CategoryTemplate:
    async with bench.stall.deps.database.read() as session:
        return (await session.exec(select(CategoryTemplate))).one()
