"""The platform's paths."""

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from sandbox.world import World


def routes(world: World) -> list[BaseRoute]:
    """Every path of the platform."""
    return []


def fallback(world: World) -> ASGIApp:
    """What answers a path that nobody knows."""

    async def unknown(scope: Scope, receive: Receive, send: Send) -> None:
        answer = JSONResponse({"code": 36009009, "message": f"Invalid path {Request(scope).url.path}"}, 404)
        await answer(scope, receive, send)

    return unknown
