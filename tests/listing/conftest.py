"""The sandbox as both platforms, a store installed and connected, and one clock for all."""

from collections.abc import AsyncIterator

import pytest

from server.deps import Deps, open_deps
from server.settings import Settings
from tests.listing.stall import Stall
from tests.shops import platforms as worlds
from tests.shops.platforms import Platforms


@pytest.fixture
async def platforms() -> AsyncIterator[Platforms]:
    async with worlds.platforms() as running:
        yield running


@pytest.fixture
def settings(settings: Settings, platforms: Platforms) -> Settings:
    mine = worlds.pointed_at(platforms.url, platforms.world.config)
    return Settings.model_validate(settings.model_dump() | mine)


@pytest.fixture
async def deps(settings: Settings, platforms: Platforms) -> AsyncIterator[Deps]:
    async with open_deps(settings, clock=platforms.world.clock.datetime) as opened:
        yield opened


@pytest.fixture
async def stall(deps: Deps, platforms: Platforms) -> Stall:
    shop = await worlds.installed(deps, platforms)
    tiktok_shops = await worlds.connected(deps, platforms, shop)
    return Stall(deps, platforms.world, shop, tiktok_shops[0])


@pytest.fixture
def twins_would_show(stall: Stall) -> None:
    """The platform takes a second product with the same external id: only we ourselves keep twins from being made."""
    stall.world.settings.external_ids_unique = False
