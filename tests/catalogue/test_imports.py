"""Pages of products into rows: once, twice, changed, gone, in any order."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlmodel import col, select

from server.clients.shopify_shapes import ShopifyCollection, ShopifyImage, ShopifyOption, ShopifyProduct, ShopifyVariant
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
        collections=(ShopifyCollection("gid://shopify/Collection/5", "Mugs"),),
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
            session,
            shop_id=shop_id,
            page=page,
            mark=mark or new_id(),
            read_at=read_at or deps.clock(),
            now=deps.clock(),
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


async def held(deps: Deps, shop_id: UUID) -> tuple[str, bool, list[str | None]]:
    """Of the one product: its title, whether it is gone, its variants' SKUs."""
    async with deps.database.read() as session:
        [row] = await session.exec(select(Product).where(Product.shop_id == shop_id))
        skus = await session.exec(select(Variant.sku).order_by(col(Variant.position)))
        return row.title, row.deleted_at is not None, list(skus)


LATER = WHEN + timedelta(hours=1)
SOON = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("_case", "changed", "read", "title"),
    [
        ("changed later", LATER, WHEN - SOON, "New"),
        ("changed at the same second, read later", WHEN, LATER + SOON, "New"),
        ("changed at the same second, read earlier", WHEN, LATER - SOON, "Old"),
        ("changed earlier, read later", WHEN - SOON, LATER + SOON, "Old"),
    ],
)
async def test_the_later_look_at_a_product_wins(
    deps: Deps, _case: str, changed: datetime, read: datetime, title: str
) -> None:
    shop_id, mark = await a_shop(deps), new_id()
    old, new = (variant(1, sku="OLD"),), (variant(2, sku="NEW"),)
    await keep(deps, shop_id, product(1, title="Old", variants=old), mark=mark, read_at=LATER)
    again = product(1, title="New", variants=new, updated_at=changed)
    mark = new_id()
    assert [await keep(deps, shop_id, again, mark=mark, read_at=read) for _ in range(2)] == [1, 0]
    assert await held(deps, shop_id) == (title, False, [title.upper()])
    async with deps.database.write() as session:
        assert await imports.finish(session, shop_id=shop_id, mark=mark, began=LATER + SOON * 9, now=LATER) == 0


async def touch(deps: Deps, shop_id: UUID, *found: ShopifyProduct, gone: Sequence[str] = (), at: datetime) -> None:
    async with deps.database.write() as session:
        await imports.touch(
            session, deps.queue, deps.feed, shop_id=shop_id, found=found, gone=gone, read_at=at, now=deps.clock()
        )


async def test_a_deletion_wins_over_what_was_read_before_it_only(deps: Deps) -> None:
    shop_id, one = await a_shop(deps), product(1)
    await touch(deps, shop_id, one, at=WHEN)
    await touch(deps, shop_id, gone=[one.id], at=WHEN - SOON)
    assert (await held(deps, shop_id))[:2] == (one.title, False)
    await touch(deps, shop_id, gone=[one.id], at=WHEN + SOON)
    await touch(deps, shop_id, gone=[one.id, "gid://shopify/Product/404"], at=WHEN + SOON)
    assert (await held(deps, shop_id))[:2] == (one.title, True)
    await keep(deps, shop_id, one._replace(title="From an old page"), read_at=WHEN)
    assert (await held(deps, shop_id))[:2] == (one.title, True)
    await touch(deps, shop_id, one, at=LATER)
    assert (await held(deps, shop_id))[:2] == (one.title, False)


async def test_what_did_not_change_is_not_written_again(deps: Deps) -> None:
    shop_id = await a_shop(deps)
    versions = []
    for read_at in (WHEN, LATER):
        await keep(deps, shop_id, product(1), product(2), read_at=read_at)
        async with deps.database.read() as session:
            connection = await session.connection()
            found = [
                (await connection.execute(text(f"SELECT xmin::text, id FROM {table} ORDER BY id"))).all()
                for table in ("variant", "product_image", "local_image")
            ]
        versions.append(found)
    assert versions[0] == versions[1]
    assert [len(rows) for rows in versions[0]] == [4, 4, 2]


async def test_pictures_that_change_places_keep_what_is_known_of_them(deps: Deps) -> None:
    shop_id = await a_shop(deps)
    pictures = [ShopifyImage(f"gid://shopify/MediaImage/{n}", f"https://cdn.example/{n}.jpg", "", 8, 8) for n in "abc"]
    bare = (variant(10, image_url=None),)
    await keep(deps, shop_id, product(1, images=tuple(pictures), variants=bare))
    await keep(deps, shop_id, product(1, images=(pictures[2], pictures[0]), variants=bare))
    async with deps.database.read() as session:
        statement = select(ProductImage.position, LocalImage.url).join(LocalImage).order_by(col(ProductImage.position))
        assert list(await session.exec(statement)) == [
            (0, "https://cdn.example/c.jpg"),
            (1, "https://cdn.example/a.jpg"),
        ]
        assert len(list(await session.exec(select(LocalImage.id)))) == 3


async def test_two_writers_of_the_same_products_do_not_lock_each_other_out(deps: Deps) -> None:
    shop_id = await a_shop(deps)
    page = [product(number) for number in range(60)]
    async with asyncio.TaskGroup() as group:
        for turn in range(8):
            group.create_task(keep(deps, shop_id, *(page if turn % 2 else reversed(page))))
    assert len(await titles(deps, shop_id)) == 50
    async with deps.database.read() as session:
        assert len(list(await session.exec(select(Variant.id)))) == 60 * 2


async def test_what_cannot_be_held_is_refused_alone(deps: Deps) -> None:
    shop_id = await a_shop(deps)
    page = [product(n) for n in range(7)]
    page[3] = product(3, title="NUL \0")
    page[5] = product(5, variants=(variant(50, price="1" * 20),))
    async with deps.database.write() as session:
        kept = await imports.keep(session, shop_id=shop_id, page=page, mark=new_id(), read_at=WHEN, now=WHEN)
    assert (kept.met, [one.id[-1] for one in kept.refused]) == (5, ["3", "5"])
    assert len(await titles(deps, shop_id)) == 5
