"""The road of a GraphQL call: throttling in both forms, errors beside data, renewal, paging."""

from datetime import UTC, datetime

import httpx
import orjson
import pytest

from server.clients.errors import Upstream, UpstreamKind
from server.clients.shopify import API_VERSION, ShopifyAccess
from server.kit.secrets import Secret
from tests.clients.shopify_double import ACCESS, SHOP, Answer, Wire, connection, data, errors
from tests.clients.shopify_lines import child_lines, product_line


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
        "collections": connection([{"id": "gid://shopify/Collection/1", "title": "Mugs"}]),
        "metafields": connection([]),
    }


def variant(number: int) -> dict[str, object]:
    media = {"nodes": [{}, {"image": {"url": "https://cdn/x.jpg"}}]}
    [line] = list(child_lines(1, 1))[-1:]
    written: dict[str, object] = orjson.loads(line)
    return written | {"id": f"gid://shopify/ProductVariant/{number}", "image": None, "media": media}


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
