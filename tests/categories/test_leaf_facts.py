"""What leaves demand, through the API against the sandbox: asked once, kept a day, told clearly when it cannot be."""

import asyncio
from datetime import timedelta

import httpx
import pytest
from sqlmodel import select

from server.domain.categories import CategoryVersion
from server.kit.ids import to_gid
from server.services import tiktok_shops
from server.tables import CategoryTree
from tests.graphql.conftest import Answer, Api, make_token
from tests.listing.stall import CANDLES, Stall
from tests.shops.platforms import Platforms

FACTS = """
query F($shop: ID!, $id: String!) {
  category(tiktokShopId: $shop, ref: { id: $id, version: V2 }) {
    rules { readAt areDimensionsRequired isSizeChartSupported certifications { id name conditions { attributeId } } }
    attributes { id name kind isRequired isCustomizable isMultiple isNumber values { id name }
      conditions { attributeId valueId } }
  }
}
"""
LEAVES = """
query L($shop: ID!, $n: Int!) {
  categories(tiktokShopId: $shop, version: V2, filter: { leavesOnly: true }, first: $n) {
    nodes { ref { id version } rules { readAt } attributes { id } }
  }
}
"""
BRANDS = """
query B($shop: ID!, $id: String!, $query: String! = "", $first: Int!, $after: String) {
  category(tiktokShopId: $shop, ref: { id: $id, version: V2 }) {
    brands(query: $query, first: $first, after: $after) {
      nodes { id name isUsable readAt } pageInfo { hasNextPage endCursor } totalCount
    }
  }
}
"""


@pytest.fixture
async def api(stall: Stall, http: httpx.AsyncClient) -> Api:
    await stall.trees()
    token, caller = await make_token(stall.deps, stall.shop.id)
    return Api(http, stall.shop.id, token, caller)


async def facts(api: Api, stall: Stall, leaf: str = CANDLES.id) -> Answer:
    return await api.run(FACTS, shop=to_gid("TikTokShop", stall.tiktok_shop.id), id=leaf)


async def test_a_leaf_is_asked_for_once_and_kept_a_day(api: Api, stall: Stall, platforms: Platforms) -> None:
    answers = await asyncio.gather(*(facts(api, stall) for _ in range(5)))
    leaf = answers[0].data["category"]
    assert [answer.data["category"] for answer in answers] == [leaf] * 5
    assert {one["kind"] for one in leaf["attributes"]} == {"SALES", "PRODUCT"}
    assert all(one["values"] or one["isCustomizable"] or one["isNumber"] for one in leaf["attributes"])
    assert (platforms.asked("/attributes"), platforms.asked("/rules")) == (1, 1)
    stall.world.clock.advance(timedelta(hours=23).total_seconds())
    assert (await facts(api, stall)).data["category"]["rules"] == leaf["rules"]
    assert platforms.asked("/attributes") == 1
    stall.world.clock.advance(timedelta(hours=2).total_seconds())
    assert (await facts(api, stall)).data["category"]["rules"]["readAt"] > leaf["rules"]["readAt"]
    assert platforms.asked("/attributes") == 2


async def test_many_leaves_cost_two_calls_each_and_then_none(api: Api, stall: Stall, platforms: Platforms) -> None:
    shop = to_gid("TikTokShop", stall.tiktok_shop.id)
    first = await api.run(LEAVES, shop=shop, n=5)
    refused = [one for one in first.body["data"]["categories"]["nodes"] if one["rules"] is None]
    assert platforms.asked("/attributes") == 5
    await api.run(LEAVES, shop=shop, n=5)
    assert platforms.asked("/attributes") == 5 + len(refused), "only what was refused is asked for again"


async def test_an_inner_node_has_no_facts_and_no_call(api: Api, stall: Stall, platforms: Platforms) -> None:
    document = """
    query R($shop: ID!) { categories(tiktokShopId: $shop, version: V2, filter: { roots: true }, first: 3) {
      nodes { isLeaf rules { readAt } attributes { id } } } }
    """
    nodes = (await api.data(document, shop=to_gid("TikTokShop", stall.tiktok_shop.id)))["categories"]["nodes"]
    assert nodes == [{"isLeaf": False, "rules": None, "attributes": None}] * 3
    assert platforms.asked("/attributes") == 0


async def test_a_disconnected_shop_is_told_so_and_nothing_is_called(
    api: Api, stall: Stall, platforms: Platforms
) -> None:
    async with stall.deps.database.write() as session:
        await tiktok_shops.disconnect(session, stall.deps.queue, stall.deps.feed, **stall.where, now=stall.deps.clock())
    answer = await facts(api, stall)
    assert set(answer.codes) == {"CONFLICT"}
    assert "is disconnected; connect it again" in answer.messages[0]
    assert platforms.asked("/attributes") == 0


async def test_what_is_known_goes_on_being_told_while_the_platform_is_away(api: Api, stall: Stall) -> None:
    before = (await facts(api, stall)).data["category"]
    stall.world.clock.advance(timedelta(days=2).total_seconds())
    stall.fault(kind="tiktok", operation="Get Attributes", code=36009003)
    assert (await facts(api, stall)).data["category"] == before


async def test_a_platform_that_is_away_from_the_start_is_told(api: Api, stall: Stall) -> None:
    stall.fault(kind="tiktok", operation="Get Attributes", code=36009003)
    answer = await facts(api, stall)
    assert set(answer.codes) == {"UNAVAILABLE"}
    assert answer.body["data"]["category"] == {"rules": None, "attributes": None}


async def test_a_leaf_the_platform_no_longer_knows_makes_the_tree_due(api: Api, stall: Stall) -> None:
    stall.world.clock.advance(timedelta(hours=1).total_seconds())
    stall.fault(kind="tiktok", operation="Get Attributes", code=12052023, first=1)
    assert set((await facts(api, stall)).codes) == {"CONFLICT"}
    async with stall.deps.database.read() as session:
        due = list(await session.exec(select(CategoryTree.refresh_at)))
    assert due
    assert all(at <= stall.deps.clock() for at in due)


async def test_brands_are_paged_searched_and_kept(api: Api, stall: Stall, platforms: Platforms) -> None:
    shop = to_gid("TikTokShop", stall.tiktok_shop.id)

    async def page(**more: object) -> dict[str, object]:
        found = (await api.data(BRANDS, shop=shop, id=CANDLES.id, **more))["category"]["brands"]
        assert isinstance(found, dict)
        return found

    everything = await page(first=100)
    nodes = everything["nodes"]
    assert isinstance(nodes, list)
    assert nodes
    assert everything["totalCount"] == len(nodes)
    names, after = [], None
    while True:
        part = await page(first=2, after=after)
        names += [one["name"] for one in part["nodes"]]  # type: ignore[attr-defined]  # an answer's own shape
        info = part["pageInfo"]
        assert isinstance(info, dict)
        if not info["hasNextPage"]:
            break
        after = info["endCursor"]
    assert names == [one["name"] for one in nodes]
    calls = platforms.asked("/brands")
    assert await page(first=100) == everything
    assert platforms.asked("/brands") == calls
    start = str(names[0])[:3]
    found = await page(first=100, query=start)
    assert [one["name"] for one in found["nodes"]] == [  # type: ignore[attr-defined]  # an answer's own shape
        name for name in names if name.casefold().startswith(start.casefold())
    ]
    refused = await api.run(BRANDS, shop=shop, id=CANDLES.id, first=101)
    assert refused.codes == ["BAD_USER_INPUT"]
    refused = await api.run(BRANDS, shop=shop, id=CANDLES.id, first=10, after="bm9wZQ==")
    assert refused.codes == ["BAD_USER_INPUT"]
    assert CANDLES.version is CategoryVersion.V2
