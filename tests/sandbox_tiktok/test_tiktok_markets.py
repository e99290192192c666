"""What differs by market and kind of seller: units, money, titles, EU fields, replicas (TikTok fact sheet 3.10, 6)."""

from random import Random

import pytest

from sandbox.clock import Clock
from sandbox.config import BadConfig, SandboxConfig
from sandbox.tiktok.state import TikTokState
from tests.sandbox_tiktok.conftest import Caller, Json, good_body

PRODUCTS = "/product/202309/products"
MUGS = "840136"
LONG = "Ceramic Coffee Mug with Handle, 350 ml"


async def become(shop: Caller, region: str, kind: str = "LOCAL", regions: list[str] | None = None) -> None:
    other = await shop.do("seller", region=region, seller_type=kind, regions=regions or [])
    shop.token = (await shop.do("authorize", open_id=other["open_id"]))["access_token"]
    shop.cipher = next(one["cipher"] for one in other["shops"] if one["region"] == region)


async def body_in(shop: Caller, currency: str, **changes: object) -> Json:
    body = await good_body(shop, MUGS, "v2", title=LONG, **changes)
    body["skus"][0]["price"] = {"amount": "2000", "currency": currency}
    return body


ENTITY = {
    "name": "Leaf GmbH",
    "email": "a@b.example",
    "phone_number": {"country_code": "+49", "local_number": "301234"},
}
ADDRESS = {"street_address_line1": "Weg 1", "postal_code": "10115", "country": "DE"}


async def test_the_eu_wants_manufacturer_and_responsible_person(shop: Caller) -> None:
    await become(shop, "DE")
    body = await body_in(shop, "EUR")
    rules = await shop.ok("GET", f"/product/202309/categories/{MUGS}/rules", query={"category_version": "v2"})
    assert (rules["manufacturer"], rules["responsible_person"]) == ({"is_required": True},) * 2
    assert await shop.code("POST", PRODUCTS, body=body) == 12052282
    made = await shop.ok(
        "POST", "/product/202409/compliance/manufacturers", body=ENTITY | {"address": "Weg 1, Berlin"}, cipher=False
    )
    body["manufacturer_ids"] = [made["manufacturer_id"]]
    assert await shop.code("POST", PRODUCTS, body=body) == 12052287
    person = await shop.ok(
        "POST", "/product/202409/compliance/responsible_persons", body=ENTITY | {"address": ADDRESS}, cipher=False
    )
    body["responsible_person_ids"] = [person["responsible_person_id"]]
    assert await shop.code("POST", PRODUCTS, body=body) == 0
    assert await shop.code("POST", PRODUCTS, body=body | {"manufacturer_ids": ["1"]}) == 12052283
    found = await shop.ok(
        "POST",
        "/product/202501/compliance/manufacturers/search",
        query={"page_size": "10"},
        body={"keyword": "leaf"},
        cipher=False,
    )
    assert [one["id"] for one in found["manufacturers"]] == [made["manufacturer_id"]]
    assert found["manufacturers"][0]["regional_profiles"][0]["email"] == "a@b.example"


async def test_missing_parts_of_an_entity_are_named(shop: Caller) -> None:
    path = "/product/202409/compliance/responsible_persons"
    answer = await shop.call("POST", path, body={"name": "x", "address": {"country": "DE"}}, cipher=False)
    assert answer["code"] == 38023022
    for name in ("email", "phone_number", "address.street_address_line1", "address.postal_code"):
        assert name in answer["message"]
    assert not shop.world.tiktok.responsible_persons


@pytest.mark.parametrize(
    ("region", "currency", "weight", "code"),
    [
        ("JP", "JPY", {"value": "400", "unit": "GRAM"}, 0),
        ("JP", "JPY", {"value": "0.5", "unit": "POUND"}, 12019061),
        ("GB", "GBP", {"value": "400", "unit": "GRAM"}, 12019061),
        ("MX", "MXN", {"value": "400.5", "unit": "GRAM"}, 12019011),
        ("SG", "SGD", {"value": "0.4", "unit": "KILOGRAM"}, 0),
        ("SG", "USD", {"value": "0.4", "unit": "KILOGRAM"}, 12052084),
    ],
)
async def test_units_and_money(shop: Caller, region: str, currency: str, weight: Json, code: int) -> None:
    await become(shop, region)
    assert await shop.code("POST", PRODUCTS, body=await body_in(shop, currency, package_weight=weight)) == code


async def test_yen_have_no_decimals(shop: Caller) -> None:
    await become(shop, "JP")
    body = await body_in(shop, "JPY")
    body["skus"][0]["price"]["amount"] = "2000.5"
    assert await shop.code("POST", PRODUCTS, body=body) == 12052073


async def test_titles_and_dimensions_in_south_east_asia(shop: Caller) -> None:
    await become(shop, "TH")
    body = await body_in(shop, "THB")
    assert await shop.code("POST", PRODUCTS, body=body | {"title": "A short mug"}) == 12052051
    del body["package_dimensions"]
    assert await shop.code("POST", PRODUCTS, body=body) == 0
    await become(shop, "SG")
    body = await body_in(shop, "SGD")
    del body["package_dimensions"]
    assert await shop.code("POST", PRODUCTS, body=body) == 12052116


async def test_a_cross_border_seller(shop: Caller) -> None:
    await become(shop, "US", "CROSS_BORDER", ["GB", "JP"])
    shops = (await shop.ok("GET", "/authorization/202309/shops", cipher=False))["shops"]
    assert [(one["region"], one["seller_type"]) for one in shops] == [
        ("US", "CROSS_BORDER"),
        ("GB", "CROSS_BORDER"),
        ("JP", "CROSS_BORDER"),
    ]
    assert [one["cipher"][:4] for one in shops] == ["GCP_", "ROW_", "ROW_"]
    rules = await shop.ok("GET", f"/product/202309/categories/{MUGS}/rules", query={"category_version": "v2"})
    assert "package_dimension" not in rules
    body = await body_in(shop, "USD")
    assert await shop.code("POST", PRODUCTS, body=body) == 12052424
    body["skus"][0]["price"] = {"sale_price": "20", "currency": "USD"}
    assert await shop.code("POST", PRODUCTS, body=body) == 0
    del body["package_dimensions"]
    assert await shop.code("POST", PRODUCTS, body=body) == 12052116


async def test_a_warehouse_of_another_shop(shop: Caller) -> None:
    body = await good_body(shop, MUGS)
    await become(shop, "GB")
    changed = await body_in(shop, "GBP")
    changed["skus"][0]["inventory"] = body["skus"][0]["inventory"]
    assert await shop.code("POST", PRODUCTS, body=changed) == 12052530


async def test_an_image_of_another_seller(shop: Caller) -> None:
    body = await good_body(shop, MUGS)
    await become(shop, "GB")
    changed = await body_in(shop, "GBP", main_images=body["main_images"])
    assert await shop.code("POST", PRODUCTS, body=changed) == 12052722


async def test_warehouses_that_take_no_stock(shop: Caller) -> None:
    body = await good_body(shop, MUGS)
    rows = (await shop.ok("GET", "/logistics/202309/warehouses"))["warehouses"]
    stock = body["skus"][0]["inventory"][0]
    stock["warehouse_id"] = next(one["id"] for one in rows if one["type"] == "RETURN_WAREHOUSE")
    assert await shop.code("POST", PRODUCTS, body=body) == 12052532
    stock["warehouse_id"] = rows[0]["id"]
    await shop.do("warehouse", warehouse_id=rows[0]["id"], effect_status="DISABLED")
    assert await shop.code("POST", PRODUCTS, body=body) == 12052531


async def test_replicas(shop: Caller) -> None:
    await become(shop, "GB", "CROSS_BORDER", ["JP"])
    body = await body_in(shop, "GBP")
    body["skus"][0]["price"] = {"sale_price": "20", "currency": "GBP"}
    made = await shop.ok("POST", PRODUCTS, body=body)
    await shop.do("judge", product_id=made["product_id"])
    base = f"/product/202507/products/{made['product_id']}"
    sku = {"source_sku_id": made["skus"][0]["id"], "price": {"currency": "JPY", "sale_price": "3000"}, "inventory": []}
    targets = [{"region": "JP", "skus": [sku]}, {"region": "US", "skus": [sku]}]
    answer = await shop.ok("POST", f"{base}/global_replicate", body={"replicate_target": targets})
    assert [(one["code"], one["detail"]["region"]) for one in answer["errors"]] == [(12052503, "US")]
    again = await shop.ok("POST", f"{base}/global_replicate", body={"replicate_target": targets[:1]})
    assert [one["code"] for one in again["errors"]] == [12052500]
    rows = (await shop.ok("GET", f"{base}/replicated_products"))["replicated_products"]
    assert [(one["region"], one["product_status"]) for one in rows] == [("JP", "PENDING")]
    moved = await shop.ok(
        "POST",
        "/product/202309/categories/recommend",
        body={"product_title": "Travel tumbler mug", "category_version": "v2"},
    )
    changed = body | {"category_id": moved["leaf_category_id"]}
    path = f"/product/202509/products/{made['product_id']}"
    assert await shop.code("PUT", path, body=changed) == 12052514
    assert await shop.code("PUT", path, body=changed | {"replicated_products": [{"region": "US"}]}) == 12052515
    assert [one.topic for one in shop.world.outbox.kept].count("51") == 1


async def test_local_sellers_do_not_replicate(shop: Caller) -> None:
    made = await shop.ok("POST", PRODUCTS, body=await good_body(shop, MUGS))
    path = f"/product/202507/products/{made['product_id']}/global_replicate"
    assert await shop.code("POST", path, body={"replicate_target": [{"region": "GB"}]}) == 12052501


@pytest.mark.parametrize(("market", "kind"), [("XX", "LOCAL"), ("US", "GLOBAL")])
def test_an_unknown_market_or_kind_stops_the_start(market: str, kind: str) -> None:
    with pytest.raises(BadConfig, match="unknown"):
        TikTokState.fresh(SandboxConfig(market=market, seller_type=kind), Clock(), Random(1))


def test_market_and_kind_in_any_case() -> None:
    state = TikTokState.fresh(SandboxConfig(market="gb", seller_type="cross_border"), Clock(), Random(1))
    assert [shop.region for shop in state.shops.values()] == ["GB", "US", "DE", "JP", "SG"]
