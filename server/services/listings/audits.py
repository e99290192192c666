"""The platform's news of products: reviews, deactivation, freeze; older news changes nothing."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from server.clients.tiktok_product_answers import TikTokProduct
from server.domain.audits import (
    News,
    awaits_shop,
    deactivated_by_platform,
    is_newer,
    problems_of,
    read_news,
    status_of_product,
)
from server.domain.listings import ListingStatus
from server.domain.problems import Problem, distinct
from server.feed import Feed
from server.kit.clock import from_unix
from server.store import listings
from server.store import problems as store_of_problems
from server.store.session import Session, after_commit
from server.tables import Listing


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
    return await _apply(session, feed, shop_id, tiktok_shop_id, news, now, was_read=False)


async def apply_product(
    session: Session,
    feed: Feed,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    product: TikTokProduct,
    now: datetime,
) -> Heard:
    """A product as it was read from the platform, with the reasons that webhooks leave out."""
    told = News(product.id, from_unix(product.update_time), *standing_of(product))
    return await _apply(session, feed, shop_id, tiktok_shop_id, told, now, was_read=True)


def standing_of(product: TikTokProduct) -> tuple[ListingStatus, tuple[Problem, ...]]:
    """Where a product read from the platform stands, and what to tell of it."""
    status = status_of_product(product.status)
    reasons = [text for failure in product.audit_failed_reasons for text in (*failure.reasons, *failure.suggestions)]
    if product.status == "PLATFORM_DEACTIVATED":
        return status, (deactivated_by_platform(reasons),)
    if product.audit is not None and product.audit.status == "PRE_APPROVED":
        return status, (awaits_shop(product.audit.pre_approved_reasons),)
    return status, problems_of(status, reasons)


async def _apply(
    session: Session,
    feed: Feed,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    news: News,
    now: datetime,
    *,
    was_read: bool,
) -> Heard:
    row = await listings.lock_remote(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, remote_id=news.remote_id)
    if row is None:
        return Heard.UNKNOWN
    if not is_newer(news, told_at=row.platform_updated_at, status=row.status):
        return Heard.STALE
    status = news.status if was_read else _told(row.status, news.status)
    if status is None:
        return Heard.LOOK
    _move(row, status, news, now)
    session.add(row)
    await session.flush()
    await store_of_problems.prune(session, shop_id=shop_id, listing_ids=[row.id])

    async def ring() -> None:
        await feed.ring((f"shop:{shop_id}",))

    after_commit(session, ring)
    return Heard.APPLIED


def _told(stands: ListingStatus, said: ListingStatus | None) -> ListingStatus | None:
    """A live product stays live while a new version of it is audited, and perhaps after that failed (3.14): look."""
    if stands is ListingStatus.LIVE and said is ListingStatus.IN_REVIEW:
        return ListingStatus.LIVE
    if stands is ListingStatus.LIVE and said is ListingStatus.REVIEW_FAILED:
        return None
    return said


def _move(row: Listing, status: ListingStatus, news: News, now: datetime) -> None:
    """The time of going live is kept while the product is live: the 24-hour rule counts from it."""
    if status is ListingStatus.LIVE and row.live_since is None:
        row.live_since = news.at
    if status is not ListingStatus.LIVE:
        row.live_since = None
    row.status = status
    row.problems = [problem.to_json() for problem in distinct(news.problems)]
    row.platform_updated_at = news.at
    row.updated_at = now
