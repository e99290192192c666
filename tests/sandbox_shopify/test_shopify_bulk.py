"""Bulk operations: rules, states over time, the file's shape, its address (Shopify fact sheet 3.6)."""

import json
from collections import Counter
from typing import Any

import pytest

from sandbox.config import SandboxConfig
from tests.sandbox_shopify.conftest import SHOP, Admin

# "Our catalogue export" of the fact sheet: 4 connections, 2 deep.
CATALOGUE = """{ products { edges { node {
    id handle title updatedAt options { name optionValues { name } }
    media { edges { node { id alt ... on MediaImage { image { url width height } } } } }
    collections { edges { node { id handle } } }
    variants { edges { node {
        id sku price selectedOptions { name value } inventoryItem { measurement { weight { value unit } } } } } }
} } } }"""
RUN = """mutation($query: String!, $group: Boolean! = false) {
    bulkOperationRunQuery(query: $query, groupObjects: $group) {
        bulkOperation { id status url } userErrors { field message code } } }"""
LOOK = """query($id: ID!) { bulkOperation(id: $id) {
    id status errorCode objectCount rootObjectCount fileSize url partialDataUrl type completedAt } }"""


async def run(admin: Admin, query: str = CATALOGUE, group: bool = False) -> str:
    answer = (await admin.data(RUN, query=query, group=group))["bulkOperationRunQuery"]
    assert answer["userErrors"] == []
    assert (answer["bulkOperation"]["status"], answer["bulkOperation"]["url"]) == ("CREATED", None)
    return str(answer["bulkOperation"]["id"])


async def look(admin: Admin, gid: str) -> Any:  # JSON of any shape
    return (await admin.data(LOOK, id=gid))["bulkOperation"]


async def lines(admin: Admin, url: str) -> list[Any]:  # JSON of any shape
    response = await admin.client.get(url)
    assert response.status_code == 200, response.text
    return [json.loads(line) for line in response.text.splitlines()]


async def test_the_catalogue_comes_whole(admin: Admin) -> None:
    done = await look(admin, await run(admin))
    assert (done["status"], done["rootObjectCount"], done["type"]) == ("COMPLETED", "178", "QUERY")
    rows = await lines(admin, done["url"])
    assert len(rows) == int(done["objectCount"])
    kinds = Counter(row["id"].split("/")[3] for row in rows)
    assert (kinds["Product"], kinds["ProductVariant"]) == (178, 1112)
    assert sum(row["id"].startswith("gid://shopify/Product/") and "__parentId" in row for row in rows) == 0
    seen: set[str] = set()
    for row in rows:
        assert "variants" not in row
        assert row.get("__parentId") is None or row["__parentId"] in seen, "a child came before its parent"
        seen.add(row["id"])
    raw = (await admin.client.get(done["url"])).content
    assert str(len(raw)) == done["fileSize"]


async def test_children_do_not_follow_at_once_unless_grouped(admin: Admin) -> None:
    loose = await lines(admin, (await look(admin, await run(admin)))["url"])
    assert [row["id"].split("/")[3] for row in loose[:3]] == ["Product"] * 3
    grouped = await lines(admin, (await look(admin, await run(admin, group=True)))["url"])
    assert [row["id"].split("/")[3] for row in grouped[:3]] == ["Product", "MediaImage", "MediaImage"]
    assert sorted(map(json.dumps, loose)) == sorted(map(json.dumps, grouped))


async def test_a_child_names_its_parent_even_unasked(admin: Admin) -> None:
    below = "variants { edges { node { sku } } }"
    query = f'{{ products(query: "handle:linen-wrap-midi-dress") {{ edges {{ node {{ title {below} }} }} }} }}'
    rows = await lines(admin, (await look(admin, await run(admin, query)))["url"])
    assert rows[0] == {"title": "Linen Wrap Midi Dress"}
    assert rows[1] == {"sku": "SIS-LWMD016-OLI-XS", "__parentId": rows[2]["__parentId"]}
    assert rows[1]["__parentId"].startswith("gid://shopify/Product/")


async def test_states_over_time(admin: Admin) -> None:
    admin.world.settings.bulk_operation = "after 3 looks"
    gid = await run(admin)
    states = [(await look(admin, gid))["status"] for _ in range(4)]
    assert states == ["RUNNING", "RUNNING", "COMPLETED", "COMPLETED"]


async def test_cancelling(admin: Admin) -> None:
    admin.world.settings.bulk_operation = "after 1h"
    gid = await run(admin)
    mutation = "mutation($id: ID!) { bulkOperationCancel(id: $id) { bulkOperation { status } userErrors { message } } }"
    answer = (await admin.data(mutation, id=gid))["bulkOperationCancel"]
    assert answer == {"bulkOperation": {"status": "CANCELING"}, "userErrors": []}
    done = await look(admin, gid)
    assert (done["status"], done["url"]) == ("CANCELED", None)
    again = (await admin.data(mutation, id=gid))["bulkOperationCancel"]
    assert [one["message"] for one in again["userErrors"]] == [
        "A bulk operation cannot be canceled when it is canceled"
    ]


async def test_five_at_once(admin: Admin) -> None:
    admin.world.settings.bulk_operation = "never"
    for _ in range(5):
        await run(admin)
    answer = (await admin.data(RUN, query=CATALOGUE))["bulkOperationRunQuery"]
    assert [error["code"] for error in answer["userErrors"]] == ["LIMIT_REACHED"]
    assert (answer["bulkOperation"], len(admin.shop.bulk)) == (None, 5)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("{ shop { id } }", "must contain at least one connection"),
        ("{ products { edges { node { id } } } shop { id } }", "exactly one top-level field"),
        ("{ products { edges { node { titel } } } }", "Invalid bulk query: Cannot query field 'titel'"),
        ("{ products {", "Invalid bulk query: Syntax Error"),
        ("query($n: Int) { products(first: $n) { nodes { id } } }", "cannot use variables"),
        (
            "{ products { nodes { id variants { nodes { id media { nodes { id } } } } } } }",
            "nested deeper than 2 levels",
        ),
        (
            "{ products { nodes { id variants { nodes { id } } media { nodes { id } } collections { nodes { id } }"
            " metafields { nodes { id } } images { nodes { id } } } } }",
            "more than 5 connections",
        ),
    ],
)
async def test_what_cannot_run_in_bulk(admin: Admin, query: str, said: str) -> None:
    answer = (await admin.data(RUN, query=query))["bulkOperationRunQuery"]
    assert (answer["bulkOperation"], answer["userErrors"][0]["code"]) == (None, "INVALID")
    assert said in answer["userErrors"][0]["message"]
    assert admin.shop.bulk == {}


async def test_no_objects_no_address(admin: Admin) -> None:
    done = await look(admin, await run(admin, '{ products(query: "handle:nobody") { nodes { id } } }'))
    assert (done["status"], done["url"], done["objectCount"], done["fileSize"]) == ("COMPLETED", None, "0", None)


async def test_the_address_expires_and_is_signed(admin: Admin) -> None:
    admin.world.clock.freeze()
    url = (await look(admin, await run(admin)))["url"]
    assert (await admin.client.get(url.replace("signature=", "signature=0"))).status_code == 403
    admin.world.clock.advance(7 * 86_400 - 1)
    assert (await admin.client.get(url)).status_code == 200
    admin.world.clock.advance(1)
    assert (await admin.client.get(url)).status_code == 403


async def test_the_file_shows_the_store_as_it_was(admin: Admin) -> None:
    url = (await look(admin, await run(admin)))["url"]
    await admin.control("delete-product", id="no-images")
    handles = {row.get("handle") for row in await lines(admin, url)}
    assert "no-images" in handles


async def test_without_the_scope_it_fails(admin: Admin) -> None:
    await admin.control("scopes", scopes=[])
    done = await look(admin, await run(admin))
    assert (done["status"], done["errorCode"]) == ("FAILED", "ACCESS_DENIED")


class TestManyProducts:
    """A large store costs no start time and its file is never held whole."""

    @pytest.fixture
    def config(self) -> SandboxConfig:
        return SandboxConfig(shopify_shop=SHOP, size=1000)

    async def test_the_size_is_exact_and_everything_is_unique(self, admin: Admin) -> None:
        done = await look(admin, await run(admin))
        assert done["rootObjectCount"] == "1000"
        rows = await lines(admin, done["url"])
        assert len({row["id"] for row in rows if "Collection" not in row["id"]}) == len(
            [row for row in rows if "Collection" not in row["id"]]
        )
        assert len({row["handle"] for row in rows if "/Product/" in row["id"]}) == 1000
        assert len({row["title"] for row in rows if "/Product/" in row["id"]}) == 1000

    async def test_a_repetition_is_found_by_every_id(self, admin: Admin) -> None:
        inside = "id title variants(first: 1) { nodes { id sku } }"
        query = f'{{ productByIdentifier(identifier: {{handle: "linen-wrap-midi-dress-3"}}) {{ {inside} }} }}'
        found = (await admin.data(query))["productByIdentifier"]
        assert found["title"] == "Linen Wrap Midi Dress Everyday 3"
        variant = found["variants"]["nodes"][0]
        assert variant["sku"] == "SIS-LWMD016-OLI-XS-R2"
        again = await admin.data("query($id: ID!) { productVariant(id: $id) { product { id } } }", id=variant["id"])
        assert again["productVariant"]["product"]["id"] == found["id"]


class TestFewProducts:
    """A size below the built-in store's cuts it."""

    @pytest.fixture
    def config(self) -> SandboxConfig:
        return SandboxConfig(shopify_shop=SHOP, size=7)

    async def test_cut(self, admin: Admin) -> None:
        assert (await admin.data("{ productsCount { count } }"))["productsCount"] == {"count": 7}
