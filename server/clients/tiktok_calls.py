"""One road for every business call to TikTok Shop: pace, signature, envelope, classification, repetition."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypeVar
from urllib.parse import urlencode

import httpx
import orjson
from pydantic import ValidationError

from server.clients.errors import Upstream, UpstreamKind, classify
from server.clients.http import UPLOAD_TIMEOUT, keep_queries_out_of_logs
from server.clients.pace import Lane, Pace
from server.clients.quota import Closing, ListingDay
from server.clients.retry import Effect, RetryPolicy, repeated
from server.clients.tiktok_access import Access, TikTokAccess, TokenSource
from server.clients.tiktok_codes import LISTING_LIMIT, THROTTLED
from server.clients.tiktok_product_answers import BulkOutcome
from server.clients.tiktok_signing import SignedAuth
from server.clients.tiktok_wire import Envelope, Wire, read_envelope
from server.clients.transport import lost
from server.clients.verdicts import Verdict
from server.kit.clock import Clock
from server.kit.errors import Unavailable
from server.kit.secrets import Secret

W = TypeVar("W", bound=Wire)
_JSON = {"content-type": "application/json"}
_NO_ACCESS = Verdict(UpstreamKind.RETRYABLE, "PLATFORM_BUSY")


@dataclass(frozen=True, slots=True)
class Operation:
    """One row of the endpoint table (TikTok fact sheet 3.1). ``cipher``: wanted, or refused by the gateway."""

    name: str
    method: str
    path: str
    effect: Effect = Effect.READ
    cipher: bool = True
    lists: bool = False
    """Counts against the shop's daily listing limit."""

    @property
    def lane(self) -> Lane:
        """Reads and writes are paced apart."""
        return Lane.READ if self.effect is Effect.READ else Lane.WRITE


@dataclass(frozen=True, slots=True)
class Upload:
    """The parts of a multipart call."""

    files: Mapping[str, tuple[str, bytes]]
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Ask:
    """One call, ready to be signed: ``query`` and ``path_ids`` are final strings, ``body`` is serialized once."""

    operation: Operation
    path_id: str = ""
    query: Mapping[str, str] | None = None
    body: Mapping[str, object] | None = None
    upload: Upload | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """``data`` of a call that ended with code 0, and the id to quote to the platform's support."""

    operation: Operation
    data: Mapping[str, object]
    request_id: str
    closing: Closing | None = None
    """What it closed by refusing some of what it was to list."""

    def read(self, shape: type[W], **fallback: str) -> W:
        """The data in its shape. One that does not fit is a fault of the platform, after a write that worked."""
        try:
            ours = {"request_id": self.request_id, "closing": self.closing}
            return shape.model_validate({**fallback, **self.data, **ours})
        except ValidationError as caught:
            where = ", ".join(".".join(str(step) for step in fault["loc"]) for fault in caught.errors()[:3])
        raise Upstream(
            Verdict(UpstreamKind.RETRYABLE, "PLATFORM_BUSY"),
            operation=self.operation.name,
            platform_message=f"unreadable answer at {where}",
            request_id=self.request_id,
            outcome_unknown=self.operation.effect is not Effect.READ,
        )


class TikTokCalls:
    """Shared by all nouns of the client; built once per process."""

    def __init__(
        self,
        http: httpx.AsyncClient,
        app_key: str,
        app_secret: Secret,
        api_url: str,
        clock: Clock,
        pace: Pace | None,
        policy: RetryPolicy,
    ) -> None:
        keep_queries_out_of_logs()
        self._http = http
        self._auth = SignedAuth(app_key, app_secret, clock)
        self._app_key = app_key
        self._app_secret = app_secret
        self._api_url = api_url.rstrip("/")
        self._clock = clock
        self._pace = pace
        self._policy = policy

    async def send(self, access: Access, ask: Ask) -> Answer:
        """The answer's data, or ``Upstream``. A stale token is renewed once and the call repeated once."""
        if isinstance(access, TikTokAccess):
            return await self._repeated(access, ask)
        current = await _granted(access, ask.operation, None)
        try:
            return await self._repeated(current, ask)
        except Upstream as error:
            if not error.token_stale:
                raise
        return await self._repeated(await _granted(access, ask.operation, current), ask)

    async def know_listings(self, access: Access, day: ListingDay) -> None:
        """Tell the pace what is remembered of the shop's day."""
        if self._pace is not None:
            await self._pace.know_listings(self._key(await _current(access)), day)

    async def listings_today(self, access: Access) -> ListingDay:
        """How many products were listed in the shop today, and what room is left."""
        return (
            ListingDay() if self._pace is None else await self._pace.listings_today(self._key(await _current(access)))
        )

    def _key(self, access: TikTokAccess) -> str:
        return f"{self._app_key}:{access.shop_key}"

    async def _repeated(self, access: TikTokAccess, ask: Ask) -> Answer:
        content = orjson.dumps(ask.body) if ask.body is not None else None
        return await repeated(self._policy, ask.operation.effect, lambda: self._once(access, ask, content))

    async def _once(self, access: TikTokAccess, ask: Ask, content: bytes | None) -> Answer:
        pace, key = self._pace, self._key(access)
        if pace is None:
            return await self._answered(access, ask, content)
        await pace.admit(key, ask.operation.lane)
        if ask.operation.lists:
            return await self._listed(pace, key, access, ask, content)
        return await self._answered(access, ask, content)

    async def _listed(self, pace: Pace, key: str, access: TikTokAccess, ask: Ask, content: bytes | None) -> Answer:
        """A call that counts against the shop's day: what was not made is given back, on the day it was taken.

        A bulk call whose answer was lost keeps its places: repeated, it may be another set of products.
        """
        mark, amount = _counted(ask)
        day = await pace.reserve_listing(key, mark, amount)
        try:
            answer = await self._answered(access, ask, content)
        except Upstream as error:
            if not error.outcome_unknown:
                await pace.give_back_listing(key, day, amount)
            elif mark:
                await pace.lost_listing(key, day, mark)
            if error.platform_code == LISTING_LIMIT:
                error.closes(await pace.close_listing(key, day), self._clock())
            raise
        refused = {} if mark else {one.detail.product_id: one.code for one in answer.read(BulkOutcome).errors}
        if len(refused) < amount:
            await pace.listing_made(key, day)
        if refused:
            await pace.give_back_listing(key, day, len(refused))
        if LISTING_LIMIT not in refused.values():
            return answer
        return replace(answer, closing=await pace.close_listing(key, day))

    async def _answered(self, access: TikTokAccess, ask: Ask, content: bytes | None) -> Answer:
        response = await self._exchange(access, ask, content)
        envelope = read_envelope(response.content)
        if envelope.code == 0:
            return Answer(ask.operation, envelope.data, envelope.request_id)
        error = self._refusal(access, ask.operation, response, envelope)
        if self._pace is not None and (error.platform_code == THROTTLED or response.status_code == 429):
            await self._pace.throttled(self._key(access), ask.operation.lane, error.retry_after)
        raise error

    async def _exchange(self, access: TikTokAccess, ask: Ask, content: bytes | None) -> httpx.Response:
        request = self._request(access, ask, content)
        try:
            return await self._http.send(request, auth=self._auth, follow_redirects=False)
        except httpx.HTTPError as caught:
            trouble = type(caught)
        # Raised outside the handler, so that the error does not carry the request with its token along.
        raise lost(trouble, "TikTok Shop", ask.operation.name, writes=ask.operation.effect is not Effect.READ)

    def _request(self, access: TikTokAccess, ask: Ask, content: bytes | None) -> httpx.Request:
        operation = ask.operation
        query = dict(ask.query or {})
        if operation.cipher:
            query["shop_cipher"] = _cipher(access, operation)
        url = f"{self._api_url}{operation.path.format(id=ask.path_id)}"
        if query:
            url = f"{url}?{urlencode(query)}"
        token = {"x-tts-access-token": access.access_token.reveal()}
        if ask.upload is None:
            return self._http.build_request(operation.method, url, headers=_JSON | token, content=content)
        return self._http.build_request(
            operation.method,
            url,
            headers=token,
            files=dict(ask.upload.files),
            data=dict(ask.upload.fields),
            timeout=UPLOAD_TIMEOUT,
        )

    def _refusal(
        self, access: TikTokAccess, operation: Operation, response: httpx.Response, envelope: Envelope
    ) -> Upstream:
        message = envelope.message
        for secret in (access.access_token, self._app_secret):
            message = message.replace(secret.reveal(), "***")
        found = classify(response.status_code, envelope.code, message, response.headers, now=self._clock())
        return Upstream(
            found.verdict,
            operation=operation.name,
            status=response.status_code,
            platform_code=envelope.code,
            platform_message=message,
            request_id=envelope.request_id,
            retry_after=found.retry_after,
            outcome_unknown=found.verdict.may_have_worked and operation.effect is not Effect.READ,
        )


async def _granted(source: TokenSource, operation: Operation, stale: TikTokAccess | None) -> TikTokAccess:
    """The source's access, or a newer one than the stale. When it cannot be had just now nothing was sent."""
    try:
        return await (source.current() if stale is None else source.renewed(stale))
    except Unavailable as error:
        raise Upstream(_NO_ACCESS, operation=operation.name, platform_message=error.message) from error


async def _current(access: Access) -> TikTokAccess:
    return access if isinstance(access, TikTokAccess) else await access.current()


def _counted(ask: Ask) -> tuple[str, int]:
    """A creation's name among its repetitions; how many products a bulk call lists, which has none."""
    body = ask.body or {}
    products = body.get("product_ids")
    return str(body.get("idempotency_key", "")), len(products) if isinstance(products, list) else 1


def _cipher(access: TikTokAccess, operation: Operation) -> str:
    if access.cipher is None:
        raise ValueError(f"{operation.name} speaks about one shop and needs its cipher")
    return access.cipher
