"""A cross-border seller's copies in other markets: read, and in the way of another category."""

from collections.abc import AsyncIterator

import httpx
import pytest

from graphql_schema.asgi import create_for
from sandbox.app import create_app
from sandbox.config import SandboxConfig
from server.domain.categories import CategoryRef, CategoryVersion
from server.domain.tasks import TaskKind
from server.kit.ids import to_gid
from server.services import tiktok_shops
from tests.graphql.conftest import Api, make_token
from tests.listing.stall import Stall, a_product
from tests.sandbox_tiktok.conftest import Caller
from tests.shops.platforms import PUBLIC, Platforms, served

REPLICAS = "query R($id: ID!) { listing(id: $id) { replicas { region shopId remoteId status } } }"
MOVE = """mutation M($id: ID!, $input: ListingChangeCategoryInput!) {
  listingChangeCategory(id: $id, input: $input) { task { id } userErrors { code } }
}"""
READ = "Get Replicated Products"
OTHER_LEAF = CategoryRef("1019872", CategoryVersion.V2)


@pytest.fixture(params=["CROSS_BORDER", "LOCAL"])
async def platforms(request: pytest.FixtureRequest) -> AsyncIterator[Platforms]:
    config = SandboxConfig(redirect_url=f"{PUBLIC}/tiktok/callback", market="GB", seller_type=request.param)
    app = create_app(config)
    async with served(app) as url:
        yield Platforms(app.world, url)


@pytest.fixture
async def api(stall: Stall) -> AsyncIterator[Api]:
    transport = httpx.ASGITransport(create_for(stall.deps))
    async with httpx.AsyncClient(transport=transport, base_url="http://leafmark.test") as client:
        token, caller = await make_token(stall.deps, stall.shop.id)
        yield Api(client, stall.shop.id, token, caller)


async def replicated(stall: Stall, platforms: Platforms) -> str:
    """The seller copies the one product to Japan; the copy's id."""
    deps, world = stall.deps, stall.world
    source = tiktok_shops.token_source(deps.database, deps.vault, deps.tiktok, **stall.where, clock=deps.clock)
    access = await source.current()
    (product,) = world.tiktok.products.values()
    sku = {"source_sku_id": product.base.skus[0].id, "price": {"currency": "JPY", "sale_price": "3000"}}
    targets = [{"region": "JP", "skus": [sku | {"inventory": []}]}]
    async with httpx.AsyncClient(base_url=platforms.url) as http:
        key, secret = world.config.tiktok_app_key, world.config.tiktok_app_secret
        seller = Caller(http, world, key, secret, access.access_token.reveal(), access.cipher or "")
        path = f"/product/202507/products/{product.id}/global_replicate"
        assert await seller.ok("POST", path, body={"replicate_target": targets}) == {"errors": []}
    (copy,) = set(world.tiktok.products) - {product.id}
    return copy


async def test_replicas_are_read_and_a_move_is_refused_by_name(stall: Stall, api: Api, platforms: Platforms) -> None:
    await stall.listed(a_product(), content={"price": {"exchange_rate": "1"}})
    (row,) = await stall.listings()
    listing = to_gid("Listing", row.id)
    assert (await api.data(REPLICAS, id=listing))["listing"]["replicas"] == []
    if stall.tiktok_shop.seller_type == "LOCAL":
        assert stall.calls(READ) == 0
        return
    copy = await replicated(stall, platforms)
    (japan,) = [shop.id for shop in stall.world.tiktok.shops.values() if shop.region == "JP"]
    (one,) = (await api.data(REPLICAS, id=listing))["listing"]["replicas"]
    assert one == {"region": "JP", "shopId": japan, "remoteId": copy, "status": "ACTIVE"}
    assert stall.calls(READ) == 2
    stall.fault(kind="tiktok", operation=READ, code=12052032, first=1)
    refused = await api.run(REPLICAS, id=listing)
    assert (refused.body["data"], refused.codes) == ({"listing": {"replicas": None}}, ["CONFLICT"])
    moved = await api.data(MOVE, id=listing, input={"category": {"id": OTHER_LEAF.id, "version": "V2"}})
    assert moved["listingChangeCategory"]["userErrors"] == []
    (task,) = await stall.tasks(TaskKind.EDIT)
    task = await stall.played(task)
    (item,) = await stall.items(task)
    (problem,) = item.problems
    assert (item.state, problem["code"], problem["platform_code"]) == ("FAILED", "REPLICAS_MUST_FOLLOW", 12052514)
    assert (problem["path"], problem["remedy"]) == (["replicas"], "CHOOSE_OWNER")
    assert stall.world.tiktok.products[row.remote_id or ""].newest.category_id == "1008592"
