"""Failed items tried again: by task, by item, by filter; nothing is opened twice, nothing that stands is touched."""

from uuid import UUID

import pytest
from sqlmodel import col, update

from server.domain.listings import ListingStatus
from server.domain.tasks import TaskKind, TaskState
from server.kit.errors import AppError, Conflict, Invalid, NotFound
from server.kit.ids import new_id
from server.services import retrying
from server.services.retrying import RetryFilter
from server.tables import Task, Variant
from tests.listing.stall import Stall, a_product

VARIANT = {"price": "19.90", "quantity": 5, "weight": 250.0}
GOOD = a_product("Candle in Ivory", variants=[VARIANT])
BARE = a_product("Without a picture", images=[], variants=[VARIANT])
FREE = a_product("For nothing", variants=[VARIANT | {"price": "0.00"}])
S = ListingStatus


async def again(stall: Stall, wanted: RetryFilter, *, key: str | None = None) -> list[Task]:
    async with stall.deps.database.write() as session:
        bench = retrying.Bench(
            session, stall.deps.queue, stall.deps.feed, stall.shop.id, "token:test", stall.deps.clock()
        )
        return await retrying.retry(bench, wanted, idempotency_key=key)


async def refusal(stall: Stall, wanted: RetryFilter) -> AppError:
    with pytest.raises(AppError) as caught:
        await again(stall, wanted)
    return caught.value


async def test_a_tasks_failures_are_tried_again(stall: Stall) -> None:
    first = await stall.listed(GOOD, BARE, FREE)
    assert (first.state, first.succeeded, first.failed) == (TaskState.PARTIALLY_SUCCEEDED, 1, 2)
    async with stall.deps.database.write() as session:
        await session.exec(update(Variant).where(col(Variant.price) == 0).values(price=5))
    (second,) = await again(stall, RetryFilter(task_id=first.id), key="once more")
    assert (second.retry_of, second.total, second.started_by) == (first.id, 2, "token:test")
    assert [one.id for one in await again(stall, RetryFilter(task_id=first.id), key="once more")] == [second.id]
    second = await stall.played(second)
    assert (second.succeeded, second.failed) == (1, 1)
    assert list(stall.created().values()) == [1, 1]
    (third,) = await again(stall, RetryFilter(task_id=first.id))
    assert third.total == 1


async def test_items_and_filters_choose(stall: Stall) -> None:
    first = await stall.listed(GOOD, BARE, FREE)
    failed = {item.problems[0]["code"]: item.id for item in await stall.items(first) if item.problems}
    assert set(failed) == {"IMAGES_MISSING", "PRICE_TOO_LOW"}
    (one,) = await again(stall, RetryFilter(item_ids=[failed["IMAGES_MISSING"]]))
    assert one.total == 1
    assert (await stall.played(one)).failed == 1
    unsold = RetryFilter(tiktok_shop_id=stall.tiktok_shop.id, kinds=[TaskKind.LISTING], problem_codes=["PRICE_TOO_LOW"])
    (two,) = await again(stall, unsold)
    subjects = [item.subject_id for item in await stall.items(two)]
    assert subjects == [item.subject_id for item in await stall.items(first) if item.id == failed["PRICE_TOO_LOW"]]
    assert (await stall.statuses())[S.QUEUED] == 1


async def test_what_cannot_be_tried_again_opens_nothing(stall: Stall) -> None:
    task = await stall.listed(GOOD)
    (item,) = await stall.items(task)
    stranger: UUID = new_id()
    cases = [
        (RetryFilter(task_id=task.id), Conflict),
        (RetryFilter(task_id=stranger), NotFound),
        (RetryFilter(tiktok_shop_id=stranger), NotFound),
        (RetryFilter(item_ids=[stranger]), NotFound),
        (RetryFilter(item_ids=[item.id]), Invalid),
        (RetryFilter(item_ids=[]), Invalid),
    ]
    for wanted, kind in cases:
        assert type(await refusal(stall, wanted)) is kind, wanted
    assert (await stall.statuses())[S.QUEUED] == 0
    assert sum(stall.created().values()) == 1
