"""The whole sandbox as one Starlette program."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import Receive, Scope, Send

from sandbox import control
from sandbox.calls import current
from sandbox.config import SandboxConfig
from sandbox.door import CONTROL, Door
from sandbox.shopify import routes as shopify
from sandbox.starting import new_world
from sandbox.tiktok import routes as tiktok
from sandbox.world import World


class Sandbox(Starlette):
    """Starlette with the door in front of everything, so that faults can reach the bare connection."""

    def __init__(self, world: World, routes: Sequence[BaseRoute]) -> None:
        @asynccontextmanager
        async def life(_app: Starlette) -> AsyncIterator[None]:
            world.pulse.ensure()
            yield
            await world.pulse.stop()

        own = [Mount(CONTROL, routes=control.routes(world)), Route(CONTROL, control.to_the_page)]
        super().__init__(routes=[*own, *routes], lifespan=life, exception_handlers={Exception: _failed})
        self.world = world
        self.state.world = world
        self._door = Door(super().__call__, world)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """HTTP goes through the door, the lifespan straight in."""
        if scope["type"] == "http":
            await self._door(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


async def _failed(_request: Request, _error: Exception) -> Response:
    """A mistake in the sandbox itself: an envelope like any other (TikTok fact sheet 5.1); the server logs it."""
    message = "Internal error: the sandbox itself has failed; its log says why"
    return JSONResponse({"code": 36009003, "data": None, "message": message, "request_id": current().request_id}, 500)


def create_app(config: SandboxConfig) -> Sandbox:
    """Both platforms over one world (`app.world`), as the state file left it if one is named; may raise BadConfig."""
    world = new_world(config)
    platforms = [*shopify.routes(world), *tiktok.routes(world), Mount("/", app=tiktok.fallback(world))]
    app = Sandbox(world, platforms)  # before the recall: the routes register what happens when something ripens
    world.recall()
    return app
