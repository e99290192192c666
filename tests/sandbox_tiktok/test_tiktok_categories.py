"""Categories, rules, attributes, brands, recommendations, prerequisites (TikTok fact sheet 3.3, 3.6 to 3.9)."""

import pytest

from tests.sandbox_tiktok.conftest import Caller, Json, good_body

CATEGORIES = "/product/202309/categories"
BRANDS = "/product/202309/brands"
PRODUCTS = "/product/202309/products"
V2 = {"category_version": "v2"}
MUGS = "840136"


async def test_the_whole_tree(shop: Caller) -> None:
    rows = (await shop.ok("GET", CATEGORIES, query=V2))["categories"]
    by_id = {row["id"]: row for row in rows}
    assert all(row["parent_id"] == "0" or row["parent_id"] in by_id for row in rows)
    assert by_id[MUGS] == {
        "id": MUGS,
        "parent_id": by_id[MUGS]["parent_id"],
        "local_name": "Mugs & Cups",
        "is_leaf": True,
        "permission_statuses": ["AVAILABLE"],
    }
    parents = {row["parent_id"] for row in rows}
    assert all(row["is_leaf"] != (row["id"] in parents) for row in rows)


async def test_keyword_locale_and_case_of_the_version(shop: Caller) -> None:
    found = await shop.ok("GET", CATEGORIES, query={"category_version": "V2", "keyword": "MUGS & c"})
    assert [row["id"] for row in found["categories"]] == [MUGS]
    assert await shop.code("GET", CATEGORIES, query=V2 | {"locale": "xx-XX"}) == 36009004
    assert await shop.code("GET", CATEGORIES, query={"category_version": "v3"}) == 36009004
    assert await shop.code("GET", CATEGORIES) == 12052217


async def test_permissions_by_setting(shop: Caller) -> None:
    shop.world.settings.category_permissions[MUGS] = ["INVITE_ONLY", "NON_MAIN_CATEGORY"]
    found = await shop.ok("GET", CATEGORIES, query=V2 | {"keyword": "mugs & cups"})
    assert found["categories"][0]["permission_statuses"] == ["INVITE_ONLY", "NON_MAIN_CATEGORY"]


LEAVES = [("999999999", 12052023), ("1008712", 12052024), ("mugs", 12052025), (MUGS, 0)]


@pytest.mark.parametrize(("category_id", "code"), LEAVES)
@pytest.mark.parametrize("what", ["rules", "attributes"])
async def test_leaves_only(shop: Caller, category_id: str, code: int, what: str) -> None:
    assert await shop.code("GET", f"{CATEGORIES}/{category_id}/{what}", query=V2) == code


async def test_an_id_of_the_other_tree(shop: Caller) -> None:
    trees = shop.world.tiktok.trees
    old = next(leaf.id for leaf in trees.v1.leaves() if leaf.id not in trees.v2)
    assert await shop.code("GET", f"{CATEGORIES}/{old}/rules", query=V2) == 12052230
    body = await good_body(shop, category_id=old)
    assert await shop.code("POST", PRODUCTS, body=body) == 12052230


PERMISSIONS = [
    ("US", "INVITE_ONLY", 0),
    ("GB", "INVITE_ONLY", 12052223),
    ("US", "NON_MAIN_CATEGORY", 12052225),
    ("US", "PROHIBITED", 12052220),
]


@pytest.mark.parametrize(("region", "permission", "code"), PERMISSIONS)
async def test_restricted_leaves(shop: Caller, region: str, permission: str, code: int) -> None:
    if region != "US":
        await _as_seller(shop, region)
    shop.world.settings.category_permissions[MUGS] = [permission]
    assert await shop.code("GET", f"{CATEGORIES}/{MUGS}/rules", query=V2) == code


async def _as_seller(shop: Caller, region: str, kind: str = "LOCAL") -> None:
    other = await shop.do("seller", region=region, seller_type=kind)
    shop.token = (await shop.do("authorize", open_id=other["open_id"]))["access_token"]
    shop.cipher = next(one["cipher"] for one in other["shops"] if one["region"] == region)


async def test_misspellings_are_kept(shop: Caller) -> None:
    attributes = (await shop.ok("GET", f"{CATEGORIES}/{MUGS}/attributes", query=V2))["attributes"]
    assert {type(one["is_requried"]) for one in attributes} == {bool}
    brands = (await shop.ok("GET", BRANDS, query=V2 | {"page_size": "100"}))["brands"]
    assert {one["authorized_status"] for one in brands} == {"AUTHORIZED", "UNAUTHORIEZD"}
    results = (await shop.ok("GET", "/product/202312/prerequisites"))["check_results"]
    assert [one["check_item"] for one in results][8] == "BANk_ACCOUNT"
    assert "distict" in (await shop.ok("GET", "/logistics/202309/warehouses"))["warehouses"][0]["address"]


async def test_cascading_conditions(shop: Caller) -> None:
    """Batteries call for a type, the type for a packing, and a certificate follows."""
    leaf = next(one.id for one in shop.world.tiktok.trees.v2.leaves() if one.family == "battery")
    body = await good_body(shop, leaf)
    given = {one["id"]: one for one in body["product_attributes"]}
    given["101610"] = {"id": "101610", "values": [{"id": "1024358"}]}
    seen = []
    for attribute, value in (("100216", "1024361"), ("101611", "1024364"), ("101623", None), ("101624", None)):
        answer = await shop.call("POST", PRODUCTS, body=body | {"product_attributes": list(given.values())})
        seen.append((answer["code"], attribute in answer["message"]))
        given[attribute] = {"id": attribute, "values": [{"id": value} if value else {"name": "2"}]}
    assert seen == [(12052182, True)] * 4
    given["101610"] = {"id": "101610", "values": [{"id": "1000325"}]}
    body["product_attributes"] = list(given.values())
    assert await shop.code("POST", PRODUCTS, body=body) == 12052183


async def test_required_attribute_and_its_values(shop: Caller) -> None:
    body = await good_body(shop)
    first = body["product_attributes"][0]
    others = body["product_attributes"][1:]

    async def code(*values: Json) -> int:
        changed = {"id": first["id"], "values": list(values)}
        return await shop.code("POST", PRODUCTS, body=body | {"product_attributes": [changed, *others]})

    assert await shop.code("POST", PRODUCTS, body=body | {"product_attributes": others}) == 12052104
    assert await code() == 12052241
    assert await code({"name": "My very own value"}) == 12052240
    assert await code(first["values"][0], first["values"][0]) == 12052246
    assert await code({"name": first["values"][0]["name"]}) == 0


async def test_brands(shop: Caller) -> None:
    first = await shop.ok("GET", BRANDS, query=V2 | {"page_size": "3", "category_id": MUGS})
    second = await shop.ok("GET", BRANDS, query=V2 | {"page_size": "3", "page_token": first["next_page_token"]})
    assert len({one["id"] for one in (*first["brands"], *second["brands"])}) == 6
    only = await shop.ok("GET", BRANDS, query=V2 | {"page_size": "100", "is_authorized": "1", "category_id": MUGS})
    assert {one["authorized_status"] for one in only["brands"]} == {"AUTHORIZED"}
    assert {one["brand_status"] for one in only["brands"]} <= {"AVAILABLE", "UNAVAILABLE"}
    name = first["brands"][0]["name"]
    prefix = await shop.ok("GET", BRANDS, query=V2 | {"page_size": "100", "brand_name": name[:3].upper()})
    assert name in {one["name"] for one in prefix["brands"]}
    assert await shop.code("GET", BRANDS, query=V2) == 36009004


async def test_custom_brands(shop: Caller) -> None:
    made = await shop.ok("POST", BRANDS, body={"name": "Leaf & Stone"}, cipher=False)
    assert await shop.code("POST", BRANDS, body={"name": "leaf & stone"}, cipher=False) == 12052192
    assert await shop.code("POST", BRANDS, body={"name": "x"}, cipher=False) == 12052190
    assert await shop.code("POST", BRANDS, body={"name": "x" * 31}, cipher=False) == 12052191
    assert await shop.code("POST", PRODUCTS, body=await good_body(shop, brand_id=made["id"])) == 0
    for number in range(49):
        await shop.ok("POST", BRANDS, body={"name": f"Brand {number}"}, cipher=False)
    assert await shop.code("POST", BRANDS, body={"name": "One more"}, cipher=False) == 12052195


async def test_brand_rules_of_a_product(shop: Caller) -> None:
    rows = (await shop.ok("GET", BRANDS, query=V2 | {"page_size": "100", "category_id": MUGS}))["brands"]
    t1 = next(one["id"] for one in rows if one["is_t1_brand"] and one["authorized_status"] != "AUTHORIZED")
    elsewhere = next(one["id"] for one in rows if one.get("brand_status") == "UNAVAILABLE")
    assert await shop.code("POST", PRODUCTS, body=await good_body(shop, MUGS, brand_id=t1)) == 12052208
    assert await shop.code("POST", PRODUCTS, body=await good_body(shop, MUGS, brand_id=elsewhere)) == 12052201


async def _recommend(shop: Caller, title: str, **more: object) -> Json:
    return await shop.call("POST", f"{CATEGORIES}/recommend", body={"product_title": title, **V2, **more})


async def test_recommendations_are_chains_and_repeatable(shop: Caller) -> None:
    found = (await _recommend(shop, "Two ceramic mugs for coffee"))["data"]
    assert found["leaf_category_id"] == MUGS == found["categories"][-1]["id"]
    assert [one["level"] for one in found["categories"]] == list(range(1, len(found["categories"]) + 1))
    assert (await _recommend(shop, "Two ceramic mugs for coffee"))["data"] == found
    hint = {"origin_platform_product_type": "Mugs", "origin_platform_tags": ["kitchen"]}
    assert (await _recommend(shop, "Qwertz Asdf", **hint))["data"]["leaf_category_id"] == MUGS


async def test_no_match_is_an_error(shop: Caller) -> None:
    assert (await _recommend(shop, "Qwertz Asdf"))["code"] == 12019064
    shop.world.settings.no_match_code = 12052913
    assert (await _recommend(shop, "Qwertz Asdf"))["code"] == 12052913
    tree = shop.world.tiktok.trees.v2
    shop.world.settings.category_permissions |= {leaf.id: ["NON_MAIN_CATEGORY"] for leaf in tree.leaves()}
    assert (await _recommend(shop, "Ceramic mug"))["code"] == 12052912


async def test_refused_recommendations(shop: Caller) -> None:
    assert (await _recommend(shop, ""))["code"] == 12052261
    assert (await _recommend(shop, "x " * 128))["code"] == 12052051
    assert (await _recommend(shop, "Mug", images=[{"uri": "x"}]))["code"] == 12052722
    assert (await _recommend(shop, "Mug", description="x" * 10_001))["code"] == 12052013
    assert (await _recommend(shop, "Mug", category_version="v1"))["code"] == 12052217


async def test_prerequisites_by_setting_and_warehouse(shop: Caller) -> None:
    shop.world.settings.prerequisites_failed["BANK_ACCOUNT"] = ["No bank account"]
    warehouse = (await shop.ok("GET", "/logistics/202309/warehouses"))["warehouses"][0]["id"]
    await shop.do("warehouse", warehouse_id=warehouse, effect_status="DISABLED")
    results = (await shop.ok("GET", "/product/202312/prerequisites"))["check_results"]
    failed = {one["check_item"]: one["fail_reasons"] for one in results if one["is_failed"]}
    assert failed == {"PICKUP_WAREHOUSE": ["No enabled warehouse"], "BANk_ACCOUNT": ["No bank account"]}
    older = (await shop.ok("GET", "/product/202309/prerequisites"))["shop"]
    assert older["bank_account"] == '{"is_failed":true,"fail_reasons":["No bank account"]}'
