"""Failed items tried again: one, many, or all that fit a filter (capability X14)."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from server.domain.tasks import ItemState, TaskKind
from server.feed import Feed
from server.kit.errors import AppError, Conflict, Invalid, NotFound
from server.queue import Queue
from server.services import tasks, tiktok_shops
from server.services.listings.creating import starting
from server.services.listings.replay import competing
from server.services.retry_asks import Ask, competitors, grouped, input_of, takers
from server.store import retrying as store
from server.store.retrying import FailedItem, RetryFilter
from server.store.session import Session
from server.tables import Task

__all__ = ["REPEATABLE", "Name", "RetryFilter", "opened_before", "retry"]

REPEATABLE = (TaskKind.LISTING, TaskKind.CHECK, TaskKind.EDIT, TaskKind.RECOMMENDATION, TaskKind.STATUS)
"""Kinds whose items are products; the others have no items, and are started anew as a whole."""

MAX_IDS = 250
"""Tasks and items that one call may name; more go by filter."""


@dataclass(frozen=True, slots=True)
class Bench:
    """What every start of a task is given."""

    session: Session
    queue: Queue
    feed: Feed
    shop_id: UUID
    started_by: str
    now: datetime


class Name(NamedTuple):
    """A task, whose failed items are meant, or one item."""

    is_task: bool
    id: UUID


async def retry(
    bench: Bench,
    *,
    ids: Sequence[Name] | None = None,
    wanted: RetryFilter | None = None,
    idempotency_key: str | None,
) -> list[Task]:
    """Open a task for each kind, TikTok shop and way of listing with failed items that fit, as ``store.failed`` tells.

    Each product is asked for as it was: with the template it was named with, checked first or not. Rules, mappings and
    overrides count as they are now. TikTok shops that are not connected are left out, unless the call names them, one
    of their tasks or items. ``NotFound``, ``Invalid`` and ``Conflict`` write nothing.
    """
    filter_ = await _checked(bench, ids, wanted or RetryFilter())
    before = await opened_before(bench, idempotency_key)
    if before:
        return before
    found = await store.failed(bench.session, shop_id=bench.shop_id, wanted=filter_)
    if not found:
        raise Conflict("Nothing that failed is left to be tried again.", field=("input",))
    groups = await grouped(bench.session, shop_id=bench.shop_id, items=found)
    ready = await _ready(bench, groups, filter_)
    keys = [_key(idempotency_key, at) for at in range(len(ready))]
    return [await _open(bench, ask, groups[ask], key) for ask, key in zip(ready, keys, strict=True)]


async def _checked(bench: Bench, ids: Sequence[Name] | None, wanted: RetryFilter) -> RetryFilter:
    """The filter with what is named, of the kinds that can be tried again."""
    if wanted.tiktok_shop_id is not None:
        field = ("input", "filter", "tiktokShopId")
        await tiktok_shops.get(bench.session, shop_id=bench.shop_id, tiktok_shop_id=wanted.tiktok_shop_id, field=field)
    kinds = tuple(kind for kind in REPEATABLE if not wanted.kinds or kind in wanted.kinds)
    if ids is None:
        return replace(wanted, kinds=kinds)
    await _check_named(bench, ids)
    task_ids, item_ids = ([one.id for one in ids if one.is_task is is_task] for is_task in (True, False))
    return replace(wanted, kinds=kinds, task_ids=task_ids, item_ids=item_ids)


async def _check_named(bench: Bench, ids: Sequence[Name]) -> None:
    """Each must be there and such that it can be tried again."""
    field = ("input", "ids")
    if not 0 < len(ids) <= MAX_IDS:
        raise Invalid(f"Name 1 to {MAX_IDS} tasks or items, or give a filter.", field=field)
    there = await tasks.by_ids(bench.session, shop_id=bench.shop_id, ids=[one.id for one in ids if one.is_task])
    items = await tasks.items_by_ids(
        bench.session, shop_id=bench.shop_id, ids=[one.id for one in ids if not one.is_task]
    )
    for at, one in enumerate(ids):
        place = (*field, str(at))
        if one.id not in (there if one.is_task else items):
            raise NotFound("There is no such task or item in this shop.", field=place)
        if one.is_task and there[one.id].kind not in REPEATABLE:
            raise Invalid(f"A task of the kind {there[one.id].kind} is started anew as a whole.", field=place)
        if not one.is_task and items[one.id].state is not ItemState.FAILED:
            raise Invalid("Only items that failed can be tried again.", field=place)


async def _ready(bench: Bench, asks: Iterable[Ask], wanted: RetryFilter) -> list[Ask]:
    """Those whose TikTok shop can be called. One that the call speaks of must be; ``Conflict`` says what to do."""
    ready: list[Ask] = []
    refused: AppError | None = None
    for ask in asks:
        try:
            await _may_call(bench, ask)
        except Conflict as error:
            if wanted.names or wanted.tiktok_shop_id is not None:
                place = ("ids",) if wanted.names else ("filter", "tiktokShopId")
                raise Conflict(error.message, code=error.code, field=("input", *place)) from None
            refused = Conflict(error.message, code=error.code, field=("input", "filter"))
        else:
            ready.append(ask)
    if not ready and refused is not None:
        raise refused
    return ready


async def _may_call(bench: Bench, ask: Ask) -> None:
    """Recommendations need no connection: our own ranking speaks alone then, as when they are started."""
    if ask.kind is not TaskKind.RECOMMENDATION:
        await tiktok_shops.connected(
            bench.session, shop_id=bench.shop_id, tiktok_shop_id=ask.tiktok_shop_id, now=bench.now
        )


async def opened_before(bench: Bench, idempotency_key: str | None) -> list[Task]:
    """What the same key opened: by then the first call's items do not fit the filter any more."""
    opened: list[Task] = []
    while idempotency_key is not None:
        key = _key(idempotency_key, len(opened)) or ""
        known = await tasks.by_key(bench.session, shop_id=bench.shop_id, key=key)
        found = next((task for task in known if task.retry_of is not None), None)
        if found is None:
            break
        opened.append(found)
    return opened


def _key(idempotency_key: str | None, at: int) -> str | None:
    """The key of each task of a call: after the first one that no client chooses and no other key leads to."""
    if idempotency_key is None or at == 0:
        return idempotency_key
    return hashlib.sha256(f"{at} {idempotency_key}".encode()).hexdigest()


async def _open(bench: Bench, ask: Ask, items: Sequence[FailedItem], key: str | None) -> Task:
    where = {"shop_id": bench.shop_id, "tiktok_shop_id": ask.tiktok_shop_id}
    products = [one.product_id for one in items]
    taken: Mapping[UUID, UUID | None] = {}
    if ask.kind is TaskKind.LISTING:
        taken = await takers(bench.session, shop_id=bench.shop_id, ask=ask, product_ids=products)
    task = await tasks.open_task(
        bench.session,
        bench.queue,
        bench.feed,
        **where,
        kind=ask.kind,
        input=await input_of(bench.session, shop_id=bench.shop_id, ask=ask, products=len(products)),
        started_by=bench.started_by,
        idempotency_key=key,
        subject_ids=products,
        templates=taken,
        retry_of=_source(items),
        now=bench.now,
    )
    if task.retry_of is None:
        message = "This key was used before, for what was no retry: choose another one."
        raise Conflict(message, field=("input", "idempotencyKey"))
    if ask.kind is TaskKind.LISTING:
        rivals = await competitors(bench.session, shop_id=bench.shop_id, ask=ask)
        await competing.remember(
            bench.session, **where, task_id=task.id, templates=rivals, product_ids=products, now=bench.now
        )
        await starting.queue_listings(bench.session, **where, task_id=task.id, taken=taken, now=bench.now)
    return task


def _source(items: Iterable[FailedItem]) -> UUID:
    """The task they failed in; of several the newest (ids are time-ordered)."""
    return max(one.task_id for one in items)
