"""What is sent and how answers are read: bodies, ciphers, versions, tolerant parsing."""

from dataclasses import replace

import orjson
import pytest

from server.clients.errors import Upstream
from server.clients.tiktok_products import ProductFilter
from server.domain.categories import CategoryRef, CategoryVersion
from tests.clients.tiktok_double import ACCESS, BODY, CIPHER, TOKEN, Wire, no, ok


async def test_create_sends_the_body_once_serialized_with_its_key() -> None:
    wire = Wire(
        ok({"product_id": 1729592969712207008, "skus": [{"id": 1729, "new": 1}], "warnings": [{"message": "cleared"}]})
    )
    made = await wire.client().products.create(ACCESS, BODY, idempotency_key="k1")
    assert made.product_id == "1729592969712207008"
    assert [sku.id for sku in made.skus] == ["1729"]
    assert [warning.message for warning in made.warnings] == ["cleared"]
    assert made.request_id == "r1"
    [request] = wire.requests
    assert (request.method, request.url.path) == ("POST", "/product/202309/products")
    assert orjson.loads(request.content) == {**BODY, "idempotency_key": "k1"}
    assert request.headers["content-type"] == "application/json"
    assert request.headers["x-tts-access-token"] == TOKEN
    assert sorted(request.url.params) == ["app_key", "shop_cipher", "sign", "timestamp"]
    assert request.url.params["shop_cipher"] == CIPHER


async def test_a_category_without_its_version_cannot_be_sent() -> None:
    wire = Wire(ok())
    body = {name: value for name, value in BODY.items() if name != "category_version"}
    with pytest.raises(ValueError, match="category_version"):
        await wire.client().products.create(ACCESS, body, idempotency_key="k")
    with pytest.raises(ValueError, match="category_version"):
        await wire.client().products.edit(ACCESS, "1", body)
    with pytest.raises(ValueError, match="Edit"):
        await wire.client().products.partial_edit(ACCESS, "1", {"category_id": "2"})
    with pytest.raises(ValueError, match="tree"):
        await wire.client().categories.brands(ACCESS, CategoryVersion.V1, category=CategoryRef("5", CategoryVersion.V2))
    assert wire.requests == []


async def test_the_cipher_goes_where_it_is_wanted_and_nowhere_else() -> None:
    wire = Wire(ok({"shops": [], "uri": "tos/1", "id": "7"}))
    client = wire.client()
    await client.auth.authorized_shops(ACCESS)
    await client.media.upload_image(ACCESS, b"\xff\xd8\xff", filename="a.jpg")
    await client.media.upload_file(ACCESS, b"%PDF", "a.pdf")
    await client.categories.create_brand(ACCESS, "Acme")
    assert [("shop_cipher" in request.url.params) for request in wire.requests] == [False] * 4
    wire.requests.clear()
    version, leaf = CategoryVersion.V2, CategoryRef("853000", CategoryVersion.V2)
    await client.shops.prerequisites(ACCESS)
    await client.shops.warehouses(ACCESS)
    await client.categories.tree(ACCESS, version)
    await client.categories.rules(ACCESS, leaf)
    await client.categories.attributes(ACCESS, leaf)
    await client.categories.brands(ACCESS, version)
    await client.categories.recommend(ACCESS, version, title="Mug")
    await client.products.get(ACCESS, "7")
    await client.products.search(ACCESS, ProductFilter(version))
    await client.products.activate(ACCESS, ["7"])
    await client.products.deactivate(ACCESS, ["7"])
    await client.products.delete(ACCESS, ["7"])
    await client.products.recover(ACCESS, ["7"])
    await client.products.update_prices(ACCESS, "7", [])
    await client.products.update_inventory(ACCESS, "7", [])
    await client.products.listing_check(ACCESS, BODY)
    await client.products.edit(ACCESS, "7", BODY)
    await client.products.partial_edit(ACCESS, "7", {"title": "Cup"})
    await client.upgrades.start(ACCESS)
    assert [request.url.params.get("shop_cipher") for request in wire.requests] == [CIPHER] * 19
    versions = {
        request.url.path.rpartition("/")[2]: request.url.params.get("category_version") for request in wire.requests
    }
    assert {name: versions[name] for name in ("categories", "rules", "attributes", "brands")} == {
        "categories": "v2",
        "rules": "v2",
        "attributes": "v2",
        "brands": "v2",
    }
    bodies = {request.url.path.rpartition("/")[2]: request.content for request in wire.requests}
    assert orjson.loads(bodies["recommend"]) == {"product_title": "Mug", "category_version": "v2"}
    assert orjson.loads(bodies["search"]) == {"category_version": "v2"}
    assert "category_version" not in orjson.loads(bodies["listing_check"])
    assert bodies["category_upgrade_task"] == b""
    assert bodies["activate"] == b'{"product_ids":["7"]}'


async def test_a_shop_call_without_a_cipher_cannot_be_sent() -> None:
    wire = Wire(ok())
    with pytest.raises(ValueError, match="cipher"):
        await wire.client().products.get(replace(ACCESS, cipher=None), "7")
    assert wire.requests == []


async def test_uploads_are_multipart_and_unsigned_bodies() -> None:
    wire = Wire(ok({"uri": "tos/1", "url": "https://img", "width": 800, "height": 600}))
    image = await wire.client().media.upload_image(ACCESS, b"\xff\xd8\xff-jpeg", filename="a.jpg")
    assert (image.uri, image.url, image.width, image.height) == ("tos/1", "https://img", 800, 600)
    [request] = wire.requests
    assert request.headers["content-type"].startswith("multipart/form-data; boundary=")
    assert b'name="data"; filename="a.jpg"' in request.content
    assert b"\xff\xd8\xff-jpeg" in request.content
    assert b'name="use_case"\r\n\r\nMAIN_IMAGE' in request.content


async def test_a_refusal_is_final_and_says_where() -> None:
    wire = Wire(no(12052051, message="title too long"))
    with pytest.raises(Upstream) as caught:
        await wire.client().products.create(ACCESS, BODY, idempotency_key="k1")
    error = caught.value
    assert (error.code, error.path, error.platform_code, error.request_id) == (
        "TITLE_REFUSED",
        ("title",),
        12052051,
        "r2",
    )
    assert (len(wire.requests), error.outcome_unknown) == (1, False)


async def test_success_is_the_code_whatever_the_status_says() -> None:
    wire = Wire(ok({"products": None, "total_count": 0}, status=202))
    page = await wire.client().products.search(ACCESS, ProductFilter(None))
    assert (page.products, page.next_page_token) == ((), "")


async def test_no_recommendation_is_no_error() -> None:
    for code in (12052913, 12019064, 12052912):
        assert await Wire(no(code)).client().categories.recommend(ACCESS, CategoryVersion.V2, title="Mug") is None
    found = (
        await Wire(ok({"leaf_category_id": "853000", "categories": [{"id": "853000", "is_leaf": True}]}))
        .client()
        .categories.recommend(ACCESS, CategoryVersion.V2, title="Mug")
    )
    assert found is not None
    assert found.leaf == CategoryRef("853000", CategoryVersion.V2)


async def test_misspelt_and_bare_words_are_read() -> None:
    wire = Wire(ok({"attributes": [{"id": 100392, "is_requried": True, "values": None, "type": "NEW_TYPE"}]}))
    leaf = CategoryRef("853000", CategoryVersion.V2)
    [attribute] = await wire.client().categories.attributes(ACCESS, leaf)
    assert (attribute.id, attribute.is_required, attribute.values, attribute.type) == ("100392", True, (), "NEW_TYPE")
    wire = Wire(ok({"allowed_special_product_types": "PRE_ORDER", "package_dimension": None}))
    rules = await wire.client().categories.rules(ACCESS, leaf)
    assert (rules.allowed_special_product_types, rules.package_dimension) == (("PRE_ORDER",), None)
    wire = Wire(ok({"check_results": [{"check_item": "BANk_ACCOUNT", "is_failed": True, "fail_reasons": ["x"]}]}))
    [check] = await wire.client().shops.prerequisites(ACCESS)
    assert (check.item, check.is_failed) == ("BANK_ACCOUNT", True)
    wire = Wire(ok({"brands": [{"id": "1", "authorized_status": "UNAUTHORIEZD", "is_t1_brand": True}]}))
    page = await wire.client().categories.brands(ACCESS, CategoryVersion.V2)
    assert [brand.usable for brand in page.brands] == [False]


async def test_partial_failures_are_values() -> None:
    failure = {"code": 12052990, "message": "check", "detail": {"product_id": 7, "extra_errors": [{"code": 12052051}]}}
    outcome = await Wire(ok({"errors": [failure]})).client().products.activate(ACCESS, ["7", "8"])
    [error] = outcome.errors
    assert (error.detail.product_id, error.detail.extra_errors[0].code) == ("7", 12052051)
    with pytest.raises(ValueError, match="1 to 20"):
        await Wire(ok()).client().products.activate(ACCESS, [str(number) for number in range(21)])


async def test_an_upgrade_already_running_is_no_error() -> None:
    assert await Wire(no(12052234)).client().upgrades.start(ACCESS) == "ALREADY_RUNNING"
    assert await Wire(ok({})).client().upgrades.start(ACCESS) == "STARTED"


async def test_pages_end_with_the_token() -> None:
    wire = Wire(ok({"products": [{"id": "1"}], "next_page_token": "t"}), ok({"products": [{"id": "2"}]}))
    found = [
        product.id
        async for page in wire.client().products.pages(ACCESS, ProductFilter(CategoryVersion.V1, status="ACTIVATE"))
        for product in page.products
    ]
    assert found == ["1", "2"]
    assert [request.url.params.get("page_token") for request in wire.requests] == [None, "t"]
    assert orjson.loads(wire.requests[1].content) == {"status": "ACTIVATE", "category_version": "v1"}
