"""What a product's readiness says before it is listed, and its pictures' places on TikTok once it was."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from graphql_schema.asgi import create_for
from server.kit.ids import new_id, to_gid
from tests.graphql.conftest import Api, Seller, make_token
from tests.graphql.test_statements import amount
from tests.listing.stall import Stall, a_product, codes

READY = """
query R($n: Int!, $shop: ID!) {
  products(first: $n) { nodes { readiness(tiktokShopId: $shop) {
    isReady categoryRef { id version } template { name } problems { code severity }
  } } }
}
"""
PICTURES = """
query P($shop: ID) {
  products(first: 5) { nodes { images(first: 5, tiktokShopId: $shop) {
    totalCount nodes { url alt width height uploaded { uri url width height } }
  } } }
}
"""
DEMANDS = "Get Category Rules"


@pytest.fixture
async def api(stall: Stall) -> AsyncIterator[Api]:
    transport = httpx.ASGITransport(create_for(stall.deps))
    async with httpx.AsyncClient(transport=transport, base_url="http://leafmark.test") as client:
        token, caller = await make_token(stall.deps, stall.shop.id)
        yield Api(client, stall.shop.id, token, caller)


def place(stall: Stall) -> str:
    return to_gid("TikTokShop", stall.tiktok_shop.id)


async def readiness(stall: Stall, api: Api, *, shop: str | None = None) -> list[dict[str, Any] | None]:
    data = await api.data(READY, n=10, shop=shop or place(stall))
    return [node["readiness"] for node in data["products"]["nodes"]]


async def test_readiness_says_what_the_listing_will_find(stall: Stall, api: Api) -> None:
    await stall.imported(a_product(), a_product("Gift Candle", variants=[]))
    template = await stall.template()
    good, bad = await readiness(stall, api)
    leaf = {"id": "1008592", "version": "V2"}
    named = {"categoryRef": leaf, "template": {"name": "Everything"}}
    assert good == {"isReady": True, "problems": [], **named}
    assert bad == {
        "isReady": False,
        "problems": [
            {"code": "STOCK_EMPTY", "severity": "ERROR"},
            {"code": "WEIGHT_FROM_BACKUP", "severity": "WARNING"},
        ],
        **named,
    }
    assert stall.calls(DEMANDS) == 1  # the leaf was not known; both products asked for it together
    assert await stall.listings() == []
    task = await stall.played(await stall.activated(template))
    found = [codes(item) for item in await stall.items(task)]
    assert found == [[problem["code"] for problem in one["problems"]] for one in (good, bad)]


async def test_readiness_without_a_template_or_a_leaf(stall: Stall, api: Api) -> None:
    await stall.imported(a_product())
    (found,) = await readiness(stall, api)
    assert found == {
        "isReady": False,
        "categoryRef": None,
        "template": None,
        "problems": [{"code": "NO_TEMPLATE", "severity": "ERROR"}],
    }
    assert await readiness(stall, api, shop=to_gid("TikTokShop", new_id())) == [None]
    answer = await api.run(READY, n=1, shop="nonsense")
    assert answer.codes == ["BAD_USER_INPUT"]


async def test_readiness_makes_the_same_statements_for_all(stall: Stall, api: Api) -> None:
    await stall.imported(*(a_product(f"Candle {n}") for n in range(8)))
    await stall.template()
    await readiness(stall, api)
    seller = Seller(api, stall.deps, stall.shop.id, stall.tiktok_shop.id)
    assert await amount(seller, READY, n=2, shop=place(stall)) == await amount(seller, READY, n=8, shop=place(stall))


async def test_pictures_have_their_uri_once_they_are_uploaded(stall: Stall, api: Api) -> None:
    await stall.imported(a_product())

    async def pictures(shop: str | None) -> dict[str, Any]:
        found: dict[str, Any] = (await api.data(PICTURES, shop=shop))["products"]["nodes"][0]["images"]
        return found

    before = await pictures(place(stall))
    (one,) = before["nodes"]
    assert (before["totalCount"], one["uploaded"]) == (1, None)
    await stall.played(await stall.activated(await stall.template()))
    (after,) = (await pictures(place(stall)))["nodes"]
    (made,) = stall.world.tiktok.products.values()
    assert after["url"] == one["url"]
    assert (after["width"], after["height"]) == (600, 600)
    assert [after["uploaded"]["uri"]] == list(made.base.main_images)
    assert after["uploaded"]["url"].startswith("http")
    for nobody in (None, to_gid("TikTokShop", new_id())):
        assert (await pictures(nobody))["nodes"][0]["uploaded"] is None
