"""On sale, off, deleted and back: in batches, row by row, and true after lost answers."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, cast
from uuid import UUID

import pytest

from server.clients.tiktok import Access
from server.clients.tiktok_product_answers import BulkOutcome
from server.clients.tiktok_products import TikTokProducts
from server.domain.bulk import ErrorPolicy
from server.domain.listings import ListingStatus, StatusAction
from server.domain.tasks import TaskState
from server.services import tiktok_shops
from server.services.listings import apply_product, switching
from server.services.listings.switching import Started
from tests.linking.shelf import Shelf
from tests.linking.test_sweeps import candles
from tests.listing.stall import Stall, codes
from workers.switching import CALLS, Call

S, A = ListingStatus, StatusAction


async def told(
    stall: Stall,
    action: StatusAction,
    *ids: UUID,
    policy: ErrorPolicy = ErrorPolicy.REJECT_FAILED_ROWS,
    key: str | None = None,
) -> Started:
    deps = stall.deps
    async with deps.database.write() as session:
        return await switching.start(
            session,
            deps.queue,
            deps.feed,
            **stall.where,
            action=action,
            listing_ids=ids,
            policy=policy,
            started_by="user:1",
            idempotency_key=key,
            now=deps.clock(),
        )


async def live(stall: Stall, shelf: Shelf, amount: int) -> list[UUID]:
    await stall.listed(*candles(amount))
    for one in await stall.listings():
        await shelf.control("judge", product_id=one.remote_id, verdict="pass")
    stall.world.clock.advance(900)
    await shelf.sweep()
    assert set(await shelf.statuses()) == {S.LIVE}
    return [one.id for one in await stall.listings()]


async def test_there_and_back_again(stall: Stall, shelf: Shelf) -> None:
    ids = await live(stall, shelf, 23)
    for action, call, status, theirs in (
        (A.DEACTIVATE, "Deactivate Products", S.DEACTIVATED, "SELLER_DEACTIVATED"),
        (A.ACTIVATE, "Activate Product", S.IN_REVIEW, "PENDING"),
        (A.DELETE, "Delete Products", S.DELETED, "DELETED"),
        (A.RECOVER, "Recover Products", S.DEACTIVATED, "SELLER_DEACTIVATED"),
    ):
        started = await told(stall, action, *ids, key=f"once-{action}")
        assert started.task is not None
        task = await stall.played(started.task)
        assert (task.state, task.succeeded) == (TaskState.SUCCEEDED, 23), action
        assert stall.calls(call) == 2
        assert set(await shelf.statuses()) == {status}
        assert {product.status for product in stall.world.tiktok.products.values()} == {theirs}
        again = await told(stall, action, *ids, key=f"once-{action}")
        assert again.task is not None
        assert again.task.id == task.id
        stall.world.clock.advance(60)
    lines = [
        fields["status"] for kind, cause, fields in await shelf.history() if cause == "MERCHANT" and "status" in fields
    ]
    assert lines[:: len(ids)] == [
        ["LIVE", "DEACTIVATED"], ["DEACTIVATED", "IN_REVIEW"], ["IN_REVIEW", "DELETED"], ["DELETED", "DEACTIVATED"],
    ]  # fmt: skip
    await shelf.sweep()
    assert set(await shelf.statuses()) == {S.DEACTIVATED}


async def test_rows_are_judged_one_by_one(stall: Stall, shelf: Shelf) -> None:
    first, second = await live(stall, shelf, 2)
    rows = (first, UUID(int=1), second, first)
    kept = await told(stall, A.DEACTIVATE, *rows, policy=ErrorPolicy.REJECT_EVERYTHING)
    assert kept.task is None
    assert [row.error and row.error.code for row in kept.rows] == [None, "NOT_FOUND", None, "INVALID"]
    done = await told(stall, A.DEACTIVATE, *rows, key="once")
    assert done.task is not None
    repeated = await told(stall, A.DEACTIVATE, UUID(int=1), second, key="once")
    assert repeated.task is not None
    assert repeated.task.id == done.task.id
    assert [row.error and row.error.code for row in repeated.rows] == ["CONFLICT", None]
    assert (await stall.played(done.task)).succeeded == 2
    again = await told(stall, A.DEACTIVATE, first)
    assert again.task is not None
    assert (await stall.played(again.task)).skipped == 1
    assert [codes(item) for item in await stall.items(again.task)] == [["STATUS_ALREADY_SO"]]
    activated = await told(stall, A.ACTIVATE, second)
    assert activated.task is not None
    await stall.played(activated.task)
    refused = await told(stall, A.DEACTIVATE, second)
    assert (refused.task, [row.error and row.error.code for row in refused.rows]) == (None, ["CONFLICT"])


async def test_a_repeated_key_answers_with_its_task_whatever_came_since(stall: Stall, shelf: Shelf) -> None:
    (one,) = await live(stall, shelf, 1)
    first = await told(stall, A.DEACTIVATE, one, key="once")
    assert first.task is not None
    await stall.played(first.task)
    async with stall.deps.database.write() as session:
        await tiktok_shops.disconnect(session, stall.deps.queue, stall.deps.feed, **stall.where, now=stall.deps.clock())
    again = await told(stall, A.DEACTIVATE, one, key="once")
    assert again.task is not None
    assert (again.task.id, [row.error for row in again.rows]) == (first.task.id, [None])


async def test_a_lost_answer_is_cleared_up_by_looking(stall: Stall, shelf: Shelf) -> None:
    ids = await live(stall, shelf, 3)
    for action, call, end in (
        (A.DEACTIVATE, "Deactivate Products", S.DEACTIVATED),
        (A.ACTIVATE, "Activate Product", S.IN_REVIEW),
        (A.DELETE, "Delete Products", S.DELETED),
    ):
        stall.fault(kind="reset", operation=call, first=1, after_effect=True)
        started = await told(stall, action, *ids)
        assert started.task is not None
        task = await stall.played(started.task)
        assert (task.state, task.succeeded) == (TaskState.SUCCEEDED, 3), action
        assert await shelf.statuses() == [end] * 3
        stall.world.clock.advance(60)


async def test_a_refused_product_says_why(stall: Stall, shelf: Shelf) -> None:
    ids = await live(stall, shelf, 2)
    frozen = (await stall.listings())[0].remote_id
    await shelf.control("intervene", product_id=frozen, event="freeze", reason="forged")
    started = await told(stall, A.DEACTIVATE, *ids)
    assert started.task is not None
    task = await stall.played(started.task)
    assert (task.state, task.succeeded, task.failed) == (TaskState.PARTIALLY_SUCCEEDED, 1, 1)
    assert [codes(item) for item in await stall.items(task)] == [["LISTING_STATE_REFUSED"], []]
    assert await shelf.statuses() == [S.LIVE, S.DEACTIVATED]


@pytest.mark.parametrize(
    ("fault", "ends", "code"),
    [
        ({"kind": "tiktok", "code": 106001}, TaskState.FAILED, "CONNECTOR_FAULT"),
        ({"kind": "tiktok", "code": 105005}, TaskState.FAILED, "PERMISSION_NEEDED"),
        ({"kind": "tiktok", "code": 36009037}, TaskState.WAITING, None),
    ],
)
async def test_what_every_batch_would_meet_is_met_once(
    stall: Stall, shelf: Shelf, fault: dict[str, Any], ends: TaskState, code: str | None
) -> None:
    """Two batches: a wrong signature or a missing right ends the task, a used-up quota makes all of them wait."""
    ids = await live(stall, shelf, 21)
    stall.deps = replace(stall.deps, settings=stall.deps.settings.model_copy(update={"worker_calls": 1}))
    stall.fault(operation="Deactivate Products", **fault)
    started = await told(stall, A.DEACTIVATE, *ids)
    assert started.task is not None
    task = await stall.once(started.task)
    assert stall.calls("Deactivate Products") == 1
    if code is None:
        assert (task.state, task.queued) == (ends, 21)
        assert set(await shelf.statuses()) == {S.LIVE}
        items = await stall.items(task)
        assert [codes(item) for item in items] == [["REQUEST_LIMIT"]] * 20 + [[]]
        assert {item.attempts for item in items} == {0}
    else:
        assert (task.state, task.failed, task.problem and task.problem["code"]) == (ends, 21, code)
        assert {tuple(codes(item)) for item in await stall.items(task)} == {(code,)}
        assert set(await shelf.statuses()) == {S.LIVE}


async def test_news_heard_during_the_call_goes_before_its_answer(
    stall: Stall, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The review passes before the answer to our call is written down."""
    ids = await live(stall, shelf, 2)
    for action in (A.DEACTIVATE, A.ACTIVATE):
        started = await told(stall, action, *ids)
        assert started.task is not None
        stall.world.clock.advance(60)
        if action is A.ACTIVATE:
            monkeypatch.setitem(cast(dict[StatusAction, Call], CALLS), A.ACTIVATE, _reviewed_at_once(stall, shelf))
        assert (await stall.played(started.task)).succeeded == 2
    assert await shelf.statuses() == [S.LIVE, S.IN_REVIEW]
    lines = [
        fields["status"] for _, cause, fields in await shelf.history() if cause == "MERCHANT" and "status" in fields
    ]
    assert lines == [["LIVE", "DEACTIVATED"]] * 2 + [["DEACTIVATED", "IN_REVIEW"]]


def _reviewed_at_once(stall: Stall, shelf: Shelf) -> Call:
    real = CALLS[A.ACTIVATE]

    async def call(products: TikTokProducts, access: Access, ids: Sequence[str]) -> BulkOutcome:
        answer = await real(products, access, ids)
        (first, _) = await stall.listings()
        await shelf.control("judge", product_id=first.remote_id, verdict="pass")
        async with stall.deps.database.write() as session:
            await apply_product(
                session,
                stall.deps.feed,
                shop_id=stall.shop.id,
                tiktok_shop_id=stall.tiktok_shop.id,
                product=await products.get(access, first.remote_id or ""),
                now=stall.deps.clock(),
                confirmed=True,
            )
        return answer

    return call
