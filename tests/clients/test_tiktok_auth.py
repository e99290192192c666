"""Connecting a seller: links, callbacks, tokens; and nothing of it in any log."""

import logging
from datetime import UTC, datetime

import httpx
import pytest

from server.clients.errors import Upstream, UpstreamKind
from server.clients.retry import RetryPolicy
from server.clients.tiktok import TikTokAccess, TikTokClient
from server.clients.tiktok_auth import auth_code_in, authorize_url
from server.domain.markets import Market
from server.kit.clock import from_unix
from server.kit.secrets import Secret

TOKENS = {
    "access_token": "TTP_access",
    "access_token_expire_in": 1767830400,
    "refresh_token": "TTP_refresh",
    "refresh_token_expire_in": 1798761600,
    "open_id": "o1",
    "seller_name": "Acme",
    "seller_base_region": "US",
    "user_type": 0,
    "granted_permissions": ["seller.product.basic"],
    "later": 1,
}


class Auth:
    """The token host in a function."""

    def __init__(self, answer: httpx.Response | Exception) -> None:
        self.answer = answer
        self.seen: list[tuple[str, str, dict[str, str]]] = []
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        self.seen.append((request.method, request.url.path, dict(request.url.params)))
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    def client(self) -> TikTokClient:
        return TikTokClient(
            http=httpx.AsyncClient(transport=httpx.MockTransport(self)),
            app_key="key",
            app_secret=Secret("app-secret"),
            api_url="https://api.test",
            auth_url="https://auth.test/",
            clock=lambda: from_unix(1767225600),
            pace=None,
            policy=RetryPolicy(attempts=2, sleep=_no_time),
        )


async def _no_time(_: float) -> None:
    """Waiting costs nothing here."""


def good(data: object) -> httpx.Response:
    return httpx.Response(200, json={"code": 0, "message": "success", "data": data})


def test_authorize_links_by_market() -> None:
    assert authorize_url(Market.GB, "7", "s&1") == (
        "https://services.tiktokshop.com/open/authorize?service_id=7&state=s%261"
    )
    assert authorize_url(Market.US, "7", "s") == (
        "https://services.us.tiktokshop.com/open/authorize?service_id=7&state=s"
    )
    assert authorize_url(Market.US, "7", "s", {None: "http://127.0.0.1:1/"}) == (
        "http://127.0.0.1:1/open/authorize?service_id=7&state=s"
    )


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"code": "TTP_1", "state": "s", "else": "1"}, "TTP_1"),
        ({"code": "null", "error": "auth_denied"}, None),
        ({"code": "TTP_1", "error": "access_denied"}, None),
        ({"code": "null"}, None),
        ({"code": ""}, None),
        ({}, None),
    ],
)
def test_callbacks(query: dict[str, str], code: str | None) -> None:
    assert auth_code_in(query) == (Secret(code) if code else None)


async def test_a_code_becomes_tokens_with_absolute_ends() -> None:
    auth = Auth(good(TOKENS))
    token = await auth.client().auth.exchange(Secret("TTP_code"))
    assert auth.seen == [
        (
            "GET",
            "/api/v2/token/get",
            {"app_key": "key", "app_secret": "app-secret", "auth_code": "TTP_code", "grant_type": "authorized_code"},
        )
    ]
    assert token.access_token.reveal() == "TTP_access"
    assert token.expires_at == datetime(2026, 1, 8, tzinfo=UTC)
    assert token.refresh_expires_at == datetime(2027, 1, 1, tzinfo=UTC)
    assert (token.open_id, token.seller_name, token.seller_base_region) == ("o1", "Acme", "US")
    assert token.granted_scopes == ("seller.product.basic",)


async def test_refresh_uses_the_documented_grant() -> None:
    auth = Auth(good(TOKENS))
    await auth.client().auth.refresh(Secret("TTP_old"))
    [(method, path, query)] = auth.seen
    assert (method, path, query["grant_type"], query["refresh_token"]) == (
        "GET",
        "/api/v2/token/refresh",
        "refresh_token",
        "TTP_old",
    )


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (36004004, UpstreamKind.NEEDS_AUTHORIZATION),
        (36004005, UpstreamKind.NEEDS_AUTHORIZATION),
        (36004001, UpstreamKind.NEEDS_AUTHORIZATION),
        (36009004, UpstreamKind.OURS),
    ],
)
async def test_token_refusals(code: int, kind: UpstreamKind) -> None:
    auth = Auth(httpx.Response(200, json={"code": code, "message": "TTP_old is junk"}))
    with pytest.raises(Upstream) as caught:
        await auth.client().auth.refresh(Secret("TTP_old"))
    assert caught.value.kind is kind
    assert "TTP_old" not in str(caught.value)


@pytest.mark.parametrize(
    "answer",
    [good(TOKENS), good({}), httpx.ConnectError("refused"), httpx.Response(404, content=b"nothing")],
    ids=["good", "empty", "refused", "404"],
)
async def test_token_calls_leave_no_trace(answer: httpx.Response | Exception, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    auth = Auth(answer)
    shown = await _shown(auth.client())
    assert "app-secret" not in shown
    assert "TTP_" not in shown
    assert "app-secret" not in caplog.text
    assert "TTP_code" not in caplog.text
    assert "app-secret" not in " ".join(str(request.url) for request in auth.requests)
    # Only what never left is sent again: a code is single use.
    assert len(auth.requests) == (2 if isinstance(answer, httpx.ConnectError) else 1)


async def _shown(client: TikTokClient) -> str:
    """The token's repr, or all that an error holds, its context included."""
    try:
        return repr(await client.auth.exchange(Secret("TTP_code")))
    except Upstream as error:
        return f"{error!r} {error} {vars(error)} {error.__context__!r} {error.__cause__!r}"


async def test_authorized_shops() -> None:
    shop = {
        "id": 7494049642642441621,
        "name": "Acme",
        "region": "US",
        "seller_type": "LOCAL",
        "cipher": "ROW_x",
        "code": "U",
    }
    auth = Auth(good({"shops": [shop]}))
    [found] = await auth.client().auth.authorized_shops(TikTokAccess(Secret("t"), None, "s"))
    assert (found.id, found.cipher, found.region) == ("7494049642642441621", "ROW_x", "US")
