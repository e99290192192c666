"""Webhooks: signed, retried and controlled as documented."""

import base64
import hashlib
import hmac
from collections import deque

import anyio
import httpx
import orjson
import pytest

from sandbox.deliveries import SHOPIFY_RETRIES, Delivery, State
from sandbox.webhook_signing import tiktok_signature
from sandbox.world import World
from tests.sandbox_core.webhook_steps import SHOP, advance, send, settle

W18 = (
    b'{"type":18,"tts_notification_id":"7327112393057371910","shop_id":"7494049642642441621","timestamp":1767225600,'
    b'"data":{"product_id":"1729592969712207008","previous_category_id":"600002","current_category_id":"853000",'
    b'"update_time":1767225595}}'
)
W5 = (
    b'{"type":5,"tts_notification_id":"7327112393057371911","shop_id":"7494049642642441621","timestamp":1767225600,'
    b'"data":{"product_id":1729592969712207008,"status":"PRODUCT_AUDIT_FAILURE",'
    b'"suspended_reason":"violate listing rules","update_time":1767225595}}'
)
OFFICIAL = (
    b'{"type":1,"tts_notification_id":"7380066284010030890","shop_id":"7495540735365777507","timestamp":1718305585,'
    b'"data":{"is_on_hold_order":true,"order_id":"576653688135258178","order_status":"UNPAID","update_time":1718305585}}'
)


@pytest.mark.parametrize(
    ("key", "secret", "body", "sign"),
    [
        ("abcdef", "123", OFFICIAL, "5dec0f11ec2f6783b8deee53c9ffbf8d024302f7c7e7fa55a35d17629031ac05"),
        (
            "6test1k2y3abc",
            "9f3c2a7be1d84056a1c0",
            W18,
            "7ca6a97c44e384810f8a8d7ae2ebadfe693c282ad83cbd89ca81920df85eebb1",
        ),
        (
            "6test1k2y3abc",
            "9f3c2a7be1d84056a1c0",
            W5,
            "3c1f9478380a21acd8268f31cff9c38d4fa7db41821c9031f64ab97fbef045c9",
        ),
    ],
)
def test_the_documented_vectors(key: str, secret: str, body: bytes, sign: str) -> None:
    assert tiktok_signature(key, secret, body) == sign


async def test_a_tiktok_webhook_as_documented(
    client: httpx.AsyncClient, world: World, arrived: list[httpx.Request]
) -> None:
    data = {"product_id": "1729592969712207008", "update_time": 1767225595}
    world.outbox.tiktok(18, SHOP, data)
    await settle(client)
    (request,) = arrived
    assert (request.method, str(request.url)) == ("POST", "http://app.test/tiktok")
    secret, key = world.config.tiktok_app_secret.encode(), world.config.tiktok_app_key.encode()
    assert request.headers["authorization"] == hmac.new(secret, key + request.content, hashlib.sha256).hexdigest()
    assert request.headers["content-type"] == "application/json"
    assert orjson.loads(request.content) == {
        "type": 18,
        "tts_notification_id": "7327112393057371001",
        "shop_id": SHOP,
        "timestamp": 1767225600,
        "data": data,
    }


async def test_a_seller_level_webhook_names_the_seller(
    client: httpx.AsyncClient, world: World, arrived: list[httpx.Request]
) -> None:
    world.outbox.tiktok(19, SHOP, {}, seller_open_id="open-1", url="http://app.test/own")
    await settle(client)
    (request,) = arrived
    body = orjson.loads(request.content)
    assert (body["seller_open_id"], "shop_id" in body, request.url.path) == ("open-1", False, "/own")


async def test_a_shopify_webhook_as_documented(
    client: httpx.AsyncClient, world: World, arrived: list[httpx.Request]
) -> None:
    world.outbox.shopify("products/update", "a.myshopify.com", {"id": 1}, url="http://app.test/hook", name="mine")
    await settle(client)
    (request,) = arrived
    digest = hmac.new(world.config.shopify_client_secret.encode(), request.content, hashlib.sha256).digest()
    assert {name: value for name, value in request.headers.items() if name.startswith("x-shopify-")} == {
        "x-shopify-topic": "products/update",
        "x-shopify-hmac-sha256": base64.b64encode(digest).decode(),
        "x-shopify-shop-domain": "a.myshopify.com",
        "x-shopify-api-version": "2026-10",
        "x-shopify-webhook-id": request.headers["x-shopify-webhook-id"],
        "x-shopify-event-id": request.headers["x-shopify-event-id"],
        "x-shopify-triggered-at": "2026-01-01T00:00:00Z",
        "x-shopify-name": "mine",
    }
    assert str(request.url) == "http://app.test/hook"


async def test_tiktok_retries_after_2_minutes_30_minutes_3_hours_12_hours_and_then_never(
    client: httpx.AsyncClient, world: World, arrived: list[httpx.Request], replies: deque[int | Exception]
) -> None:
    replies.extend([500, httpx.ConnectError("down"), 204, 302, 500])
    send(world, "1")
    await settle(client)
    for seconds, attempts in ((119, 1), (1, 2), (1799, 2), (1, 3), (10_800, 4), (43_199, 4), (1, 5), (10**9, 5)):
        await advance(client, seconds)
        assert len(arrived) == attempts, f"after {seconds} more seconds"
    (webhook,) = (await client.get("/_sandbox/webhooks")).json()["webhooks"]
    assert webhook["state"] == "exhausted"
    assert [attempt["status"] for attempt in webhook["attempts"]] == [500, None, 204, 302, 500]
    assert webhook["attempts"][1]["error"] == "ConnectError: down"
    assert len({request.content for request in arrived}) == 1
    assert world.outbox.counts == {("tiktok", "18", "exhausted"): 1}


async def test_401_is_an_answer_and_ends_it(
    client: httpx.AsyncClient, world: World, arrived: list[httpx.Request], replies: deque[int | Exception]
) -> None:
    replies.append(401)
    send(world, "1")
    await settle(client)
    await advance(client, 10**6)
    (webhook,) = (await client.get("/_sandbox/webhooks", params={"state": "refused"})).json()["webhooks"]
    assert (len(arrived), webhook["topic"]) == (1, "18")


async def test_a_refused_one_is_tried_again_if_wanted(
    client: httpx.AsyncClient, world: World, arrived: list[httpx.Request], replies: deque[int | Exception]
) -> None:
    await client.patch("/_sandbox/settings", json={"retry_refused": True})
    replies.append(401)
    send(world, "1")
    await settle(client)
    await advance(client, 120)
    assert [one.state for one in world.outbox.kept] == [State.DELIVERED]
    assert len(arrived) == 2


async def test_shopify_gives_up_after_eight_retries_and_says_so(
    client: httpx.AsyncClient, world: World, arrived: list[httpx.Request], replies: deque[int | Exception]
) -> None:
    gone: list[Delivery] = []
    world.outbox.on_exhausted.append(gone.append)
    replies.extend([503] * 9)
    world.outbox.shopify("products/update", "a.myshopify.com", {"id": 1}, subscription="gid://shopify/x/1")
    await settle(client)
    assert (len(SHOPIFY_RETRIES), sum(SHOPIFY_RETRIES)) == (8, 4 * 3600)
    for gap in SHOPIFY_RETRIES:
        await advance(client, gap)
    assert len(arrived) == 9
    assert len({request.headers["x-shopify-webhook-id"] for request in arrived}) == 1
    assert [one.subscription for one in gone] == ["gid://shopify/x/1"]


async def test_webhooks_about_one_product_keep_their_order(
    client: httpx.AsyncClient, world: World, arrived: list[httpx.Request]
) -> None:
    for n in range(100):
        world.outbox.tiktok(15, SHOP, {"product_id": "1", "n": n})
    await settle(client)
    assert [orjson.loads(request.content)["data"]["n"] for request in arrived] == list(range(100))


async def test_paused_and_resent(client: httpx.AsyncClient, world: World, arrived: list[httpx.Request]) -> None:
    await client.post("/_sandbox/webhooks/pause", json={})
    send(world, "1")
    assert (await client.get("/_sandbox/webhooks/summary")).json()["paused"] is True
    await client.get("/_sandbox/clock")
    assert arrived == []
    await client.post("/_sandbox/webhooks/pause", json={"paused": False})
    await settle(client)
    assert (await client.post("/_sandbox/webhooks/1/resend")).json() == {"resent": 1}
    await settle(client)
    assert [request.content for request in arrived] == [arrived[0].content] * 2
    assert (await client.post("/_sandbox/webhooks/9/resend")).status_code == 404


async def test_sent_by_hand_and_to_other_addresses(client: httpx.AsyncClient, arrived: list[httpx.Request]) -> None:
    await client.put("/_sandbox/webhooks/targets", json={"shopify": "http://app.test/moved"})
    body = {"platform": "tiktok", "topic": 7, "shop": SHOP, "data": {"message": "soon"}}
    sent = (await client.post("/_sandbox/webhooks/send", json=body)).json()["webhook"]
    await client.post(
        "/_sandbox/webhooks/send", json={"platform": "shopify", "topic": "shop/update", "data": {"id": 1}}
    )
    await settle(client)
    assert sent["topic"] == "7"
    assert [request.url.path for request in arrived] == ["/tiktok", "/moved"]
    for wrong, field in (
        ({}, "platform"),
        ({"platform": "tiktok", "topic": "x", "shop": SHOP}, "topic"),
        ({"platform": "tiktok", "topic": 7}, "shop"),
    ):
        answer = await client.post("/_sandbox/webhooks/send", json=wrong)
        assert (answer.status_code, answer.json()["error"]["field"]) == (400, field)
    answer = await client.put("/_sandbox/webhooks/targets", json={"tiktok": "app.test"})
    assert (answer.status_code, answer.json()["error"]["field"]) == (400, "tiktok")


async def test_without_an_address_it_is_kept_and_not_sent(
    client: httpx.AsyncClient, world: World, arrived: list[httpx.Request]
) -> None:
    await client.put("/_sandbox/webhooks/targets", json={"tiktok": None})
    send(world, "1")
    await settle(client)
    assert ([one.state for one in world.outbox.kept], arrived) == ([State.NO_TARGET], [])


async def test_a_receiver_that_never_answers_is_given_up_in_time(client: httpx.AsyncClient, world: World) -> None:
    async def hang(_request: httpx.Request) -> httpx.Response:
        await anyio.sleep_forever()
        raise AssertionError("unreachable")

    world.settings.tiktok_webhook_timeout_s = 0.02
    await world.pulse.stop()
    world.pulse.transport = httpx.MockTransport(hang)
    send(world, "1")
    await settle(client)
    (delivery,) = world.outbox.kept
    assert (delivery.attempts[0].error, delivery.state) == ("no answer in time", State.WAITING)


async def test_a_reset_forgets_what_is_under_way(client: httpx.AsyncClient, world: World) -> None:
    started, release, asked = anyio.Event(), anyio.Event(), list[httpx.Request]()

    async def slow(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        started.set()
        await release.wait()
        return httpx.Response(500)

    world.pulse.transport = httpx.MockTransport(slow)
    send(world, "1", "1", "1")
    await client.get("/_sandbox/clock")
    await started.wait()
    await client.post("/_sandbox/reset", json={})
    release.set()
    await settle(client)
    await advance(client, 10**6)
    assert (list(world.outbox.kept), world.outbox.counts.total(), len(asked)) == ([], 0, 1)
