"""The platforms' own webhooks, over a real port: signed by the sandbox, kept by us, worked off by a worker's job."""

import asyncio
from collections.abc import Awaitable, Callable

from sandbox.shopify import changes
from server.app import create_app
from server.deps import Deps
from server.services import shops, tiktok_shops
from server.services.tiktok_shops import ConnectionStatus
from server.tables import Shop, WebhookDelivery
from tests.shops.platforms import Platforms, connected, count, graphql_stand_in, served
from workers.inbox import run_inbox


async def until(seen: Callable[[], Awaitable[object]], wanted: object) -> None:
    """Look again and again, at most thirty seconds."""
    deadline = asyncio.get_running_loop().time() + 30
    while (last := await seen()) != wanted:
        assert asyncio.get_running_loop().time() < deadline, f"last seen: {last!r}, wanted: {wanted!r}"
        await asyncio.sleep(0.02)


async def test_deauthorization_and_uninstall_arrive_and_are_applied(
    deps: Deps, platforms: Platforms, shop: Shop
) -> None:
    (row,) = await connected(deps, platforms, shop)
    async with served(create_app(graphql_stand_in, deps)) as url:
        targets = platforms.world.outbox.targets
        targets.tiktok, targets.shopify = f"{url}/webhooks/tiktok", f"{url}/webhooks/shopify"
        assert (await deps.http.post(f"{platforms.url}/_sandbox/tiktok/deauthorize", json={})).is_success
        await until(lambda: count(deps, WebhookDelivery), [1])
        changes.uninstall(platforms.world)
        await until(lambda: count(deps, WebhookDelivery), [2])
    assert await run_inbox(deps) == 2
    async with deps.database.read() as session:
        grants = await tiktok_shops.authorizations_by_ids(session, shop_id=shop.id, ids=[row.authorization_id])
        assert await shops.installed(session, domain=platforms.shop) is None
    state = tiktok_shops.status_of(row, grants[row.authorization_id], now=deps.clock())
    assert state is ConnectionStatus.NEEDS_AUTHORIZATION
