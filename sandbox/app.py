"""The whole sandbox as one Starlette program."""

from starlette.applications import Starlette
from starlette.routing import Mount

from sandbox.config import SandboxConfig
from sandbox.shopify import routes as shopify
from sandbox.tiktok import routes as tiktok
from sandbox.world import World


def create_app(config: SandboxConfig) -> Starlette:
    """Both platforms over a fresh world (`app.state.world`)."""
    world = World.fresh(config)
    routes = [*shopify.routes(world), *tiktok.routes(world), Mount("/", app=tiktok.fallback(world))]
    app = Starlette(routes=routes)
    app.state.world = world
    return app
