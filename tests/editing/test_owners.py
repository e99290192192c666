"""Whose value counts: the merchant's word on a held change, and the shop's default."""

from dataclasses import replace

import pytest

from sandbox.shopify.changes import change_variant
from server.domain.history import ChangeKind
from server.domain.ownership import FieldGroup, Owner
from server.kit.errors import NotFound
from server.services.listings.editing import elsewhere, owning
from server.services.listings.editing.pending import pending
from server.tables import Listing
from tests.editing.bench import Bench
from tests.listing.stall import a_product, codes


async def meddled(bench: Bench) -> Listing:
    """The seller changed title and price; we looked, and hold both."""
    (row,) = await bench.on_sale(a_product())
    bench.sellers({"title": "Hand Poured Candle"})
    product = bench.remote()
    (sku,) = product.base.skus
    product.prices[sku.id] = replace(product.prices[sku.id], amount="99.00")
    async with bench.stall.deps.database.write() as session:
        await elsewhere.heard(
            session,
            **bench.stall.where,
            remote_id=row.remote_id or "",
            source="SELLER_CENTER",
            now=bench.stall.deps.clock(),
        )
    (task,) = await bench.swept()
    assert task.skipped == 1
    return await bench.one()


async def decide(bench: Bench, row: Listing, wishes: dict[FieldGroup, Owner | None]) -> Listing:
    bench.world.clock.advance(1)
    async with bench.stall.deps.database.write() as session:
        return await owning.set_listing(
            session,
            shop_id=bench.stall.shop.id,
            listing_id=row.id,
            wishes=wishes,
            actor="user:1",
            now=bench.stall.deps.clock(),
        )


async def test_both_changes_are_held(bench: Bench) -> None:
    row = await meddled(bench)
    assert sorted(row.ownership["held"]) == ["PRICE", "TITLE"]
    assert codes(row) == ["CHANGED_ON_TIKTOK", "CHANGED_ON_TIKTOK"]
    assert [problem["remedy"] for problem in row.problems] == ["CHOOSE_OWNER"] * 2
    assert bench.counted()["Update Price"] == 0


async def test_the_store_takes_its_fields_back(bench: Bench) -> None:
    row = await decide(bench, await meddled(bench), {FieldGroup.TITLE: Owner.STORE, FieldGroup.PRICE: Owner.STORE})
    assert (row.ownership["held"], codes(row)) == ({}, [])
    (task,) = await bench.swept()
    assert task.succeeded == 1
    await bench.reviewed()
    (price,) = bench.remote().prices.values()
    assert (bench.remote().base.title, price.amount) == ("Beeswax Candle in Ivory", "19.90")


async def test_theirs_is_kept_and_never_sent_again(bench: Bench) -> None:
    row = await decide(bench, await meddled(bench), {FieldGroup.TITLE: Owner.TIKTOK, FieldGroup.PRICE: Owner.LOCKED})
    await bench.store({"title": "Beeswax Candle in Snow"})
    await bench.variant({"price": "20.00"})
    await bench.swept()
    (price,) = bench.remote().prices.values()
    assert (bench.remote().base.title, price.amount) == ("Hand Poured Candle", "99.00")
    async with bench.stall.deps.database.read() as session:
        row = await bench.one()
        ownership = await owning.of_listing(session, shop_id=bench.stall.shop.id, listing=row)
        found = await pending(
            session, shop_id=bench.stall.shop.id, listing=row, ownership=ownership, now=bench.stall.deps.clock()
        )
    assert found.plan.steps == ()
    assert {one.field: (one.before, one.after) for one in found.plan.withheld} == {
        "title": ("Hand Poured Candle", "Beeswax Candle in Snow"),
        "price": ("99.00", "20"),
    }
    assert ChangeKind.OVERRIDDEN in [line.kind for line in await bench.history()]


async def test_a_picture_that_was_never_uploaded_is_a_change_and_no_problem(bench: Bench) -> None:
    await bench.on_sale()
    await bench.store({"html": '<img src="https://cdn.example.com/new.png">'})
    async with bench.stall.deps.database.read() as session:
        row = await bench.one()
        ownership = await owning.of_listing(session, shop_id=bench.stall.shop.id, listing=row)
        found = await pending(
            session, shop_id=bench.stall.shop.id, listing=row, ownership=ownership, now=bench.stall.deps.clock()
        )
    assert found.problems == ()
    assert [(one.field, one.after) for one in found.plan.changes] == [
        ("description", '<img src="https://cdn.example.com/new.png" width="1" height="1">')
    ]


async def test_a_shops_default(bench: Bench) -> None:
    await bench.on_sale()
    async with bench.stall.deps.database.write() as session:
        await owning.set_shop(
            session,
            **bench.stall.where,
            wishes={FieldGroup.STOCK: Owner.TIKTOK},
            actor="user:6",
            now=bench.stall.deps.clock(),
        )
    assert (await bench.one()).edit_actor == "user:6"
    await bench.variant({"quantity": 1, "price": "20.00"})
    task = await bench.edited()
    assert (task.succeeded, bench.calls) == (1, {"Update Price": 1})


async def test_a_sweep_notices_a_price_that_the_seller_changed(bench: Bench) -> None:
    """No webhook speaks of prices: the daily sweep compares what a search tells."""
    (row,) = await bench.on_sale()
    product = bench.remote()
    (sku,) = product.base.skus
    async with bench.stall.deps.database.write() as session:
        hits = await bench.found()
        assert await elsewhere.notice(session, **bench.stall.where, hits=hits, now=bench.stall.deps.clock()) == []
    product.prices[sku.id] = replace(product.prices[sku.id], amount="99.00")
    async with bench.stall.deps.database.write() as session:
        hits = await bench.found()
        noticed = await elsewhere.notice(session, **bench.stall.where, hits=hits, now=bench.stall.deps.clock())
    assert noticed == [row.remote_id]
    await bench.swept()
    assert list((await bench.one()).ownership["held"]) == ["PRICE"]


async def test_a_strangers_listing_has_no_owner_here(bench: Bench) -> None:
    (row,) = await bench.on_sale()
    with pytest.raises(NotFound):
        async with bench.stall.deps.database.write() as session:
            await owning.set_listing(
                session,
                shop_id=row.product_id,
                listing_id=row.id,
                wishes={FieldGroup.TITLE: Owner.TIKTOK},
                actor="user:1",
                now=bench.stall.deps.clock(),
            )
    assert (await bench.one()).ownership == {}


async def test_a_price_of_the_sellers_is_seen_before_ours_goes_over_it(bench: Bench) -> None:
    """No webhook told of it and no sweep came by: one search shows it, and the seller's price stands."""
    await bench.on_sale()
    product = bench.remote()
    (sku,) = product.base.skus
    product.prices[sku.id] = replace(product.prices[sku.id], amount="99.00")
    before = bench.stall.calls("Search Products")
    await bench.variant({"price": "20.00"})
    task = await bench.edited()
    assert (task.skipped, bench.calls) == (1, {"Get Product": 1})
    assert bench.stall.calls("Search Products") - before == 1
    assert product.prices[sku.id].amount == "99.00"
    row = await bench.one()
    assert (list(row.ownership["held"]), codes(row)) == (["PRICE"], ["CHANGED_ON_TIKTOK"])


async def test_one_search_looks_at_the_prices_of_ten_products(bench: Bench) -> None:
    titles = [f"Beeswax Candle Number {number}" for number in range(12)]
    await bench.on_sale(*(a_product(title) for title in titles))
    before = bench.stall.calls("Search Products")
    for variant in [one for product in bench.stores() for one in product.variants]:
        change_variant(bench.world, variant.gid, {"price": "20.00"})
    await bench.stall.imported()
    task = await bench.edited()
    assert (task.succeeded, bench.calls) == (12, {"Update Price": 12})
    assert bench.stall.calls("Search Products") - before == 2


async def test_words_of_the_sellers_are_read_before_ours_go_over_them(bench: Bench) -> None:
    """The webhook that tells of the seller's edit was lost."""
    await bench.on_sale()
    bench.sellers({"title": "Hand Poured Candle"})
    await bench.store({"title": "Beeswax Candle in Snow", "html": f"<p>{'Burns for forty hours. ' * 9}</p>"})
    task = await bench.edited()
    assert (task.succeeded, bench.calls) == (1, {"Get Product": 1, "Partial Edit Product": 1})
    await bench.reviewed()
    assert bench.remote().base.title == "Hand Poured Candle"
    assert "forty hours" in bench.remote().base.description
    assert list((await bench.one()).ownership["held"]) == ["TITLE"]


async def test_a_list_price_that_we_told_during_a_review_is_nobody_elses(bench: Bench) -> None:
    """Update Price takes effect at once, whatever version passes afterwards."""
    bench.world.settings.audit = "never"
    candle = {"price": "20.00", "compare_at": "25.00", "sku": "WAX-1", "quantity": 5, "weight": 250.0}
    await bench.on_sale(a_product(variants=[candle]))
    await bench.store({"title": "Beeswax Candle in Snow"})
    assert (await bench.edited()).succeeded == 1
    await bench.variant({"compare_at": "30.00"})
    task = await bench.edited()
    assert (task.succeeded, bench.calls) == (1, {"Update Price": 1})
    await bench.reviewed()
    await bench.store({"title": "Beeswax Candle in Rose"})
    assert (await bench.edited()).succeeded == 1
    row = await bench.one()
    assert (row.ownership, codes(row)) == ({}, [])
    (sku,) = bench.remote().newest.skus
    assert sku.list_price is not None
    assert sku.list_price.amount in ("30", "30.00")
    assert ChangeKind.CHANGED_ON_TIKTOK not in [line.kind for line in await bench.history()]
