"""A sandbox with two small routes of our own, so that the core is tested without the platforms' rules."""

from collections import deque
from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.app import Sandbox
from sandbox.calls import current, report_unknown
from sandbox.config import SandboxConfig
from sandbox.world import World

START = 1_767_225_600.0  # 2026-01-01T00:00:00Z
TIKTOK_URL = "http://app.test/tiktok"
SHOPIFY_URL = "http://app.test/shopify"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def effects() -> list[str]:
    """The bodies of the creations that really happened."""
    return []


@pytest.fixture
def arrived() -> list[httpx.Request]:
    """The webhooks that reached the app."""
    return []


@pytest.fixture
def replies() -> deque[int | Exception]:
    """What the app answers to the next webhooks: a status, or a failure to raise; 200 when empty."""
    return deque()


@pytest.fixture
def world(arrived: list[httpx.Request], replies: deque[int | Exception]) -> World:
    def receive(request: httpx.Request) -> httpx.Response:
        arrived.append(request)
        reply = replies.popleft() if replies else 200
        if isinstance(reply, Exception):
            raise reply
        return httpx.Response(reply)

    world = World.fresh(SandboxConfig(tiktok_webhook_url=TIKTOK_URL, shopify_webhook_url=SHOPIFY_URL))
    world.clock.freeze()
    world.clock.set(START)
    world.pulse.transport = httpx.MockTransport(receive)
    return world


@pytest.fixture
def app(world: World, effects: list[str]) -> Sandbox:
    async def create(request: Request) -> Response:
        effects.append((await request.body()).decode())
        return JSONResponse({"code": 0, "message": "Success", "request_id": current().request_id, "data": {}})

    async def read(_request: Request) -> Response:
        report_unknown("colour", "skus[0].taste")
        return JSONResponse({"code": 12052901, "message": "status", "data": None})

    return Sandbox(
        world,
        [
            Route("/product/202309/products", create, methods=["POST"]),
            Route("/product/202309/products/{product_id}", read),
        ],
    )


@pytest.fixture
async def client(app: Sandbox) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://sandbox.test") as client:
        yield client
    await app.world.pulse.stop()
