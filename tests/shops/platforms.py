"""The sandbox on a port of its own, our app in front of it, and one clock for both."""

import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx
import jwt
import uvicorn
from sqlmodel import SQLModel, func, select
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from sandbox.app import create_app as create_sandbox
from sandbox.config import SandboxConfig
from sandbox.world import World
from server.app import create_app
from server.deps import Deps
from server.domain.markets import Market
from server.services import shops, tiktok_connecting
from server.services.access import Caller
from server.services.tiktok_connecting import AuthorizeLinks
from server.settings import Settings
from server.tables import Shop, TikTokShop
from server.web.callers import caller_of
from tests.serving import PromptServer

PUBLIC = "http://leafmark.test"


@asynccontextmanager
async def served(app: ASGIApp) -> AsyncIterator[str]:
    """``app`` on a free port of this machine, for the length of the block."""
    async with PromptServer(uvicorn.Config(app, port=0, log_config=None, lifespan="on")).running() as address:
        yield f"http://{address}"


@dataclass
class Platforms:
    """Both platforms as the sandbox plays them."""

    world: World
    url: str

    @property
    def shop(self) -> str:
        return self.world.config.shopify_shop

    def id_token(self, **claims: object) -> str:
        """A genuine ID token of now; ``claims`` replace or (with None) remove its own."""
        now = self.world.clock.unix()
        own: dict[str, object] = {
            "iss": f"https://{self.shop}/admin",
            "dest": f"https://{self.shop}",
            "aud": self.world.config.shopify_client_id,
            "sub": "42",
            "exp": now + 60,
            "nbf": now,
            "iat": now,
            "jti": "00000000-0000-4000-8000-000000000001",
            "sid": "test-sid",
        }
        kept = {name: value for name, value in (own | claims).items() if value is not None}
        return jwt.encode(kept, self.world.config.shopify_client_secret, algorithm="HS256")

    def asked(self, path: str) -> int:
        """How often the sandbox was called at a path that ends so."""
        return sum(call.path.endswith(path) for call in self.world.calls.entries)


@asynccontextmanager
async def platforms() -> AsyncIterator[Platforms]:
    """A fresh sandbox."""
    app = create_sandbox(SandboxConfig(redirect_url=f"{PUBLIC}/tiktok/callback"))
    async with served(app) as url:
        yield Platforms(app.world, url)


def pointed_at(url: str, config: SandboxConfig) -> dict[str, object]:
    """Settings that lead our clients to the sandbox."""
    return {
        "public_url": PUBLIC,
        "shopify_client_id": config.shopify_client_id,
        "shopify_client_secret": config.shopify_client_secret,
        "shopify_url_template": url + "/shopify/{shop}",
        "tiktok_app_key": config.tiktok_app_key,
        "tiktok_app_secret": config.tiktok_app_secret,
        "tiktok_service_id": config.tiktok_service_id,
        **dict.fromkeys(("tiktok_api_url", "tiktok_auth_url", "tiktok_authorize_url", "tiktok_authorize_url_us"), url),
        "allowed_origins": "https://front.example",
    }


async def who_am_i(request: Request) -> JSONResponse:
    """Stands in for GraphQL: tells whom the door let in, and what it was sent."""
    caller: Caller | None = getattr(request.state, "caller", None)
    name = None if caller is None else caller.started_by
    body = (await request.body()).decode()
    return JSONResponse({"caller": name, "shop": None if caller is None else str(caller.shop_id), "body": body})


async def graphql_stand_in(scope: Scope, receive: Receive, send: Send) -> None:
    """An ASGI app around ``who_am_i``."""
    response = await who_am_i(Request(scope, receive))
    await response(scope, receive, send)


def browser(deps: Deps) -> httpx.AsyncClient:
    """A client of our app in this process; faults of ours come as 500, as they would over the wire."""
    transport = httpx.ASGITransport(create_app(graphql_stand_in, deps), raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url=PUBLIC)


async def count(deps: Deps, *tables: type[SQLModel]) -> list[int]:
    """Rows of each table."""
    async with deps.database.read() as session:
        return [(await session.exec(select(func.count()).select_from(table))).one() for table in tables]


def state_in(url: str) -> str:
    """The ``state`` of a connect link."""
    return parse_qs(urlsplit(url).query)["state"][0]


def tiktok_webhook(
    config: SandboxConfig, kind: int, shop_id: str, data: Mapping[str, object], *, name: str, at: float
) -> tuple[bytes, dict[str, str]]:
    """Body and headers of a genuine webhook (TikTok fact sheet 4.2), made without our own signing code."""
    envelope = {"type": kind, "tts_notification_id": name, "shop_id": shop_id, "timestamp": int(at), "data": data}
    raw = json.dumps(envelope).encode()
    digest = hmac.new(config.tiktok_app_secret.encode(), config.tiktok_app_key.encode() + raw, hashlib.sha256)
    return raw, {"authorization": digest.hexdigest(), "content-type": "application/json"}


def shopify_webhook(
    secret: str, topic: str, shop: str, payload: Mapping[str, object], *, name: str, at: str = ""
) -> tuple[bytes, dict[str, str]]:
    """Body and headers of a genuine webhook (Shopify fact sheet 2.1)."""
    raw = json.dumps(payload).encode()
    headers = {
        "x-shopify-hmac-sha256": base64.b64encode(hmac.new(secret.encode(), raw, hashlib.sha256).digest()).decode(),
        "x-shopify-topic": topic,
        "x-shopify-shop-domain": shop,
        "x-shopify-api-version": "2026-10",
        "x-shopify-webhook-id": name,
    }
    return raw, headers | ({"x-shopify-triggered-at": at} if at else {})


async def installed(deps: Deps, platforms: Platforms) -> Shop:
    """The sandbox's store after its first visit."""
    await caller_of(deps, f"Bearer {platforms.id_token()}")
    async with deps.database.read() as session:
        found = await shops.installed(session, domain=platforms.shop)
    assert found is not None
    return found


async def connected(deps: Deps, platforms: Platforms, shop: Shop) -> list[TikTokShop]:
    """The sandbox's first seller, connected to the store by the real way through the consent page."""
    async with deps.database.write() as session:
        link = await tiktok_connecting.start(
            session, links(deps.settings), shop_id=shop.id, market=Market.US, now=deps.clock()
        )
    consent = await deps.http.get(link.url)
    query = dict(parse_qsl(urlsplit(consent.headers["location"]).query))
    done = await tiktok_connecting.complete(
        deps.database, deps.vault, deps.tiktok, deps.feed, query=query, clock=deps.clock
    )
    return done.tiktok_shops


def links(settings: Settings) -> AuthorizeLinks:
    """Where sellers consent."""
    return AuthorizeLinks(settings.tiktok_service_id, settings.tiktok_authorize_url_us, settings.tiktok_authorize_url)
