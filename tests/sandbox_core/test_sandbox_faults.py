"""Faults by rule: when they strike, and what the caller meets."""

import json
from typing import Any

import httpx
import pytest

from sandbox.world import World

PRODUCTS = "/product/202309/products"


async def fault(client: httpx.AsyncClient, **rule: object) -> dict[str, Any]:
    answer = await client.post("/_sandbox/faults", json=rule)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def statuses(client: httpx.AsyncClient, times: int) -> list[int]:
    return [(await client.post(PRODUCTS, json={"n": n})).status_code for n in range(times)]


async def test_throttling_as_the_platform_throttles(client: httpx.AsyncClient, effects: list[str]) -> None:
    await fault(client, kind="tiktok", code=36009002, retry_after=2, first=1, path="/product")
    answer = await client.post(PRODUCTS, json={})
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "2")
    assert (answer.json()["code"], answer.json()["message"]) == (36009002, "Too many requests")
    assert effects == []
    assert (await client.post(PRODUCTS, json={})).json()["code"] == 0
    logged = (await client.get("/_sandbox/calls")).json()["calls"]
    assert [(call["code"], call["fault"]) for call in logged] == [(36009002, "1 tiktok"), (0, "")]


async def test_shopify_throttling(client: httpx.AsyncClient) -> None:
    await fault(client, kind="throttled")
    answer = await client.post(PRODUCTS, json={})
    assert answer.status_code == 200
    assert answer.json()["errors"][0]["extensions"]["code"] == "THROTTLED"


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({"first": 2}, [503, 503, 200, 200, 200, 200]),
        ({"every": 3}, [200, 200, 503, 200, 200, 503]),
        ({"skip": 2, "first": 1}, [200, 200, 503, 200, 200, 200]),
        ({"skip": 1, "every": 2}, [200, 200, 503, 200, 503, 200]),
        ({"method": "get"}, [200] * 6),
        ({"path": "/logistics"}, [200] * 6),
        ({"pattern": "prod.*s$"}, [503] * 6),
        ({"contains": '"n":4'}, [200, 200, 200, 200, 503, 200]),
    ],
)
async def test_occasions(client: httpx.AsyncClient, rule: dict[str, object], expected: list[int]) -> None:
    await fault(client, kind="http", status=503, **rule)
    assert await statuses(client, 6) == expected


async def test_the_same_seed_gives_the_same_run(client: httpx.AsyncClient, world: World) -> None:
    await fault(client, kind="http", chance=0.5)
    first = await statuses(client, 20)
    assert set(first) == {200, 503}
    await client.post("/_sandbox/reset", json={})
    await fault(client, kind="http", chance=0.5)
    assert await statuses(client, 20) == first
    await client.post("/_sandbox/seed", json={"seed": 2})
    await fault(client, kind="http", chance=0.5)
    assert await statuses(client, 20) != first
    assert world.seed == 2


async def test_for_a_time(client: httpx.AsyncClient) -> None:
    await fault(client, kind="http", for_s=60)
    assert await statuses(client, 1) == [503]
    await client.post("/_sandbox/clock", json={"advance": 60})
    assert await statuses(client, 1) == [200]


@pytest.mark.parametrize(
    ("kind", "error"),
    [("timeout", httpx.ReadTimeout), ("reset", httpx.ReadError)],
)
@pytest.mark.parametrize("after_effect", [False, True])
async def test_no_answer_before_and_after_the_effect(
    client: httpx.AsyncClient, effects: list[str], kind: str, error: type[Exception], after_effect: bool
) -> None:
    await fault(client, kind=kind, after_effect=after_effect, first=1)
    with pytest.raises(error):
        await client.post(PRODUCTS, content=b"{}")
    assert effects == (["{}"] if after_effect else [])
    (call,) = (await client.get("/_sandbox/calls")).json()["calls"]
    assert (call["status"], call["fault"]) == (599, f"1 {kind}")


async def test_an_error_after_the_effect(client: httpx.AsyncClient, effects: list[str]) -> None:
    await fault(client, kind="tiktok", code=36009003, after_effect=True)
    assert (await client.post(PRODUCTS, content=b"{}")).json()["code"] == 36009003
    assert effects == ["{}"]


async def test_broken_json_is_a_whole_answer(client: httpx.AsyncClient, effects: list[str]) -> None:
    await fault(client, kind="broken_json")
    answer = await client.post(PRODUCTS, content=b"{}")
    assert (answer.status_code, int(answer.headers["content-length"])) == (200, len(answer.content))
    with pytest.raises(json.JSONDecodeError):
        answer.json()
    assert effects == ["{}"]


async def test_a_truncated_body(client: httpx.AsyncClient) -> None:
    await fault(client, kind="truncated")
    with pytest.raises(httpx.RemoteProtocolError):
        await client.post(PRODUCTS, content=b"{}")


async def test_a_slow_answer_is_the_right_one(client: httpx.AsyncClient) -> None:
    await fault(client, kind="slow", ms=20)
    assert (await client.post(PRODUCTS, json={})).json()["code"] == 0
    (call,) = (await client.get("/_sandbox/calls")).json()["calls"]
    assert call["ms"] >= 20


async def test_rules_are_listed_counted_and_removed(client: httpx.AsyncClient) -> None:
    one, two = await fault(client, kind="http", first=1), await fault(client, kind="slow", ms=1)
    await statuses(client, 2)
    listed = (await client.get("/_sandbox/faults")).json()["faults"]
    assert [(rule["id"], rule["occasion"]["struck"]) for rule in listed] == [(one["id"], 1), (two["id"], 1)]
    left = (await client.delete(f"/_sandbox/faults/{one['id']}")).json()["faults"]
    assert [rule["id"] for rule in left] == [two["id"]]
    assert (await client.delete("/_sandbox/faults/77")).status_code == 404
    assert (await client.delete("/_sandbox/faults")).json() == {"faults": []}


@pytest.mark.parametrize(
    ("rule", "field"),
    [
        ({}, "kind"),
        ({"kind": "earthquake"}, "kind"),
        ({"kind": "http", "every": 0}, "every"),
        ({"kind": "http", "chance": 2}, "chance"),
        ({"kind": "http", "first": 1.5}, "first"),
        ({"kind": "http", "pattern": "("}, "pattern"),
        ({"kind": "http", "status": 9}, "status"),
        ({"kind": "http", "after_effect": "yes"}, "after_effect"),
        ({"kind": "http", "colour": "red"}, "colour"),
    ],
)
async def test_wrong_rules_are_refused_by_field(
    client: httpx.AsyncClient, world: World, rule: dict[str, object], field: str
) -> None:
    answer = await client.post("/_sandbox/faults", json=rule)
    assert (answer.status_code, answer.json()["error"]["field"]) == (400, field)
    assert answer.json()["error"]["message"].endswith(".")
    assert world.faults.rules == []
