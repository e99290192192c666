"""The Admin API: documents that are valid, that are not, scopes, versions, standings."""

from pathlib import Path
from typing import Any

import httpx
import pytest
from graphql import validate_schema

from sandbox.shopify.executable import executable_schema
from sandbox.shopify.schema import SDL
from tests.sandbox_shopify.conftest import SHOP, Admin

PRODUCT_FIELDS = """
    id handle title descriptionHtml vendor productType tags status updatedAt hasOnlyDefaultVariant isGiftCard
    category { id fullName isLeaf isArchived }
    options { id name position optionValues { id name } }
    media(first: 20) { nodes { id alt mediaContentType status ... on MediaImage { image { url width height } } } }
    collections(first: 50) { nodes { id handle title } }
"""
VARIANT_FIELDS = """
    nodes {
      id sku barcode title price compareAtPrice inventoryPolicy inventoryQuantity
      selectedOptions { name value }
      media(first: 1) { nodes { id ... on MediaImage { image { url } } } }
      inventoryItem { id tracked requiresShipping measurement { weight { value unit } } }
    }
    pageInfo { hasNextPage endCursor }
"""
# The query of Shopify fact sheet 3.3.
LISTING_PRODUCT = (
    "query ListingProduct($id: ID!, $after: String) { product(id: $id) {"
    + PRODUCT_FIELDS
    + "variants(first: 250, after: $after) {"
    + VARIANT_FIELDS
    + "} } }"
)
PAGE = (
    "query Page($after: String) { products(first: 50, after: $after) { nodes {"
    + PRODUCT_FIELDS
    + "variants(first: 100) {"
    + VARIANT_FIELDS
    + "} } pageInfo { hasNextPage endCursor } } }"
)


def test_the_excerpt_is_a_valid_schema() -> None:
    assert validate_schema(executable_schema()) == []
    assert "ISC" in Path(SDL).read_text("utf-8")[:400]


async def test_the_listing_query_of_the_fact_sheet(admin: Admin) -> None:
    product = (await admin.data('{ productByIdentifier(identifier: {handle: "linen-wrap-midi-dress"}) { id } }'))[
        "productByIdentifier"
    ]
    answer = await admin.answer(LISTING_PRODUCT, id=product["id"])
    found = answer["data"]["product"]
    assert found["title"] == "Linen Wrap Midi Dress"
    assert [option["name"] for option in found["options"]] == ["Colour", "Size"]
    assert len(found["variants"]["nodes"]) == 10
    first = found["variants"]["nodes"][0]
    assert (first["price"], first["compareAtPrice"]) == ("79.00", "98.00")
    assert first["inventoryItem"]["measurement"] == {"weight": {"value": 380.0, "unit": "GRAMS"}}
    assert first["selectedOptions"] == [{"name": "Colour", "value": "Olive"}, {"name": "Size", "value": "XS"}]
    assert found["category"]["fullName"] == "Apparel & Accessories > Clothing > Dresses"
    assert [one["handle"] for one in found["collections"]["nodes"]] == ["women", "sale"]
    assert answer["extensions"]["cost"]["requestedQueryCost"] == 108


async def test_every_product_is_on_exactly_one_page(admin: Admin) -> None:
    admin.world.settings.shopify_bucket = 100_000
    ids: list[str] = []
    after, more = None, True
    while more:
        page = (await admin.data(PAGE, after=after))["products"]
        ids += [node["id"] for node in page["nodes"]]
        after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
    assert len(ids) == len(set(ids)) == 178
    assert ids == sorted(ids, key=lambda gid: int(gid.rsplit("/", 1)[1]))


async def test_the_oddities_of_the_built_in_store(admin: Admin) -> None:
    admin.world.settings.shopify_bucket = 100_000
    query = """query($handle: String!) { productByIdentifier(identifier: {handle: $handle}) {
        title status isGiftCard descriptionHtml variantsCount { count precision } mediaCount { count }
        hasOnlyDefaultVariant options { name values }
        variants(first: 2) { nodes {
            sku price inventoryQuantity inventoryItem { measurement { weight { value unit } } }
        } }
    } }"""

    async def of(handle: str) -> Any:  # JSON of any shape
        return (await admin.data(query, handle=handle))["productByIdentifier"]

    assert len((await of("title-too-long"))["title"]) > 255
    assert (await of("no-description"))["descriptionHtml"] == ""
    assert (await of("no-images"))["mediaCount"] == {"count": 0}
    assert (await of("many-variants"))["variantsCount"] == {"count": 168, "precision": "EXACT"}
    assert (await of("over-every-limit"))["variantsCount"]["count"] == 408
    assert (await of("gift-card"))["isGiftCard"] is True
    assert (await of("draft-product"))["status"] == "DRAFT"
    single = await of("emoji-title")
    assert (single["hasOnlyDefaultVariant"], single["options"]) == (
        True,
        [{"name": "Title", "values": ["Default Title"]}],
    )
    weights = [
        (await of(handle))["variants"]["nodes"][0]["inventoryItem"]["measurement"]["weight"]
        for handle in ("missing-weight", "zero-weight", "pounds")
    ]
    assert weights == [None, {"value": 0.0, "unit": "GRAMS"}, {"value": 35.0, "unit": "POUNDS"}]
    assert (await of("negative-stock"))["variants"]["nodes"][0]["inventoryQuantity"] == -4


@pytest.mark.parametrize(
    ("query", "message", "code"),
    [
        (
            "{ products(first: 1) { nodes { titel } } }",
            "Field 'titel' doesn't exist on type 'Product'",
            "undefinedField",
        ),
        (
            "{ products(first: 1, foo: 2) { nodes { id } } }",
            "Field 'products' doesn't accept argument 'foo'",
            "argumentNotAccepted",
        ),
        ("{ node { id } }", "Field 'node' is missing required arguments: id", "missingRequiredArguments"),
        ("query($id: ID!) { node(id: $id) { id } }", "Variable $id was provided invalid value", None),
        (
            "{ products(first: 251) { nodes { id } } }",
            "first must be less than or equal to 250. first: 251",
            "BAD_REQUEST",
        ),
        ("{ products { nodes { id } } }", "you must provide one of first or last", "BAD_REQUEST"),
        (
            '{ products(first: 1, after: "x") { nodes { id } } }',
            "Invalid cursor for current pagination sort: x",
            "BAD_REQUEST",
        ),
        ("{ products(first: 1", "Syntax Error: Expected Name, found <EOF>.", None),
    ],
)
async def test_what_is_refused_in_a_document(admin: Admin, query: str, message: str, code: str | None) -> None:
    answer = await admin.answer(query)
    assert answer.get("data") is None
    assert answer["errors"][0]["message"] == message
    assert answer["errors"][0].get("extensions", {}).get("code") == code


async def test_an_unknown_field_says_where(admin: Admin) -> None:
    answer = await admin.answer("query Q { products(first: 1) { nodes { variants(first: 1) { nodes { colour } } } } }")
    assert answer == {
        "errors": [
            {
                "message": "Field 'colour' doesn't exist on type 'ProductVariant'",
                "locations": [{"line": 1, "column": 69}],
                "path": ["query Q", "products", "nodes", "variants", "nodes", "colour"],
                "extensions": {"code": "undefinedField", "typeName": "ProductVariant", "fieldName": "colour"},
            }
        ]
    }


async def test_a_missing_scope(admin: Admin) -> None:
    await admin.control("scopes", scopes=["read_inventory"])
    answer = await admin.answer("{ products(first: 1) { nodes { id } } }")
    assert answer["data"] is None
    assert answer["errors"][0]["message"] == (
        "Access denied for products field. Required access: `read_products` access scope."
    )
    assert answer["errors"][0]["extensions"]["code"] == "ACCESS_DENIED"
    scopes = (await admin.data("{ currentAppInstallation { accessScopes { handle } } }"))["currentAppInstallation"]
    assert scopes == {"accessScopes": [{"handle": "read_inventory"}]}


async def test_a_mutation_needs_its_scope(admin: Admin) -> None:
    mutation = """mutation($p: ProductUpdateInput!) {
        productUpdate(product: $p) { product { title } userErrors { field message } }
    }"""
    product = "gid://shopify/Product/8012300000000"
    refused = await admin.answer(mutation, p={"id": product, "title": "New"})
    assert refused["errors"][0]["extensions"]["code"] == "ACCESS_DENIED"
    admin.shop.scopes.append("write_products")
    changed = await admin.data(mutation, p={"id": product, "title": "New"})
    assert changed["productUpdate"] == {"product": {"title": "New"}, "userErrors": []}
    wrong = await admin.data(mutation, p={"id": product, "title": ""})
    assert wrong["productUpdate"] == {
        "product": None,
        "userErrors": [{"field": ["title"], "message": "Title can't be blank"}],
    }


@pytest.mark.parametrize(
    ("asked", "status", "answered"),
    [("2026-10", 200, "2026-10"), ("2024-01", 200, "2026-01"), ("unstable", 200, "unstable"), ("2026-11", 404, None)],
)
async def test_versions_fall_forward(admin: Admin, asked: str, status: int, answered: str | None) -> None:
    response = await admin.post("{ shop { id } }", version=asked)
    assert (response.status_code, response.headers.get("X-Shopify-API-Version")) == (status, answered)
    assert ("X-Shopify-API-Deprecated-Reason" in response.headers) == (asked == "2024-01")


@pytest.mark.parametrize(("standing", "status"), [("frozen", 402), ("locked", 423), ("blocked", 430)])
async def test_a_shop_that_does_not_answer(admin: Admin, standing: str, status: int) -> None:
    await admin.control("standing", standing=standing)
    assert (await admin.post("{ shop { id } }")).status_code == status
    await admin.control("standing", standing="active")
    assert (await admin.post("{ shop { id } }")).status_code == 200


async def test_without_a_good_token(client: httpx.AsyncClient, admin: Admin) -> None:
    admin.token = "shpat_nobody"
    response = await admin.post("{ shop { id } }")
    assert (response.status_code, response.json()) == (
        401,
        {"errors": "[API] Invalid API key or access token (unrecognized login or wrong password)"},
    )
    unknown = await client.post("/shopify/nobody.myshopify.com/admin/api/2026-10/graphql.json", json={"query": "{}"})
    assert (unknown.status_code, unknown.json()) == (404, {"errors": "Not Found"})


async def test_a_body_that_is_no_request(admin: Admin) -> None:
    path = f"/shopify/{SHOP}/admin/api/2026-10/graphql.json"
    headers = {"X-Shopify-Access-Token": admin.token, "content-type": "application/json"}
    for body in (b"{", b"[]", b'{"query": ""}'):
        response = await admin.client.post(path, content=body, headers=headers)
        assert (response.status_code, response.json()) == (
            400,
            {"errors": {"query": "Required parameter missing or invalid"}},
        )


async def test_nodes_by_id(admin: Admin) -> None:
    ids = [
        "gid://shopify/Product/8012300000000",
        "gid://shopify/ProductVariant/44100000000001",
        "gid://shopify/InventoryItem/46200000000001",
        "gid://shopify/MediaImage/33400000000001",
        "gid://shopify/Collection/290100000000",
        "gid://shopify/TaxonomyCategory/aa-1-4",
        "gid://shopify/Product/1",
        "nonsense",
    ]
    nodes = (await admin.data("query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }", ids=ids))["nodes"]
    kinds = [node and node["__typename"] for node in nodes]
    assert kinds == [
        "Product",
        "ProductVariant",
        "InventoryItem",
        "MediaImage",
        "Collection",
        "TaxonomyCategory",
        None,
        None,
    ]
    assert [node["id"] for node in nodes[:6]] == ids[:6]


async def test_stock_by_location(admin: Admin) -> None:
    query = """query($id: ID!) { productVariant(id: $id) { inventoryQuantity inventoryItem { inventoryLevels(first: 5) {
        nodes { id location { id } quantities(names: ["available"]) { name quantity } } } } } }"""
    found = (await admin.data(query, id="gid://shopify/ProductVariant/44100000000001"))["productVariant"]
    level = found["inventoryItem"]["inventoryLevels"]["nodes"][0]
    assert level["quantities"] == [{"name": "available", "quantity": found["inventoryQuantity"]}]
    assert level["id"].endswith("?inventory_item_id=46200000000001")
