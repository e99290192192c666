"""Imports of large and small stores against the sandbox: by page, by export, interrupted, refused, repeated."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import select

from sandbox.shopify import changes
from sandbox.shopify.bulk_operations import BulkOperation
from sandbox.shopify.shops import Shop as StoreThere
from server.clients import shopify_shapes
from server.clients.shopify import ShopifyProduct
from server.clients.shopify_bulk import BulkRun, ShopifyBulk
from server.clients.shopify_shapes import Unreadable
from server.domain.tasks import TaskState
from server.services import imports, tasks
from server.services.imports import Kept
from server.tables import Task, TaskChunk
from tests.listing.leases import lapse
from tests.listing.stall import Stall, a_product
from workers import exports
from workers import imports as story
from workers.runtime import play
from workers.stories import STORIES


@pytest.fixture
def by_export(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every store is a large one, kept two products at a time; nobody waits in place."""
    monkeypatch.setattr(story, "PAGES_UP_TO", 0)
    monkeypatch.setattr(story, "SLICE", 2)
    monkeypatch.setattr(exports, "_LOOKS", (0.0,))


def store_of(stall: Stall) -> StoreThere:
    return next(iter(stall.world.shopify.shops.values()))


def operations(stall: Stall) -> list[BulkOperation]:
    return list(store_of(stall).bulk.values())


def several(amount: int) -> list[dict[str, Any]]:
    return [a_product(f"Beeswax Candle {number}") for number in range(amount)]


async def opened(stall: Stall) -> Task:
    async with stall.deps.database.write() as session:
        return await imports.start(
            session,
            stall.deps.queue,
            stall.deps.feed,
            shop_id=stall.shop.id,
            started_by="test",
            idempotency_key=None,
            now=stall.deps.clock(),
        )


def counts(task: Task) -> tuple[TaskState, int, int, int, int]:
    return task.state, task.total, task.succeeded, task.skipped, task.failed


async def titles(stall: Stall) -> list[str]:
    return sorted(product.title for product in await stall.products() if product.deleted_at is None)


class Killed(BaseException):
    """What a SIGKILL leaves behind: nothing is tidied, the lease runs out."""


async def until_killed(stall: Stall, task: Task) -> None:
    with pytest.raises(Killed):
        await stall.once(task)
    await lapse(stall.deps, task)


@pytest.mark.usefixtures("by_export")
async def test_a_large_store_comes_by_one_export(stall: Stall) -> None:
    stall.stock(*several(7))
    task = await stall.played(await opened(stall))
    assert counts(task) == (TaskState.SUCCEEDED, 7, 7, 0, 0)
    assert await titles(stall) == [f"Beeswax Candle {number}" for number in range(7)]
    assert len(operations(stall)) == 1
    products = await stall.products()
    changes.delete_product(stall.world, products[0].remote_id)
    changes.change_product(stall.world, products[1].remote_id, {"title": "Tallow Candle"})
    task = await stall.played(await opened(stall))
    assert counts(task) == (TaskState.SUCCEEDED, 6, 6, 0, 0)
    assert await titles(stall) == [*(f"Beeswax Candle {number}" for number in range(2, 7)), "Tallow Candle"]
    assert len(operations(stall)) == 2


@pytest.mark.usefixtures("by_export")
async def test_an_export_in_the_making_holds_no_worker(stall: Stall) -> None:
    stall.stock(*several(3))
    stall.world.settings.bulk_operation = "after 60s"
    task = await stall.once(await opened(stall))
    assert counts(task) == (TaskState.WAITING, 3, 0, 0, 0)
    task = await stall.played(task)
    assert counts(task) == (TaskState.SUCCEEDED, 3, 3, 0, 0)
    assert len(operations(stall)) == 1


@pytest.mark.usefixtures("by_export")
async def test_a_worker_that_dies_before_it_hears_the_id_leaves_an_export_that_is_found(
    stall: Stall, monkeypatch: pytest.MonkeyPatch
) -> None:
    stall.stock(*several(3))
    really_start = ShopifyBulk.start_products

    async def start(self: ShopifyBulk, access: Any, name: str) -> BulkRun:
        await really_start(self, access, name)
        raise Killed

    monkeypatch.setattr(ShopifyBulk, "start_products", start)
    task = await opened(stall)
    await until_killed(stall, task)
    task = await stall.played(task)
    assert counts(task) == (TaskState.SUCCEEDED, 3, 3, 0, 0)
    assert len(operations(stall)) == 1


@pytest.mark.usefixtures("by_export")
async def test_a_worker_that_dies_between_slices_loses_and_doubles_nothing(
    stall: Stall, monkeypatch: pytest.MonkeyPatch
) -> None:
    stall.stock(*several(7))
    kept: list[int] = []
    really_keep = imports.keep

    async def keep(session: Any, **said: Any) -> Kept:
        if len(kept) == 2:
            kept.append(0)
            raise Killed
        kept.append(len(said["page"]))
        return await really_keep(session, **said)

    monkeypatch.setattr(imports, "keep", keep)
    task = await opened(stall)
    await until_killed(stall, task)
    task = await stall.played(task)
    assert counts(task) == (TaskState.SUCCEEDED, 7, 7, 0, 0)
    assert [amount for amount in kept if amount] == [2, 2, 2, 1]
    assert len(operations(stall)) == 1


@pytest.mark.parametrize("way", ["page", "export"])
async def test_an_ending_worker_hands_the_import_on(
    stall: Stall, monkeypatch: pytest.MonkeyPatch, way: str, request: pytest.FixtureRequest
) -> None:
    if way == "export":
        request.getfixturevalue("by_export")
    stall.stock(*several(7))
    stopping = asyncio.Event()
    really_keep = imports.keep

    async def keep(session: Any, **said: Any) -> Kept:
        stopping.set()
        return await really_keep(session, **said)

    monkeypatch.setattr(imports, "keep", keep)
    task = await opened(stall)
    [chunk] = await chunks(stall, task)
    await play(stall.deps, STORIES, chunk_id=chunk, worker="w1", stopping=stopping)
    async with stall.deps.database.read() as session:
        task = await tasks.get(session, shop_id=stall.shop.id, task_id=task.id)
    assert not task.state.is_final
    assert 0 < task.succeeded < 7
    task = await stall.played(task)
    assert counts(task) == (TaskState.SUCCEEDED, 7, 7, 0, 0)


async def chunks(stall: Stall, task: Task) -> list[UUID]:
    async with stall.deps.database.read() as session:
        return list(await session.exec(select(TaskChunk.id).where(TaskChunk.task_id == task.id)))


@pytest.mark.usefixtures("by_export")
async def test_an_export_that_fails_is_asked_for_again_a_few_times(
    stall: Stall, monkeypatch: pytest.MonkeyPatch
) -> None:
    stall.stock(*several(3))
    really_poll = ShopifyBulk.poll

    async def poll(self: ShopifyBulk, access: Any, run_id: str) -> BulkRun:
        run = await really_poll(self, access, run_id)
        return BulkRun(run.id, "FAILED", error_code="TIMEOUT")

    monkeypatch.setattr(ShopifyBulk, "poll", poll)
    task = await stall.played(await opened(stall))
    assert counts(task) == (TaskState.FAILED, 3, 0, 0, 0)
    assert task.problem is not None
    assert task.problem["code"] == "EXPORT_FAILED"
    assert len(operations(stall)) == 3


@pytest.mark.parametrize("way", ["page", "export"])
async def test_products_that_cannot_be_read_or_held_fail_alone(
    stall: Stall, monkeypatch: pytest.MonkeyPatch, way: str, request: pytest.FixtureRequest
) -> None:
    if way == "export":
        request.getfixturevalue("by_export")
    stall.stock(*several(4))
    await stall.imported()
    changes.change_product(stall.world, "beeswax-candle-3", {"title": "Tallow Candle 3"})
    really_read = shopify_shapes.read_product

    def read(node: Any, *children: Any) -> ShopifyProduct:
        product = really_read(node, *children)
        match product.handle[-1]:
            case "1":
                raise KeyError("title")
            case "2":
                return product._replace(vendor="NUL \0 inside")
        return product

    monkeypatch.setattr(shopify_shapes, "read_product", read)
    task = await stall.played(await opened(stall))
    assert counts(task) == (TaskState.PARTIALLY_SUCCEEDED, 4, 2, 0, 2)
    assert await titles(stall) == [*(f"Beeswax Candle {number}" for number in range(3)), "Tallow Candle 3"]


async def test_what_was_counted_and_vanished_before_it_was_read_counts_as_skipped(
    stall: Stall, monkeypatch: pytest.MonkeyPatch
) -> None:
    stall.stock(*several(3))
    really_read = stall.deps.shopify.product_pages

    async def pages(*asked: Any, **named: Any) -> AsyncIterator[Any]:
        changes.delete_product(stall.world, "beeswax-candle-1")
        async for page in really_read(*asked, **named):
            yield page

    monkeypatch.setattr(type(stall.deps.shopify), "product_pages", lambda _self, *a, **n: pages(*a, **n))
    task = await stall.played(await opened(stall))
    assert counts(task) == (TaskState.SUCCEEDED, 3, 2, 1, 0)


def test_an_unreadable_product_is_told_with_its_reason() -> None:
    node = {"id": "gid://shopify/Product/5"}
    assert shopify_shapes.readable(node, [], [], [], []) == Unreadable(node["id"], "KeyError: 'category'")
