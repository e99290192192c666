"""Sweeping a TikTok shop: everything that stands there, daily, so that no missed webhook matters (seed id X24)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from server.clients.tiktok_product_answers import FoundProduct
from server.domain.paging import MAX_PAGE, PageArgs
from server.domain.tasks import TaskKind, TaskState
from server.feed import Feed
from server.kit.clock import from_unix
from server.queue import Queue
from server.services import tasks, tiktok_shops
from server.services.listings.audits import apply_deletion
from server.services.listings.linking import link_what_is_certain
from server.store import other_hands, remote_listings, remote_shelves
from server.store import remote_products as store
from server.store.session import Session
from server.tables import Task

EVERY = timedelta(days=1)
TRY_AGAIN = timedelta(hours=1)
"""A sweep that did not come to its end is opened again after so long."""

MARGIN = timedelta(minutes=10)
"""A product created so shortly before a sweep may be missing from TikTok's search without being gone."""

STARTED_BY = "system:sweep"

_OPEN = tuple(state for state in TaskState if not state.is_final)
_AMOUNT = 50


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
    """Open a sweep, or answer with the one that is under way. ``Conflict`` when the TikTok shop is not connected."""
    await tiktok_shops.connected(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, now=now)
    args = PageArgs(first=MAX_PAGE)
    under_way = await tasks.page(session, shop_id=shop_id, kinds=[TaskKind.SWEEP], states=_OPEN, args=args)
    if found := next((task for task in under_way.nodes if task.tiktok_shop_id == tiktok_shop_id), None):
        return found
    return await _open(session, queue, feed, shop_id, tiktok_shop_id, started_by, idempotency_key, now)


async def start_due(session: Session, queue: Queue, feed: Feed, *, now: datetime) -> int:
    """Open the daily sweeps, and the first one of each TikTok shop that was just connected; returns how many.

    Safe beside itself: who takes a shop puts it off before anybody else can look.
    """
    due = await remote_shelves.take_due(session, now=now, again_at=now + TRY_AGAIN, amount=_AMOUNT)
    for tiktok_shop_id, shop_id in due:
        await _open(session, queue, feed, shop_id, tiktok_shop_id, STARTED_BY, None, now)
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
    for remote_id in sorted(listed):
        await apply_deletion(session, feed, **where, remote_id=remote_id, at=times[remote_id], now=now)
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
    for remote_id in sorted(remote_ids):
        await apply_deletion(session, feed, **where, remote_id=remote_id, at=began, now=now)


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
