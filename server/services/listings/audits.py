"""The platform's news of products: reviews, deactivation, freeze; older news changes nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from server.clients.tiktok_product_answers import ProductStatus, TikTokProduct
from server.domain.audits import (
    SCHEDULED,
    News,
    awaits_shop,
    deactivated_by_platform,
    is_newer,
    is_unclear,
    meant,
    newest_refused,
    only_a_draft,
    problems_of,
    read_news,
    status_of_product,
)
from server.domain.history import Change, ChangeCause, ChangeKind
from server.domain.listings import ListingStatus
from server.domain.problems import Problem, Severity, distinct
from server.feed import Feed
from server.kit.clock import from_unix
from server.services.listings.elsewhere import EDIT_REVIEW_FAILED, stands_now
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


async def apply_audit(
    session: Session,
    feed: Feed,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    topic: str,
    data: Mapping[str, Any],
    now: datetime,
) -> Heard:
    """Webhooks 5 and 37. Delivered twice, late or out of order, the listing ends the same."""
    news = read_news(topic, data)
    if news is None:
        return Heard.UNREADABLE
    return await _apply(_Ear(session, feed, shop_id, tiktok_shop_id, now, was_read=False), news)


async def apply_product(
    session: Session,
    feed: Feed,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    product: TikTokProduct,
    now: datetime,
    cause: ChangeCause | None = None,
    confirmed: bool = False,
    asked: News | None = None,
) -> Heard:
    """A product as it was read from the platform, with the reasons that webhooks leave out.

    ``cause`` says who came upon it; left out, it follows from what changed. ``confirmed``: the product itself was
    read just now, not a list that may be behind, so news of the same second counts too. ``asked`` is the news that
    made us read it: what was read is at least as new, and its reasons may be the only ones.
    """
    at = from_unix(product.update_time)
    status, problems = standing_of(product, asked.reasons if asked else ())
    told = News(product.id, max(at, asked.at) if asked else at, status, problems)
    heard = _Ear(session, feed, shop_id, tiktok_shop_id, now, was_read=True, cause=cause, confirmed=confirmed)
    return await _apply(heard, told)


async def apply_deletion(
    session: Session,
    feed: Feed,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    remote_id: str,
    at: datetime,
    now: datetime,
) -> Heard:
    """A sweep found a product deleted at ``at``, or gone by then."""
    told = News(remote_id, at, ListingStatus.DELETED)
    ear = _Ear(session, feed, shop_id, tiktok_shop_id, now, was_read=True, cause=ChangeCause.SWEEP, confirmed=True)
    return await _apply(ear, told)


def standing_of(product: TikTokProduct, said: Sequence[str] = ()) -> tuple[ListingStatus, tuple[Problem, ...]]:
    """Where a product read from the platform stands, and what to tell of it; ``said`` are reasons that news told."""
    status = status_of_product(product.status)
    told = [text for failure in product.audit_failed_reasons for text in (*failure.reasons, *failure.suggestions)]
    reasons = list(dict.fromkeys([*told, *said]))
    if product.status == ProductStatus.DRAFT:
        return status, (only_a_draft(),)
    if product.status == ProductStatus.SCHEDULED:
        return status, (awaits_shop([SCHEDULED]),)
    if product.status == "PLATFORM_DEACTIVATED":
        return status, (deactivated_by_platform(reasons),)
    if product.audit is not None and product.audit.status == "PRE_APPROVED":
        return status, (awaits_shop(product.audit.pre_approved_reasons),)
    if status is ListingStatus.LIVE and product.audit is not None and product.audit.status == "FAILED":
        return status, (newest_refused(reasons),)
    return status, problems_of(status, reasons)


@dataclass(frozen=True, slots=True)
class _Ear:
    """How a piece of news came to us."""

    session: Session
    feed: Feed
    shop_id: UUID
    tiktok_shop_id: UUID
    now: datetime
    was_read: bool
    cause: ChangeCause | None = None
    confirmed: bool = False


async def _apply(ear: _Ear, news: News) -> Heard:
    session, shop_id = ear.session, ear.shop_id
    row = await listings.lock_remote(
        session, shop_id=shop_id, tiktok_shop_id=ear.tiktok_shop_id, remote_id=news.remote_id
    )
    if row is None:
        return Heard.UNKNOWN
    if not _counts(row, news, confirmed=ear.confirmed):
        unclear = not ear.was_read and is_unclear(news, told_at=row.platform_updated_at, status=row.status)
        return Heard.LOOK if unclear else Heard.STALE
    status = news.status if ear.was_read else meant(news.status, stands=row.status)
    if status is None:
        return Heard.LOOK
    before = row.status
    _move(row, status, news, ear.now)
    stands_now(row, ear.now)
    session.add(row)
    await session.flush()
    if status is ListingStatus.DELETED:  # else the product would be linked to its own dead one when it is listed again
        ids = [news.remote_id]
        await remote_products.forget(session, shop_id=shop_id, tiktok_shop_id=ear.tiktok_shop_id, remote_ids=ids)
    if status is not before:
        cause = ear.cause or _cause_of(before, status, news)
        fields = {"status": [before, status]}
        line = Change(row.id, ChangeKind.STATUS_CHANGED, cause, "system", ear.now, fields=fields)
        await listing_history.add(session, shop_id=shop_id, changes=[line])
    await store_of_problems.prune(session, shop_id=shop_id, listing_ids=[row.id])

    async def ring() -> None:
        await ear.feed.ring((f"shop:{shop_id}",))

    after_commit(session, ring)
    return Heard.APPLIED


def _counts(row: Listing, news: News, *, confirmed: bool) -> bool:
    """Older news changes nothing; a product that was read itself is right about the second of its last change."""
    same_second = news.at == row.platform_updated_at
    return is_newer(news, told_at=row.platform_updated_at, status=row.status) or (confirmed and same_second)


def _cause_of(before: ListingStatus, after: ListingStatus, news: News) -> ChangeCause:
    """Who brought it about, as far as the news tells; the seller and other apps cannot be told apart."""
    if {problem.code for problem in news.problems} & {"PLATFORM_DEACTIVATED", "PLATFORM_FROZEN"}:
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
