"""Putting listings on sale, taking them off, deleting and recovering them, many at once and answered row by row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from server.domain.bulk import ErrorPolicy
from server.domain.history import Change, ChangeCause, ChangeKind
from server.domain.listings import ListingStatus, StatusAction
from server.domain.problems import Problem, Severity
from server.domain.runs import Claim, ItemResult
from server.domain.switching import LEADS_TO, POSSIBLE, REACHED
from server.domain.tasks import ItemState, TaskKind
from server.feed import Feed
from server.kit.errors import AppError, Conflict, Invalid, NotFound
from server.queue import Queue
from server.services import tasks, tiktok_shops
from server.services.listings.creating.naming import NOT_TAKEN
from server.store import listing_history, listing_switches, listings, problems, remote_products, task_subjects
from server.store.listing_switches import Switched
from server.store.session import Session
from server.tables import Listing, Task, TaskItem

MAX_LISTINGS = 1000
"""Listings that one call may name."""

_SKEW = timedelta(seconds=5)
"""News of the platform's own clock from so shortly before our call still counts."""


@dataclass(frozen=True, slots=True)
class Row:
    """What became of one listing of a call: taken into the task, or why not."""

    listing: Listing | None = None
    error: AppError | None = None


@dataclass(frozen=True, slots=True)
class Started:
    """The task, if any row was taken, and the rows in the order they were named."""

    task: Task | None
    rows: tuple[Row, ...]


async def start(
    session: Session,
    queue: Queue,
    feed: Feed,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    action: StatusAction,
    listing_ids: Sequence[UUID],
    policy: ErrorPolicy,
    started_by: str,
    idempotency_key: str | None,
    now: datetime,
) -> Started:
    """Open one task for the rows that can be taken. The same key again answers with the task it made before.

    Under REJECT_EVERYTHING one faulty row keeps all from being done; a listing has no parts to do by halves.
    """
    if not 1 <= len(listing_ids) <= MAX_LISTINGS:
        raise Invalid(f"Name 1 to {MAX_LISTINGS} listings at once.", field=("input", "listingIds"))
    known = await tasks.known(session, shop_id=shop_id, kind=TaskKind.STATUS, key=idempotency_key)
    found = await listings.by_ids(session, shop_id=shop_id, ids=listing_ids)
    if known is not None:
        return Started(known, await _as_answered(session, known, [found.get(one) for one in listing_ids]))
    await tiktok_shops.connected(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, now=now)
    rows = _judged(found, listing_ids, tiktok_shop_id, action)
    taken = [row.listing.product_id for row in rows if row.listing is not None]
    if not taken or (policy is ErrorPolicy.REJECT_EVERYTHING and len(taken) < len(rows)):
        return Started(None, rows)
    task = await tasks.open_task(
        session,
        queue,
        feed,
        shop_id=shop_id,
        kind=TaskKind.STATUS,
        tiktok_shop_id=tiktok_shop_id,
        input={"action": action},
        started_by=started_by,
        idempotency_key=idempotency_key,
        subject_ids=taken,
        now=now,
    )
    return Started(task, rows)


async def _as_answered(session: Session, known: Task, rows: Sequence[Listing | None]) -> tuple[Row, ...]:
    """The rows of a call that was answered before; which of them the task has is not judged again."""
    asked = {row.product_id for row in rows if row is not None}
    there = await task_subjects.among(session, shop_id=known.shop_id, task_id=known.id, ids=list(asked))
    return tuple(
        Row(row)
        if row is not None and row.tiktok_shop_id == known.tiktok_shop_id and row.product_id in there
        else Row(error=Conflict(NOT_TAKEN))
        for row in rows
    )


def _judged(
    found: Mapping[UUID, Listing], listing_ids: Sequence[UUID], tiktok_shop_id: UUID, action: StatusAction
) -> tuple[Row, ...]:
    seen: set[UUID] = set()
    rows = []
    for listing_id in listing_ids:
        row = found.get(listing_id)
        if row is None or row.tiktok_shop_id != tiktok_shop_id:
            rows.append(Row(error=NotFound("There is no such listing in this TikTok shop.")))
        elif listing_id in seen:
            rows.append(Row(error=Invalid("This listing stands here twice.")))
        elif row.remote_id is None or row.status not in POSSIBLE[action] | REACHED[action]:
            rows.append(Row(error=Conflict(f"A listing that is {row.status} cannot be told to {action}.")))
        else:
            rows.append(Row(row))
        seen.add(listing_id)
    return tuple(rows)


@dataclass(frozen=True, slots=True)
class Ready:
    """An item whose listing is to be switched."""

    item: TaskItem
    listing: Listing

    @property
    def remote_id(self) -> str:
        """TikTok's id of the product."""
        return self.listing.remote_id or ""


async def prepare(
    session: Session, *, claim: Claim, action: StatusAction, items: Sequence[TaskItem]
) -> tuple[list[Ready], list[ItemResult]]:
    """A slice before the calls: what is to be switched, and items that need no call."""
    if claim.tiktok_shop_id is None:
        raise Conflict("Listings are switched in a TikTok shop.")
    rows = await listings.by_products(
        session,
        shop_id=claim.shop_id,
        tiktok_shop_id=claim.tiktok_shop_id,
        product_ids=[item.subject_id for item in items],
    )
    ready, ended = [], []
    for item in items:
        row = rows.get(item.subject_id)
        if row is None or row.remote_id is None:
            ended.append(ItemResult(item.id, ItemState.SKIPPED, (_UNLINKED,)))
        elif row.status in REACHED[action] and item.attempts == 0:
            ended.append(ItemResult(item.id, ItemState.SKIPPED, (_ALREADY,)))
        elif row.status in POSSIBLE[action] | REACHED[action]:
            ready.append(Ready(item, row))
        else:
            ended.append(ItemResult(item.id, ItemState.FAILED, (_impossible(row.status, action),)))
    return ready, ended


@dataclass(frozen=True, slots=True)
class Done:
    """One product that TikTok Shop switched, or that stood there already; ``status`` as far as it is known."""

    ready: Ready
    status: ListingStatus
    request_id: str = ""


async def record(
    session: Session, feed: Feed, *, claim: Claim, done: Sequence[Done], by: str, began: datetime, now: datetime
) -> None:
    """Where the listings stand now, with a line of history each; a deleted product leaves the mirror."""
    if claim.tiktok_shop_id is None:
        raise Conflict("Listings are switched in a TikTok shop.")
    switched = [
        Switched(one.ready.listing.id, one.ready.remote_id, one.status, one.ready.listing.platform_updated_at)
        for one in done
    ]
    written = await listing_switches.record(
        session, shop_id=claim.shop_id, switched=switched, began=began - _SKEW, now=now
    )
    await problems.prune(session, shop_id=claim.shop_id, listing_ids=[one.listing_id for one in switched])
    lines = [
        Change(
            one.ready.listing.id,
            ChangeKind.STATUS_CHANGED,
            ChangeCause.MERCHANT,
            by,
            now,
            claim.task_id,
            one.request_id or None,
            {"status": [one.ready.listing.status, one.status]},
        )
        for one in done
        if one.ready.listing.status is not one.status and one.ready.listing.id in written
    ]
    await listing_history.add(session, shop_id=claim.shop_id, changes=lines)
    gone = [one.ready.remote_id for one in done if one.status is ListingStatus.DELETED]
    await remote_products.forget(session, shop_id=claim.shop_id, tiktok_shop_id=claim.tiktok_shop_id, remote_ids=gone)
    if lines:
        tiktok_shops.ring(session, feed, claim.shop_id)


def target(action: StatusAction) -> ListingStatus:
    """Where a product stands right after the action."""
    return LEADS_TO[action]


def _impossible(status: ListingStatus, action: StatusAction) -> Problem:
    return Problem("STATUS_NOT_POSSIBLE", ("status",), f"A product that is {status} cannot be told to {action}.")


_ALREADY = Problem("STATUS_ALREADY_SO", ("status",), "The product stands so already.", Severity.WARNING)
_UNLINKED = Problem("LISTING_NOT_LINKED", (), "The listing stands for nothing on TikTok Shop.", Severity.WARNING)
