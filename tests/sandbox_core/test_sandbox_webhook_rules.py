"""Webhooks dropped, delayed, doubled, reordered and corrupted by rule."""

import httpx
import orjson
import pytest

from sandbox.deliveries import State
from sandbox.webhook_signing import tiktok_signature
from sandbox.world import World
from tests.sandbox_core.webhook_steps import advance, products, rule, send, settle


async def test_dropped_delayed_and_doubled(
    client: httpx.AsyncClient, world: World, arrived: list[httpx.Request]
) -> None:
    await rule(client, trick="drop", topics=[16])
    await rule(client, trick="double", topics=["18"], first=1)
    await rule(client, trick="delay", topics=["5"], seconds=600)
    send(world, "dropped", kind=16)
    send(world, "delayed", kind=5)
    send(world, "doubled", "plain", kind=18)
    await settle(client)
    assert sorted(products(arrived)) == ["doubled", "doubled", "plain"]
    assert len({request.content for request in arrived}) == 2
    await advance(client, 600)
    assert products(arrived)[3:] == ["delayed"]
    states = [(one.topic, one.state, one.rules) for one in world.outbox.kept]
    assert states[0] == ("16", State.DROPPED, ["1 drop"])


async def test_reordered_in_a_window_and_nothing_lost(
    client: httpx.AsyncClient, world: World, arrived: list[httpx.Request]
) -> None:
    await rule(client, trick="reorder", window=4)
    send(world, "1", "2", "3")
    await settle(client)
    assert arrived == []
    send(world, "4", "5")
    await settle(client)
    window = products(arrived)
    assert (sorted(window), window != sorted(window)) == (["1", "2", "3", "4"], True)
    assert (await client.post("/_sandbox/webhooks/flush", json={})).json() == {"due": 1}
    await settle(client)
    assert products(arrived)[4:] == ["5"]
    assert len(world.outbox.kept) == 5


async def test_corrupted_ones_do_not_fit_their_signature(
    client: httpx.AsyncClient, world: World, arrived: list[httpx.Request]
) -> None:
    await rule(client, trick="corrupt_signature", first=1)
    await rule(client, trick="corrupt_body", skip=1)
    send(world, "1")
    send(world, "2")
    await settle(client)
    key, secret = world.config.tiktok_app_key, world.config.tiktok_app_secret
    for request in arrived:
        assert request.headers["authorization"] != tiktok_signature(key, secret, request.content)
    assert orjson.loads(arrived[0].content)["data"] == {"product_id": "1"}
    with pytest.raises(orjson.JSONDecodeError):
        orjson.loads(arrived[1].content)


async def test_removing_a_rule_sends_what_it_held(
    client: httpx.AsyncClient, world: World, arrived: list[httpx.Request]
) -> None:
    one = await rule(client, trick="reorder", window=9)
    send(world, "1", "2")
    assert (await client.get("/_sandbox/webhooks/rules")).json()["rules"][0]["held"] == 2
    assert (await client.delete(f"/_sandbox/webhooks/rules/{one['id']}")).json() == {"rules": []}
    await settle(client)
    assert sorted(products(arrived)) == ["1", "2"]
