"""Create Product: the good road, idempotency, drafts, warnings, limits."""

import pytest

from tests.sandbox_tiktok.conftest import Caller, Json, good_body, listed

PRODUCTS = "/product/202309/products"


async def _read(shop: Caller, product_id: str) -> Json:
    found: Json = await shop.ok("GET", f"{PRODUCTS}/{product_id}")
    return found


async def test_a_product_goes_live(shop: Caller) -> None:
    body = await good_body(shop, external_product_id="gid-1")
    made = await shop.ok("POST", PRODUCTS, body=body)
    found = await _read(shop, made["product_id"])
    assert (found["status"], found["audit"], found["product_status"]) == ("PENDING", {"status": "AUDITING"}, "INITIAL")
    assert made["warnings"] == []
    await shop.do("judge", product_id=made["product_id"])
    found = await _read(shop, made["product_id"])
    assert (found["status"], found["audit"]) == ("ACTIVATE", {"status": "APPROVED"})
    assert found["category_chains"][-1]["id"] == body["category_id"]
    assert [one["is_leaf"] for one in found["category_chains"]][-2:] == [False, True]
    assert found["skus"][0]["price"] == {"sale_price": "12.50", "tax_exclusive_price": "12.50", "currency": "USD"}
    assert found["external_product_id"] == "gid-1"
    assert "category_version" not in found
    told = [(one.topic, one.body.decode().partition('"data":')[2]) for one in shop.world.outbox.kept]
    assert [topic for topic, _ in told] == ["16", "5", "37"]
    assert f'"product_id":{made["product_id"]}' in told[0][1]
    assert "PRODUCT_FIRST_PASS_REVIEW" in told[1][1]


async def test_axes_get_ids_and_listed_names_are_known(shop: Caller) -> None:
    body = await good_body(shop)
    sku = body["skus"][0]
    body["skus"] = [
        sku | {"seller_sku": f"S{size}", "sales_attributes": [{"name": "Volume in ml", "value_name": size}]}
        for size in ("250", "350")
    ]
    made = await shop.ok("POST", PRODUCTS, body=body)
    axes = [one["sales_attributes"][0] for one in made["skus"]]
    assert axes[0]["id"] == axes[1]["id"] != ""
    assert axes[0]["value_id"] != axes[1]["value_id"]
    found = await _read(shop, made["product_id"])
    names = [(one["sales_attributes"][0]["name"], one["sales_attributes"][0]["value_name"]) for one in found["skus"]]
    assert names == [("Volume in ml", "250"), ("Volume in ml", "350")]
    for one, made_sku in zip(body["skus"], made["skus"], strict=True):
        one |= {"sales_attributes": made_sku["sales_attributes"]}
    again = await shop.ok("POST", PRODUCTS, body=body)
    assert [one["sales_attributes"] for one in again["skus"]] == [one["sales_attributes"] for one in made["skus"]]


async def test_an_idempotency_key_creates_once(shop: Caller) -> None:
    body = await good_body(shop, idempotency_key="k" * 128)
    first = await shop.ok("POST", PRODUCTS, body=body)
    second = await shop.ok("POST", PRODUCTS, body=body | {"title": "Something else altogether, but the key is known"})
    assert second == first
    assert list(shop.world.tiktok.products) == [first["product_id"]]
    assert await shop.code("POST", PRODUCTS, body=body | {"idempotency_key": "k" * 129}) == 36009004


async def test_a_draft_is_not_audited_and_needs_less(shop: Caller) -> None:
    body = await good_body(shop, save_mode="AS_DRAFT")
    del body["package_weight"], body["package_dimensions"], body["product_attributes"]
    made = await shop.ok("POST", PRODUCTS, body=body)
    found = await _read(shop, made["product_id"])
    assert (found["status"], found["audit"]) == ("DRAFT", {"status": "NONE"})
    assert await shop.code("POST", PRODUCTS, body=body | {"title": ""}) == 12052261


async def test_warnings_instead_of_failure(shop: Caller) -> None:
    body = await good_body(shop, brand_id="no brand")
    body["skus"][0]["identifier_code"] = {"code": "12345678901234", "type": "GTIN"}
    body["product_attributes"].append({"id": "999999", "values": [{"name": "x"}]})
    made = await shop.ok("POST", PRODUCTS, body=body)
    assert [one["message"].split(" ")[:3] for one in made["warnings"]] == [
        ["The", "brand_id", "'no"],
        ["The", "product", "attribute"],
        ["The", "identifier", "code"],
    ]
    found = await _read(shop, made["product_id"])
    assert "brand" not in found
    assert "identifier_code" not in found["skus"][0]


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("00012345600012", "GTIN"),
        ("4006381333931", "EAN"),
        ("96385074", "EAN"),
        ("036000291452", "UPC"),
        ("0306406152", "ISBN"),
        ("080442957X", "ISBN"),
        ("9780306406157", "ISBN"),
        ("4901234567894", "JAN"),
    ],
)
async def test_good_codes_are_kept(shop: Caller, code: str, kind: str) -> None:
    body = await good_body(shop)
    body["skus"][0]["identifier_code"] = {"code": code, "type": kind}
    made = await shop.ok("POST", PRODUCTS, body=body)
    assert (await _read(shop, made["product_id"]))["skus"][0]["identifier_code"] == {"code": code, "type": kind}


async def test_the_daily_limit_ends_with_the_day(shop: Caller) -> None:
    shop.world.settings.daily_listing_limit = 2
    body = await good_body(shop)
    codes = [await shop.code("POST", PRODUCTS, body=body) for _ in range(3)]
    assert codes == [0, 0, 12052093]
    assert await shop.code("POST", PRODUCTS, body=body | {"save_mode": "AS_DRAFT"}) == 0
    shop.world.clock.advance(86_400)
    assert await shop.code("POST", PRODUCTS, body=body) == 0


async def test_probation_allows_100(shop: Caller) -> None:
    await shop.do("shop", is_on_probation=True)
    shop_id = next(iter(shop.world.tiktok.shops))
    day = shop.world.clock.datetime().date().isoformat()
    shop.world.tiktok.listings_today[f"{shop_id}/{day}"] = 99
    body = await good_body(shop)
    assert [await shop.code("POST", PRODUCTS, body=body) for _ in range(2)] == [0, 12052093]


async def test_list_prices_below_the_price_are_dropped(shop: Caller) -> None:
    body = await good_body(shop)
    body["skus"][0]["list_price"] = {"amount": "9.00", "currency": "USD"}
    made = await shop.ok("POST", PRODUCTS, body=body)
    assert "list_price" not in (await _read(shop, made["product_id"]))["skus"][0]
    body["skus"][0]["list_price"] = {"amount": "20.00", "currency": "USD"}
    made = await shop.ok("POST", PRODUCTS, body=body)
    assert (await _read(shop, made["product_id"]))["skus"][0]["list_price"]["amount"] == "20.00"


async def test_invite_only_is_pre_approved_for_us_local_sellers(shop: Caller) -> None:
    body = await good_body(shop)
    shop.world.settings.category_permissions[body["category_id"]] = ["INVITE_ONLY"]
    product_id = await listed(shop, None)
    await shop.do("judge", product_id=product_id, verdict="pre_approve", reasons=["RESTRICTED_CATEGORY_PENDING"])
    audit = (await _read(shop, product_id))["audit"]
    assert audit == {"status": "PRE_APPROVED", "pre_approved_reasons": ["RESTRICTED_CATEGORY_PENDING"]}
    assert (await _read(shop, product_id))["status"] == "PENDING"


async def test_the_auditors_see_the_restriction_themselves(shop: Caller) -> None:
    body = await good_body(shop)
    shop.world.settings.category_permissions[body["category_id"]] = ["INVITE_ONLY"]
    shop.world.settings.audit = "immediate"
    made = await shop.ok("POST", PRODUCTS, body=body)
    found = await _read(shop, made["product_id"])
    assert (found["status"], found["audit"]["pre_approved_reasons"]) == ("PENDING", ["RESTRICTED_CATEGORY_PENDING"])


@pytest.mark.parametrize(
    ("rule", "seen"), [("immediate", ["ACTIVATE"] * 3), ("after 2 looks", ["PENDING", "ACTIVATE", "ACTIVATE"])]
)
async def test_audits_ripen_by_setting(shop: Caller, rule: str, seen: list[str]) -> None:
    shop.world.settings.audit = rule
    product_id = await listed(shop, None)
    assert [(await _read(shop, product_id))["status"] for _ in range(3)] == seen


async def test_audits_ripen_by_the_clock(shop: Caller) -> None:
    shop.world.settings.audit = "after 90s"
    shop.world.clock.freeze()
    product_id = await listed(shop, None)
    shop.world.clock.advance(89)
    assert (await _read(shop, product_id))["status"] == "PENDING"
    shop.world.clock.advance(1)
    assert (await _read(shop, product_id))["status"] == "ACTIVATE"


async def test_a_failed_audit_says_why(shop: Caller) -> None:
    product_id = await listed(shop, None)
    await shop.do("judge", product_id=product_id, verdict="fail", reasons=["blurred image"])
    found = await _read(shop, product_id)
    assert (found["status"], found["audit"]["status"]) == ("FAILED", "FAILED")
    assert found["audit_failed_reasons"][0]["reasons"] == ["blurred image"]
    told = [one.body for one in shop.world.outbox.kept if one.topic == "5"]
    assert b'"status":"PRODUCT_AUDIT_FAILURE","suspended_reason":"blurred image"' in told[0]


async def test_a_share_of_audits_fails_the_same_way_each_time(shop: Caller) -> None:
    shop.world.settings.audit = "immediate"
    shop.world.settings.audit_fail_share = 0.5
    body = await good_body(shop)
    seen = []
    for _ in range(12):
        made = await shop.ok("POST", PRODUCTS, body=body)
        seen.append((await _read(shop, made["product_id"]))["status"])
    assert 2 < seen.count("FAILED") < 10
    assert set(seen) == {"FAILED", "ACTIVATE"}
