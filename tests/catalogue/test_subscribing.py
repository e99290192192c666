"""Having the store tell us of changes: once, whoever asks, and never in anybody's way."""

from redis.asyncio import Redis

from sandbox.faults import read_fault
from server.kit.clock import system_clock
from tests.listing.stall import Stall, a_product
from workers.subscribing import TOPICS, subscribe


def subscribed(stall: Stall) -> list[tuple[str, str]]:
    [store] = stall.world.shopify.shops.values()
    return sorted((one.topic, one.uri) for one in store.subscriptions.values())


def wanted(stall: Stall) -> list[tuple[str, str]]:
    return sorted((topic, f"{stall.deps.settings.public_url}/webhooks/shopify") for topic in TOPICS)


async def test_an_install_sends_the_job(stall: Stall, redis_url: str) -> None:
    async with Redis.from_url(redis_url) as redis:
        waiting = [key.decode() for key in await redis.zrange("arq:queue", 0, -1)]
    assert [key.split(":")[:2] for key in waiting] == [["subscribe", str(stall.shop.id)]]


async def test_subscriptions_are_made_once(stall: Stall) -> None:
    assert await subscribe(stall.deps, shop_id=stall.shop.id)
    ids = {number for store in stall.world.shopify.shops.values() for number in store.subscriptions}
    assert subscribed(stall) == wanted(stall)
    await stall.imported(a_product())
    assert {number for store in stall.world.shopify.shops.values() for number in store.subscriptions} == ids


async def test_a_refusal_is_nobodys_trouble_and_the_next_import_tries_again(stall: Stall) -> None:
    fault = read_fault({"operation": "WebhookCreate", "kind": "http", "status": 403}, system_clock().timestamp())
    stall.world.faults.add(fault)
    assert not await subscribe(stall.deps, shop_id=stall.shop.id)
    assert len(await stall.imported(a_product())) == 1
    assert subscribed(stall) == []
    stall.world.faults.clear()
    assert len(await stall.imported()) == 1
    assert subscribed(stall) == wanted(stall)
