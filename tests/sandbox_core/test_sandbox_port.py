"""Faults and webhooks over real connections, where resets and hangs are real."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.app import Sandbox
from sandbox.world import World
from tests.serving import PromptServer

PRODUCTS = "/product/202309/products"


@asynccontextmanager
async def served(app: Starlette) -> AsyncIterator[str]:
    """The app on a free port of this machine, in this event loop."""
    async with PromptServer(uvicorn.Config(app, port=0, log_level="error", access_log=False)).running() as address:
        yield f"http://{address}"


@pytest.fixture
async def port(app: Sandbox) -> AsyncIterator[httpx.AsyncClient]:
    app.world.pulse.transport = None
    async with served(app) as url, httpx.AsyncClient(base_url=url, timeout=30) as client:
        yield client


async def test_every_fault_on_the_wire(port: httpx.AsyncClient, effects: list[str]) -> None:
    for rule, error in (
        ({"kind": "reset"}, httpx.ReadError),
        ({"kind": "reset", "after_effect": True}, httpx.ReadError),
        ({"kind": "timeout", "hang_s": 0.01}, httpx.RemoteProtocolError),
        ({"kind": "truncated"}, httpx.RemoteProtocolError),
    ):
        await port.delete("/_sandbox/faults")
        await port.post("/_sandbox/faults", json={**rule, "first": 1})
        with pytest.raises(error):
            await port.post(PRODUCTS, content=str(rule))
        assert (await port.post(PRODUCTS, content="after")).json()["code"] == 0
    done = [body for body in effects if body != "after"]
    assert done == ["{'kind': 'reset', 'after_effect': True}", "{'kind': 'truncated'}"]


async def test_a_caller_that_waits_too_short_sees_a_timeout(port: httpx.AsyncClient, effects: list[str]) -> None:
    await port.post("/_sandbox/faults", json={"kind": "timeout", "after_effect": True, "first": 1})
    with pytest.raises(httpx.ReadTimeout):
        await port.post(PRODUCTS, content="x", timeout=0.05)
    assert effects == ["x"]
    assert (await port.post(PRODUCTS, content="y")).json()["code"] == 0


async def test_two_thousand_webhooks_over_kept_connections(port: httpx.AsyncClient, world: World) -> None:
    peers: set[object] = set()
    bodies: list[bytes] = []

    async def take(request: Request) -> Response:
        bodies.append(await request.body())
        peers.add(request.client)
        return Response()

    async with served(Starlette(routes=[Route("/hook", take, methods=["POST"])])) as url:
        await port.put("/_sandbox/webhooks/targets", json={"tiktok": f"{url}/hook"})
        for n in range(2000):
            world.outbox.tiktok(18, "7494049642642441621", {"product_id": str(n)})
        answer = (await port.post("/_sandbox/webhooks/settle", json={"timeout_s": 30}, timeout=40)).json()
    assert answer["settled"], answer
    assert (len(bodies), len(set(bodies))) == (2000, 2000)
    assert len(peers) <= world.settings.webhook_concurrency


async def test_a_dead_receiver_counts_as_a_failure(port: httpx.AsyncClient, world: World) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        dead = taken.getsockname()[1]
    await port.put("/_sandbox/webhooks/targets", json={"tiktok": f"http://127.0.0.1:{dead}/"})
    world.outbox.tiktok(18, "1", {"product_id": "1"})
    await port.post("/_sandbox/webhooks/settle", json={})
    (delivery,) = world.outbox.kept
    assert delivery.attempts[0].error.startswith("ConnectError")
    assert delivery.due == world.clock.now() + 120
