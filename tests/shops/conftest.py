"""The sandbox as the platforms; our deps live on its clock."""

from collections.abc import AsyncIterator

import httpx
import pytest

from server.deps import Deps, open_deps
from server.settings import Settings
from server.tables import Shop, TikTokShop
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
async def client(deps: Deps) -> AsyncIterator[httpx.AsyncClient]:
    async with worlds.browser(deps) as open_client:
        yield open_client


@pytest.fixture
async def shop(deps: Deps, platforms: Platforms) -> Shop:
    """The sandbox's store, installed."""
    return await worlds.installed(deps, platforms)


@pytest.fixture
async def tiktok_shop(deps: Deps, platforms: Platforms, shop: Shop) -> TikTokShop:
    (row,) = await worlds.connected(deps, platforms, shop)
    return row
