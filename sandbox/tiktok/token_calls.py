"""The two unsigned token calls (fact sheet 1.3). GET only; failures are HTTP 200 with a code."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from sandbox import calls
from sandbox.tiktok.authorizing import redeem, refresh, token_view
from sandbox.tiktok.envelope import Refusal, bad_parameter, refusal, request_id, success
from sandbox.tiktok.gateway import decoded_query
from sandbox.tiktok.grants import AccessToken
from sandbox.tiktok.sellers import App

if TYPE_CHECKING:
    from sandbox.world import World

# The documentation knows `refresh_token` only; the platform's own Node SDK sends the other one (fact sheet 1.3).
REFRESH_GRANTS = ("refresh_token", "authorized_code")
CODE_GRANTS = ("authorized_code",)
Maker = Callable[[Mapping[str, str]], AccessToken]


def routes(world: "World") -> list[BaseRoute]:
    """`/api/v2/token/get` and `/api/v2/token/refresh`; any other verb is an unknown path (404)."""

    async def get(request: Request) -> Response:
        return _answer(world, request, "Get Access Token", lambda query: _get(world, query))

    async def again(request: Request) -> Response:
        return _answer(world, request, "Refresh Access Token", lambda query: _refresh(world, query))

    methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
    return [
        Route("/api/v2/token/get", get, methods=methods),
        Route("/api/v2/token/refresh", again, methods=methods),
    ]


def _answer(world: "World", request: Request, name: str, make: Maker) -> Response:
    record = calls.current()
    record.operation = name
    asked = record.request_id or request_id(world.clock.unix(), world.seed, world.tiktok.ids.count("request"))
    if request.method != "GET":
        record.code = 36009009
        return refusal(Refusal(36009009, "Invalid path: no such API"), asked)
    try:
        token = make(decoded_query(request.scope["query_string"]))
    except Refusal as refused:
        record.code = refused.code
        return refusal(refused, asked, status=200)
    record.code = 0
    return success(token_view(world, token), asked, message="success")


def _get(world: "World", query: Mapping[str, str]) -> AccessToken:
    app = _app(world, query, CODE_GRANTS)
    return redeem(world, app, _wanted(query, "auth_code"))


def _refresh(world: "World", query: Mapping[str, str]) -> AccessToken:
    app = _app(world, query, REFRESH_GRANTS)
    return refresh(world, app, _wanted(query, "refresh_token"))


def _app(world: "World", query: Mapping[str, str], grants: tuple[str, ...]) -> App:
    app = world.tiktok.apps.get(query.get("app_key", ""))
    if app is None:
        raise bad_parameter("Invalid app_key")
    if query.get("app_secret") != app.secret:
        raise bad_parameter("Invalid app_secret")
    if query.get("grant_type") not in grants:
        raise bad_parameter(f"Invalid parameter: grant_type must be {grants[0]}")
    return app


def _wanted(query: Mapping[str, str], name: str) -> str:
    if not query.get(name):
        raise bad_parameter(f"Invalid parameter: {name} is required")
    return query[name]
