"""A store in the sandbox, installed and connected, on one clock with us."""

from collections.abc import AsyncIterator

import pytest

from server.deps import open_deps
from server.settings import Settings
from tests.listing.stall import Stall
from tests.shops import platforms as worlds


@pytest.fixture
async def stall(settings: Settings) -> AsyncIterator[Stall]:
    async with worlds.platforms() as platforms:
        mine = worlds.pointed_at(platforms.url, platforms.world.config)
        reachable = {"public_url": "http://127.0.0.1:9"}  # Shopify takes no other plain http address
        ours = Settings.model_validate(settings.model_dump() | mine | reachable)
        async with open_deps(ours, clock=platforms.world.clock.datetime) as deps:
            shop = await worlds.installed(deps, platforms)
            [tiktok_shop] = await worlds.connected(deps, platforms, shop)
            yield Stall(deps, platforms.world, shop, tiktok_shop)
