"""What rules see of a product: written with it, changed with it, gone with it."""

from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from sqlmodel import select

from server.clients.shopify_shapes import ShopifyMetafield
from server.deps import Deps
from server.domain.traits import Traits
from server.store import catalogue_presence, product_traits
from server.tables import Product
from tests.catalogue.test_imports import WHEN, a_shop, keep, product, variant

METAFIELDS = (
    ShopifyMetafield("custom", "material", "list.single_line_text_field", '["Linen", "COTTON"]'),
    ShopifyMetafield("custom", "size", "number_decimal", "12.50"),
    ShopifyMetafield("custom", "other", "product_reference", "gid://shopify/Product/1"),
    ShopifyMetafield("custom", "long", "multi_line_text_field", "x" * 10_001),
)
MUG = product(
    1,
    created_at=WHEN,
    metafields=METAFIELDS,
    variants=(variant(1), variant(2, price="5.00", inventory_quantity=-2), variant(3, tracked=False, weight=None)),
)


async def seen(deps: Deps, shop_id: UUID) -> list[Traits]:
    async with deps.database.read() as session:
        ids = list(await session.exec(select(Product.id)))
        return list((await product_traits.by_ids(session, shop_id=shop_id, product_ids=ids)).values())


async def test_rules_see_what_was_imported(deps: Deps) -> None:
    shop_id = await a_shop(deps)
    await keep(deps, shop_id, MUG)
    assert await seen(deps, shop_id) == [
        Traits(
            title="café mug ☕",
            vendor="tülip",
            product_type="mugs",
            tags=("kitchen", "gift"),
            collections=("mugs",),
            collection_ids=("gid://shopify/collection/5",),
            prices=(Decimal(5), Decimal("19.90")),
            stock=5,
            weights=(Decimal(250),),
            skus=("sku-1", "sku-2", "sku-3"),
            created=WHEN,
            updated=WHEN,
            metafields={"custom.material": ("linen", "cotton"), "custom.size": ("12.50",)},
        )
    ]
    async with deps.database.read() as session:
        row = (await session.exec(select(Product))).one()
    assert set(row.metafields) == {"custom.material", "custom.size", "custom.other"}
    assert row.metafields["custom.size"] == {"type": "number_decimal", "value": "12.50"}
    assert (row.source_created_at, row.collections) == (WHEN, [{"id": "gid://shopify/Collection/5", "title": "Mugs"}])


async def test_they_change_and_go_with_the_product(deps: Deps) -> None:
    shop_id = await a_shop(deps)
    await keep(deps, shop_id, MUG, read_at=WHEN)
    await keep(deps, shop_id, product(1, title="Plate"), read_at=WHEN + timedelta(seconds=1))
    assert [one.title for one in await seen(deps, shop_id)] == ["plate"]
    async with deps.database.write() as session:
        gone = await catalogue_presence.mark_deleted(
            session, shop_id=shop_id, remote_ids=[MUG.id], read_at=WHEN + timedelta(seconds=2)
        )
    assert (gone, await seen(deps, shop_id)) == (1, [])
    await keep(deps, shop_id, MUG, read_at=WHEN + timedelta(seconds=3))
    assert len(await seen(deps, shop_id)) == 1
