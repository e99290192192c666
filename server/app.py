"""The whole HTTP side in one Starlette app: GraphQL behind its door, and the pages of ``server.web``."""

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.routing import Route, WebSocketRoute
from starlette.types import ASGIApp

from server.deps import Deps
from server.web import errors, files, health, install, tiktok_callback, webhooks
from server.web.auth import Door

GRAPHQL = "/graphql"


def create_app(graphql: ASGIApp, deps: Deps) -> Starlette:
    """``graphql`` finds its caller in ``scope["state"]["caller"]``. Whoever opened ``deps`` closes them."""
    door = Door(graphql, deps)
    return Starlette(
        routes=[
            Route(GRAPHQL, door),
            WebSocketRoute(GRAPHQL, door),
            *install.routes(deps),
            *tiktok_callback.routes(deps),
            *webhooks.routes(deps),
            *files.routes(deps),
            *health.routes(deps),
        ],
        exception_handlers={HTTPException: errors.refused, Exception: errors.broken},
    )
