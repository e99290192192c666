"""Recommendations through the API alone, as a client sees them."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from graphql_schema.asgi import create_for
from server.kit.ids import new_id, to_gid
from server.services.access import Scope
from tests.graphql.conftest import Api, make_token
from tests.graphql.test_statements import counted
from tests.listing.stall import a_product
from tests.recommending.conftest import Advisor

OPERATIONS = Path(__file__).resolve().parents[2] / "frontend-contract" / "operations" / "recommendations"
REFRESH, APPROVE, REJECT, LIST = (
    (OPERATIONS / f"{name}.graphql").read_text("utf-8")
    for name in ("RecommendationsRefresh", "RecommendationApprove", "RecommendationReject", "Recommendations")
)
PRODUCTS = """
query P($n: Int!) {
  products(first: $n) {
    nodes { title recommendations { state proposed { id } candidates { category { name } } product { title } } }
  }
}
"""


@pytest.fixture
async def http(advisor: Advisor) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(create_for(advisor.deps))
    async with httpx.AsyncClient(transport=transport, base_url="http://leafmark.test") as client:
        yield client


@pytest.fixture
async def api(advisor: Advisor, http: httpx.AsyncClient) -> Api:
    token, caller = await make_token(advisor.deps, advisor.stall.shop.id)
    return Api(http, advisor.stall.shop.id, token, caller)


def only(data: dict[str, Any]) -> dict[str, Any]:
    [payload] = data.values()
    found: dict[str, Any] = payload
    return found


def refused(payload: dict[str, Any]) -> list[tuple[str, list[str] | None]]:
    return [(error["code"], error["field"]) for error in payload["userErrors"]]


async def test_the_whole_way(advisor: Advisor, api: Api) -> None:
    await advisor.stall.trees()
    await advisor.stall.imported(a_product("Scented Candle"), a_product("Zzyzx", html="<p>Zzyzx.</p>"))
    given = {"tiktokShopId": advisor.tiktok_gid, "filter": "WITHOUT_RECOMMENDATION", "idempotencyKey": "k"}
    started = only(await api.data(REFRESH, input=given))
    again = only(await api.data(REFRESH, input=given))
    assert started["userErrors"] == []
    assert again["task"]["id"] == started["task"]["id"]
    task = only(
        await api.data(
            "query T($id: ID!) { task(id: $id) { kind counts { total }"
            " ... on RecommendationTask { minProbability tiktokShop { id } } } }",
            id=started["task"]["id"],
        )
    )
    assert task == {
        "kind": "RECOMMENDATION",
        "counts": {"total": 2},
        "minProbability": 0.3,
        "tiktokShop": {"id": advisor.tiktok_gid},
    }
    await advisor.stall.played(await advisor.started([one.id for one in await advisor.stall.products()]))
    shown = only(await api.data(LIST, tiktokShopId=advisor.tiktok_gid, first=10))
    candle, odd = shown["nodes"]
    assert shown["totalCount"] == 2
    assert (candle["state"], odd["state"], odd["reason"]) == ("PENDING", "NONE", "NO_MATCH")
    assert "full product name" in odd["advice"]
    assert odd["provenance"]["platformCode"] == "12019064"
    assert candle["proposed"] == candle["candidates"][0]["ref"]
    assert "TIKTOK" in {source for one in candle["candidates"] for source in one["sources"]}
    approved = only(await api.data(APPROVE, id=candle["id"]))
    assert (approved["recommendation"]["state"], approved["userErrors"]) == ("APPROVED", [])
    assert approved["recommendation"]["chosen"] == candle["proposed"]
    pending = only(await api.data(LIST, tiktokShopId=advisor.tiktok_gid, first=10, states=["PENDING"]))
    assert pending["nodes"] == []
    rejected = only(await api.data(REJECT, id=candle["id"]))
    assert rejected["recommendation"] == {"id": candle["id"], "state": "REJECTED"}


async def test_refusals_name_their_argument(advisor: Advisor, api: Api) -> None:
    await advisor.stall.imported(a_product("Zzyzx"))
    shop = {"tiktokShopId": advisor.tiktok_gid}
    stranger = to_gid("Product", new_id())
    for given, expected in (
        (shop, ("INVALID", ["input", "productIds"])),
        (shop | {"filter": "ALL", "productIds": [stranger]}, ("INVALID", ["input", "productIds"])),
        (shop | {"productIds": [stranger]}, ("NOT_FOUND", ["input", "productIds", "0"])),
        (shop | {"productIds": ["x"]}, ("BAD_USER_INPUT", ["input", "productIds", "0"])),
        (shop | {"filter": "ALL", "minProbability": 2}, ("INVALID", ["input", "minProbability"])),
        ({"tiktokShopId": to_gid("TikTokShop", new_id()), "filter": "ALL"}, ("NOT_FOUND", ["input", "tiktokShopId"])),
    ):
        payload = only(await api.data(REFRESH, input=given))
        assert (payload["task"], refused(payload)) == (None, [expected])
    payload = only(await api.data(APPROVE, id=to_gid("CategoryRecommendation", new_id())))
    assert refused(payload) == [("NOT_FOUND", ["id"])]
    [row] = await advisor.refreshed()
    gid = to_gid("CategoryRecommendation", row.id)
    assert refused(only(await api.data(APPROVE, id=gid))) == [("INVALID", ["ref"])]
    assert refused(only(await api.data(APPROVE, id=gid, ref={"id": "x", "version": "V2"}))) == [
        ("INVALID", ["ref", "id"])
    ]
    assert refused(only(await api.data(REJECT, id=gid))) == [("CONFLICT", ["id"])]


async def test_changes_need_a_scope(advisor: Advisor, http: httpx.AsyncClient) -> None:
    token, caller = await make_token(advisor.deps, advisor.stall.shop.id, Scope.READ_PRODUCTS)
    reader = Api(http, advisor.stall.shop.id, token, caller)
    answer = await reader.run(REFRESH, input={"tiktokShopId": advisor.tiktok_gid, "filter": "ALL"})
    assert answer.codes == ["FORBIDDEN"]
    assert only(await reader.data(LIST, tiktokShopId=advisor.tiktok_gid, first=1))["totalCount"] == 0


async def test_products_show_theirs_in_one_statement(advisor: Advisor, api: Api) -> None:
    await advisor.stall.trees()
    await advisor.stall.imported(*(a_product(f"Scented Candle No. {n}") for n in range(5)))
    await advisor.refreshed()
    await api.data(PRODUCTS, n=1)
    amounts = []
    for n in (1, 5):
        with counted() as statements:
            found = only(await api.data(PRODUCTS, n=n))
        amounts.append(len(statements))
        assert [len(one["recommendations"]) for one in found["nodes"]] == [1] * n
    assert amounts[0] == amounts[1]
