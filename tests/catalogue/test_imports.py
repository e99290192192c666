"""Pages of products into rows: once, twice, changed, gone."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from sqlmodel import col, select

from server.clients.shopify_shapes import ShopifyImage, ShopifyOption, ShopifyProduct, ShopifyVariant
from server.deps import Deps
from server.domain.paging import PageArgs
from server.kit.ids import new_id
from server.services import imports, products
from server.tables import LocalImage, Product, ProductImage, Shop, Variant

WHEN = datetime(2026, 1, 1, tzinfo=UTC)


def variant(number: int, **changes: object) -> ShopifyVariant:
    made = ShopifyVariant(
        id=f"gid://shopify/ProductVariant/{number}",
        sku=f"SKU-{number}",
        barcode="",
        title="Small",
        price="19.90",
        compare_at_price=None,
        inventory_policy="DENY",
        inventory_quantity=7,
        options=(("Size", "S"),),
        image_url="https://cdn.example/red.jpg",
        inventory_item_id=f"gid://shopify/InventoryItem/{number}",
        tracked=True,
        requires_shipping=True,
        weight=Decimal("0.25"),
        weight_unit="KILOGRAMS",
    )
    return made._replace(**changes)  # type: ignore[arg-type]  # the tests name real fields


def product(number: int, **changes: object) -> ShopifyProduct:
    made = ShopifyProduct(
        id=f"gid://shopify/Product/{number}",
        handle=f"mug-{number}",
        title="Café Mug ☕",
        description_html="<p>Warm.</p>",
        vendor="Tülip",
        product_type="Mugs",
        tags=("kitchen", "gift"),
        status="ACTIVE",
        updated_at=WHEN,
        has_only_default_variant=False,
        is_gift_card=False,
        category=None,
        options=(ShopifyOption("Size", ("S", "L")),),
        images=(ShopifyImage("gid://shopify/MediaImage/1", "https://cdn.example/mug.jpg", "A mug", 800, 600),),
        collection_ids=("gid://shopify/Collection/5",),
        variants=(variant(number * 10), variant(number * 10 + 1, sku="", weight=None)),
    )
    return made._replace(**changes)  # type: ignore[arg-type]  # the tests name real fields


async def a_shop(deps: Deps, domain: str = "one.myshopify.com") -> UUID:
    shop = Shop(domain=domain, installed_at=deps.clock())
    async with deps.database.write() as session:
        session.add(shop)
    return shop.id


async def keep(
    deps: Deps, shop_id: UUID, *page: ShopifyProduct, mark: UUID | None = None, read_at: datetime | None = None
) -> int:
    async with deps.database.write() as session:
        kept = await imports.keep(
            session, shop_id=shop_id, page=page, mark=mark or new_id(), read_at=read_at or deps.clock()
        )
    assert kept.refused == ()
    return kept.met


async def titles(deps: Deps, shop_id: UUID, search: str | None = None) -> list[str]:
    async with deps.database.read() as session:
        page = await products.page(session, shop_id=shop_id, search=search, args=PageArgs(first=50))
    return [row.title for row in page.nodes]


async def test_a_page_becomes_rows(deps: Deps) -> None:
    shop_id = await a_shop(deps)
    assert await keep(deps, shop_id, product(1), product(2, title="Plate")) == 2
    assert await titles(deps, shop_id) == ["Café Mug ☕", "Plate"]
    async with deps.database.read() as session:
        variants = list(await session.exec(select(Variant).order_by(col(Variant.remote_id))))
        images = list(await session.exec(select(ProductImage.position, LocalImage.url).join(LocalImage)))
    assert [(v.sku, v.price, v.weight_value, v.position) for v in variants[:2]] == [
        ("SKU-10", Decimal("19.9000"), 0.25, 0),
        (None, Decimal("19.9000"), None, 1),
    ]
    assert sorted(images) == [
        (0, "https://cdn.example/mug.jpg"),
        (0, "https://cdn.example/mug.jpg"),
        (1, "https://cdn.example/red.jpg"),
        (1, "https://cdn.example/red.jpg"),
    ]


async def test_the_same_page_twice_changes_no_id(deps: Deps) -> None:
    shop_id = await a_shop(deps)
    seen = []
    for _ in range(2):
        await keep(deps, shop_id, product(1))
        async with deps.database.read() as session:
            ids = [*await session.exec(select(Product.id)), *sorted(await session.exec(select(Variant.id)))]
            seen.append((ids, len(list(await session.exec(select(ProductImage.id))))))
    assert seen[0] == seen[1]


async def test_a_change_replaces_what_it_touches(deps: Deps) -> None:
    shop_id = await a_shop(deps)
    await keep(deps, shop_id, product(1))
    await keep(deps, shop_id, product(1, title="Cup", images=(), variants=(variant(11, image_url=None),)))
    assert await titles(deps, shop_id) == ["Cup"]
    async with deps.database.read() as session:
        assert list(await session.exec(select(Variant.remote_id))) == ["gid://shopify/ProductVariant/11"]
        assert list(await session.exec(select(ProductImage.id))) == []


async def test_a_product_listed_twice_on_one_page_is_kept_once(deps: Deps) -> None:
    shop_id = await a_shop(deps)
    assert await keep(deps, shop_id, product(1), product(1, title="Later")) == 1
    assert await titles(deps, shop_id) == ["Later"]


async def test_what_a_whole_import_did_not_meet_is_gone(deps: Deps) -> None:
    shop_id = await a_shop(deps)
    other = await a_shop(deps, "two.myshopify.com")
    await keep(deps, shop_id, product(1), product(2, title="Plate"))
    await keep(deps, other, product(1))
    began, mark = deps.clock(), new_id()
    await keep(deps, shop_id, product(2, title="Plate"), mark=mark)
    async with deps.database.write() as session:
        gone = await imports.finish(
            session, shop_id=shop_id, mark=mark, began=began + timedelta(milliseconds=1), now=deps.clock()
        )
    assert gone == 1
    assert (await titles(deps, shop_id), await titles(deps, other)) == (["Plate"], ["Café Mug ☕"])


async def test_products_are_found_by_the_beginnings_of_words(deps: Deps) -> None:
    shop_id = await a_shop(deps)
    await keep(deps, shop_id, product(1), product(2, title="Plate", vendor="Oak", tags=()))
    assert await titles(deps, shop_id, "tulip CAFE") == ["Café Mug ☕"]
    assert await titles(deps, shop_id, "pla oak") == ["Plate"]
    assert await titles(deps, shop_id, "late") == []
