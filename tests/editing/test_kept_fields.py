"""What a full edit sends back of a product as it was read: all that it takes, in the words in which it takes it."""

from server.services.listings.editing.kept_fields import product_body, sku_body
from tests.editing.bench import Bench

READ = {
    "id": "1",
    "status": "ACTIVATE",
    "title": "Lilin",
    "brand": {"id": "7", "name": "Wax"},
    "video": {"id": "v1", "url": "https://video"},
    "integrated_platform_statuses": [
        {"platform": "TIKTOK_SHOP", "status": "ACTIVATE"},
        {"platform": "TOKOPEDIA", "status": "SELLER_DEACTIVATED"},
        {"platform": "GONE", "status": "DELETED"},
    ],
    "delivery_options": [{"id": "5", "name": "Standard", "is_available": True}],
    "search_terms": [],
}
SKU = {
    "id": "11",
    "price": {"sale_price": "9"},
    "inventory": [{"warehouse_id": "w", "quantity": 1}],
    "sku_weight": {"value": "0.2", "unit": "KILOGRAM"},
    "sku_dimensions": {"length": "1", "width": "2", "height": "3", "unit": "CENTIMETER"},
}


def test_a_product_is_sent_back_as_it_is_written() -> None:
    assert product_body(READ) == {
        "title": "Lilin",
        "brand_id": "7",
        "video": {"id": "v1"},
        "listing_platforms": ["TIKTOK_SHOP", "TOKOPEDIA"],
        "delivery_option_ids": ["5"],
    }


def test_a_variant_is_sent_back_without_price_and_stock() -> None:
    kept = {name: SKU[name] for name in ("id", "sku_weight", "sku_dimensions")}
    assert sku_body(SKU) == kept


async def test_a_product_stays_on_the_platforms_it_is_sold_on(bench: Bench) -> None:
    await bench.on_sale()
    bench.sellers({"listing_platforms": ["TIKTOK_SHOP", "TOKOPEDIA"]})
    await bench.variant({"sku": "WAX-2"})
    assert (await bench.edited()).succeeded == 1
    assert bench.calls == {"Get Product": 1, "Edit Product": 1}
    await bench.reviewed()
    base = bench.remote().base
    assert (base.listing_platforms, base.skus[0].seller_sku) == (("TIKTOK_SHOP", "TOKOPEDIA"), "WAX-2")
