"""Stores that share a TikTok shop, and tasks that end while their store goes: neither keeps the other from its end."""

from typing import Any

import pytest
from sqlmodel import col, update

from server.deps import Deps, Session
from server.domain.paging import Page
from server.domain.tasks import ChunkState, TaskKind, TaskState
from server.kit.ids import new_id
from server.services import inbox_topics, shops, tasks, tiktok_shops
from server.services.inbox_topics import Bench, Done, Failed, Look, Outcome, ProductToRead
from server.tables import Shop, Task, TaskChunk, TikTokShop, WebhookDelivery
from tests.shops.deliveries import outcomes, receive
from workers import inbox
from workers.inbox import run_inbox


async def test_a_look_that_failed_for_one_store_is_repeated_whatever_the_other_stores_look_brought(
    deps: Deps, tiktok_shop: TikTokShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two stores may list in one TikTok shop; the first one's authorization does not answer this moment."""
    first, second = (ProductToRead(new_id(), new_id(), "1729", None) for _ in range(2))
    answers: dict[ProductToRead, Outcome] = {first: Failed("PLATFORM_BUSY"), second: Done("looked: applied")}
    looked: list[ProductToRead] = []

    async def apply(_bench: Bench, _delivery: WebhookDelivery) -> Look:
        return Look((first, second))

    async def look(_deps: Deps, asked: ProductToRead) -> Outcome:
        looked.append(asked)
        return answers[asked]

    monkeypatch.setattr(inbox_topics, "apply", apply)
    monkeypatch.setattr(inbox, "look", look)
    await receive(deps, "5", tiktok_shop.remote_id, {"product_id": 1729})
    assert await run_inbox(deps) == 1
    assert (looked, await outcomes(deps)) == ([first, second], {"n1": ("failed: PLATFORM_BUSY", False)})


@pytest.mark.parametrize("which", ["uninstall", "disconnect"])
async def test_a_task_that_ends_meanwhile_does_not_keep_the_work_from_being_stopped(
    deps: Deps, shop: Shop, tiktok_shop: TikTokShop, monkeypatch: pytest.MonkeyPatch, which: str
) -> None:
    rows = []
    for key in ("ends", "works"):
        async with deps.database.write() as session:
            task = await tasks.open_task(
                session,
                deps.queue,
                deps.feed,
                shop_id=shop.id,
                kind=TaskKind.LISTING,
                tiktok_shop_id=tiktok_shop.id,
                input={},
                started_by="user:42",
                idempotency_key=key,
                subject_ids=[new_id()],
                now=deps.clock(),
            )
            rows.append(task)
    real = tasks.page

    async def page(session: Session, **asked: Any) -> Page[Task]:
        found = await real(session, **asked)
        async with deps.database.write() as other:
            mine = col(TaskChunk.task_id) == rows[0].id
            await other.exec(update(TaskChunk).where(mine).values(state=ChunkState.DONE))
            await other.exec(update(Task).where(col(Task.id) == rows[0].id).values(state=TaskState.SUCCEEDED))
        return found

    monkeypatch.setattr(tasks, "page", page)
    now = deps.clock()
    async with deps.database.write() as session:
        if which == "uninstall":
            assert await shops.uninstall(session, deps.queue, deps.feed, shop_id=shop.id, at=now, now=now)
        else:
            await tiktok_shops.disconnect(
                session, deps.queue, deps.feed, shop_id=shop.id, tiktok_shop_id=tiktok_shop.id, now=now
            )
    async with deps.database.read() as session:
        ended, stopped = [await tasks.get(session, shop_id=shop.id, task_id=row.id) for row in rows]
    assert (ended.state, stopped.state) == (TaskState.SUCCEEDED, TaskState.CANCELLING)
