"""Liveness, readiness, and what an unknown address or a fault looks like."""

from dataclasses import replace

import httpx
import pytest
from starlette.types import Receive, Scope, Send

from server.app import create_app
from server.deps import Deps, open_deps
from server.queue import Job, JobName
from server.services import health
from server.settings import Settings
from tests.shops.platforms import PUBLIC, browser


async def test_all_there(client: httpx.AsyncClient, deps: Deps) -> None:
    assert (await client.get("/healthz")).json() == {"status": "live"}
    await deps.queue.send([Job(JobName.INBOX, "one"), Job(JobName.INBOX, "two")])
    await health.note_worker(deps.redis, name="host:1")
    await health.note_worker(deps.redis, name="host:1")
    await health.note_worker(deps.redis, name="host:2")
    response = await client.get("/readyz")
    assert response.status_code == 200
    assert response.json() == {"status": "ready", "database": "ok", "redis": "ok", "queue": 2, "workers": 2}


@pytest.mark.parametrize(
    ("broken", "database", "redis"),
    [
        ({"database_url": "postgresql+asyncpg://someone:hidden@127.0.0.1:9/none"}, "no answer", "ok"),
        ({"redis_url": "redis://:hidden@127.0.0.1:9/0"}, "ok", "no answer"),
    ],
)
async def test_what_is_away_is_named_and_nothing_secret_is(
    settings: Settings, broken: dict[str, str], database: str, redis: str
) -> None:
    async with open_deps(settings.model_copy(update=broken)) as deps, browser(deps) as client:
        response = await client.get("/readyz")
        assert response.status_code == 503
        assert (response.json()["database"], response.json()["redis"]) == (database, redis)
        assert "hidden" not in response.text
        assert (await client.get("/healthz")).status_code == 200


async def test_an_unknown_address_is_a_plain_404(client: httpx.AsyncClient) -> None:
    as_program = await client.get("/nothing")
    assert as_program.status_code == 404
    assert as_program.json()["errors"][0]["extensions"]["code"] == "NOT_FOUND"
    as_person = await client.get("/nothing", headers={"accept": "text/html"})
    assert as_person.status_code == 404
    assert as_person.headers["content-security-policy"] == "frame-ancestors 'none';"


async def test_a_fault_of_ours_shows_no_traceback(deps: Deps) -> None:
    async def broken(scope: Scope, receive: Receive, send: Send) -> None:
        raise ValueError("the inner secret")

    settings = deps.settings.model_copy(update={"development": True})
    app = create_app(broken, replace(deps, settings=settings))
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=PUBLIC) as client:
        response = await client.get("/graphql", headers={"accept": "text/html"})
    assert response.status_code == 500
    assert "inner" not in response.text
    assert "Traceback" not in response.text
