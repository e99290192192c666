"""Webhooks of products: any number, in any order, end in one look at the store and the truth in our rows."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from sandbox.shopify import changes
from server.clients.shopify_calls import ShopifyCalls
from server.domain.tasks import TaskKind
from server.tables import Task, WebhookDelivery, WebhookSource
from tests.listing.stall import Stall, a_product
from tests.shops.deliveries import outcomes, receive
from workers.inbox import run_inbox


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids of the products read one by one."""
    seen: list[str] = []
    really_ask = ShopifyCalls.graphql

    async def ask(self: ShopifyCalls, access: Any, document: Any, variables: Any = None) -> Any:
        if document.name == "ProductById":
            seen.append(variables["id"])
        return await really_ask(self, access, document, variables)

    monkeypatch.setattr(ShopifyCalls, "graphql", ask)
    return seen


async def told(stall: Stall, topic: str, gid: str, name: str, **more: object) -> None:
    number = gid.rsplit("/", 1)[-1]
    payload: dict[str, object] = {"id": int(number)}
    if topic != "delete":
        payload |= {"admin_graphql_api_id": gid, **more}
    await receive(stall.deps, f"products/{topic}", stall.shop.domain, payload, name=name, source=WebhookSource.SHOPIFY)


async def worked_off(stall: Stall) -> int:
    stall.world.clock.advance(3)
    return await run_inbox(stall.deps)


async def state(stall: Stall) -> list[tuple[str, bool]]:
    return [(row.title, row.deleted_at is not None) for row in await stall.products()]


async def test_a_burst_costs_one_look(stall: Stall, looks: list[str]) -> None:
    [product] = await stall.imported(a_product())
    stall.world.clock.advance(5)
    changes.change_product(stall.world, product.remote_id, {"title": "Tallow Candle"})
    for number in range(5):
        await told(stall, "update", product.remote_id, f"n{number}")
    assert await run_inbox(stall.deps) == 0
    assert await worked_off(stall) == 5
    assert await state(stall) == [("Tallow Candle", False)]
    assert looks == [product.remote_id]
    assert set((await outcomes(stall.deps)).values()) == {("kept", True)}


async def test_news_from_before_our_last_look_costs_none(stall: Stall, looks: list[str]) -> None:
    [product] = await stall.imported(a_product())
    stall.world.clock.advance(5)
    await told(stall, "update", product.remote_id, "first")
    await told(stall, "update", product.remote_id, "second")
    async with stall.deps.database.write() as session:
        second = (await session.exec(select(WebhookDelivery).where(WebhookDelivery.delivery_id == "second"))).one()
        second.due_at += timedelta(seconds=3)
        session.add(second)
    assert await worked_off(stall) == 1
    earlier = (product.source_updated_at - timedelta(seconds=1)).isoformat()
    await told(stall, "update", product.remote_id, "old", updated_at=earlier)
    assert await worked_off(stall) == 2
    assert await outcomes(stall.deps) == {
        "first": ("kept", True),
        "second": ("read since", True),
        "old": ("read since", True),
    }
    assert looks == [product.remote_id]


async def test_a_new_product_is_kept_and_listed_where_a_template_says_so(stall: Stall) -> None:
    await stall.listed(a_product())
    new = changes.add_product(stall.world, a_product("Tallow Candle"))
    await told(stall, "create", new.gid, "n1", updated_at=None)
    assert await worked_off(stall) == 1
    assert sorted(title for title, _ in await state(stall)) == ["Beeswax Candle in Ivory", "Tallow Candle"]
    async with stall.deps.database.read() as session:
        made = list(await session.exec(select(Task.total).where(Task.kind == TaskKind.LISTING).order_by(Task.id)))  # type: ignore[arg-type]  # a column, as SQLModel cannot tell
    assert made == [1, 1]


async def test_a_deletion_is_believed_when_the_product_is_gone(stall: Stall, looks: list[str]) -> None:
    kept, gone = await stall.imported(a_product("Kept Candle"), a_product("Gone Candle"))
    if kept.title != "Kept Candle":
        kept, gone = gone, kept
    stall.world.clock.advance(5)
    changes.delete_product(stall.world, gone.remote_id)
    await told(stall, "delete", gone.remote_id, "true")
    await told(stall, "delete", kept.remote_id, "false")
    await told(stall, "delete", "gid://shopify/Product/404", "unknown")
    assert await worked_off(stall) == 3
    await told(stall, "update", gone.remote_id, "late")
    await told(stall, "delete", gone.remote_id, "again")
    assert await worked_off(stall) == 2
    assert sorted(await state(stall)) == [("Gone Candle", True), ("Kept Candle", False)]
    assert await outcomes(stall.deps) == {
        "true": ("gone", True),
        "false": ("kept", True),
        "unknown": ("nothing to delete", True),
        "late": ("gone", True),
        "again": ("nothing to delete", True),
    }
    assert len(looks) == 3


async def test_a_store_that_cannot_be_asked_is_asked_again_and_in_the_end_imported(
    stall: Stall, monkeypatch: pytest.MonkeyPatch
) -> None:
    [product] = await stall.imported(a_product())
    stall.world.clock.advance(5)
    stall.world.settings.shopify_bucket = stall.world.settings.shopify_restore_rate = 1.0
    changes.change_product(stall.world, product.remote_id, {"title": "Tallow Candle"})
    await told(stall, "update", product.remote_id, "n1")
    seen = []
    for _ in range(6):
        stall.world.clock.advance(60)
        await run_inbox(stall.deps)
        seen.append((await outcomes(stall.deps))["n1"])
    assert seen[2:4] == [("failed: PLATFORM_BUSY", False), ("left to an import", True)]
    async with stall.deps.database.read() as session:
        started = list(await session.exec(select(Task.started_by).where(Task.kind == TaskKind.IMPORT)))
    assert sorted(started) == ["test", "webhooks"]


@pytest.mark.parametrize("payload", [{}, {"id": "x"}, {"id": None}, {"admin_graphql_api_id": "gid://shopify/Order/1"}])
async def test_a_webhook_that_names_no_product_is_ignored(
    stall: Stall, looks: list[str], payload: dict[str, object]
) -> None:
    await receive(stall.deps, "products/update", stall.shop.domain, payload, source=WebhookSource.SHOPIFY)
    assert await worked_off(stall) == 1
    assert await outcomes(stall.deps) == {"n1": ("ignored", True)}
    assert looks == []
