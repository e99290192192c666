"""A sandbox in-process, with a client that speaks to one shop's Admin API."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

import httpx
import pytest

from sandbox.app import Sandbox, create_app
from sandbox.config import SandboxConfig
from sandbox.world import World

SHOP = "leafmark-demo.myshopify.com"
BASE = "http://sandbox.test"


class Admin:
    """The Admin API of the first shop, with a token that works."""

    def __init__(self, client: httpx.AsyncClient, world: World, token: str) -> None:
        self.client = client
        self.world = world
        self.token = token
        self.shop = world.shopify.shops[SHOP]

    async def post(
        self, query: str, variables: Mapping[str, object] | None = None, version: str = "2026-10"
    ) -> httpx.Response:
        """The whole HTTP answer."""
        return await self.client.post(
            f"/shopify/{SHOP}/admin/api/{version}/graphql.json",
            json={"query": query, "variables": variables or {}},
            headers={"X-Shopify-Access-Token": self.token},
        )

    async def answer(self, query: str, /, **variables: object) -> Any:  # JSON of any shape
        """The answer's JSON."""
        response = await self.post(query, variables)
        assert response.status_code == 200, response.text
        return response.json()

    async def data(self, query: str, /, **variables: object) -> Any:  # JSON of any shape
        """`data` of an answer without errors."""
        answer = await self.answer(query, **variables)
        assert "errors" not in answer, answer["errors"]
        return answer["data"]

    async def control(self, action: str, **given: object) -> Any:  # JSON of any shape
        """One action of `/_sandbox/shopify/`."""
        response = await self.client.post(f"/_sandbox/shopify/{action}", json=given)
        assert response.status_code == 200, response.text
        return response.json()


@pytest.fixture
def config() -> SandboxConfig:
    return SandboxConfig(shopify_shop=SHOP)


@pytest.fixture
def sandbox(config: SandboxConfig) -> Sandbox:
    return create_app(config)


@pytest.fixture
async def client(sandbox: Sandbox) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(sandbox)
    async with httpx.AsyncClient(transport=transport, base_url=BASE) as found:
        yield found


@pytest.fixture
def world(sandbox: Sandbox) -> World:
    found = sandbox.state.world
    assert isinstance(found, World)
    return found


@pytest.fixture
def admin(client: httpx.AsyncClient, world: World) -> Admin:
    shop = world.shopify.shops[SHOP]
    token = shop.tokens.give_offline(world.rng, world.clock.now(), 3600)
    return Admin(client, world, token.token)
