"""Access tokens of an embedded app: token exchange and refresh (Shopify fact sheet 1.6)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NoReturn

import httpx
import orjson
from pydantic import BaseModel, ConfigDict, ValidationError

from server.clients.errors import Upstream, retry_after_of
from server.clients.retry import Effect, RetryPolicy, repeated
from server.clients.shopify_access import shop_address
from server.clients.shopify_errors import verdict_of
from server.clients.transport import lost
from server.kit.clock import Clock
from server.kit.secrets import Secret

_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
_ID_TOKEN = "urn:ietf:params:oauth:token-type:id_token"  # noqa: S105 - the name of a kind of token
_OFFLINE = "urn:shopify:params:oauth:token-type:offline-access-token"
_HEADERS = {"content-type": "application/json", "accept": "application/json"}


@dataclass(frozen=True, slots=True)
class ShopifyToken:
    """Store both tokens in one transaction before using either; the old refresh token works until then."""

    access_token: Secret
    expires_at: datetime
    refresh_token: Secret
    refresh_expires_at: datetime
    scope: tuple[str, ...]


class _Token(BaseModel):
    model_config = ConfigDict(extra="ignore")

    access_token: str
    expires_in: int
    refresh_token: str
    refresh_token_expires_in: int
    scope: str = ""


class ShopifyAuth:
    """Both grants go in the body, so no secret stands in a URL.

    Both may be repeated: an ID token can be exchanged again, and a refresh token works until its successor is used.
    """

    def __init__(
        self,
        http: httpx.AsyncClient,
        client_id: str,
        client_secret: Secret,
        url_template: str,
        clock: Clock,
        policy: RetryPolicy,
    ) -> None:
        self._http = http
        self._client_id = client_id
        self._client_secret = client_secret
        self._url_template = url_template
        self._clock = clock
        self._policy = policy

    async def exchange(self, shop: str, id_token: Secret) -> ShopifyToken:
        """An expiring offline token for a fresh ID token; a stale one is ``NEEDS_AUTHORIZATION``."""
        grant = {"grant_type": _EXCHANGE, "subject_token_type": _ID_TOKEN, "requested_token_type": _OFFLINE}
        return await self._grant(shop, grant | {"expiring": "1"}, "subject_token", id_token)

    async def refresh(self, shop: str, refresh_token: Secret) -> ShopifyToken:
        """Both tokens anew. One refresh per shop at a time."""
        return await self._grant(shop, {"grant_type": "refresh_token"}, "refresh_token", refresh_token)

    async def _grant(self, shop: str, grant: Mapping[str, str], name: str, proof: Secret) -> ShopifyToken:
        return await repeated(self._policy, Effect.REPEATABLE, lambda: self._once(shop, grant, name, proof))

    async def _once(self, shop: str, grant: Mapping[str, str], name: str, proof: Secret) -> ShopifyToken:
        asked_at = self._clock()
        response = await self._post(shop, grant, name, proof)
        if response.status_code != 200:
            self._refuse(response, grant["grant_type"])
        wire = _read(response)
        if wire is None:
            raise Upstream(verdict_of(200, ""), platform="Shopify", platform_message="unreadable token answer")
        return ShopifyToken(
            access_token=Secret(wire.access_token),
            expires_at=asked_at + timedelta(seconds=wire.expires_in),
            refresh_token=Secret(wire.refresh_token),
            refresh_expires_at=asked_at + timedelta(seconds=wire.refresh_token_expires_in),
            scope=tuple(part for part in wire.scope.split(",") if part),
        )

    async def _post(self, shop: str, grant: Mapping[str, str], name: str, proof: Secret) -> httpx.Response:
        url = f"{shop_address(self._url_template, shop)}/admin/oauth/access_token"
        secrets = {"client_id": self._client_id, "client_secret": self._client_secret.reveal(), name: proof.reveal()}
        try:
            return await self._http.post(
                url, content=orjson.dumps({**grant, **secrets}), headers=_HEADERS, follow_redirects=False
            )
        except httpx.HTTPError as caught:
            trouble = type(caught)
        del secrets
        raise lost(trouble, "Shopify", grant["grant_type"], writes=True)

    def _refuse(self, response: httpx.Response, operation: str) -> NoReturn:
        word = ""
        try:
            body = orjson.loads(response.content)
            word = str(body.get("error") or "") if isinstance(body, dict) else ""
        except orjson.JSONDecodeError:
            word = ""
        found = verdict_of(response.status_code, word)
        raise Upstream(
            found,
            platform="Shopify",
            operation=operation.rpartition(":")[2],
            platform_word=word,
            request_id=response.headers.get("x-request-id", ""),
            retry_after=retry_after_of(response.headers, self._clock()),
            outcome_unknown=found.may_have_worked,
        )


def _read(response: httpx.Response) -> _Token | None:
    try:
        return _Token.model_validate_json(response.content)
    except ValidationError:
        return None
