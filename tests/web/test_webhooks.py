"""Both webhook addresses: what is kept, what is refused, and how fast it is answered."""

import asyncio
import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime

import httpx
import pytest
from sqlalchemy import text
from sqlmodel import col, select

from server.clients.tiktok_signing import sign_webhook
from server.deps import Deps, open_deps
from server.kit.secrets import Secret
from server.settings import Settings
from server.tables import WebhookDelivery, WebhookSource
from server.web import shopify_news
from tests.shops.platforms import Platforms, browser, count, shopify_webhook, tiktok_webhook

TIKTOK = "/webhooks/tiktok"
SHOPIFY = "/webhooks/shopify"
SHOP_ID = "7494049642642441621"
W5 = (
    b'{"type":5,"tts_notification_id":"7327112393057371911","shop_id":"7494049642642441621","timestamp":1767225600,'
    b'"data":{"product_id":1729592969712207008,"status":"PRODUCT_AUDIT_FAILURE","suspended_reason":"violate listing '
    b'rules","update_time":1767225595}}'
)


async def kept(deps: Deps) -> list[WebhookDelivery]:
    async with deps.database.read() as session:
        return list((await session.exec(select(WebhookDelivery).order_by(col(WebhookDelivery.id)))).all())


@pytest.mark.parametrize("vector", [5])
async def test_the_vector_of_the_fact_sheet_is_taken(vector: int, settings: Settings, platforms: Platforms) -> None:
    named = {"tiktok_app_key": "6test1k2y3abc", "tiktok_app_secret": Secret("9f3c2a7be1d84056a1c0")}
    async with open_deps(settings.model_copy(update=named)) as deps, browser(deps) as client:
        headers = {"authorization": "3c1f9478380a21acd8268f31cff9c38d4fa7db41821c9031f64ab97fbef045c9"}
        response = await client.post(TIKTOK, content=W5, headers=headers)
        assert (response.status_code, response.content) == (200, b"")
        (row,) = await kept(deps)
        assert (row.source, row.topic, row.shop_ref) == (WebhookSource.TIKTOK, str(vector), SHOP_ID)
        assert row.delivery_id == "7327112393057371911"
        assert row.payload["product_id"] == 1729592969712207008
        assert row.triggered_at == datetime(2026, 1, 1, tzinfo=UTC)
        assert await deps.queue.length() == 1


def test_shopifys_vector() -> None:
    raw = b'{"id":788032119674292922,"title":"Example T-Shirt"}'
    assert shopify_news.sign(Secret("hush"), raw) == b"PChQV/s9qVvLuYZx4s3CvtPkNn5M2k1OrvTkc0qHHSM="


async def test_a_delivery_is_kept_once_however_often_it_comes(
    client: httpx.AsyncClient, deps: Deps, platforms: Platforms
) -> None:
    raw, headers = tiktok_webhook(platforms.world.config, 18, SHOP_ID, {"product_id": "1"}, name="n1", at=1767225600)
    answers = await asyncio.gather(*(client.post(TIKTOK, content=raw, headers=headers) for _ in range(6)))
    assert {(answer.status_code, answer.content) for answer in answers} == {(200, b"")}
    assert await count(deps, WebhookDelivery) == [1]


async def test_topics_nobody_knows_are_kept_and_answered(
    client: httpx.AsyncClient, deps: Deps, platforms: Platforms
) -> None:
    raw, headers = tiktok_webhook(platforms.world.config, 999, SHOP_ID, {}, name="n1", at=1767225600)
    assert (await client.post(TIKTOK, content=raw, headers=headers)).status_code == 200
    assert [row.topic for row in await kept(deps)] == ["999"]


async def test_seller_level_topics_and_a_missing_id(
    client: httpx.AsyncClient, deps: Deps, platforms: Platforms
) -> None:
    config = platforms.world.config
    raw = json.dumps({"type": 52, "seller_open_id": "open-1", "timestamp": 1767225600, "data": None}).encode()
    signature = sign_webhook(config.tiktok_app_key, Secret(config.tiktok_app_secret), raw)
    for _ in range(2):
        response = await client.post(TIKTOK, content=raw, headers={"authorization": signature})
        assert response.status_code == 200
    (row,) = await kept(deps)
    assert (row.shop_ref, row.payload) == ("open-1", {})
    assert row.delivery_id == f"sha256:{hashlib.sha256(raw).hexdigest()}"


@pytest.mark.parametrize(
    "spoil",
    ["missing", "empty", "another secret", "upper case", "with a scheme", "another body", "another key", "not ascii"],
)
async def test_a_wrong_tiktok_signature_is_a_401_and_nothing_is_kept(
    spoil: str, client: httpx.AsyncClient, deps: Deps, platforms: Platforms
) -> None:
    config = platforms.world.config
    raw, headers = tiktok_webhook(config, 5, SHOP_ID, {}, name="n1", at=1767225600)
    good = headers["authorization"]
    wrong = {
        "missing": None,
        "empty": "",
        "another secret": sign_webhook(config.tiktok_app_key, Secret("x"), raw),
        "upper case": good.upper(),
        "with a scheme": f"Bearer {good}",
        "another body": sign_webhook(config.tiktok_app_key, Secret(config.tiktok_app_secret), raw + b" "),
        "another key": sign_webhook("x", Secret(config.tiktok_app_secret), raw),
        "not ascii": "ä" * 64,
    }[spoil]
    sent = {} if wrong is None else {"authorization": wrong.encode()}
    response = await client.post(TIKTOK, content=raw, headers=sent)  # type: ignore[arg-type]  # bytes are taken too
    assert (response.status_code, response.content) == (401, b"")
    assert await count(deps, WebhookDelivery) == [0]
    assert await deps.queue.length() == 0


@pytest.mark.parametrize("raw", [b"", b"not json", b"[1]", b"{}", b'{"type":true}', b'{"type":"' + b"x" * 65 + b'"}'])
async def test_a_signed_body_that_cannot_be_read_is_a_400(
    raw: bytes, client: httpx.AsyncClient, deps: Deps, platforms: Platforms
) -> None:
    config = platforms.world.config
    signature = sign_webhook(config.tiktok_app_key, Secret(config.tiktok_app_secret), raw)
    response = await client.post(TIKTOK, content=raw, headers={"authorization": signature})
    assert response.status_code == 400
    assert await count(deps, WebhookDelivery) == [0]


@pytest.mark.parametrize("path", [TIKTOK, SHOPIFY])
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH"])
async def test_only_post(path: str, method: str, client: httpx.AsyncClient) -> None:
    assert (await client.request(method, path)).status_code == 405


@pytest.mark.parametrize("path", [TIKTOK, SHOPIFY])
async def test_a_body_over_the_limit_is_a_413(path: str, client: httpx.AsyncClient, deps: Deps) -> None:
    response = await client.post(path, content=b"x" * (5 * 1_048_576 + 1))
    assert response.status_code == 413
    assert await count(deps, WebhookDelivery) == [0]


async def test_a_nul_character_is_dropped_instead_of_failing_for_ever(
    client: httpx.AsyncClient, deps: Deps, platforms: Platforms
) -> None:
    data = {"message": "a\0b", "deep": [{"x\0": "\0"}]}
    raw, headers = tiktok_webhook(platforms.world.config, 6, SHOP_ID, data, name="n1", at=1767225600)
    assert (await client.post(TIKTOK, content=raw, headers=headers)).status_code == 200
    assert [row.payload for row in await kept(deps)] == [{"message": "ab", "deep": [{"x": ""}]}]


def product(secret: str, shop: str, **extra: object) -> tuple[bytes, dict[str, str]]:
    payload = {"id": 1, "admin_graphql_api_id": "gid://shopify/Product/1", "updated_at": "x", "title": "T"} | extra
    return shopify_webhook(secret, "products/update", shop, payload, name="w1", at="2026-01-01T00:00:00.877041743Z")


async def test_a_shopify_delivery_is_kept_without_what_we_do_not_need(
    client: httpx.AsyncClient, deps: Deps, platforms: Platforms
) -> None:
    raw, headers = product(platforms.world.config.shopify_client_secret, platforms.shop)
    for _ in range(2):
        response = await client.post(SHOPIFY, content=raw, headers=headers)
        assert (response.status_code, response.content) == (200, b"")
    (row,) = await kept(deps)
    assert (row.source, row.topic, row.shop_ref) == (WebhookSource.SHOPIFY, "products/update", platforms.shop)
    assert row.payload == {"id": 1, "admin_graphql_api_id": "gid://shopify/Product/1", "updated_at": "x"}
    assert row.triggered_at == datetime(2026, 1, 1, 0, 0, 0, 877041, tzinfo=UTC)


async def test_nothing_of_customers_is_kept(client: httpx.AsyncClient, deps: Deps, platforms: Platforms) -> None:
    raw, headers = shopify_webhook(
        platforms.world.config.shopify_client_secret,
        "customers/redact",
        platforms.shop,
        {"customer": {"email": "somebody@example.com"}},
        name="w1",
    )
    assert (await client.post(SHOPIFY, content=raw, headers=headers)).status_code == 200
    assert [row.payload for row in await kept(deps)] == [{}]


async def test_both_families_of_header_names(client: httpx.AsyncClient, deps: Deps, platforms: Platforms) -> None:
    raw, headers = product(platforms.world.config.shopify_client_secret, platforms.shop)
    plain = {name.removeprefix("x-"): value for name, value in headers.items()}
    assert (await client.post(SHOPIFY, content=raw, headers=plain)).status_code == 200
    assert await count(deps, WebhookDelivery) == [1]


async def test_the_old_secret_counts_during_a_rotation(settings: Settings, platforms: Platforms) -> None:
    old = settings.shopify_client_secret
    rotated = {"shopify_client_secret": Secret("n" * 38), "shopify_previous_client_secret": old}
    raw, headers = product(old.reveal(), platforms.shop)
    async with open_deps(settings.model_copy(update=rotated)) as deps, browser(deps) as client:
        assert (await client.post(SHOPIFY, content=raw, headers=headers)).status_code == 200


@pytest.mark.parametrize(
    "name", ["x-shopify-hmac-sha256", "x-shopify-topic", "x-shopify-shop-domain", "x-shopify-webhook-id"]
)
async def test_a_missing_header_is_a_400(
    name: str, client: httpx.AsyncClient, deps: Deps, platforms: Platforms
) -> None:
    raw, headers = product(platforms.world.config.shopify_client_secret, platforms.shop)
    del headers[name]
    assert (await client.post(SHOPIFY, content=raw, headers=headers)).status_code == 400
    assert await count(deps, WebhookDelivery) == [0]


async def test_an_empty_shopify_body_is_a_400(client: httpx.AsyncClient, deps: Deps, platforms: Platforms) -> None:
    secret = platforms.world.config.shopify_client_secret.encode()
    _, headers = product(platforms.world.config.shopify_client_secret, platforms.shop)
    headers["x-shopify-hmac-sha256"] = base64.b64encode(hmac.new(secret, b"", hashlib.sha256).digest()).decode()
    assert (await client.post(SHOPIFY, content=b"", headers=headers)).status_code == 400
    assert await count(deps, WebhookDelivery) == [0]


@pytest.mark.parametrize("signature", ["abc", "ä", "hex"])
async def test_a_wrong_hmac_is_a_401(
    signature: str, client: httpx.AsyncClient, deps: Deps, platforms: Platforms
) -> None:
    secret = platforms.world.config.shopify_client_secret
    raw, headers = product(secret, platforms.shop)
    wrong = hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest() if signature == "hex" else signature
    sent = {name: value.encode() for name, value in (headers | {"x-shopify-hmac-sha256": wrong}).items()}
    response = await client.post(SHOPIFY, content=raw, headers=sent)  # type: ignore[arg-type]  # bytes are taken too
    assert (response.status_code, response.content) == (401, b"")
    assert await count(deps, WebhookDelivery) == [0]


async def test_a_dead_redis_loses_nothing_and_is_not_waited_for(settings: Settings, platforms: Platforms) -> None:
    dead = settings.model_copy(update={"redis_url": "redis://127.0.0.1:9/0"})
    raw, headers = product(platforms.world.config.shopify_client_secret, platforms.shop)
    async with open_deps(dead) as deps, browser(deps) as client:
        assert (await client.post(SHOPIFY, content=raw, headers=headers)).status_code == 200
        assert await count(deps, WebhookDelivery) == [1]


async def test_a_database_that_hangs_is_a_503_in_time_and_the_next_delivery_is_kept(
    client: httpx.AsyncClient, deps: Deps, platforms: Platforms
) -> None:
    raw, headers = product(platforms.world.config.shopify_client_secret, platforms.shop)
    async with deps.database.write() as session:
        await (await session.connection()).execute(text("LOCK TABLE webhook_delivery IN ACCESS EXCLUSIVE MODE"))
        response = await client.post(SHOPIFY, content=raw, headers=headers)
        assert (response.status_code, response.content) == (503, b"")  # while the lock is held: nothing else ended it
    assert await count(deps, WebhookDelivery) == [0]
    assert (await client.post(SHOPIFY, content=raw, headers=headers)).status_code == 200
    assert await count(deps, WebhookDelivery) == [1]
