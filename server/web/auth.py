"""The door of the GraphQL API: CORS, content type, size and caller, all settled before GraphQL runs.

A missing or stale token must be a real 401 with the retry header: App Bridge never retries a 200 with errors in it
(Shopify fact sheet 6).
"""

from collections.abc import Mapping

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.deps import Deps
from server.kit.errors import AppError, Unauthenticated, Unavailable
from server.web.bodies import BodyTooLarge, ClientGone, declared_length, read_body, replay
from server.web.callers import caller_of
from server.web.cors import cors_of, preflight

log = structlog.get_logger()

MAX_BODY = 1_048_576
"""Bytes of one GraphQL request; files go through staged uploads."""

RETRY_HEADER = {"x-shopify-retry-invalid-session-request": "1"}
_EXPOSED = "X-Shopify-Retry-Invalid-Session-Request, X-Shopify-API-Request-Failure-Reauthorize-Url, Retry-After"
_ACCEPTED = "Authorization, Content-Type, Accept-Language"


class Door:
    """Wraps the GraphQL app. The caller is found in ``scope["state"]["caller"]``; sockets pass and prove themselves."""

    def __init__(self, app: ASGIApp, deps: Deps) -> None:
        self._app = app
        self._deps = deps

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer what must not reach GraphQL, hand on the rest."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        cors = cors_of(headers.get("origin"), self._deps.settings.allowed_origins, exposed=_EXPOSED)
        if scope["method"] == "OPTIONS":
            await preflight(cors, methods="GET, POST, OPTIONS", headers=_ACCEPTED)(scope, receive, send)
            return
        try:
            receive = await self._admit(scope, headers, receive)
        except ClientGone:
            return
        except _Refused as refused:
            refused.answer.headers.update(cors)
            await refused.answer(scope, receive, send)
            return
        await self._app(scope, receive, _with_headers(send, cors))

    async def _admit(self, scope: Scope, headers: Headers, receive: Receive) -> Receive:
        """Check, note the caller in the scope, and answer with a ``receive`` to go on with."""
        if scope["method"] == "GET" and self._is_explorer(scope, headers):
            return receive
        posts = scope["method"] == "POST"
        if posts and headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
            raise _Refused(415, "BAD_USER_INPUT", "Send the request as application/json.")
        if (declared_length(scope) or 0) > MAX_BODY:
            raise _too_large()
        scope.setdefault("state", {})["caller"] = await self._caller(headers)
        if not posts:
            return receive
        try:
            return replay(await read_body(scope, receive, MAX_BODY), receive)
        except BodyTooLarge:
            raise _too_large() from None

    async def _caller(self, headers: Headers) -> object:
        try:
            return await caller_of(self._deps, headers.get("authorization"))
        except Unauthenticated as error:
            raise _Refused(401, error.code, error.message, {**RETRY_HEADER, "www-authenticate": "Bearer"}) from None
        except AppError as error:
            log.warning("auth.unavailable", code=error.code, error=error.message)
            raise _Refused(503, Unavailable.code, error.message, {"retry-after": "5"}) from None

    def _is_explorer(self, scope: Scope, headers: Headers) -> bool:
        """GraphiQL's page needs no caller; it is shown in development only."""
        asks_page = "text/html" in headers.get("accept", "") and not scope.get("query_string")
        return self._deps.settings.development and asks_page


class _Refused(Exception):
    """Ends the request with this answer, shaped like a GraphQL error."""

    def __init__(self, status: int, code: str, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(code)
        body = {"errors": [{"message": message, "extensions": {"code": code}}]}
        self.answer = JSONResponse(body, status, {**(headers or {}), "cache-control": "no-store"})


def _too_large() -> _Refused:
    return _Refused(413, "BAD_USER_INPUT", f"A request has at most {MAX_BODY} bytes.")


def _with_headers(send: Send, extra: Mapping[str, str]) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).update(extra)
        await send(message)

    return sending if extra else send
