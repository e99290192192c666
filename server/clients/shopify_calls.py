"""One road for every Admin GraphQL call: cost, throttling, errors beside data, ``userErrors`` (fact sheet 3.5, 3.7)."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx
import orjson

from server.clients.buckets import Rate
from server.clients.errors import Upstream, UpstreamKind, retry_after_of
from server.clients.pace import Pace
from server.clients.retry import Effect, RetryPolicy, repeated
from server.clients.shopify_access import Access, ShopifyAccess, shop_address
from server.clients.shopify_documents import Document
from server.clients.shopify_errors import THROTTLED, verdict_of
from server.clients.transport import lost
from server.clients.verdicts import Verdict
from server.kit.clock import Clock

_LOG = logging.getLogger(__name__)
_USER_ERROR = Verdict(UpstreamKind.OURS, "PLATFORM_REFUSED")
_FIRST_COST = 10.0
_POINTS = Rate(start=50.0, floor=1.0, ceiling=2000.0, growth=0.0, burst=1000.0)
"""Before the first answer; every answer then tells the true bucket, so nothing here is believed for long."""


@dataclass(frozen=True, slots=True)
class Reply:
    """``data`` of an answer without errors, and what the query was charged for before it ran."""

    data: Mapping[str, Any]
    requested_cost: float


class ShopifyCalls:
    """Shared by all nouns of the client; built once per process."""

    def __init__(
        self,
        http: httpx.AsyncClient,
        client_id: str,
        url_template: str,
        api_version: str,
        clock: Clock,
        pace: Pace | None,
        policy: RetryPolicy,
    ) -> None:
        self._http = http
        self._client_id = client_id
        self._url_template = url_template
        self._api_version = api_version
        self._clock = clock
        self._pace = pace
        self._policy = policy
        self._costs: dict[str, float] = {}
        self._versions_seen = {api_version}

    async def graphql(self, access: Access, document: Document, variables: Mapping[str, object] | None = None) -> Reply:
        """The answer's data, or ``Upstream``; a 401 is answered by one renewed token and one repetition."""
        content = orjson.dumps({"query": document.text, "variables": variables or {}})
        if isinstance(access, ShopifyAccess):
            return await self._repeated(access, document, content)
        current = await access.current()
        try:
            return await self._repeated(current, document, content)
        except Upstream as error:
            if error.kind is not UpstreamKind.NEEDS_AUTHORIZATION:
                raise
        return await self._repeated(await access.renewed(current), document, content)

    async def mutate(
        self, access: Access, document: Document, field: str, variables: Mapping[str, object]
    ) -> Mapping[str, Any]:
        """The payload of one mutation field; ``userErrors`` become an ``Upstream`` with Shopify's word."""
        reply = await self.graphql(access, document, variables)
        payload: Mapping[str, Any] = reply.data.get(field) or {}
        refused = payload.get("userErrors") or ()
        if refused:
            raise Upstream(
                _USER_ERROR,
                platform="Shopify",
                operation=document.name,
                platform_word=str(refused[0].get("code") or ""),
                platform_message="; ".join(str(entry.get("message")) for entry in refused),
            )
        return payload

    async def _repeated(self, access: ShopifyAccess, document: Document, content: bytes) -> Reply:
        effect = Effect.ONCE if document.writes else Effect.READ
        return await repeated(self._policy, effect, lambda: self._once(access, document, content))

    async def _once(self, access: ShopifyAccess, document: Document, content: bytes) -> Reply:
        key = f"shopify:{self._client_id}:{access.shop}"
        if self._pace is not None:
            await self._pace.admit_at(key, _POINTS, self._costs.get(document.name, _FIRST_COST))
        response = await self._exchange(access, document, content)
        body = _body(response)
        cost = (body.get("extensions") or {}).get("cost") or {}
        await self._note_cost(key, document, cost)
        if errors := body.get("errors"):
            raise self._refusal(document, response, _first(errors), cost)
        data = body.get("data")
        if response.status_code != 200 or not isinstance(data, dict):
            raise self._refusal(document, response, {}, cost)
        return Reply(data, float(cost.get("requestedQueryCost") or 0))

    async def _exchange(self, access: ShopifyAccess, document: Document, content: bytes) -> httpx.Response:
        base = shop_address(self._url_template, access.shop)
        request = self._http.build_request(
            "POST",
            f"{base}/admin/api/{self._api_version}/graphql.json",
            content=content,
            headers={"content-type": "application/json", "x-shopify-access-token": access.token.reveal()},
        )
        try:
            response = await self._http.send(request, follow_redirects=False)
        except httpx.HTTPError as caught:
            trouble = type(caught)
        else:
            self._note_version(response.headers.get("x-shopify-api-version", self._api_version))
            return response
        raise lost(trouble, "Shopify", document.name, writes=document.writes)

    def _note_version(self, answered: str) -> None:
        """A dead version is answered by the oldest living one (Shopify fact sheet 3.2): say so once."""
        if answered not in self._versions_seen:
            self._versions_seen.add(answered)
            _LOG.warning("Shopify answered with API version %s, asked was %s", answered, self._api_version)

    async def _note_cost(self, key: str, document: Document, cost: Mapping[str, Any]) -> None:
        if requested := cost.get("requestedQueryCost"):
            self._costs[document.name] = float(requested)
        bucket = cost.get("throttleStatus")
        if self._pace is not None and bucket:
            await self._pace.learned(
                key,
                available=float(bucket["currentlyAvailable"]),
                maximum=float(bucket["maximumAvailable"]),
                restore=float(bucket["restoreRate"]),
            )

    def _refusal(
        self, document: Document, response: httpx.Response, error: Mapping[str, Any], cost: Mapping[str, Any]
    ) -> Upstream:
        word = str((error.get("extensions") or {}).get("code") or "")
        found = verdict_of(response.status_code, word or ("GRAPHQL" if error else ""))
        wait = retry_after_of(response.headers, self._clock())
        return Upstream(
            found,
            platform="Shopify",
            operation=document.name,
            platform_word=word,
            platform_message=str(error.get("message") or ""),
            request_id=response.headers.get("x-request-id", ""),
            retry_after=_refill(cost) if wait is None and word == THROTTLED else wait,
            outcome_unknown=found.may_have_worked and document.writes,
        )


def _body(response: httpx.Response) -> Mapping[str, Any]:
    try:
        body = orjson.loads(response.content)
    except orjson.JSONDecodeError:
        return {}
    return body if isinstance(body, dict) else {}


def _first(errors: object) -> Mapping[str, Any]:
    """``errors`` is a list of objects for GraphQL, a bare text for some refusals of the gateway."""
    if isinstance(errors, list) and errors and isinstance(errors[0], dict):
        return errors[0]
    return {"message": str(errors)}


def _refill(cost: Mapping[str, Any]) -> float | None:
    bucket = cost.get("throttleStatus")
    if not bucket or not bucket.get("restoreRate"):
        return None
    missing = float(cost.get("requestedQueryCost") or 0) - float(bucket["currentlyAvailable"])
    return max(0.0, missing) / float(bucket["restoreRate"])
