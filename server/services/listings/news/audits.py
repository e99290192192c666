"""The platform's news of products: reviews, deactivation, freeze; older news changes nothing."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from server.clients.tiktok_product_answers import ProductStatus, TikTokProduct
from server.domain.audits import (
    SCHEDULED,
    News,
    awaits_shop,
    deactivated_by_platform,
    newest_refused,
    only_a_draft,
    problems_of,
    read_news,
    status_of_product,
)
from server.domain.history import ChangeCause
from server.domain.listings import ListingStatus
from server.domain.problems import Problem
from server.feed import Feed
from server.kit.clock import from_unix
from server.services.listings.news.hearing import Ear, Heard, apply
from server.store.session import Session


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
    return await _apply(Ear(session, feed, shop_id, tiktok_shop_id, now, was_read=False), news)


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
    heard = Ear(session, feed, shop_id, tiktok_shop_id, now, was_read=True, cause=cause, confirmed=confirmed)
    return await _apply(heard, told)


async def apply_products(
    session: Session,
    feed: Feed,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    products: Sequence[TikTokProduct],
    now: datetime,
    confirmed: bool,
) -> None:
    """The same of what a sweep came upon, each product once, in a handful of statements."""
    told = [News(product.id, from_unix(product.update_time), *standing_of(product)) for product in products]
    await apply(_swept(session, feed, shop_id, tiktok_shop_id, now, confirmed=confirmed), told)


async def apply_deletions(
    session: Session,
    feed: Feed,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    times: Mapping[str, datetime],
    now: datetime,
) -> None:
    """A sweep found products deleted, or gone by then: by TikTok's id."""
    told = [News(remote_id, at, ListingStatus.DELETED) for remote_id, at in times.items()]
    await apply(_swept(session, feed, shop_id, tiktok_shop_id, now, confirmed=True), told)


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


def _swept(session: Session, feed: Feed, shop_id: UUID, tiktok_shop_id: UUID, now: datetime, *, confirmed: bool) -> Ear:
    cause = ChangeCause.SWEEP
    return Ear(session, feed, shop_id, tiktok_shop_id, now, was_read=True, cause=cause, confirmed=confirmed)


async def _apply(ear: Ear, news: News) -> Heard:
    return (await apply(ear, [news]))[news.remote_id]
