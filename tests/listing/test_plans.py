"""Layers, categories and brands on their way from rows to TikTok Shop, and what is kept of where values came from."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine

from server.domain.categories import CategoryRef, CategoryVersion
from server.domain.category_choices import CategorySource, TakenBy
from server.domain.layers import Layer
from server.domain.listings import ListingStatus
from server.domain.mappings import Source, SourceKind
from server.domain.markets import Market
from server.domain.template_blocks import BlockKind
from server.domain.template_settings import Setting
from server.services import mappings
from server.services.listings.backups import backup_counts
from server.services.listings.creating.framing import setting_of
from server.services.listings.creating.planning import Planned, plan
from server.services.templates import blocks, defaults, overriding
from server.tables import CategoryTemplate, Product, TikTokShop
from tests.listing.stall import CANDLES, Stall, a_product, codes

IVORY, ROSE = (a_product(f"Beeswax Candle in {name}") for name in ("Ivory", "Rose"))
AIRY = a_product("Candle of air", variants=[{"price": "5.00", "quantity": 1, "weight": 0.0, "sku": "AIR"}])
ONLY_SIZE = {"shipping": {"dimensions": {"length": 10, "width": 10, "height": 10, "unit": "CENTIMETER"}}}


@contextmanager
def statements() -> Iterator[list[str]]:
    """Every statement that goes to the database meanwhile."""
    seen: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)


async def override(stall: Stall, product: Product, **wish: Any) -> None:
    async with stall.deps.database.write() as session:
        await overriding.set_one(
            session,
            **stall.where,
            wish=overriding.OverrideWish(product.id, **wish),
            actor="user:1",
            now=stall.deps.clock(),
        )


async def shared(stall: Stall) -> CategoryTemplate:
    """A default template under which a block gives the weight and the shop's defaults the price."""
    async with stall.deps.database.write() as session:
        await defaults.set_defaults(session, **stall.where, content={"price": {"percent": 50}, "shorten_title": True})
        draft = blocks.BlockDraft(
            BlockKind.SHIPPING, "Parcels", {"shipping": {"weight": {"value": "0.75", "unit": "KILOGRAM"}}}
        )
        block = await blocks.create(session, **stall.where, draft=draft, now=stall.deps.clock())
    return await stall.template(content=ONLY_SIZE, blocks={BlockKind.SHIPPING: block.id})


async def planned(stall: Stall, *products: Product) -> list[Planned]:
    async with stall.deps.database.read() as session:
        found = await plan(
            session,
            shop_id=stall.shop.id,
            tiktok_shop_id=stall.tiktok_shop.id,
            product_ids=[one.id for one in products],
            now=stall.deps.clock(),
        )
    return [found[one.id] for one in products]


async def test_every_layer_reaches_the_platform_and_is_remembered(stall: Stall) -> None:
    ivory, airy = await stall.imported(IVORY, AIRY)
    template = await shared(stall)
    await override(
        stall, ivory, content={"title": "Ivory candle of ours", "variants": [{"sku": "WAX-1", "price": "7.77"}]}
    )
    first, second = await planned(stall, ivory, airy)
    assert (first.taken_by, first.category.source) == (TakenBy.DEFAULT, CategorySource.DEFAULT_TEMPLATE)
    assert first.key == second.key
    assert first.effective.layer(Setting.WEIGHT) is Layer.BLOCK
    task = await stall.played(await stall.activated(template))
    items = await stall.items(task)
    assert [(item.state, codes(item)) for item in items] == [("SUCCEEDED", []), ("SUCCEEDED", ["WEIGHT_FROM_BACKUP"])]
    made = {one.base.external_product_id: one for one in stall.world.tiktok.products.values()}
    assert made[ivory.remote_id].base.title == "Ivory candle of ours"
    assert [[price.amount for price in made[one.remote_id].prices.values()] for one in (ivory, airy)] == [
        ["7.77"],
        ["7.50"],
    ]
    weight = made[airy.remote_id].base.package_weight
    assert weight is not None
    assert weight.value == "0.75"
    outcome = items[1].outcome or {}
    why = "The store's weight of 0 g is under the least that can be sent, 0.001 kg"
    assert outcome["provenance"]["package.weight"] == ["BLOCK", "BACKUP", "", [["PRODUCT", why]]]
    assert outcome["provenance"]["price"] == ["SHOP_DEFAULTS", "PRODUCT"]
    listings = await stall.listings()
    assert [(one.sent or {})["provenance"]["title"][0] for one in listings] == ["OVERRIDE", "HOUSE"]
    async with stall.deps.database.read() as session:
        assert await backup_counts(session, **stall.where) == {template.id: {"package.weight": 1}}


async def test_a_template_without_a_category_takes_each_products_own(stall: Stall) -> None:
    await stall.trees()
    _, _, own = await stall.imported(
        a_product("Beeswax Candle in Ivory", product_type="Candles"), ROSE, a_product("Candle of its own")
    )
    async with stall.deps.database.write() as session:
        source = Source(SourceKind.PRODUCT_TYPE, "candles")
        await mappings.set_one(
            session,
            **stall.where,
            wish=mappings.Wish(source, CANDLES),
            set_by="user:1",
            now=stall.deps.clock(),
        )
    await override(stall, own, category=CANDLES)
    template = await stall.template(category=None)
    task = await stall.played(await stall.activated(template))
    items = await stall.items(task)
    assert [(item.state, codes(item)) for item in items] == [
        ("SUCCEEDED", []),
        ("FAILED", ["CATEGORY_UNDECIDED"]),
        ("SUCCEEDED", []),
    ]
    assert [item.outcome["provenance"]["category"] for item in items if item.outcome] == [
        ["HOUSE", "MAPPING"],
        ["OVERRIDE", "FIXED"],
    ]
    assert items[1].problems[0]["remedy"] == "CHOOSE_CATEGORY"
    listings = await stall.listings()
    assert [(one.status, one.category_id) for one in listings] == [
        (ListingStatus.IN_REVIEW, CANDLES.id),
        (ListingStatus.SYNC_FAILED, None),
        (ListingStatus.IN_REVIEW, CANDLES.id),
    ]
    assert stall.calls("Create Product") == 2


async def test_vendors_are_looked_up_among_the_leafs_brands_once(stall: Stall) -> None:
    vendors = ("hearthSTONE", "Nobody Knows", "")
    products = [a_product(f"Beeswax Candle {at}", vendor=vendor) for at, vendor in enumerate(vendors)]
    task = await stall.listed(*products, content={"brand_source": {"field": "VENDOR"}})
    items = await stall.items(task)
    assert [codes(item) for item in items] == [[], ["BRAND_NOT_FOUND"], ["BRAND_NOT_FOUND"]]
    sent = {one.base.external_product_id: one.base.brand_id for one in stall.world.tiktok.products.values()}
    known = [sent[one.remote_id] for one in await stall.products()]
    assert [bool(brand) for brand in known] == [True, False, False]
    assert stall.calls("Get Brands") == 2
    more = await stall.imported(*products, a_product("One more", vendor="Hearthstone"))
    again = await stall.played(await stall.started([more[-1].id]))
    assert [codes(item) for item in await stall.items(again)] == [[]]
    assert stall.calls("Get Brands") == 2


async def test_a_plan_takes_as_many_statements_for_many_products_as_for_one(stall: Stall) -> None:
    products = await stall.imported(*(a_product(f"Beeswax Candle {at}") for at in range(6)))
    await shared(stall)
    counts = []
    for some in (products[:1], products):
        with statements() as seen:
            await planned(stall, *some)
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 12, counts


async def test_a_leaf_of_the_first_tree_is_refused_where_the_platform_wants_the_second(stall: Stall) -> None:
    """Also when no tree is kept that could tell the leaf from others."""
    (product,) = await stall.imported(IVORY)
    template = await stall.template(category=CategoryRef("816344", CategoryVersion.V1))
    codes_by_answer = []
    for answer in (None, CategoryVersion.V2):
        async with stall.deps.database.write() as session:
            shop = await session.get_one(TikTokShop, stall.tiktok_shop.id)
            shop.market, shop.enforced_version = Market.GB, answer
            session.add(shop)
        async with stall.deps.database.read() as session:
            setting = await setting_of(
                session,
                shop_id=stall.shop.id,
                tiktok_shop_id=stall.tiktok_shop.id,
                product_ids=[product.id],
                now=stall.deps.clock(),
            )
        framed = setting.frames({}).of(product.id, template.id)
        assert framed is not None
        codes_by_answer.append([problem.code for problem in framed[0].problems])
        assert not setting.trees[CategoryRef("816344", CategoryVersion.V1)].is_known
    assert codes_by_answer == [["CATEGORY_RULES_UNKNOWN"], ["CATEGORY_VERSION_CLOSED"]]
