"""Token exchange, refresh, and which names become addresses."""

import logging
from datetime import timedelta

import httpx
import pytest

from server.clients.errors import Upstream, UpstreamKind
from server.clients.shopify import ShopifyAccess
from server.kit.errors import Invalid
from server.kit.secrets import Secret
from tests.clients.shopify_double import ACCESS, NOW, SHOP, Wire, data


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
