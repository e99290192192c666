"""What news of products does to their listings: judged one by one under lock, written in sets."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from server.domain.audits import News, is_newer, is_unclear, meant
from server.domain.history import Change, ChangeCause, ChangeKind
from server.domain.listings import ListingStatus
from server.domain.problems import Problem, Severity, distinct
from server.feed import Feed
from server.services.listings.editing.elsewhere import EDIT_REVIEW_FAILED, stands_now
from server.store import listing_history, listings, remote_products
from server.store import problems as store_of_problems
from server.store.session import Session, after_commit
from server.tables import Listing

REVIEW_CODES = frozenset(
    {"REVIEW_FAILED", "REVIEW_AWAITS_SHOP", "PLATFORM_DEACTIVATED", "PLATFORM_FROZEN", "DRAFT_ON_TIKTOK"}
) | {EDIT_REVIEW_FAILED}
"""Problems that come and go with the product's standing; every other warning is about what was sent."""


class Heard(StrEnum):
    """What became of a piece of news."""

    APPLIED = "APPLIED"
    STALE = "STALE"
    """We heard of something later before."""
    UNKNOWN = "UNKNOWN"
    """No listing of ours has that product id, or not yet: a creation may not be recorded this moment. Ask again."""
    LOOK = "LOOK"
    """The platform says that something changed, but not what: read the product and call ``apply_product``."""
    UNREADABLE = "UNREADABLE"


@dataclass(frozen=True, slots=True)
class Ear:
    """How a piece of news came to us."""

    session: Session
    feed: Feed
    shop_id: UUID
    tiktok_shop_id: UUID
    now: datetime
    was_read: bool
    cause: ChangeCause | None = None
    confirmed: bool = False


async def apply(ear: Ear, told: Sequence[News]) -> dict[str, Heard]:
    """News of different products: each is judged by itself, all are locked and written together."""
    where = {"shop_id": ear.shop_id, "tiktok_shop_id": ear.tiktok_shop_id}
    remote_ids = [news.remote_id for news in told]
    rows = await listings.lock_remotes(ear.session, **where, remote_ids=remote_ids) if told else {}
    heard = dict.fromkeys(remote_ids, Heard.UNKNOWN)
    moved: list[tuple[Listing, ListingStatus, News]] = []
    for news in told:
        if (row := rows.get(news.remote_id)) is None:
            continue
        meaning = _meaning(ear, row, news)
        heard[news.remote_id] = meaning if isinstance(meaning, Heard) else Heard.APPLIED
        if not isinstance(meaning, Heard):
            moved.append((row, row.status, news))
            _move(row, meaning, news, ear.now)
            stands_now(row, ear.now)
    if moved:
        await _write(ear, moved)
    return heard


def _meaning(ear: Ear, row: Listing, news: News) -> ListingStatus | Heard:
    """Where the listing stands by this news, or why that is not said."""
    if not _counts(row, news, confirmed=ear.confirmed):
        unclear = not ear.was_read and is_unclear(news, told_at=row.platform_updated_at, status=row.status)
        return Heard.LOOK if unclear else Heard.STALE
    status = news.status if ear.was_read else meant(news.status, stands=row.status)
    return Heard.LOOK if status is None else status


async def _write(ear: Ear, moved: Sequence[tuple[Listing, ListingStatus, News]]) -> None:
    """Listings with where they stood before: their rows, histories, and what else hangs on where they stand."""
    session, shop_id = ear.session, ear.shop_id
    session.add_all([row for row, _, _ in moved])
    await session.flush()
    # else a product would be linked to its own dead one when it is listed again
    gone = [news.remote_id for row, _, news in moved if row.status is ListingStatus.DELETED]
    if gone:
        await remote_products.forget(session, shop_id=shop_id, tiktok_shop_id=ear.tiktok_shop_id, remote_ids=gone)
    lines = [_line(ear, row, before, news) for row, before, news in moved if row.status is not before]
    await listing_history.add(session, shop_id=shop_id, changes=lines)
    await store_of_problems.prune(session, shop_id=shop_id, listing_ids=[row.id for row, _, _ in moved])

    async def ring() -> None:
        await ear.feed.ring((f"shop:{shop_id}",))

    after_commit(session, ring)


def _line(ear: Ear, row: Listing, before: ListingStatus, news: News) -> Change:
    cause = ear.cause or brought_about(before, row.status, news.problems)
    return Change(row.id, ChangeKind.STATUS_CHANGED, cause, "system", ear.now, fields={"status": [before, row.status]})


def _counts(row: Listing, news: News, *, confirmed: bool) -> bool:
    """Older news changes nothing; a product that was read itself is right about the second of its last change."""
    same_second = news.at == row.platform_updated_at
    return is_newer(news, told_at=row.platform_updated_at, status=row.status) or (confirmed and same_second)


def brought_about(before: ListingStatus, after: ListingStatus, problems: Sequence[Problem]) -> ChangeCause:
    """Who brought it about, as far as the news tells; the seller and other apps cannot be told apart."""
    if {problem.code for problem in problems} & {"PLATFORM_DEACTIVATED", "PLATFORM_FROZEN"}:
        return ChangeCause.PLATFORM
    reviewed = {ListingStatus.IN_REVIEW, ListingStatus.REVIEW_FAILED}
    if after in reviewed or (after is ListingStatus.LIVE and before in reviewed):
        return ChangeCause.REVIEW
    return ChangeCause.UNKNOWN


def _move(row: Listing, status: ListingStatus, news: News, now: datetime) -> None:
    """The time of going live is kept while the product is live: the 24-hour rule counts from it."""
    if status is ListingStatus.LIVE and row.live_since is None:
        row.live_since = news.at
    if status is not ListingStatus.LIVE:
        row.live_since = None
    kept = [] if status is ListingStatus.DELETED else _standing_warnings(row)
    row.status = status
    row.problems = [problem.to_json() for problem in distinct([*kept, *news.problems])]
    row.platform_updated_at = news.at
    row.updated_at = now


def _standing_warnings(row: Listing) -> list[Problem]:
    """What was remarked when the product was sent stays remarked whatever the review says."""
    problems = [Problem.from_json(problem) for problem in row.problems]
    return [one for one in problems if one.severity is Severity.WARNING and one.code not in REVIEW_CODES]
