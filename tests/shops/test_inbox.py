"""The inbox itself: each delivery once, whatever breaks."""

import asyncio
from datetime import timedelta

import pytest
from sqlmodel import select

from server.deps import Deps
from server.services import inbox, inbox_topics
from server.services.inbox_topics import Bench, Done
from server.tables import Shop, WebhookDelivery, WebhookSource
from tests.shops.deliveries import outcomes, receive
from tests.shops.platforms import Platforms
from workers.inbox import run_inbox


async def test_topics_nobody_handles_yet_are_done_at_once(deps: Deps, platforms: Platforms, shop: Shop) -> None:
    await receive(deps, "shop/update", platforms.shop, {"id": 1}, name="a", source=WebhookSource.SHOPIFY)
    await receive(deps, "999", "no shop", {}, name="b")
    await receive(deps, "customers/redact", platforms.shop, {}, name="c", source=WebhookSource.SHOPIFY)
    assert await run_inbox(deps) == 3
    assert await outcomes(deps) == {
        "a": ("ignored", True),
        "b": ("ignored", True),
        "c": ("no customer data held", True),
    }


async def test_a_broken_delivery_harms_no_neighbour_and_is_parked(
    deps: Deps, platforms: Platforms, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def handler(bench: Bench, delivery: WebhookDelivery) -> Done:
        if delivery.delivery_id == "poison":
            await bench.session.get(Shop, "not a uuid")
        return Done("well")

    platforms.world.clock.freeze()
    monkeypatch.setattr(inbox_topics, "HANDLERS", {(WebhookSource.TIKTOK, "1"): handler})
    for name in ("a", "poison", "z"):
        await receive(deps, "1", "s", {}, name=name)
    assert await run_inbox(deps) == 3
    done = await outcomes(deps)
    assert (done["a"], done["z"]) == (("well", True), ("well", True))
    assert done["poison"][1] is False
    tries = 1
    for _ in range(10):
        platforms.world.clock.advance(3600)
        tries += await run_inbox(deps)
    assert tries == inbox.MAX_ATTEMPTS
    outcome, is_done = (await outcomes(deps))["poison"]
    assert is_done
    assert outcome is not None
    assert outcome.startswith("parked: ")


async def test_a_worker_that_dies_with_deliveries_costs_them_half_a_minute(
    deps: Deps, platforms: Platforms, shop: Shop
) -> None:
    for name in ("a", "b", "c"):
        await receive(deps, "999", "s", {}, name=name)
    async with deps.database.write() as session:
        assert len(await inbox.take(session, now=deps.clock())) == 3
    async with deps.database.read() as session:
        assert not await inbox.has_due(session, now=deps.clock())
    assert await run_inbox(deps) == 0
    platforms.world.clock.advance(31)
    async with deps.database.write() as session:
        assert len(await inbox.take(session, now=deps.clock())) == 1
    assert await run_inbox(deps) == 2


async def test_workers_side_by_side_take_each_delivery_once(deps: Deps, platforms: Platforms, shop: Shop) -> None:
    for number in range(250):
        await receive(deps, "999", f"s{number % 7}", {}, name=str(number))
    handled = await asyncio.gather(*(run_inbox(deps) for _ in range(4)))
    assert sum(handled) == 250
    async with deps.database.read() as session:
        rows = (await session.exec(select(WebhookDelivery.attempts))).all()
    assert set(rows) == {1}


async def test_old_deliveries_are_forgotten(deps: Deps, platforms: Platforms, shop: Shop) -> None:
    await receive(deps, "999", "s", {}, name="old")
    await run_inbox(deps)
    platforms.world.clock.advance(timedelta(days=31).total_seconds())
    await receive(deps, "999", "s", {}, name="new")
    async with deps.database.write() as session:
        assert await inbox.forget_old(session, now=deps.clock()) == 1
    assert set(await outcomes(deps)) == {"new"}
