"""A store before the sandbox: the same products by page, by export and one by one; pictures; webhooks."""

import time

import pytest

from server.clients.errors import Upstream
from server.clients.fetch import fetch_image
from server.clients.shopify import ProductCount, ShopifyAccess, ShopifyProduct
from server.clients.shopify_shapes import parted
from tests.clients.stage import Stage


async def test_the_store_reads_the_same_by_page_by_export_and_one_by_one(stage: Stage, store: ShopifyAccess) -> None:
    shopify = stage.shopify
    profile = await shopify.shop_profile(store)
    assert profile.domain == store.shop
    paged = [product async for page in shopify.product_pages(store) for product in page.products]
    assert len(paged) == 12
    assert await shopify.product_count(store) == ProductCount(12, exact=True)
    assert await shopify.bulk.find_products(store, "Import_1") is None
    run = await shopify.bulk.start_products(store, "Import_1")
    assert (found := await shopify.bulk.find_products(store, "Import_1")) is not None
    assert (found.id, await shopify.bulk.find_products(store, "Import_2")) == (run.id, None)
    deadline = time.monotonic() + 20
    while not (run := await shopify.bulk.poll(store, run.id)).is_final:
        assert time.monotonic() < deadline, f"the export stands at {run}"
    exported = [product async for batch in shopify.bulk.products(run) for product in parted(batch)[0]]
    assert _by_id(exported) == _by_id(paged)
    for product in paged[:3]:
        assert await shopify.product(store, product.id) == product
    assert await shopify.product(store, "gid://shopify/Product/1") is None


def _by_id(products: list[ShopifyProduct]) -> dict[str, ShopifyProduct]:
    return {product.id: product for product in products}


async def test_store_pictures_and_webhooks(stage: Stage, store: ShopifyAccess) -> None:
    paged = [product async for page in stage.shopify.product_pages(store) for product in page.products]
    url = next(image.url for product in paged for image in product.images)
    picture = await fetch_image(stage.http, url, {"127.0.0.1"})
    assert picture.content_type.startswith("image/")
    with pytest.raises(Upstream) as caught:
        await fetch_image(stage.http, url)
    assert caught.value.code == "IMAGE_ADDRESS_REFUSED"
    hooks = stage.shopify.webhooks
    topics = {"PRODUCTS_UPDATE", "PRODUCTS_DELETE", "APP_UNINSTALLED"}
    made = await hooks.make_it_so(store, topics, "https://leafmark.example/webhooks/shopify")
    assert {entry.topic for entry in made.created} == topics
    made = await hooks.make_it_so(store, topics, "https://leafmark.example/webhooks/shopify")
    assert (made.created, made.removed) == ((), ())
    made = await hooks.make_it_so(store, {"PRODUCTS_UPDATE"}, "https://leafmark.example/webhooks/shopify")
    assert {entry.topic for entry in made.removed} == {"PRODUCTS_DELETE", "APP_UNINSTALLED"}
