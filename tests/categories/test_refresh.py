"""Trees are read again daily, at once when the platform contradicts them, once a shop however many sweeps look."""

import asyncio
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlmodel import col, select

from server.deps import Deps
from server.domain.categories import CategoryRef, CategoryVersion
from server.domain.category_tree import ROOT, FlatNode
from server.domain.paging import PageArgs
from server.domain.tasks import TaskKind, TaskState
from server.domain.tree_diff import TreeChangeKind
from server.kit.errors import Invalid, NotFound
from server.services import categories, leaves, tiktok_shops, tree_sweep
from server.tables import CategoryTree, Task, TikTokShop, VersionAnswer
from tests.catalogue.shops import connected_shop
from tests.listing.stall import Stall

V1, V2 = CategoryVersion.V1, CategoryVersion.V2
TREE = [FlatNode("1", ROOT, "Home", False), FlatNode("2", "1", "Mugs", True)]


async def keep(deps: Deps, shop: TikTokShop, nodes: list[FlatNode], at: datetime, locale: str = "") -> None:
    async with deps.database.write() as session:
        await categories.keep(
            session, shop_id=shop.shop_id, tiktok_shop_id=shop.id, version=V2, locale=locale, nodes=nodes, now=at
        )


async def sweep(deps: Deps, now: datetime) -> int:
    async with deps.database.write() as session:
        return await tree_sweep.sweep(session, deps.queue, deps.feed, now=now)


async def syncs(deps: Deps) -> list[Task]:
    async with deps.database.read() as session:
        return list(await session.exec(select(Task).where(Task.kind == TaskKind.CATEGORIES).order_by(col(Task.id))))


async def test_a_tree_is_due_after_a_day_and_opened_once(stall: Stall) -> None:
    now = stall.deps.clock()
    await keep(stall.deps, stall.tiktok_shop, TREE, now)
    await keep(stall.deps, stall.tiktok_shop, TREE, now, "de-DE")
    assert await sweep(stall.deps, now + timedelta(hours=23, minutes=59, seconds=59)) == 0
    due = now + timedelta(days=1)
    assert sum(await asyncio.gather(*(sweep(stall.deps, due) for _ in range(4)))) == 1
    assert await sweep(stall.deps, due + timedelta(hours=2)) == 0, "the first refresh is still open"
    [task] = await syncs(stall.deps)
    assert (task.input["trees"], task.started_by) == ([["v2", ""], ["v2", "de-DE"]], "system:refresh")


async def test_a_refresh_that_failed_is_tried_again_in_an_hour(stall: Stall) -> None:
    now = stall.deps.clock()
    await keep(stall.deps, stall.tiktok_shop, TREE, now - timedelta(days=1))
    assert await sweep(stall.deps, now) == 1
    async with stall.deps.database.write() as session:
        [task] = await session.exec(select(Task))
        task.state, task.finished_at = TaskState.FAILED, now
    assert await sweep(stall.deps, now + timedelta(minutes=59)) == 0
    assert await sweep(stall.deps, now + timedelta(minutes=60)) == 1


async def test_a_disconnected_shop_is_left_alone(stall: Stall) -> None:
    now = stall.deps.clock()
    await keep(stall.deps, stall.tiktok_shop, TREE, now - timedelta(days=2))
    async with stall.deps.database.write() as session:
        await tiktok_shops.disconnect(session, stall.deps.queue, stall.deps.feed, **stall.where, now=now)
    assert await sweep(stall.deps, now) == 0
    assert await syncs(stall.deps) == []


async def test_a_contradicted_tree_is_due_at_once_unless_it_was_just_read(stall: Stall) -> None:
    now = stall.deps.clock()
    await keep(stall.deps, stall.tiktok_shop, TREE, now - timedelta(hours=1))
    async with stall.deps.database.write() as session:
        await leaves.contradicted(session, **stall.where, ref=CategoryRef("2", V2), code="CATEGORY_UNKNOWN", now=now)
    assert await sweep(stall.deps, now) == 1
    await keep(stall.deps, stall.tiktok_shop, TREE, now)
    async with stall.deps.database.write() as session:
        await categories.mark_stale(session, **stall.where, now=now + timedelta(seconds=10))
        [tree] = await session.exec(select(CategoryTree))
        await session.refresh(tree)
    assert tree.refresh_at == now + timedelta(minutes=5)


async def test_the_refresh_reads_the_sandbox_and_keeps_what_changed(stall: Stall) -> None:
    await stall.trees()
    async with stall.deps.database.write() as session:
        task = await categories.start_sync(
            session,
            stall.deps.queue,
            stall.deps.feed,
            **stall.where,
            versions=[V2],
            locales=["de-de"],
            started_by="test",
            idempotency_key=None,
            now=stall.deps.clock(),
        )
    await stall.played(task)
    async with stall.deps.database.read() as session:
        found = (await categories.trees_of(session, shop_id=stall.shop.id, tiktok_shop_ids=[stall.tiktok_shop.id]))[
            stall.tiktok_shop.id
        ]
    assert [(tree.version, tree.locale) for tree in found] == [(V2, ""), (V2, "de-DE")], "a US shop has no v1 tree"
    assert await answers(stall.deps) == [(12052217, None, V2)]
    assert await changes(stall.deps, stall.shop.id, found[-1].id) == []


async def changes(deps: Deps, shop_id: UUID, tree_id: UUID) -> list[tuple[str, TreeChangeKind]]:
    async with deps.database.read() as session:
        page = await categories.changes_page(session, shop_id=shop_id, tree_id=tree_id, args=PageArgs(first=50))
    return [(row.remote_id, row.kind) for row in page.nodes]


async def test_changes_are_kept_for_a_while(deps: Deps) -> None:
    _, shop = await connected_shop(deps)
    now = deps.clock()
    await keep(deps, shop, TREE, now - timedelta(days=91))
    await keep(deps, shop, [TREE[0], FlatNode("2", "1", "Cups", True)], now - timedelta(days=90, seconds=1))
    async with deps.database.read() as session:
        [tree] = await session.exec(select(CategoryTree))
    assert await changes(deps, shop.shop_id, tree.id) == [("2", TreeChangeKind.RENAMED)]
    await keep(deps, shop, [*TREE[:1], FlatNode("3", "1", "Cups", True)], now)
    assert sorted(await changes(deps, shop.shop_id, tree.id)) == [
        ("2", TreeChangeKind.REMOVED),
        ("3", TreeChangeKind.ADDED),
    ]
    other, _ = await connected_shop(deps, domain="two.myshopify.com")
    assert await changes(deps, other.id, tree.id) == []


async def test_languages_are_kept_apart_and_searched_apart(deps: Deps) -> None:
    _, shop = await connected_shop(deps)
    await keep(deps, shop, TREE, deps.clock())
    await keep(
        deps, shop, [FlatNode("1", ROOT, "Haus", False), FlatNode("2", "1", "Bücher", True)], deps.clock(), "de-DE"
    )
    assert await found(deps, shop, "mug", None) == ["Mugs"]
    assert await found(deps, shop, "bucher HAU", "de-DE") == ["Bücher"]
    assert await found(deps, shop, "bucher", None) == []
    assert await found(deps, shop, "— &", None) == []
    with pytest.raises(Invalid):
        await found(deps, shop, "x", "tlh-QO")
    with pytest.raises(NotFound):
        await found(deps, shop, "x", "fr-FR")


async def found(deps: Deps, shop: TikTokShop, search: str, locale: str | None) -> list[str]:
    async with deps.database.read() as session:
        page = await categories.page(
            session,
            shop_id=shop.shop_id,
            tiktok_shop_id=shop.id,
            version=V2,
            locale=locale,
            search=search,
            args=PageArgs(first=10),
        )
    return [row.name for row in page.nodes]


async def answers(deps: Deps) -> list[tuple[int, str | None, CategoryVersion | None]]:
    async with deps.database.read() as session:
        rows = await session.exec(select(VersionAnswer).order_by(col(VersionAnswer.code)))
        return [(row.code, row.asked_id, row.demands) for row in rows]


async def test_the_platforms_answer_is_kept_and_enforced(stall: Stall) -> None:
    clock = stall.deps.clock
    async with stall.deps.database.write() as session:
        await leaves.contradicted(
            session, **stall.where, ref=CategoryRef("9", V1), code="CATEGORY_VERSION_MISMATCH", now=clock()
        )
        shop = await tiktok_shops.get(session, shop_id=stall.shop.id, tiktok_shop_id=stall.tiktok_shop.id)
    assert (shop.enforced_version, await answers(stall.deps)) == (None, [(12052230, "9", None)])
    async with stall.deps.database.write() as session:
        await categories.keep(
            session,
            **stall.where,
            version=V1,
            locale="",
            nodes=[FlatNode("9", ROOT, "Old", True)],
            now=stall.deps.clock(),
        )
        await leaves.contradicted(
            session, **stall.where, ref=CategoryRef("9", V1), code="CATEGORY_VERSION_MISMATCH", now=clock()
        )
        shop = await tiktok_shops.get(session, shop_id=stall.shop.id, tiktok_shop_id=stall.tiktok_shop.id)
    assert (shop.enforced_version, await answers(stall.deps)) == (V2, [(12052230, "9", V2)])
    async with stall.deps.database.write() as session:
        await leaves.contradicted(
            session, **stall.where, ref=CategoryRef("9", V2), code="CATEGORY_VERSION_OUTDATED", now=clock()
        )
    assert await answers(stall.deps) == [(12052217, "9", V2), (12052230, "9", V2)]
