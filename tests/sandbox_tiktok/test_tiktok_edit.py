"""Edit, Partial Edit, Update Price, Update Inventory (TikTok fact sheet 3.11, 3.14)."""

from tests.sandbox_tiktok.conftest import Caller, Json, good_body, listed

PRODUCTS = "/product/202309/products"
EDITS = "/product/202509/products"


async def _read(shop: Caller, product_id: str, **query: str) -> Json:
    found: Json = await shop.ok("GET", f"{PRODUCTS}/{product_id}", query=query)
    return found


async def test_a_live_product_keeps_selling_its_old_form(shop: Caller) -> None:
    body = await good_body(shop)
    product_id = (await shop.ok("POST", PRODUCTS, body=body))["product_id"]
    await shop.do("judge", product_id=product_id)
    sku_id = shop.world.tiktok.products[product_id].base.skus[0].id
    changed = body | {"title": "A new title for the same coffee mug"}
    changed["skus"] = [{"id": sku_id, "seller_sku": "MUG-0002"}]
    shop.world.outbox.kept.clear()
    answer = await shop.ok("PUT", f"{EDITS}/{product_id}", body=changed)
    assert (answer["audit"], answer["skus"][0]["id"]) == ({"status": "AUDITING"}, sku_id)
    found = await _read(shop, product_id)
    assert (found["status"], found["audit"]["status"], found["title"]) == ("ACTIVATE", "AUDITING", body["title"])
    new = await _read(shop, product_id, return_under_review_version="true")
    assert new["title"] == changed["title"]
    assert (new["skus"][0]["price"]["sale_price"], new["skus"][0]["inventory"][0]["quantity"]) == ("12.50", 5)
    await shop.do("judge", product_id=product_id)
    assert (await _read(shop, product_id))["title"] == changed["title"]
    told = {one.topic: one.body for one in shop.world.outbox.kept}
    assert set(told) == {"15", "37"}
    assert b'"changed_fields":["title","others"]' in told["15"]


async def test_a_failed_audit_leaves_the_old_version_live(shop: Caller) -> None:
    product_id = await listed(shop)
    old = (await _read(shop, product_id))["title"]
    await shop.ok("POST", f"{EDITS}/{product_id}/partial_edit", body={"title": "This title will not pass at all"})
    await shop.do("judge", product_id=product_id, verdict="fail")
    found = await _read(shop, product_id)
    assert (found["status"], found["audit"]["status"], found["title"]) == ("ACTIVATE", "FAILED", old)


async def test_full_edit_blanks_what_is_not_sent_and_deletes_skus(shop: Caller) -> None:
    body = await good_body(shop, search_terms=["mug"])
    sku = body["skus"][0]
    body["skus"] = [sku | {"sales_attributes": [{"name": "Cut", "value_name": one}]} for one in ("A", "B")]
    made = await shop.ok("POST", PRODUCTS, body=body)
    product_id, kept = made["product_id"], made["skus"][1]
    del body["search_terms"]
    new = sku | {"sales_attributes": [{"name": "Cut", "value_name": "C"}]}
    body["skus"] = [{"id": kept["id"], "sales_attributes": kept["sales_attributes"]}, new]
    answer = await shop.ok("PUT", f"{EDITS}/{product_id}", body=body)
    found = await _read(shop, product_id)
    assert [one["id"] for one in found["skus"]] == [one["id"] for one in answer["skus"]]
    assert found["skus"][0]["id"] == kept["id"] != answer["skus"][1]["id"]
    assert [one["sales_attributes"][0]["value_name"] for one in found["skus"]] == ["B", "C"]
    assert found["search_terms"] == []
    assert await shop.code("PUT", f"{EDITS}/{product_id}", body=body | {"skus": [{"id": "1"}]}) == 12052557
    assert await shop.code("PUT", f"{EDITS}/{product_id}", body=body | {"skus": [{"seller_sku": "X"}]}) == 12052571


async def test_partial_edit_changes_only_what_is_sent(shop: Caller) -> None:
    product_id = await listed(shop, None, search_terms=["mug"])
    body = {"description": "<p>New</p>", "category_id": "1", "category_version": "v2"}
    answer = await shop.ok("POST", f"{EDITS}/{product_id}/partial_edit", body=body)
    assert "warnings" not in answer
    assert shop.world.calls.entries[-1].unknown_fields == ["category_id"]
    found = await _read(shop, product_id)
    assert (found["description"], found["search_terms"]) == ("<p>New</p>", ["mug"])


async def test_moving_to_another_leaf_is_told(shop: Caller) -> None:
    body = await good_body(shop)
    product_id = await listed(shop)
    sku_id = shop.world.tiktok.products[product_id].base.skus[0].id
    found = await shop.ok(
        "POST",
        "/product/202309/categories/recommend",
        body={"product_title": "Travel tumbler mug", "category_version": "v2"},
    )
    moved = await good_body(shop, found["leaf_category_id"])
    moved["skus"] = [{"id": sku_id}]
    shop.world.outbox.kept.clear()
    await shop.ok("PUT", f"{EDITS}/{product_id}", body=moved)
    assert [one.topic for one in shop.world.outbox.kept] == []
    await shop.do("judge", product_id=product_id)
    told = {one.topic: one.body for one in shop.world.outbox.kept}
    wanted = f'"previous_category_id":"{body["category_id"]}","current_category_id":"{moved["category_id"]}"'
    assert f'"product_id":"{product_id}",{wanted}'.encode() in told["18"]


async def test_price_or_stock_only_needs_no_audit(shop: Caller) -> None:
    product_id = await listed(shop)
    sku = (await good_body(shop))["skus"][0]
    sku_id = shop.world.tiktok.products[product_id].base.skus[0].id
    sku |= {"id": sku_id, "price": {"amount": "13.00", "currency": "USD"}}
    answer = await shop.ok("POST", f"{EDITS}/{product_id}/partial_edit", body={"skus": [sku]})
    assert answer["audit"] == {"status": "APPROVED"}
    assert (await _read(shop, product_id))["skus"][0]["price"]["sale_price"] == "13.00"


async def test_post_live_drafts(shop: Caller) -> None:
    product_id = await listed(shop)
    pending = await listed(shop, None)
    body = {"save_mode": "AS_DRAFT", "title": "Only thought of so far, not yet sent"}
    assert (await shop.ok("POST", f"{EDITS}/{product_id}/partial_edit", body=body))["audit"] == {"status": "NONE"}
    found = await _read(shop, product_id)
    assert (found["has_draft"], found["audit"]["status"]) == (True, "APPROVED")
    assert (await _read(shop, product_id, return_draft_version="1"))["title"] == body["title"]
    assert await shop.code("POST", f"{EDITS}/{pending}/partial_edit", body=body) == 12052901
    both = {"return_draft_version": "true", "return_under_review_version": "true"}
    assert await shop.code("GET", f"{PRODUCTS}/{product_id}", query=both) == 36009004
    assert await shop.code("GET", f"{PRODUCTS}/{pending}", query={"return_draft_version": "true"}) == 12052547


async def test_a_draft_is_submitted_by_an_edit(shop: Caller) -> None:
    body = await good_body(shop)
    made = await shop.ok("POST", PRODUCTS, body=body | {"save_mode": "AS_DRAFT"})
    body["skus"][0]["id"] = made["skus"][0]["id"]
    answer = await shop.ok("PUT", f"{EDITS}/{made['product_id']}", body=body)
    assert answer["audit"] == {"status": "AUDITING"}


async def test_external_ids_are_used_once(shop: Caller) -> None:
    product_id = await listed(shop, external_product_id="g1")
    assert await shop.code("POST", PRODUCTS, body=await good_body(shop, external_product_id="g1")) == 12052996
    await shop.ok("DELETE", PRODUCTS, body={"product_ids": [product_id]})
    assert await shop.code("POST", PRODUCTS, body=await good_body(shop, external_product_id="g1")) == 0
    shop.world.settings.external_ids_unique = False
    assert await shop.code("POST", PRODUCTS, body=await good_body(shop, external_product_id="g1")) == 0


async def test_update_price(shop: Caller) -> None:
    product_id, pending = await listed(shop), await listed(shop, None)
    sku_id = shop.world.tiktok.products[product_id].base.skus[0].id

    def body(amount: str = "14.00", currency: str = "USD", sku: str = sku_id) -> Json:
        return {"skus": [{"id": sku, "price": {"amount": amount, "currency": currency}}]}

    path = f"{PRODUCTS}/{product_id}/prices/update"
    assert await shop.ok("POST", path, body=body()) == {}
    assert (await _read(shop, product_id))["skus"][0]["price"]["sale_price"] == "14.00"
    assert await shop.code("POST", path, body=body(currency="EUR")) == 12052084
    assert await shop.code("POST", path, body=body(amount="9999999")) == 12052570
    assert await shop.code("POST", path, body=body(sku="1")) == 12052557
    assert await shop.code("POST", path, body={"skus": [{"id": sku_id}]}) == 12052571
    assert await shop.code("POST", path, body={}) == 12052902
    assert await shop.code("POST", f"{PRODUCTS}/{pending}/prices/update", body=body()) == 12052901
    assert (await _read(shop, product_id))["skus"][0]["price"]["sale_price"] == "14.00"


async def test_a_list_price_set_during_a_review_outlives_it(shop: Caller) -> None:
    """It belongs to the SKU, not to a version: the one that passes later does not bring the old one back."""

    def usd(amount: str) -> Json:
        return {"amount": amount, "currency": "USD"}

    body = await good_body(shop)
    body["skus"][0]["list_price"] = usd("25.00")
    product_id = (await shop.ok("POST", PRODUCTS, body=body))["product_id"]
    await shop.do("judge", product_id=product_id)
    (sku,) = shop.world.tiktok.products[product_id].base.skus
    title = "A new title for the same coffee mug"
    await shop.ok("POST", f"{EDITS}/{product_id}/partial_edit", body={"title": title})
    prices = [{"id": sku.id, "price": usd("12.50"), "list_price": usd("30.00")}]
    await shop.ok("POST", f"{PRODUCTS}/{product_id}/prices/update", body={"skus": prices})
    for version in ("false", "true"):
        found = await _read(shop, product_id, return_under_review_version=version)
        assert found["skus"][0]["list_price"] == usd("30.00")
    await shop.do("judge", product_id=product_id)
    found = await _read(shop, product_id)
    assert (found["title"], found["skus"][0]["list_price"]) == (title, usd("30.00"))


async def test_update_and_search_inventory(shop: Caller) -> None:
    product_id = await listed(shop)
    sku_id = shop.world.tiktok.products[product_id].base.skus[0].id
    path = f"{PRODUCTS}/{product_id}/inventory/update"
    assert await shop.ok("POST", path, body={"skus": [{"id": sku_id, "inventory": [{"quantity": 0}]}]}) == {}
    found = await shop.ok("POST", "/product/202309/inventory/search", body={"product_ids": [product_id]})
    assert found["inventory"][0]["skus"][0]["total_available_quantity"] == 0
    bad = {"skus": [{"id": sku_id, "inventory": [{"warehouse_id": "1", "quantity": 100_000}]}]}
    error = (await shop.ok("POST", path, body=bad))["errors"][0]
    assert (error["code"], error["detail"]["sku_id"]) == (12052097, sku_id)
    assert [one["code"] for one in error["detail"]["extra_errors"]] == [12052097, 12052055]
    assert await shop.code("POST", path, body={"skus": [{"id": "1", "inventory": []}]}) == 12052557
    found = await shop.ok("POST", "/product/202309/inventory/search", body={"sku_ids": [sku_id, "1"]})
    assert [one["id"] for one in found["inventory"][0]["skus"]] == [sku_id]


async def test_listing_check_names_everything_and_creates_nothing(shop: Caller) -> None:
    body = await good_body(shop)
    del body["category_version"]
    path = f"{PRODUCTS}/listing_check"
    assert (await shop.ok("POST", path, body=body))["check_result"] == "PASS"
    body |= {"title": "", "main_images": [], "product_attributes": []}
    found = await shop.ok("POST", path, body=body)
    assert found["check_result"] == "FAILED"
    assert {12052261, 12052028, 12052104} <= {one["code"] for one in found["fail_reasons"]}
    assert not shop.world.tiktok.products
