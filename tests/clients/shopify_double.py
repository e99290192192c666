"""Shopify in a function: answers in turn, and what reached it."""

from collections.abc import Callable
from typing import Any

import httpx
import orjson

from server.clients.retry import RetryPolicy
from server.clients.shopify import API_VERSION, ShopifyAccess, ShopifyClient
from server.kit.clock import from_unix
from server.kit.secrets import Secret

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


def connection(nodes: list[dict[str, object]], cursor: str | None = None) -> dict[str, object]:
    return {"nodes": nodes, "pageInfo": {"hasNextPage": cursor is not None, "endCursor": cursor}}
