"""Failed items tried again: one, many, or all that fit a filter (seed id X14)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from uuid import UUID

from server.domain.tasks import ItemState, TaskKind
from server.feed import Feed
from server.kit.errors import Conflict, Invalid, NotFound
from server.queue import Queue
from server.services import tasks, tiktok_shops
from server.services.listings import starting
from server.services.recommendations import threshold_of
from server.store import retrying as store
from server.store.retrying import FailedItem, RetryFilter
from server.store.session import Session
from server.tables import Task

__all__ = ["REPEATABLE", "RetryFilter", "opened_before", "retry"]

REPEATABLE = (TaskKind.LISTING, TaskKind.EDIT, TaskKind.RECOMMENDATION)
"""Kinds of tasks with items; the others are started anew as a whole."""

MAX_ITEMS = 250
"""Items that one call may name; more go by task or filter."""


@dataclass(frozen=True, slots=True)
class Bench:
    """What every start of a task is given."""

    session: Session
    queue: Queue
    feed: Feed
    shop_id: UUID
    started_by: str
    now: datetime


async def retry(bench: Bench, wanted: RetryFilter, *, idempotency_key: str | None) -> list[Task]:
    """Open a task for each kind and TikTok shop with failed items that fit; what is on TikTok Shop by now is left out.

    Templates, mappings and overrides count as they are now. ``NotFound``, ``Invalid`` and ``Conflict`` write nothing.
    """
    await _check(bench, wanted)
    kinds = tuple(kind for kind in REPEATABLE if not wanted.kinds or kind in wanted.kinds)
    found = await store.failed(bench.session, shop_id=bench.shop_id, wanted=replace(wanted, kinds=kinds))
    before = await opened_before(bench, idempotency_key)
    if before:
        return before
    if not found:
        raise Conflict("Nothing that failed is left to be tried again.", field=("input",))
    groups = [(where, list(items)) for where, items in groupby(found, key=lambda one: (one.kind, one.tiktok_shop_id))]
    opened = []
    for at, ((kind, tiktok_shop_id), items) in enumerate(groups):
        await tiktok_shops.connected(bench.session, shop_id=bench.shop_id, tiktok_shop_id=tiktok_shop_id, now=bench.now)
        opened.append(await _open(bench, kind, tiktok_shop_id, items, _key(idempotency_key, at)))
    return opened


async def _check(bench: Bench, wanted: RetryFilter) -> None:
    if wanted.tiktok_shop_id is not None:
        with _named(("input", "filter", "tiktokShopId")):
            await tiktok_shops.get(bench.session, shop_id=bench.shop_id, tiktok_shop_id=wanted.tiktok_shop_id)
    if wanted.task_id is not None:
        with _named(("input", "taskId")):
            task = await tasks.get(bench.session, shop_id=bench.shop_id, task_id=wanted.task_id)
        if task.kind not in REPEATABLE:
            raise Invalid(f"A task of the kind {task.kind} is started anew as a whole.", field=("input", "taskId"))
    if wanted.item_ids is not None:
        await _check_items(bench, wanted.item_ids)


@contextmanager
def _named(field: tuple[str, ...]) -> Iterator[None]:
    """What is not there is named as the caller named it."""
    try:
        yield
    except NotFound as error:
        raise NotFound(error.message, field=field) from None


async def _check_items(bench: Bench, item_ids: Sequence[UUID]) -> None:
    field = ("input", "itemIds")
    if not 0 < len(item_ids) <= MAX_ITEMS:
        raise Invalid(f"Name 1 to {MAX_ITEMS} items, or a task.", field=field)
    known = await tasks.items_by_ids(bench.session, shop_id=bench.shop_id, ids=item_ids)
    for at, item_id in enumerate(item_ids):
        if item_id not in known:
            raise NotFound("There is no such task item in this shop.", field=(*field, str(at)))
        if known[item_id].state is not ItemState.FAILED:
            raise Invalid("Only items that failed can be tried again.", field=(*field, str(at)))


async def opened_before(bench: Bench, idempotency_key: str | None) -> list[Task]:
    """What the same key opened: by then the first call's items do not fit the filter any more."""
    if idempotency_key is None:
        return []
    found = []
    for at in range(len(REPEATABLE)):
        found += await tasks.by_key(bench.session, shop_id=bench.shop_id, key=_key(idempotency_key, at) or "")
    return [task for task in found if task.retry_of is not None]


def _key(idempotency_key: str | None, at: int) -> str | None:
    return idempotency_key if idempotency_key is None or at == 0 else f"{idempotency_key[:120]}#{at}"


async def _open(
    bench: Bench, kind: TaskKind, tiktok_shop_id: UUID, items: Sequence[FailedItem], key: str | None
) -> Task:
    where = {"shop_id": bench.shop_id, "tiktok_shop_id": tiktok_shop_id}
    products = [one.product_id for one in items]
    asked: Mapping[str, object] = {"products": len(products)}
    if kind is TaskKind.RECOMMENDATION:
        shop = await tiktok_shops.get(bench.session, shop_id=bench.shop_id, tiktok_shop_id=tiktok_shop_id)
        asked = {"filter": None, "threshold": threshold_of(shop)}
    elif any(one.input.get("check") for one in items):
        asked = {**asked, "check": True}
    task = await tasks.open_task(
        bench.session,
        bench.queue,
        bench.feed,
        **where,
        kind=kind,
        input=asked,
        started_by=bench.started_by,
        idempotency_key=key,
        subject_ids=products,
        retry_of=_source(items),
        now=bench.now,
    )
    if kind is TaskKind.LISTING:
        taken = await starting.templates_for(bench.session, **where, product_ids=products, forced=_forced(items))
        await starting.queue_listings(bench.session, **where, task_id=task.id, taken=taken, now=bench.now)
    return task


def _source(items: Iterable[FailedItem]) -> UUID:
    """The task they failed in; of several the newest (ids are time-ordered)."""
    return max(one.task_id for one in items)


def _forced(items: Iterable[FailedItem]) -> dict[UUID, UUID]:
    """Products that were named together with a template keep it."""
    named = ((one.product_id, one.input.get("template_id")) for one in items if "products" in one.input)
    return {product_id: UUID(template_id) for product_id, template_id in named if template_id}
