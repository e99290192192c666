"""Shopify's road of a call: tokens, throttling in both forms, errors beside data, paging, exports, webhooks."""

import logging
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import orjson
import pytest

from server.clients.errors import Upstream, UpstreamKind
from server.clients.retry import RetryPolicy
from server.clients.shopify import API_VERSION, ShopifyAccess, ShopifyClient
from server.clients.shopify_auth import needs_refresh
from server.kit.clock import from_unix
from server.kit.errors import Invalid
from server.kit.secrets import Secret
from tests.clients.shopify_lines import child_lines, grouped, product_line

ACCESS = ShopifyAccess("some-shop.myshopify.com", Secret("shpat_hidden"))
NOW = from_unix(1767225600)
BUCKET = {"maximumAvailable": 2000, "currentlyAvailable": 40, "restoreRate": 50}
COST: dict[str, object] = {"requestedQueryCost": 100, "throttleStatus": BUCKET}
Answer = httpx.Response | Exception | Callable[[dict[str, Any]], httpx.Response]


class Wire:
    """Shopify in a function."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)
        self.bodies: list[dict[str, Any]] = []
        self.requests: list[httpx.Request] = []
        self.slept: list[float] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        body = orjson.loads(request.content) if request.content else {}
        self.bodies.append(body)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, httpx.Response) else answer(body)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)

    def client(self) -> ShopifyClient:
        return ShopifyClient(
            http=httpx.AsyncClient(transport=httpx.MockTransport(self)),
            client_id="cid",
            client_secret=Secret("csecret-hidden"),
            url_template="https://{shop}",
            api_version=API_VERSION,
            clock=lambda: NOW,
            policy=RetryPolicy(attempts=3, base=1.0, patience=30.0, sleep=self.sleep),
        )


def data(value: object, **cost: object) -> httpx.Response:
    return httpx.Response(200, json={"data": value, "extensions": {"cost": COST | cost}})


def errors(code: str, status: int = 200, **headers: str) -> httpx.Response:
    body = {"errors": [{"message": code.title(), "extensions": {"code": code}}], "extensions": {"cost": COST}}
    return httpx.Response(status, json=body, headers={name.replace("_", "-"): value for name, value in headers.items()})


SHOP = {
    "id": "gid://shopify/Shop/1",
    "name": "Some Shop",
    "myshopifyDomain": "some-shop.myshopify.com",
    "primaryDomain": {"host": "shop.example"},
    "currencyCode": "USD",
    "ianaTimezone": "America/New_York",
    "weightUnit": "POUNDS",
    "unitSystem": "IMPERIAL_SYSTEM",
    "contactEmail": "a@b.example",
    "plan": {"publicDisplayName": "Basic", "partnerDevelopment": True, "shopifyPlus": False},
    "shopAddress": {"countryCodeV2": "US"},
}


async def test_token_exchange() -> None:
    answer = {
        "access_token": "shpat_1",
        "expires_in": 3600,
        "scope": "read_products,read_inventory",
        "refresh_token": "shprt_1",
        "refresh_token_expires_in": 7776000,
    }
    wire = Wire(httpx.Response(200, json=answer))
    token = await wire.client().exchange_token(ACCESS.shop, Secret("id-token"))
    assert token.access_token.reveal() == "shpat_1"
    assert (token.expires_at, token.refresh_expires_at) == (NOW + timedelta(hours=1), NOW + timedelta(days=90))
    assert token.scope == ("read_products", "read_inventory")
    assert needs_refresh(token, NOW + timedelta(minutes=56))
    assert not needs_refresh(token, NOW + timedelta(minutes=54))
    assert str(wire.requests[0].url) == "https://some-shop.myshopify.com/admin/oauth/access_token"
    assert wire.bodies == [
        {
            "client_id": "cid",
            "client_secret": "csecret-hidden",
            "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
            "subject_token": "id-token",
            "subject_token_type": "urn:ietf:params:oauth:token-type:id_token",
            "requested_token_type": "urn:shopify:params:oauth:token-type:offline-access-token",
            "expiring": "1",
        }
    ]
    await wire.client().refresh(ACCESS.shop, Secret("shprt_1"))
    assert wire.bodies[1] == {
        "client_id": "cid",
        "client_secret": "csecret-hidden",
        "grant_type": "refresh_token",
        "refresh_token": "shprt_1",
    }


@pytest.mark.parametrize(
    ("status", "word", "kind"),
    [
        (400, "invalid_subject_token", UpstreamKind.NEEDS_AUTHORIZATION),
        (400, "invalid_grant", UpstreamKind.NEEDS_AUTHORIZATION),
        (400, "invalid_client", UpstreamKind.OURS),
        (429, "", UpstreamKind.RETRYABLE),
        (503, "", UpstreamKind.RETRYABLE),
    ],
)
async def test_token_refusals(status: int, word: str, kind: UpstreamKind, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    wire = Wire(httpx.Response(status, json={"error": word}, headers={"retry-after": "3"}))
    with pytest.raises(Upstream) as caught:
        await wire.client().exchange_token(ACCESS.shop, Secret("id-token-hidden"))
    assert (caught.value.kind, caught.value.platform_word, caught.value.retry_after) == (kind, word, 3.0)
    assert "hidden" not in caplog.text + str(caught.value) + repr(vars(caught.value))


@pytest.mark.parametrize(
    "shop", ["evil.com", "a.myshopify.com.evil.com", "a.myshopify.com/x", "A.myshopify.com", "", "@h"]
)
async def test_only_shop_names_become_addresses(shop: str) -> None:
    wire = Wire(data({"shop": SHOP}))
    with pytest.raises(Invalid):
        await wire.client().exchange_token(shop, Secret("t"))
    with pytest.raises(Invalid):
        await wire.client().shop_profile(ShopifyAccess(shop, Secret("t")))
    assert wire.requests == []


async def test_the_shop_profile() -> None:
    wire = Wire(data({"shop": SHOP}))
    shop = await wire.client().shop_profile(ACCESS)
    assert (shop.domain, shop.currency, shop.weight_unit, shop.country) == (
        "some-shop.myshopify.com",
        "USD",
        "POUNDS",
        "US",
    )
    [request] = wire.requests
    assert request.url.path == f"/admin/api/{API_VERSION}/graphql.json"
    assert request.headers["x-shopify-access-token"] == "shpat_hidden"


@pytest.mark.parametrize(
    ("throttled", "wait"),
    [
        (errors("THROTTLED"), 60 / 50),
        (errors("THROTTLED", 429), 60 / 50),
        (errors("THROTTLED", 429, retry_after="2"), 2.0),
        (httpx.Response(429, headers={"retry-after": "4"}), 4.0),
    ],
    ids=["200", "429", "429 with advice", "429 without body"],
)
async def test_throttling_waits_for_the_points(throttled: httpx.Response, wait: float) -> None:
    wire = Wire(throttled, data({"shop": SHOP}))
    assert (await wire.client().shop_profile(ACCESS)).name == "Some Shop"
    [slept] = wire.slept
    assert wait <= slept <= wait + 0.25


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (httpx.Response(401, json={"errors": "[API] Invalid API key"}), UpstreamKind.NEEDS_AUTHORIZATION),
        (httpx.Response(402, json={"errors": "frozen"}), UpstreamKind.MERCHANT_MUST_FIX),
        (httpx.Response(403, json={"errors": "scope"}), UpstreamKind.NEEDS_PERMISSION),
        (httpx.Response(423), UpstreamKind.MERCHANT_MUST_FIX),
        (httpx.Response(430), UpstreamKind.PLATFORM_LIMIT),
        (httpx.Response(404, content=b"no"), UpstreamKind.OURS),
        (errors("ACCESS_DENIED"), UpstreamKind.NEEDS_PERMISSION),
        (errors("SHOP_INACTIVE"), UpstreamKind.MERCHANT_MUST_FIX),
        (errors("MAX_COST_EXCEEDED"), UpstreamKind.OURS),
        (errors("NEVER_SEEN"), UpstreamKind.OURS),
        (errors("INTERNAL_SERVER_ERROR"), UpstreamKind.RETRYABLE),
        (httpx.Response(200, content=b"{"), UpstreamKind.RETRYABLE),
        (httpx.Response(200, json={"data": None}), UpstreamKind.RETRYABLE),
        (httpx.ReadTimeout("late"), UpstreamKind.RETRYABLE),
    ],
)
async def test_each_refusal(answer: Answer, kind: UpstreamKind) -> None:
    wire = Wire(answer)
    with pytest.raises(Upstream) as caught:
        await wire.client().shop_profile(ACCESS)
    assert caught.value.kind is kind
    assert len(wire.requests) == (3 if kind is UpstreamKind.RETRYABLE else 1)
    assert "hidden" not in repr(vars(caught.value)) + repr(caught.value.__context__)


async def test_partial_data_is_not_an_empty_value() -> None:
    body = {"data": {"product": None}, "errors": [{"message": "x", "extensions": {"code": "ACCESS_DENIED"}}]}
    with pytest.raises(Upstream):
        await Wire(httpx.Response(200, json=body)).client().product(ACCESS, "gid://shopify/Product/1")


class Tokens:
    """A token source that remembers."""

    def __init__(self) -> None:
        self.renewals = 0

    async def current(self) -> ShopifyAccess:
        return ACCESS

    async def renewed(self, stale: ShopifyAccess) -> ShopifyAccess:
        self.renewals += 1
        return ShopifyAccess(stale.shop, Secret("fresh"))


async def test_a_stale_token_is_renewed_once() -> None:
    wire, tokens = Wire(httpx.Response(401), data({"shop": SHOP})), Tokens()
    await wire.client().shop_profile(tokens)
    assert [request.headers["x-shopify-access-token"] for request in wire.requests] == ["shpat_hidden", "fresh"]
    assert tokens.renewals == 1


def node(number: int) -> dict[str, object]:
    written: dict[str, object] = orjson.loads(product_line(number))
    return written | {
        "title": f"P{number}",
        "variants": connection([variant(number * 10)], f"v{number}" if number == 2 else None),
        "media": connection([]),
        "collections": connection([{"id": "gid://shopify/Collection/1"}]),
    }


def variant(number: int) -> dict[str, object]:
    media = {"nodes": [{}, {"image": {"url": "https://cdn/x.jpg"}}]}
    [line] = list(child_lines(1, 1))[-1:]
    written: dict[str, object] = orjson.loads(line)
    return written | {"id": f"gid://shopify/ProductVariant/{number}", "image": None, "media": media}


def connection(nodes: list[dict[str, object]], cursor: str | None = None) -> dict[str, object]:
    return {"nodes": nodes, "pageInfo": {"hasNextPage": cursor is not None, "endCursor": cursor}}


async def test_pages_of_whole_products_sized_by_their_cost() -> None:
    wire = Wire(
        errors("MAX_COST_EXCEEDED"),
        data({"products": connection([node(1), node(2)], "c2")}, requestedQueryCost=300),
        data({"product": {"variants": connection([variant(21)], "v3")}}),
        data({"product": {"variants": connection([variant(22)])}}),
        data({"products": connection([node(3)])}, requestedQueryCost=900),
    )
    since = datetime(2026, 1, 1, tzinfo=UTC)
    pages = [page async for page in wire.client().product_pages(ACCESS, updated_since=since)]
    assert [[product.title for product in page.products] for page in pages] == [["P1", "P2"], ["P3"]]
    assert [page.cursor for page in pages] == ["c2", None]
    assert [entry.id[-2:] for entry in pages[0].products[1].variants] == ["20", "21", "22"]
    assert pages[0].products[0].variants[0].image_url == "https://cdn/x.jpg"
    asked = [body["variables"] for body in wire.bodies]
    assert [(entry.get("first"), entry.get("after")) for entry in asked] == [
        (5, None),
        (2, None),
        (80, "v2"),
        (80, "v3"),
        (6, "c2"),
    ]
    assert asked[0]["query"] == "updated_at:>'2026-01-01T00:00:00+00:00'"


async def test_a_product_that_is_gone() -> None:
    assert await Wire(data({"product": None})).client().product(ACCESS, "gid://shopify/Product/1") is None


def started(body: dict[str, Any]) -> httpx.Response:
    operation = {"id": "gid://shopify/BulkOperation/1", "status": "CREATED"}
    return data({"bulkOperationRunQuery": {"bulkOperation": operation, "userErrors": []}})


async def test_an_export_is_followed_and_read_in_batches() -> None:
    lines = b"\n".join(grouped(7)) + b"\n"
    operation: dict[str, object] = {
        "id": "gid://shopify/BulkOperation/1",
        "status": "COMPLETED",
        "url": "https://storage.test/x?sig=1",
        "objectCount": "49",
        "rootObjectCount": "7",
        "fileSize": str(len(lines)),
    }
    half = len(lines) // 2

    class Breaking(httpx.AsyncByteStream):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            yield lines[:half]
            raise httpx.ReadError("broken")

    wire = Wire(
        started,
        data({"bulkOperation": operation | {"status": "RUNNING", "url": None}}),
        data({"bulkOperation": operation}),
        httpx.Response(200, stream=Breaking()),
        httpx.Response(206, content=lines[half:]),
    )
    client = wire.client()
    run = await client.bulk.start_products(ACCESS)
    assert (run.id, run.is_final) == ("gid://shopify/BulkOperation/1", False)
    assert not (await client.bulk.poll(ACCESS, run.id)).is_final
    run = await client.bulk.poll(ACCESS, run.id)
    assert (run.completed, run.root_object_count, run.object_count, run.file_size) == (True, 7, 49, len(lines))
    batches = [batch async for batch in client.bulk.products(run, batch=3)]
    assert [len(batch) for batch in batches] == [3, 3, 1]
    assert sum(len(product.variants) for batch in batches for product in batch) == 21
    assert wire.requests[-1].headers["range"] == f"bytes={half}-"
    assert "x-shopify-access-token" not in wire.requests[-1].headers


async def test_an_empty_export_and_a_failed_one() -> None:
    operation: dict[str, object] = {"id": "gid://shopify/BulkOperation/1", "status": "COMPLETED", "url": None}
    client = Wire(
        data({"bulkOperation": operation}), data({"bulkOperation": operation | {"status": "FAILED"}})
    ).client()
    run = await client.bulk.poll(ACCESS, "gid://shopify/BulkOperation/1")
    assert [batch async for batch in client.bulk.products(run)] == []
    run = await client.bulk.poll(ACCESS, "gid://shopify/BulkOperation/1")
    with pytest.raises(Upstream) as caught:
        await anext(client.bulk.products(run))
    assert caught.value.code == "EXPORT_FAILED"
    assert (await Wire(data({"bulkOperation": None})).client().bulk.poll(ACCESS, "x")).status == "EXPIRED"


async def test_a_second_export_is_the_platforms_limit() -> None:
    refused = [{"field": None, "message": "busy", "code": "OPERATION_IN_PROGRESS"}]
    wire = Wire(data({"bulkOperationRunQuery": {"bulkOperation": None, "userErrors": refused}}))
    with pytest.raises(Upstream) as caught:
        await wire.client().bulk.start_products(ACCESS)
    assert (caught.value.kind, caught.value.platform_word) == (UpstreamKind.PLATFORM_LIMIT, "OPERATION_IN_PROGRESS")
    assert len(wire.requests) == 1


async def test_webhooks_are_made_so() -> None:
    ours = "https://leafmark.test/webhooks/shopify"

    def hook(number: int, topic: str, uri: str = ours) -> dict[str, object]:
        return {"id": f"gid://shopify/WebhookSubscription/{number}", "topic": topic, "uri": uri}

    def platform(body: dict[str, Any]) -> httpx.Response:
        if "mutation WebhookCreate" in body["query"]:
            made = hook(9, body["variables"]["topic"], body["variables"]["uri"])
            return data({"webhookSubscriptionCreate": {"webhookSubscription": made, "userErrors": []}})
        if "mutation WebhookDelete" in body["query"]:
            gone = body["variables"]["id"]
            return data({"webhookSubscriptionDelete": {"deletedWebhookSubscriptionId": gone, "userErrors": []}})
        if body["variables"]["after"] is None:
            return data({"webhookSubscriptions": connection([hook(1, "PRODUCTS_UPDATE"), hook(2, "SHOP_UPDATE")], "c")})
        return data(
            {
                "webhookSubscriptions": connection(
                    [hook(3, "PRODUCTS_UPDATE", "https://old.test"), hook(4, "PRODUCTS_UPDATE")]
                )
            }
        )

    wire = Wire(platform)
    made = await wire.client().webhooks.make_it_so(ACCESS, {"PRODUCTS_UPDATE", "PRODUCTS_DELETE"}, ours)
    assert [entry.topic for entry in made.created] == ["PRODUCTS_DELETE"]
    assert [entry.id[-1] for entry in made.removed] == ["1", "2", "3"]
