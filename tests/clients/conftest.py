"""Fixtures of the clients before a real sandbox."""

import socket
import threading
import time
import warnings
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest
import uvicorn

from sandbox.app import create_app
from server.clients.http import new_http
from server.clients.pace import Pace
from server.clients.retry import RetryPolicy
from server.clients.shopify import API_VERSION, ShopifyAccess, ShopifyClient
from server.clients.tiktok import TikTokAccess, TikTokClient
from server.clients.tiktok_auth import TikTokToken
from server.kit.clock import system_clock
from server.kit.secrets import Secret
from tests.clients.stage import CONFIG, FAST, Stage


@pytest.fixture(scope="module")
def origin() -> Iterator[str]:
    """A real sandbox on a real port."""
    with warnings.catch_warnings(), socket.create_server(("127.0.0.1", 0)) as listening:
        warnings.simplefilter("ignore", DeprecationWarning)
        server = uvicorn.Server(uvicorn.Config(create_app(CONFIG), log_level="warning", access_log=False))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        deadline = time.monotonic() + 20
        while not server.started:
            assert time.monotonic() < deadline, "the sandbox did not start within 20 s"
            time.sleep(0.01)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join(timeout=20)


@pytest.fixture
async def stage(origin: str) -> AsyncIterator[Stage]:
    """A fresh world behind the same port."""
    async with new_http() as http, httpx.AsyncClient(trust_env=False) as control:
        tiktok = TikTokClient(
            http=http,
            app_key=CONFIG.tiktok_app_key,
            app_secret=Secret(CONFIG.tiktok_app_secret),
            api_url=origin,
            auth_url=origin,
            clock=system_clock,
            pace=Pace(rates=FAST),
            policy=RetryPolicy(base=0.01),
        )
        shopify = ShopifyClient(
            http=http,
            client_id=CONFIG.shopify_client_id,
            client_secret=Secret(CONFIG.shopify_client_secret),
            url_template=origin + "/shopify/{shop}",
            api_version=API_VERSION,
            clock=system_clock,
            pace=Pace(),
        )
        made = Stage(origin, http, control, tiktok, shopify)
        await made.told("reset")
        yield made


@pytest.fixture
async def token(stage: Stage) -> TikTokToken:
    """A seller has authorized us."""
    return await stage.tiktok.auth.exchange(Secret((await stage.told("tiktok/code"))["code"]))


@pytest.fixture
async def access(stage: Stage, token: TikTokToken) -> TikTokAccess:
    """The seller's one shop."""
    [shop] = await stage.tiktok.auth.authorized_shops(TikTokAccess(token.access_token, None, "?"))
    return TikTokAccess(token.access_token, shop.cipher, shop.id)


@pytest.fixture
async def store(stage: Stage) -> ShopifyAccess:
    """The merchant has opened the app."""
    told = await stage.told("shopify/id-token")
    token = await stage.shopify.exchange_token(told["shop"], Secret(told["id_token"]))
    assert token.expires_at > system_clock()
    renewed = await stage.shopify.refresh(told["shop"], token.refresh_token)
    return ShopifyAccess(told["shop"], renewed.access_token)
