"""GraphQL over HTTP, SSE and WebSocket. Over HTTP the caller was found at the door; a socket proves its own."""

from datetime import timedelta

import orjson
from cross_web import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket
from strawberry import UNSET
from strawberry.asgi import GraphQL
from strawberry.exceptions import ConnectionRejectionError
from strawberry.subscriptions import GRAPHQL_SSE_PROTOCOL, GRAPHQL_TRANSPORT_WS_PROTOCOL
from strawberry.types.unset import UnsetType

from graphql_schema.buckets import Buckets
from graphql_schema.context import Context
from graphql_schema.errors import ErrorCode
from graphql_schema.schema import schema
from server.deps import Deps
from server.kit.errors import AppError
from server.web.callers import caller_of

OPERATIONS_A_SOCKET = 100
"""Subscriptions, queries and mutations in flight on one socket."""

SOCKET_PATIENCE = timedelta(seconds=10)
"""How long a socket may be silent before it says who it is."""


class View(GraphQL[Context, None]):
    """Strawberry's view with our callers, our JSON and our refusals."""

    def __init__(self, deps: Deps) -> None:
        super().__init__(
            schema,
            graphql_ide="graphiql" if deps.settings.development else None,
            subscription_protocols=(GRAPHQL_TRANSPORT_WS_PROTOCOL, GRAPHQL_SSE_PROTOCOL),
            connection_init_wait_timeout=SOCKET_PATIENCE,
            max_subscriptions_per_connection=OPERATIONS_A_SOCKET,
            allowed_origins=deps.settings.allowed_origins,
        )
        self._deps = deps
        self._buckets = Buckets()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request or serve one socket."""
        if scope["type"] != "http":
            await super().__call__(scope, receive, send)
            return
        try:
            answer = await self.run(Request(scope, receive))
        except HTTPException as error:
            body = {"message": error.reason, "extensions": {"code": ErrorCode.BAD_USER_INPUT.value}}
            answer = JSONResponse({"errors": [body]}, error.status_code)
        await answer(scope, receive, send)

    async def get_context(self, request: Request | WebSocket, response: Response | WebSocket) -> Context:
        """Who calls, as the door found out; nobody yet on a socket."""
        caller = request.scope.get("state", {}).get("caller")
        streams = isinstance(request, WebSocket) or "text/event-stream" in request.headers.get("accept", "")
        return Context(deps=self._deps, buckets=self._buckets, caller=caller, streams=streams)

    async def on_ws_connect(self, context: Context) -> UnsetType | dict[str, object] | None:
        """The proof of a socket is in ``connection_init``; without a good one it is closed with 4403."""
        proof = context.connection_params.get("Authorization", context.connection_params.get("authorization"))
        try:
            context.caller = await caller_of(self._deps, proof if isinstance(proof, str) else None)
        except AppError as error:
            raise ConnectionRejectionError({"code": error.code, "message": error.message}) from None
        context.opened_at = context.now
        nothing: UnsetType = UNSET
        return nothing

    def encode_json(self, data: object) -> str:
        """Text, never bytes: those would become binary frames on a socket."""
        return orjson.dumps(data).decode()

    def decode_json(self, data: str | bytes) -> object:
        """Read a request or a frame; orjson's error is one that the view expects."""
        return orjson.loads(data)
