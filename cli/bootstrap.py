"""Connects a development shop to a running stack, through the same public HTTP that merchants and clients use."""

import httpx

from cli.client import Client, Json
from cli.credentials import SHOPIFY_WEBHOOK_PATH, TIKTOK_WEBHOOK_PATH
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


def connect(stack: Stack, *, market: str = "US") -> dict[str, str]:
    """Install the sandbox's shop, make an API token, connect its TikTok shop. Returns what `dev.json` holds."""
    api, sandbox = stack.addresses.api, stack.addresses.sandbox
    domain = SandboxConfig().shopify_shop
    with httpx.Client(timeout=SECONDS) as http:
        try:
            merchant = Client(http, api + GRAPHQL_PATH, id_token(http, sandbox, domain))
            token = merchant.do(MAKE_ACCESS, input={"name": "development", "scopes": SCOPES})["secret"]
            authorize = merchant.do(CONNECT, input={"market": market.upper()})["authorizeUrl"]
            good(http.get(str(authorize), follow_redirects=True))
            tiktok = granted(http, sandbox)
        except httpx.HTTPError as error:
            raise CannotRun(f"The set-up of the development shop failed: {error!r}.", status=1) from None
    known = stack.credentials
    return {
        "graphql_url": api + GRAPHQL_PATH,
        "database_url": stack.addresses.database,
        "ws_url": api.replace("http", "ws", 1) + GRAPHQL_PATH,
        "api_token": str(token),
        "shop_domain": domain,
        "shopify_client_id": known.shopify_client_id,
        "shopify_client_secret": known.shopify_client_secret,
        "sandbox_url": sandbox,
        "tiktok_app_key": known.tiktok_app_key,
        "tiktok_app_secret": known.tiktok_app_secret,
        "tiktok_shop_id": tiktok["id"],
        "tiktok_shop_cipher": tiktok["cipher"],
        "tiktok_access_token": tiktok["access_token"],
        "tiktok_webhook_url": api + TIKTOK_WEBHOOK_PATH,
        "shopify_webhook_url": api + SHOPIFY_WEBHOOK_PATH,
    }


def id_token(http: httpx.Client, sandbox: str, domain: str) -> str:
    """An ID token as Shopify's App Bridge would hand to the embedded app."""
    return str(good(http.post(f"{sandbox}/_sandbox/shopify/id_token", json={"shop": domain})).json()["id_token"])


def granted(http: httpx.Client, sandbox: str) -> dict[str, str]:
    """The TikTok shop that the sandbox's seller granted, with its newest access token."""
    known: Json = good(http.get(f"{sandbox}/_sandbox/credentials")).json()["tiktok"]
    [shop, *_] = known["sellers"][0]["shops"]
    token = known["access_tokens"][-1]["access_token"]
    return {"id": shop["id"], "cipher": shop["cipher"], "access_token": token}


def good(response: httpx.Response) -> httpx.Response:
    """The response, if it is a good one. Raises CannotRun with what came instead."""
    if response.is_success:
        return response
    raise CannotRun(f"{response.request.url} answered {response.status_code}: {response.text[:300]}", status=1)
