"""Sweeping a TikTok shop: everything that stands there, daily, so that no missed webhook matters (capability X24)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from server.clients.tiktok_product_answers import FoundProduct
from server.domain.paging import MAX_PAGE, PageArgs
from server.domain.problems import Problem
from server.domain.tasks import TaskKind, TaskState
from server.feed import Feed
from server.kit.clock import from_unix
from server.queue import Queue
from server.services import tasks, tiktok_shops
from server.services.listings.mirror.linking import link_what_is_certain
from server.services.listings.news.audits import apply_deletions
from server.store import other_hands, remote_listings, remote_shelves
from server.store import remote_products as store
from server.store.session import Session
from server.tables import Task

EVERY = timedelta(days=1)
TRY_AGAIN = timedelta(hours=1)
"""A sweep that did not come to its end is opened again after so long."""

MARGIN = timedelta(minutes=10)
"""A product created so shortly before a sweep may be missing from TikTok's search without being gone."""

LOOK_AGAIN = timedelta(seconds=10)
"""Who waits for a sweep, or for somebody else's look, comes again so soon."""

STARTED_BY = "system:sweep"

_AMOUNT = 50
_AFTER_FAILURES = (timedelta(minutes=1), timedelta(minutes=10))
"""After one failed sweep, and after two in a row, what waits for one waits so long; a third is the end of waiting."""


async def start(
    session: Session,
    queue: Queue,
    feed: Feed,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    started_by: str,
    idempotency_key: str | None,
    now: datetime,
) -> Task:
    """Open a sweep, or answer with the one that is under way; one that is paused goes on.

    A key that was used before answers with its sweep. ``Conflict`` when the TikTok shop is not connected.
    """
    known = await tasks.known(session, shop_id=shop_id, kind=TaskKind.SWEEP, key=idempotency_key)
    if known is not None:
        return known
    await tiktok_shops.connected(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, now=now)
    newest = next(iter(await _sweeps(session, shop_id, tiktok_shop_id)), None)
    if newest is None or newest.state.is_final:
        return await _open(session, queue, feed, shop_id, tiktok_shop_id, started_by, idempotency_key, now)
    return await _going_on(session, queue, feed, newest, now)


async def _going_on(session: Session, queue: Queue, feed: Feed, task: Task, now: datetime) -> Task:
    """Nobody waits for a sweep that is paused."""
    if task.state is not TaskState.PAUSED:
        return task
    return await tasks.resume(session, queue, feed, shop_id=task.shop_id, task_id=task.id, now=now)


@dataclass(frozen=True, slots=True)
class Wait:
    """When to look again whether a sweep came to its end; ``problem``: sweeps fail, there is nothing to wait for."""

    until: datetime
    problem: Problem | None = None


async def wait_for_one(
    session: Session,
    queue: Queue,
    feed: Feed,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    since: datetime,
    now: datetime,
) -> Wait:
    """Something that began at ``since`` needs a whole sweep: one is under way from now on, or the last ones failed."""
    failed: list[tuple[datetime, Problem]] = []
    for task in await _sweeps(session, shop_id, tiktok_shop_id):
        if task.state is not TaskState.FAILED or task.problem is None or task.finished_at is None:
            break
        if task.finished_at >= since:
            failed.append((task.finished_at, Problem.from_json(task.problem)))
    if len(failed) > len(_AFTER_FAILURES):
        return Wait(now, failed[0][1])
    if failed and now < (again_at := failed[0][0] + _AFTER_FAILURES[len(failed) - 1]):
        return Wait(again_at)
    where = {"shop_id": shop_id, "tiktok_shop_id": tiktok_shop_id}
    await start(session, queue, feed, **where, started_by=STARTED_BY, idempotency_key=None, now=now)
    return Wait(now + LOOK_AGAIN)


async def _sweeps(session: Session, shop_id: UUID, tiktok_shop_id: UUID) -> list[Task]:
    """The TikTok shop's latest sweeps, newest first: whichever is under way is among them."""
    page = await tasks.page(session, shop_id=shop_id, kinds=[TaskKind.SWEEP], args=PageArgs(first=MAX_PAGE))
    return [task for task in page.nodes if task.tiktok_shop_id == tiktok_shop_id]


async def start_due(session: Session, queue: Queue, feed: Feed, *, now: datetime) -> int:
    """Open the daily sweeps, and the first one of each TikTok shop that was just connected; returns how many.

    One that was paused goes on when the day's turn comes.

    Safe beside itself: who takes a shop puts it off before anybody else can look.
    """
    due = await remote_shelves.take_due(session, now=now, again_at=now + TRY_AGAIN, amount=_AMOUNT)
    for tiktok_shop_id, shop_id in due:
        newest = next(iter(await _sweeps(session, shop_id, tiktok_shop_id)), None)
        if newest is None or newest.state.is_final:
            await _open(session, queue, feed, shop_id, tiktok_shop_id, STARTED_BY, None, now)
        else:
            await _going_on(session, queue, feed, newest, now)
    return len(due)


async def _open(
    session: Session,
    queue: Queue,
    feed: Feed,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    started_by: str,
    idempotency_key: str | None,
    now: datetime,
) -> Task:
    return await tasks.open_task(
        session,
        queue,
        feed,
        shop_id=shop_id,
        kind=TaskKind.SWEEP,
        tiktok_shop_id=tiktok_shop_id,
        input={},
        started_by=started_by,
        idempotency_key=idempotency_key,
        subject_ids=None,
        now=now,
    )


async def last_whole(session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, now: datetime) -> datetime | None:
    """When the last sweep that came to its end began; nothing when there was none."""
    shelf = await remote_shelves.of(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, now=now)
    return shelf.swept_at


async def take_deleted(
    session: Session,
    feed: Feed,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    hits: Sequence[FoundProduct],
    now: datetime,
) -> int:
    """Products that TikTok shows as deleted; returns how many listings that moved or repeated."""
    where = {"shop_id": shop_id, "tiktok_shop_id": tiktok_shop_id}
    times = {hit.id: from_unix(hit.update_time) for hit in hits}
    listed = await remote_listings.standings(session, **where, remote_ids=list(times))
    await apply_deletions(session, feed, **where, times={one: times[one] for one in listed}, now=now)
    await store.forget(session, **where, remote_ids=list(times))
    return len(listed)


async def take_gone(
    session: Session,
    feed: Feed,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    remote_ids: Sequence[str],
    began: datetime,
    now: datetime,
) -> None:
    """Products that neither a whole sweep met nor TikTok knows when asked by id: they were gone when it began."""
    where = {"shop_id": shop_id, "tiktok_shop_id": tiktok_shop_id}
    await apply_deletions(session, feed, **where, times=dict.fromkeys(remote_ids, began), now=now)


async def not_met(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, mark: UUID, began: datetime, after: str, amount: int
) -> list[str]:
    """Listings' products that the sweep did not meet although they stood there before it."""
    return await store.unseen_listings(
        session,
        shop_id=shop_id,
        tiktok_shop_id=tiktok_shop_id,
        mark=mark,
        before=began - MARGIN,
        after=after,
        amount=amount,
    )


async def finish(
    session: Session, feed: Feed, *, shop_id: UUID, tiktok_shop_id: UUID, mark: UUID, began: datetime, now: datetime
) -> int:
    """The mirror is whole: what is certain is linked, other hands' traces are noted. Returns how many were linked."""
    where = {"shop_id": shop_id, "tiktok_shop_id": tiktok_shop_id}
    await store.forget_unseen(session, **where, mark=mark, began=began)
    linked = await link_what_is_certain(session, feed, **where, task_id=mark, now=now)
    traces = [trace.to_json() for trace in await other_hands.traces(session, **where)]
    await remote_shelves.known(session, **where, known_at=began, due_at=now + EVERY, other_hands=traces)
    return linked
