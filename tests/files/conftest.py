"""Our app on a port of its own, the sandbox as TikTok, and a seller with a token."""

from collections.abc import AsyncIterator

import httpx
import pytest

from graphql_schema.asgi import create_for
from tests.files.seller import Seller
from tests.graphql.conftest import Api, make_token
from tests.listing.conftest import deps, platforms, settings, stall
from tests.listing.stall import Stall
from tests.shops.platforms import served

__all__ = ["deps", "platforms", "seller", "settings", "stall"]


@pytest.fixture
async def seller(stall: Stall) -> AsyncIterator[Seller]:
    token, caller = await make_token(stall.deps, stall.shop.id)
    async with served(create_for(stall.deps)) as origin, httpx.AsyncClient(base_url=origin) as http:
        yield Seller(stall, Api(http, stall.shop.id, token, caller), http)
