"""Connects a development shop to a running stack, through the same public HTTP that merchants and clients use."""

from collections.abc import Mapping
from dataclasses import dataclass

import httpx
from pydantic import BaseModel, JsonValue, TypeAdapter, ValidationError

from cli.credentials import AUTHORIZED_PATH, SHOPIFY_WEBHOOK_PATH, TIKTOK_WEBHOOK_PATH
from cli.problems import CannotRun
from cli.processes import Stack
from sandbox.config import SandboxConfig

SECONDS = 30.0
GRAPHQL_PATH = "/graphql"

MAKE_ACCESS = """
mutation DevelopmentToken($input: ApiTokenCreateInput!) {
  apiTokenCreate(input: $input) { secret userErrors { code message } }
}
"""
CONNECT = """
mutation DevelopmentConnect($input: TikTokShopConnectInput!) {
  tiktokShopConnect(input: $input) { authorizeUrl userErrors { code message } }
}
"""
SCOPES = ("READ_PRODUCTS", "WRITE_LISTINGS", "WRITE_TEMPLATES", "WRITE_UPGRADES", "MANAGE_SHOP")


FIELDS = TypeAdapter(dict[str, JsonValue])


class Answer(BaseModel):
    """What a GraphQL endpoint answers."""

    data: dict[str, dict[str, JsonValue] | None] | None = None
    errors: list[JsonValue] | None = None


@dataclass(frozen=True, slots=True)
class Bearer:
    """The GraphQL API as one caller sees it."""

    client: httpx.Client
    url: str
    token: str

    def run(self, document: str, given: Mapping[str, object]) -> dict[str, JsonValue]:
        """One mutation: its payload. Raises CannotRun on errors and userErrors."""
        headers = {"authorization": f"Bearer {self.token}"}
        sent = {"query": document, "variables": {"input": given}}
        response = good(self.client.post(self.url, json=sent, headers=headers))
        answer = Answer.model_validate_json(response.content)
        payload = next(iter((answer.data or {}).values()), None) or {}
        if refused := answer.errors or payload.get("userErrors"):
            raise CannotRun(f"The API refused the set-up: {refused}", status=1)
        return payload


def connect(stack: Stack, *, market: str = "US") -> dict[str, str]:
    """Install the sandbox's shop, make an API token, connect its TikTok shop. Returns what `dev.json` holds."""
    api, sandbox = stack.addresses.api, stack.addresses.sandbox
    domain = SandboxConfig().shopify_shop
    try:
        with httpx.Client(timeout=SECONDS) as client:
            good(client.patch(f"{sandbox}/_sandbox/settings", json={"redirect_url": api + AUTHORIZED_PATH}))
            merchant = Bearer(client, api + GRAPHQL_PATH, id_token(client, sandbox, domain))
            token = merchant.run(MAKE_ACCESS, {"name": "development", "scopes": SCOPES})["secret"]
            authorize = merchant.run(CONNECT, {"market": market})["authorizeUrl"]
            good(client.get(str(authorize), follow_redirects=True))
            tiktok = FIELDS.validate_json(good(client.get(f"{sandbox}/_sandbox/tiktok/shop")).content)
    except (httpx.HTTPError, KeyError, ValidationError) as error:
        raise CannotRun(f"The set-up of the development shop failed: {error!r}.", status=1) from None
    known = stack.credentials
    return {
        "graphql_url": api + GRAPHQL_PATH,
        "ws_url": api.replace("http", "ws", 1) + GRAPHQL_PATH,
        "api_token": str(token),
        "shop_domain": domain,
        "shopify_client_id": known.shopify_client_id,
        "shopify_client_secret": known.shopify_client_secret,
        "sandbox_url": sandbox,
        "tiktok_app_key": known.tiktok_app_key,
        "tiktok_app_secret": known.tiktok_app_secret,
        "tiktok_shop_id": str(tiktok["id"]),
        "tiktok_shop_cipher": str(tiktok["cipher"]),
        "tiktok_access_token": str(tiktok["access_token"]),
        "tiktok_webhook_url": api + TIKTOK_WEBHOOK_PATH,
        "shopify_webhook_url": api + SHOPIFY_WEBHOOK_PATH,
    }


def id_token(client: httpx.Client, sandbox: str, domain: str) -> str:
    """An ID token as Shopify's App Bridge would hand to the embedded app."""
    response = good(client.post(f"{sandbox}/_sandbox/shopify/id_token", json={"shop": domain}))
    return str(FIELDS.validate_json(response.content)["id_token"])


def good(response: httpx.Response) -> httpx.Response:
    """The response, if it is a good one. Raises CannotRun with what came instead."""
    if response.is_success:
        return response
    raise CannotRun(f"{response.request.url} answered {response.status_code}: {response.text[:300]}", status=1)
