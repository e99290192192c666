"""A real server on a port of its own, and the two streaming protocols as clients speak them."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx
import uvicorn
from starlette.types import ASGIApp
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from tests.serving import PromptServer

PROTOCOL = Subprotocol("graphql-transport-ws")
SECONDS = 30.0
Json = dict[str, Any]


async def until(condition: Callable[[], bool], complaint: str) -> None:
    """Look every 10 ms, for half a minute at most."""
    for _ in range(3000):
        if condition():
            return
        await asyncio.sleep(0.01)
    raise AssertionError(complaint)


@asynccontextmanager
async def serving(app: ASGIApp) -> AsyncIterator[str]:
    """The app's address, host and port."""
    config = uvicorn.Config(
        app, port=0, lifespan="off", log_level="error", ws="websockets-sansio", ws_per_message_deflate=False
    )
    async with PromptServer(config).running() as address:
        yield address


@asynccontextmanager
async def open_socket(address: str, token: str | None) -> AsyncIterator[ClientConnection]:
    """A socket, acknowledged when there is a token."""
    async with connect(f"ws://{address}/graphql", subprotocols=[PROTOCOL]) as opened:
        if token is not None:
            await send(opened, type="connection_init", payload={"Authorization": f"Bearer {token}"})
            assert await received(opened) == {"type": "connection_ack"}
        yield opened


async def send(opened: ClientConnection, **message: object) -> None:
    await opened.send(json.dumps(message))


async def received(opened: ClientConnection) -> Json:
    async with asyncio.timeout(SECONDS):
        raw = await opened.recv()
    assert isinstance(raw, str), "a binary frame"
    message: Json = json.loads(raw)
    return message


async def subscribe(opened: ClientConnection, document: str, *, number: str = "1", **variables: object) -> None:
    await send(opened, id=number, type="subscribe", payload={"query": document, "variables": variables})


async def until_complete(opened: ClientConnection) -> list[Json]:
    """Payloads of one operation, to its end."""
    found: list[Json] = []
    while (message := await received(opened))["type"] == "next":
        found.append(message["payload"])
    assert message["type"] == "complete", message
    return found


async def sse(address: str, token: str, document: str, **variables: object) -> AsyncIterator[Json]:
    """The results of one operation over server-sent events."""
    headers = {"authorization": f"Bearer {token}", "accept": "text/event-stream"}
    body = {"query": document, "variables": variables}
    async with (
        httpx.AsyncClient(timeout=SECONDS) as client,
        client.stream("POST", f"http://{address}/graphql", json=body, headers=headers) as response,
    ):
        assert response.headers["content-type"].startswith("text/event-stream"), response.headers
        event = ""
        async for line in response.aiter_lines():
            if line.startswith("event:"):
                event = line.removeprefix("event:").strip()
            elif line.startswith("data:") and event == "next":
                yield json.loads(line.removeprefix("data:"))
