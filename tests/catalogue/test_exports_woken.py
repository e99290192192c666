"""An export that ended wakes its import; a cancelled import leaves no export running."""

from typing import Any

import pytest

from sandbox.shopify.bulk_operations import BulkStatus
from server.domain.tasks import TaskState
from server.services import imports, tasks
from tests.catalogue.test_import_story import by_export, counts, opened, operations, several
from tests.listing.stall import Stall

__all__ = ["by_export"]


@pytest.mark.usefixtures("by_export")
async def test_the_end_of_an_export_wakes_its_import(stall: Stall) -> None:
    stall.stock(*several(3))
    stall.world.settings.bulk_operation = "after 60s"
    task = await stall.once(await opened(stall))
    assert task.state is TaskState.WAITING
    (export,) = operations(stall)

    async def heard(operation: str) -> bool:
        async with stall.deps.database.write() as session:
            return await imports.export_ended(
                session, stall.deps.queue, shop_id=stall.shop.id, operation=operation, now=stall.deps.clock()
            )

    assert await heard("gid://shopify/BulkOperation/1") is False
    stall.world.clock.advance(61)
    assert await heard(export.gid) is True
    task = await stall.once(task)
    assert counts(task) == (TaskState.SUCCEEDED, 3, 3, 0, 0)
    assert await heard(export.gid) is False


@pytest.mark.usefixtures("by_export")
async def test_a_cancelled_import_cancels_its_export(stall: Stall) -> None:
    stall.stock(*several(3))
    stall.world.settings.bulk_operation = "after 1h"
    task = await stall.once(await opened(stall))
    (export,) = operations(stall)
    assert export.is_open
    where: dict[str, Any] = {"shop_id": stall.shop.id, "task_id": task.id, "now": stall.deps.clock()}
    async with stall.deps.database.write() as session:
        await tasks.pause(session, stall.deps.feed, **where)
    await stall.once(task)
    assert export.is_open
    async with stall.deps.database.write() as session:
        await tasks.cancel(session, stall.deps.queue, stall.deps.feed, **where)
    task = await stall.once(task)
    assert task.state is TaskState.CANCELLED
    assert stall.calls("BulkCancel") == 1
    assert export.status in (BulkStatus.CANCELING, BulkStatus.CANCELED)
