"""The call log: what it keeps, what it counts, and that it never shows a secret."""

import httpx
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.app import Sandbox
from sandbox.world import World


async def test_every_call_is_logged_with_its_answer(client: httpx.AsyncClient) -> None:
    answer = await client.post("/product/202309/products?app_key=k&sign=s3cret", json={"title": "Mug"})
    await client.get("/product/202309/products/1729592969712207008")
    found = (await client.get("/_sandbox/calls")).json()
    assert found["total"] == 2
    first, second = found["calls"]
    assert answer.json()["request_id"] == first["request_id"]
    assert first["request_id"].startswith("20260101000000")
    assert {name: first[name] for name in ("n", "method", "path", "status", "code", "query", "body")} == {
        "n": 1,
        "method": "POST",
        "path": "/product/202309/products",
        "status": 200,
        "code": 0,
        "query": "app_key=k&sign=[left out]",
        "body": '{"title":"Mug"}',
    }
    assert (second["code"], second["unknown_fields"]) == (12052901, ["colour", "skus[0].taste"])


async def test_secrets_never_show(client: httpx.AsyncClient) -> None:
    body = {"client_secret": "s3cret", "subject_token": "s3cret", "refresh_token": "s3cret", "title": "Mug"}
    await client.post("/product/202309/products?app_secret=s3cret&access_token=s3cret&auth_code=s3cret", json=body)
    await client.post("/shopify/a.myshopify.com/admin/oauth/access_token", json={"code": "s3cret"})
    shown = (await client.get("/_sandbox/calls")).text
    assert "s3cret" not in shown
    assert "Mug" in shown


async def test_calls_can_be_picked(client: httpx.AsyncClient) -> None:
    for _ in range(3):
        await client.post("/product/202309/products", json={})
    await client.get("/product/202309/products/1")
    picked = (await client.get("/_sandbox/calls", params={"code": "0", "since": 1, "limit": 1})).json()["calls"]
    assert [call["n"] for call in picked] == [3]
    picked = (await client.get("/_sandbox/calls", params={"path": "/product/202309/products/"})).json()["calls"]
    assert [call["n"] for call in picked] == [4]
    wrong = await client.get("/_sandbox/calls", params={"limit": "many"})
    assert (wrong.status_code, wrong.json()["error"]["field"]) == (400, "limit")


async def test_the_summary_counts_operations_answers_and_unknown_fields(client: httpx.AsyncClient) -> None:
    await client.get("/product/202309/products/1")
    await client.get("/product/202309/products/1")
    summary = (await client.get("/_sandbox/calls/summary")).json()
    assert summary["total"] == 2
    (answers,) = summary["answers"]
    assert (answers["status"], answers["code"], answers["count"]) == (200, 12052901, 2)
    assert [(one["field"], one["count"]) for one in summary["unknown_fields"]] == [("colour", 2), ("skus[].taste", 2)]
    await client.delete("/_sandbox/calls")
    assert (await client.get("/_sandbox/calls")).json() == {"calls": [], "total": 0}


async def test_control_requests_are_not_calls(client: httpx.AsyncClient, world: World) -> None:
    await client.get("/_sandbox/clock")
    assert world.calls.total == 0


async def test_a_mistake_of_the_sandbox_itself_is_an_envelope_too(world: World) -> None:
    async def fail(_request: Request) -> Response:
        raise ZeroDivisionError

    transport = httpx.ASGITransport(Sandbox(world, [Route("/broken", fail)]), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://sandbox.test") as client:
        answer = await client.get("/broken")
        (call,) = (await client.get("/_sandbox/calls")).json()["calls"]
    await world.pulse.stop()
    assert (answer.status_code, answer.json()["code"]) == (500, 36009003)
    assert (call["status"], call["code"], call["request_id"]) == (500, 36009003, answer.json()["request_id"])
