"""Variants that the store has no more: nothing of them is sold, whoever owns the product's variants."""

from dataclasses import replace

import pytest
from sqlmodel import update

from server.domain.listings import ListingOrigin
from server.domain.ownership import OF_LINKED, FieldGroup, Owner, Ownership
from server.tables import Listing
from tests.editing.bench import Bench
from tests.editing.test_edit_offers import put
from tests.editing.test_edit_variants import XL, L, S, offers, rings
from tests.editing.test_owners import decide
from tests.listing.stall import CANDLES, codes


@pytest.fixture
async def shop(bench: Bench) -> str:
    """Two variants on sale, reviews end when we say so; the warehouse they are sold from."""
    bench.world.settings.audit = "never"
    await bench.on_sale(rings())
    return bench.stall.tiktok_shop.warehouse_id or ""


async def linked(bench: Bench) -> None:
    """Somebody else made the product, and wrote other names on its variants; we told it nothing yet."""
    product = bench.remote()
    product.base = replace(product.base, skus=tuple(replace(sku, external_sku_id="") for sku in product.base.skus))
    ownership = Ownership(own=OF_LINKED).to_json()
    async with bench.stall.deps.database.write() as session:
        await session.exec(update(Listing).values(sent=None, origin=ListingOrigin.LINKED, ownership=ownership))


async def test_a_linked_products_variant_is_offered_with_none(bench: Bench, shop: str) -> None:
    await linked(bench)
    await bench.variant({"quantity": 9}, slot=0)
    assert (await bench.edited()).succeeded == 1
    await bench.store({"variants": [S]})
    task = await bench.edited()
    assert (task.succeeded, bench.calls) == (1, {"Update Inventory": 1}), await bench.stall.items(task)
    assert offers(bench.remote()) == {"S-1": ("10.00", {shop: 3}), "L-1": ("12.00", {shop: 0})}
    assert [line.fields for line in await bench.history()][-1].popitem()[1] == [{shop: 4}, {shop: 0}]
    task = await bench.edited()
    assert ([codes(item) for item in await bench.stall.items(task)], bench.calls) == ([["KEPT_ON_TIKTOK"]], {})
    await bench.store({"variants": [S, L]})
    assert (await bench.edited()).succeeded == 1
    assert offers(bench.remote())["L-1"] == ("12.00", {shop: 4})


async def test_it_may_be_gone_before_anything_was_told(bench: Bench, shop: str) -> None:
    """The first edit of a linked product reads what is left of it."""
    await linked(bench)
    await bench.store({"variants": [S]})
    task = await bench.edited()
    assert (task.succeeded, bench.calls) == (1, {"Get Product": 1, "Update Inventory": 1})
    assert offers(bench.remote()) == {"S-1": ("10.00", {shop: 3}), "L-1": ("12.00", {shop: 0})}
    assert (await bench.edited()).skipped == 1
    assert bench.calls == {}


@pytest.mark.parametrize("leaf", [CANDLES.id, "1"], ids=["described", "not to be described"])
async def test_the_sellers_own_variants_are_left_alone(bench: Bench, shop: str, leaf: str) -> None:
    """The store never had it: its name is another app's."""
    await linked(bench)
    await bench.stall.trees()
    await put(bench, category_id=leaf)
    product, (_, second) = bench.remote(), bench.remote().base.skus
    product.base = replace(
        product.base,
        skus=tuple(replace(one, external_sku_id="other:2") if one is second else one for one in product.base.skus),
    )
    row = await bench.one()
    skus = [sku | {"external_sku_id": ""} if sku["id"] == second.id else sku for sku in row.remote_skus]
    async with bench.stall.deps.database.write() as session:
        await session.exec(update(Listing).values(remote_skus=skus))
    for quantity in (8, 9):
        await bench.store({"variants": [S | {"quantity": quantity}]})
        await bench.edited()
        assert offers(bench.remote()) == {"S-1": ("10.00", {shop: quantity}), "L-1": ("12.00", {shop: 4})}


@pytest.mark.parametrize("owner", [Owner.TIKTOK, Owner.LOCKED])
async def test_of_our_own_product_too(bench: Bench, shop: str, owner: Owner) -> None:
    await decide(bench, await bench.one(), {FieldGroup.VARIANTS: owner})
    await bench.store({"variants": [L]})
    assert (await bench.edited()).succeeded == 1
    assert bench.calls == {"Update Inventory": 1}
    assert offers(bench.remote()) == {"S-1": ("10.00", {shop: 0}), "L-1": ("12.00", {shop: 4})}


async def test_it_is_sold_no_longer_while_its_end_is_reviewed(bench: Bench, shop: str) -> None:
    """The version that buyers see has it until the review passes."""
    await bench.store({"variants": [S]})
    task = await bench.edited()
    (item,) = await bench.stall.items(task)
    assert (item.outcome or {})["calls"] == ["STOCK", "FULL"]
    assert bench.calls == {"Get Product": 1, "Update Inventory": 1, "Edit Product": 1}
    assert offers(bench.remote()) == {"S-1": ("10.00", {shop: 3}), "L-1": ("12.00", {shop: 0})}
    await bench.reviewed()
    assert offers(bench.remote()) == {"S-1": ("10.00", {shop: 3})}
    assert ((await bench.edited()).skipped, bench.calls) == (1, {})


async def test_where_stock_is_the_sellers_it_stays(bench: Bench, shop: str) -> None:
    await decide(bench, await bench.one(), dict.fromkeys((FieldGroup.VARIANTS, FieldGroup.STOCK), Owner.TIKTOK))
    await bench.store({"variants": [S, XL]})
    assert (await bench.edited()).skipped == 1
    assert bench.calls == {}
    assert offers(bench.remote()) == {"S-1": ("10.00", {shop: 3}), "L-1": ("12.00", {shop: 4})}
