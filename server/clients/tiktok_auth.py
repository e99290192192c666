"""Connecting a seller: authorize link, token get and refresh, authorized shops (TikTok fact sheet 1)."""

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

import httpx
from pydantic import ValidationError

from server.clients.errors import Upstream, UpstreamKind, classify
from server.clients.http import keep_queries_out_of_logs
from server.clients.retry import Effect, RetryPolicy, repeated
from server.clients.tiktok_access import Access
from server.clients.tiktok_calls import Ask, Operation, TikTokCalls
from server.clients.tiktok_wire import Envelope, Many, Text, Wire, read_envelope
from server.clients.transport import lost
from server.clients.verdicts import Verdict
from server.domain.markets import Market
from server.kit.clock import Clock, from_unix
from server.kit.secrets import Secret

AUTHORIZE_URLS: Mapping[Market | None, str] = {
    None: "https://services.tiktokshop.com",
    Market.US: "https://services.us.tiktokshop.com",
}
"""Hosts by the seller's market; ``None`` is the rest of the world. A setting, since sources disagree on the US host."""

SHOPS = Operation("Get Authorized Shops", "GET", "/authorization/202309/shops", cipher=False)
_UNREADABLE = Verdict(UpstreamKind.RETRYABLE, "PLATFORM_BUSY", may_have_worked=True)


def authorize_url(
    market: Market | None, service_id: str, state: str, urls: Mapping[Market | None, str] = AUTHORIZE_URLS
) -> str:
    """Where to send the seller; ``state`` comes back and must be checked."""
    host = (urls.get(market) or urls[None]).rstrip("/")
    return f"{host}/open/authorize?{urlencode({'service_id': service_id, 'state': state})}"


def auth_code_in(query: Mapping[str, str]) -> Secret | None:
    """The code of a callback, or nothing when the seller refused (any ``error``, or no real ``code``)."""
    code = query.get("code", "")
    return None if query.get("error") or code in ("", "null") else Secret(code)


@dataclass(frozen=True, slots=True)
class TikTokToken:
    """Both tokens with their ends; the refresh token may have changed, so store it every time."""

    access_token: Secret
    expires_at: datetime
    refresh_token: Secret
    refresh_expires_at: datetime
    open_id: str
    seller_name: str
    seller_base_region: str
    user_type: int
    granted_scopes: tuple[str, ...]


class AuthorizedShop(Wire):
    """One shop of the seller: webhooks carry ``id``, calls carry ``cipher``; store both."""

    id: str
    name: Text = ""
    region: Text = ""
    seller_type: Text = ""
    cipher: str
    code: Text = ""


class _Shops(Wire):
    shops: Many[AuthorizedShop] = ()


class _Token(Wire):
    access_token: str
    access_token_expire_in: int
    refresh_token: str
    refresh_token_expire_in: int
    open_id: Text = ""
    seller_name: Text = ""
    seller_base_region: Text = ""
    user_type: int = 0
    granted_scopes: Many[str] = ()
    granted_permissions: Many[str] = ()


class _SecretQuery(httpx.Auth):
    """Puts secrets into the query for the moment of sending only, so that no kept request shows them."""

    def __init__(self, query: Mapping[str, Secret]) -> None:
        self._query = query

    async def async_auth_flow(self, request: httpx.Request) -> AsyncGenerator[httpx.Request, httpx.Response]:
        bare = request.url
        request.url = bare.copy_merge_params({name: secret.reveal() for name, secret in self._query.items()})
        try:
            yield request
        finally:
            request.url = bare


class TikTokAuth:
    """``client.auth``: tokens are neither signed nor paced; the shop list is an ordinary call."""

    def __init__(
        self,
        calls: TikTokCalls,
        http: httpx.AsyncClient,
        app_key: str,
        app_secret: Secret,
        auth_url: str,
        clock: Clock,
        policy: RetryPolicy,
    ) -> None:
        keep_queries_out_of_logs()
        self._calls = calls
        self._http = http
        self._app_key = app_key
        self._app_secret = app_secret
        self._auth_url = auth_url.rstrip("/")
        self._clock = clock
        self._policy = policy

    async def exchange(self, auth_code: Secret) -> TikTokToken:
        """The first tokens for a code, which is single use and dies after 30 minutes."""
        return await self._token("get", "authorized_code", {"auth_code": auth_code})

    async def refresh(self, refresh_token: Secret) -> TikTokToken:
        """New tokens. Let one caller per seller do this at a time; ``NEEDS_AUTHORIZATION`` ends the connection."""
        return await self._token("refresh", "refresh_token", {"refresh_token": refresh_token})

    async def authorized_shops(self, access: Access) -> tuple[AuthorizedShop, ...]:
        """All shops the token covers; takes no cipher."""
        answer = await self._calls.send(access, Ask(SHOPS))
        return answer.read(_Shops).shops

    async def _token(self, call: str, grant: str, proof: Mapping[str, Secret]) -> TikTokToken:
        """Repeated only when it never left: a code is single use, and a lost refresh may have changed the token."""
        secrets = {"app_secret": self._app_secret, **proof}
        return await repeated(self._policy, Effect.ONCE, lambda: self._once(call, grant, secrets))

    async def _once(self, call: str, grant: str, secrets: Mapping[str, Secret]) -> TikTokToken:
        response = await self._exchange(call, grant, secrets)
        envelope = read_envelope(response.content)
        if envelope.code != 0:
            raise self._refusal(call, response, envelope, secrets)
        return self._read(call, envelope)

    async def _exchange(self, call: str, grant: str, secrets: Mapping[str, Secret]) -> httpx.Response:
        params = {"app_key": self._app_key, "grant_type": grant}
        try:
            return await self._http.get(
                f"{self._auth_url}/api/v2/token/{call}",
                params=params,
                auth=_SecretQuery(secrets),
                follow_redirects=False,
            )
        except httpx.HTTPError as caught:
            trouble = type(caught)
        raise lost(trouble, "TikTok Shop", f"token {call}", writes=True)

    def _refusal(
        self, call: str, response: httpx.Response, envelope: Envelope, secrets: Mapping[str, Secret]
    ) -> Upstream:
        message = envelope.message
        for secret in secrets.values():
            message = message.replace(secret.reveal(), "***")
        found = classify(response.status_code, envelope.code, message, response.headers, now=self._clock())
        return Upstream(
            found.verdict,
            operation=f"token {call}",
            platform_code=envelope.code,
            platform_message=message,
            request_id=envelope.request_id,
            retry_after=found.retry_after,
            outcome_unknown=found.verdict.may_have_worked,
        )

    @staticmethod
    def _read(call: str, envelope: Envelope) -> TikTokToken:
        try:
            wire = _Token.model_validate(envelope.data)
        except ValidationError:
            wire = None
        if wire is None:
            raise Upstream(
                _UNREADABLE, operation=f"token {call}", platform_message="unreadable token answer", outcome_unknown=True
            )
        return TikTokToken(
            access_token=Secret(wire.access_token),
            expires_at=from_unix(wire.access_token_expire_in),
            refresh_token=Secret(wire.refresh_token),
            refresh_expires_at=from_unix(wire.refresh_token_expire_in),
            open_id=wire.open_id,
            seller_name=wire.seller_name,
            seller_base_region=wire.seller_base_region,
            user_type=wire.user_type,
            granted_scopes=wire.granted_scopes or wire.granted_permissions,
        )
