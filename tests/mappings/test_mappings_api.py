"""Mappings through the API: the contract's own documents, run as a client runs them."""

from pathlib import Path
from typing import Any

import httpx
import pytest
from httpx import ASGITransport

from graphql_schema.asgi import create_for
from server.domain.leaves import Leaf, LeafAttribute, LeafValue
from server.kit.ids import new_id, to_gid
from server.services import leaves
from server.services.access import Scope
from tests.graphql.conftest import Api, make_token
from tests.mappings.conftest import MUGS, Bench

OPERATIONS = Path(__file__).resolve().parents[2] / "frontend-contract" / "operations" / "mappings"
MUGS_TYPE = {"kind": "PRODUCT_TYPE", "key": "Mugs"}
MUGS_LEAF = {"id": "2", "version": "V2"}


def document(name: str) -> str:
    return (OPERATIONS / f"{name}.graphql").read_text("utf-8")


class Client:
    """A caller of the store under test."""

    def __init__(self, api: Api, bench: Bench) -> None:
        self.api = api
        self.shop = to_gid("TikTokShop", bench.tiktok_shop.id)

    async def run(self, name: str, **variables: object) -> dict[str, Any]:
        [payload] = (await self.api.data(document(name), **variables)).values()
        found: dict[str, Any] = payload
        return found

    async def lines(self, **wanted: object) -> list[tuple[str, int, bool]]:
        page = await self.run("CategoryMappings", tiktokShopId=self.shop, filter=wanted, first=50)
        assert page["totalCount"] == len(page["nodes"])
        return [(one["source"]["key"], one["productsCount"], one["isMapped"]) for one in page["nodes"]]


async def client_of(bench: Bench, http: httpx.AsyncClient, *scopes: Scope) -> Client:
    token, caller = await make_token(bench.deps, bench.shop.id, *scopes)
    return Client(Api(http, bench.shop.id, token, caller), bench)


@pytest.fixture
def http(bench: Bench) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=ASGITransport(create_for(bench.deps)), base_url="http://leafmark.test")


@pytest.fixture
async def client(bench: Bench, http: httpx.AsyncClient) -> Client:
    return await client_of(bench, http)


def refused(payload: dict[str, Any]) -> list[tuple[str, list[str]]]:
    return [(error["code"], error["field"]) for error in payload["userErrors"]]


async def test_a_type_is_mapped_seen_and_forgotten(bench: Bench, client: Client) -> None:
    await bench.add(product_type="Mugs", amount=2)
    assert await client.lines(mapped=False) == [("mugs", 2, False)]
    [line] = (await client.run("CategoryMappings", tiktokShopId=client.shop, first=5))["nodes"]
    assert [product["title"] for product in line["examples"]] == ["Thing", "Thing"]
    given = {"tiktokShopId": client.shop, "source": MUGS_TYPE, "category": MUGS_LEAF}
    payload = await client.run("CategoryMappingSet", input=given)
    mapping = payload["categoryMapping"]
    assert refused(payload) == []
    assert mapping | {"id": None, "updatedAt": None} == {
        "id": None,
        "source": {"kind": "PRODUCT_TYPE", "key": "mugs", "name": "Mugs"},
        "categoryRef": MUGS_LEAF,
        "category": {"name": "Mugs", "path": ["Home", "Mugs"]},
        "origin": "MANUAL",
        "setBy": {"kind": "TOKEN", "name": "Test"},
        "agreeing": None,
        "seen": None,
        "updatedAt": None,
    }
    assert (await client.run("CategoryMappingSet", input=given))["categoryMapping"] == mapping
    assert await client.lines(mapped=True) == [("mugs", 2, True)]
    node = await client.api.data("query N($id: ID!) { node(id: $id) { id __typename } }", id=mapping["id"])
    assert node["node"] == {"id": mapping["id"], "__typename": "CategoryMapping"}
    gone = await client.run("CategoryMappingDelete", id=mapping["id"])
    assert (gone["deletedCategoryMappingId"], refused(gone)) == (mapping["id"], [])
    again = await client.run("CategoryMappingDelete", id=mapping["id"])
    assert (again["deletedCategoryMappingId"], refused(again)) == (None, [("NOT_FOUND", ["id"])])
    assert await client.lines() == [("mugs", 2, False)]


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"category": {"id": "1", "version": "V2"}}, "INVALID", ["input", "category", "id"]),
        ({"category": {"id": "3", "version": "V2"}}, "INVALID", ["input", "category", "id"]),
        ({"category": {"id": "x", "version": "V2"}}, "INVALID", ["input", "category", "id"]),
        ({"category": {"id": "2", "version": "V1"}}, "CATEGORY_VERSION_CLOSED", ["input", "category", "version"]),
        ({"source": {"kind": "COLLECTION", "key": "Sale"}}, "INVALID", ["input", "source", "key"]),
        ({"tiktokShopId": "x"}, "BAD_USER_INPUT", ["input", "tiktokShopId"]),
        ({"tiktokShopId": to_gid("TikTokShop", new_id())}, "NOT_FOUND", ["input", "tiktokShopId"]),
    ],
)
async def test_faults_are_told_by_path(client: Client, change: dict[str, object], code: str, field: list[str]) -> None:
    given = {"tiktokShopId": client.shop, "source": MUGS_TYPE, "category": MUGS_LEAF} | change
    payload = await client.run("CategoryMappingSet", input=given)
    assert (payload["categoryMapping"], refused(payload)) == (None, [(code, field)])
    assert await client.lines() == []


async def test_rows_are_answered_one_by_one(client: Client) -> None:
    rows = [
        {"source": MUGS_TYPE, "category": MUGS_LEAF},
        {"source": MUGS_TYPE | {"key": "Bad"}, "category": {"id": "99", "version": "V2"}},
    ]
    given = {"tiktokShopId": client.shop, "mappings": rows}
    nothing = await client.run("CategoryMappingsSet", input=given | {"errorPolicy": "REJECT_EVERYTHING"})
    assert [one["categoryMapping"] for one in nothing["results"]] == [None, None]
    assert [refused(one) for one in nothing["results"]] == [
        [],
        [("INVALID", ["input", "mappings", "1", "category", "id"])],
    ]
    assert await client.lines() == []
    payload = await client.run("CategoryMappingsSet", input=given)
    assert [one["categoryMapping"] and one["categoryMapping"]["source"]["key"] for one in payload["results"]] == [
        "mugs",
        None,
    ]
    assert refused(payload) == []
    assert await client.lines() == [("mugs", 0, True)]


async def test_who_may_only_read_changes_nothing(bench: Bench, http: httpx.AsyncClient, client: Client) -> None:
    reader = await client_of(bench, http, Scope.READ_PRODUCTS)
    given = {"tiktokShopId": client.shop, "source": MUGS_TYPE, "category": MUGS_LEAF}
    assert (await reader.api.run(document("CategoryMappingSet"), input=given)).codes == ["FORBIDDEN"]
    assert await reader.lines() == []


async def test_a_file_is_downloaded_and_taken_over(bench: Bench, client: Client) -> None:
    given = {"tiktokShopId": client.shop, "source": MUGS_TYPE, "category": MUGS_LEAF}
    made = (await client.run("CategoryMappingSet", input=given))["categoryMapping"]
    pack = await client.run("CategoryMappingPack", tiktokShopId=client.shop)
    assert (pack["mappingsCount"], pack["templatesCount"]) == (1, 0)
    await client.run("CategoryMappingDelete", id=made["id"])
    wanted = {"tiktokShopId": client.shop, "file": pack["file"]}
    dry = await client.run("CategoryMappingPackImport", input=wanted)
    assert (dry["report"]["dryRun"], dry["report"]["mappings"]["written"]) == (True, 1)
    assert await client.lines() == []
    done = await client.run("CategoryMappingPackImport", input=wanted | {"dryRun": False})
    assert refused(done) == []
    assert done["report"] == dry["report"] | {"dryRun": False}
    assert await client.lines() == [("mugs", 0, True)]
    bad = await client.run("CategoryMappingPackImport", input=wanted | {"file": "{}"})
    assert (bad["report"], refused(bad)) == (None, [("INVALID", ["input", "file"])])


async def test_a_shop_is_not_copied_onto_itself(client: Client) -> None:
    payload = await client.run(
        "CategoryMappingsCopy", input={"fromTiktokShopId": client.shop, "toTiktokShopId": client.shop}
    )
    assert (payload["report"], refused(payload)) == (None, [("INVALID", ["input", "toTiktokShopId"])])


async def test_words_are_matched_to_the_values_of_a_leaf(bench: Bench, client: Client) -> None:
    wanted = {"tiktokShopId": client.shop, "ref": MUGS_LEAF, "attributeId": "100", "texts": ["red", "Bleu", "x"]}
    assert (await client.api.run(document("AttributeValueMatch"), **wanted)).codes == ["NOT_FOUND"]
    colour = LeafAttribute("100", "Colour", values=(LeafValue("7", "Red"), LeafValue("8", "Blues")))
    async with bench.deps.database.write() as session:
        await leaves.keep(session, **bench.where, leaf=Leaf(MUGS, (colour,)), now=bench.deps.clock())
    data = await client.api.data(document("AttributeValueMatch"), **wanted | {"texts": ["red", "Blue", "x"]})
    assert [(one["kind"], one["value"] and one["value"]["id"]) for one in data["attributeValueMatch"]] == [
        ("EXACT", "7"),
        ("CLOSE", "8"),
        ("NONE", None),
    ]
    for change in ({"attributeId": "9"}, {"ref": {"id": "4", "version": "V2"}}):
        assert (await client.api.run(document("AttributeValueMatch"), **wanted | change)).codes == ["NOT_FOUND"]
    assert (await client.api.run(document("AttributeValueMatch"), **wanted | {"texts": []})).codes == ["BAD_USER_INPUT"]
