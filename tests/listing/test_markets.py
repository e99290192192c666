"""The same product in every kind of market: our rules and the platform's agree."""

from collections.abc import AsyncIterator

import pytest

from sandbox.app import create_app
from sandbox.config import SandboxConfig
from server.domain.markets import EU
from server.domain.tasks import TaskState
from tests.listing.stall import Stall, a_product, codes
from tests.shops.platforms import PUBLIC, Platforms, served

MARKETS = ("US", "GB", "IE", "JP", "BR", "MX", "SG", "ID", "VN")


@pytest.fixture(params=[(market, "LOCAL") for market in MARKETS] + [("GB", "CROSS_BORDER")], ids="-".join)
async def platforms(request: pytest.FixtureRequest) -> AsyncIterator[Platforms]:
    market, seller_type = request.param
    config = SandboxConfig(redirect_url=f"{PUBLIC}/tiktok/callback", market=market, seller_type=seller_type)
    app = create_app(config)
    async with served(app) as url:
        yield Platforms(app.world, url)


async def test_a_product_is_listed(stall: Stall) -> None:
    content = {"price": {"exchange_rate": "1500" if stall.tiktok_shop.market in ("ID", "VN") else "1"}}
    picture = '<p>See</p><img src="/elsewhere.png">'
    product = a_product("Beeswax Candle in Ivory, for a Whole Evening", html=picture)
    task = await stall.listed(product, content=content)
    (item,) = await stall.items(task)
    if stall.tiktok_shop.market in EU:
        assert codes(item)[:2] == ["MANUFACTURER_REQUIRED", "RESPONSIBLE_PERSON_REQUIRED"]
        assert stall.calls("Create Product") == 0
        return
    assert (item.state, codes(item)) == ("SUCCEEDED", ["DESCRIPTION_IMAGE_LEFT_OUT"]), item.problems
    assert task.state is TaskState.SUCCEEDED
    (made,) = stall.world.tiktok.products.values()
    (price,) = made.prices.values()
    assert bool(price.amount) is (stall.tiktok_shop.seller_type == "LOCAL")
    assert bool(price.sale_price) is (stall.tiktok_shop.seller_type == "CROSS_BORDER")
    assert stall.world.calls.unknown == {}
