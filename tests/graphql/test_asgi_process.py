"""The API as a process of its own: opens what it needs when the server starts, and closes it."""

import asyncio
import gc
from collections.abc import Iterator

import httpx
import pytest

from graphql_schema.asgi import Process
from server.settings import Settings


@pytest.fixture
def _collector_as_it_was() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*before)


@pytest.mark.usefixtures("_collector_as_it_was")
async def test_a_process_opens_serves_and_closes(settings: Settings) -> None:
    process = Process(settings)
    said: asyncio.Queue[dict[str, str]] = asyncio.Queue()
    heard: asyncio.Queue[object] = asyncio.Queue()
    living = asyncio.create_task(process({"type": "lifespan"}, said.get, heard.put))
    said.put_nowait({"type": "lifespan.startup"})
    assert await heard.get() == {"type": "lifespan.startup.complete"}
    assert gc.get_threshold() == (100_000, 50, 100)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(process), base_url="http://leafmark.test") as client:
        assert (await client.get("/readyz")).json()["status"] == "ready"
        assert (await client.post("/graphql", json={"query": "{ shop { id } }"})).status_code == 401
    said.put_nowait({"type": "lifespan.shutdown"})
    assert await heard.get() == {"type": "lifespan.shutdown.complete"}
    await living
