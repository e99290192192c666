"""What the platform's news of a product means for its listing (TikTok fact sheet 3.14; webhooks 5, 18 and 37, 4.4)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from server.domain.listings import ListingStatus
from server.domain.problems import Problem, Remedy, Severity

STATUS_CHANGE = "5"
AUDIT_CHANGE = "37"
CATEGORY_CHANGE = "18"


@dataclass(frozen=True, slots=True)
class News:
    """One piece of news. ``status`` is None when the platform says that something changed, but not what.

    ``reasons`` are the platform's own words: of a frozen product nothing but the news tells them.
    """

    remote_id: str
    at: datetime
    status: ListingStatus | None
    problems: tuple[Problem, ...] = ()
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CategoryMove:
    """A product lies in another category since ``at``: the seller, an app, TikTok Shop or an edit of ours moved it."""

    remote_id: str
    before: str
    category_id: str
    at: datetime


_BY_AUDIT: Mapping[str, ListingStatus] = {
    "AUDITING": ListingStatus.IN_REVIEW,
    "PRE_APPROVED": ListingStatus.IN_REVIEW,
    "APPROVED": ListingStatus.LIVE,
    "FAILED": ListingStatus.REVIEW_FAILED,
}
_BY_PRODUCT: Mapping[str, ListingStatus] = {
    "DRAFT": ListingStatus.DEACTIVATED,
    "PENDING": ListingStatus.IN_REVIEW,
    "FAILED": ListingStatus.REVIEW_FAILED,
    "ACTIVATE": ListingStatus.LIVE,
    "SCHEDULED": ListingStatus.IN_REVIEW,
    "SELLER_DEACTIVATED": ListingStatus.DEACTIVATED,
    "PLATFORM_DEACTIVATED": ListingStatus.DEACTIVATED,
    "FREEZE": ListingStatus.FROZEN,
    "DELETED": ListingStatus.DELETED,
}
_BY_STATUS_CHANGE: Mapping[str, ListingStatus] = {
    "PRODUCT_FIRST_PASS_REVIEW": ListingStatus.LIVE,
    "PRODUCT_AUDIT_FAILURE": ListingStatus.REVIEW_FAILED,
}
SCHEDULED = "SCHEDULED"
"""The product passed, and is on sale from a moment that the seller chose: until then nobody can buy it."""

_OFF_SALE = frozenset({ListingStatus.DEACTIVATED, ListingStatus.FROZEN, ListingStatus.DELETED})
_MEND = "Mend it in the store or the template: the change is sent for a new review by itself."
_WAITING_FOR: Mapping[str, str] = {
    "KYC_PENDING": "the shop's identity check; finish it in Seller Center",
    "RESTRICTED_CATEGORY_PENDING": "the category's permission; apply in Seller Center's Qualification Center",
    SCHEDULED: "the day on which its sale begins, as scheduled in Seller Center",
}


def read_news(topic: str, data: Mapping[str, Any]) -> News | None:
    """A webhook's data as news; nothing when it is of another topic or cannot be read.

    Product ids come as numbers or strings. What we do not know is news without a status: look at the product.
    """
    remote_id, at = str(data.get("product_id") or ""), _moment(data.get("update_time"))
    if not remote_id or at is None:
        return None
    if topic == STATUS_CHANGE:
        status = _BY_STATUS_CHANGE.get(str(data.get("status") or ""))
        reasons = (str(data["suspended_reason"]),) if data.get("suspended_reason") else ()
        return News(remote_id, at, status, problems_of(status, reasons) if status else (), reasons)
    if topic == AUDIT_CHANGE:
        return _audit_news(remote_id, at, data.get("audit"))
    return None


def read_move(topic: str, data: Mapping[str, Any]) -> CategoryMove | None:
    """Webhook 18's data; nothing when it is of another topic or cannot be read."""
    remote_id, category_id = str(data.get("product_id") or ""), str(data.get("current_category_id") or "")
    at = _moment(data.get("update_time"))
    if topic != CATEGORY_CHANGE or not remote_id or not category_id or at is None:
        return None
    return CategoryMove(remote_id, str(data.get("previous_category_id") or ""), category_id, at)


def _moment(told: object) -> datetime | None:
    if isinstance(told, bool) or not isinstance(told, int | float | str):
        return None
    try:
        return datetime.fromtimestamp(float(told), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _audit_news(remote_id: str, at: datetime, audit: object) -> News:
    """``pre_approved_reasons`` is a list, or in samples one word under a singular name."""
    if not isinstance(audit, Mapping):
        return News(remote_id, at, None)
    word = str(audit.get("status") or "")
    reasons = audit.get("pre_approved_reasons") or audit.get("pre_approved_reason") or []
    named = [reasons] if isinstance(reasons, str) else [str(reason) for reason in reasons]
    status = _BY_AUDIT.get(word)
    if word == "PRE_APPROVED":
        return News(remote_id, at, status, (awaits_shop(named),))
    return News(remote_id, at, status, problems_of(status, []) if status else ())


def status_of_product(status: str) -> ListingStatus:
    """Where a product read from the platform stands; an unknown word means that it is under way."""
    return _BY_PRODUCT.get(status, ListingStatus.IN_REVIEW)


def problems_of(status: ListingStatus, reasons: Sequence[str]) -> tuple[Problem, ...]:
    """What to tell the merchant of a status the platform brought about."""
    said = f" TikTok Shop said: {'; '.join(reasons)}" if reasons else ""
    match status:
        case ListingStatus.REVIEW_FAILED:
            why = said or " The reasons stand in Seller Center."
            text = f"The review refused the product.{why} {_MEND}"
            return (Problem("REVIEW_FAILED", (), text),)
        case ListingStatus.FROZEN:
            text = f"TikTok Shop froze the product for a violation of its policies.{said} Appeal in Seller Center."
            return (Problem("PLATFORM_FROZEN", (), text, remedy=Remedy.CONTACT_SUPPORT),)
        case _:
            return ()


def deactivated_by_platform(reasons: Sequence[str]) -> Problem:
    """TikTok Shop itself took the product off sale."""
    said = f" It said: {'; '.join(reasons)}" if reasons else ""
    return Problem(
        "PLATFORM_DEACTIVATED",
        (),
        f"TikTok Shop took the product off sale.{said} {_MEND}",
    )


def only_a_draft() -> Problem:
    """The product stands there, but nobody can buy it before it is published."""
    return Problem(
        "DRAFT_ON_TIKTOK",
        (),
        "The product is only a draft on TikTok Shop. Publish it in Seller Center, or delete it there and list it anew.",
        Severity.WARNING,
        Remedy.FIX_SHOP,
    )


def newest_refused(reasons: Sequence[str]) -> Problem:
    """A change of a live product did not pass; the version before it keeps selling (TikTok fact sheet 3.11)."""
    said = f" TikTok Shop said: {'; '.join(reasons)}" if reasons else " The reasons stand in Seller Center."
    return Problem(
        "EDIT_REVIEW_FAILED",
        (),
        f"The review refused the last change, so buyers see the product as it was before.{said} {_MEND}",
    )


def awaits_shop(reasons: Sequence[str]) -> Problem:
    """The product itself passed; the shop has something to do."""
    waits = " and ".join(_WAITING_FOR.get(reason, reason) for reason in reasons) or "something of the shop's"
    return Problem(
        "REVIEW_AWAITS_SHOP",
        (),
        f"The review passed; the listing waits for {waits}.",
        Severity.WARNING,
        Remedy.FIX_SHOP,
    )


def is_newer(news: News, *, told_at: datetime | None, status: ListingStatus) -> bool:
    """Whether the news may change the listing: later than what was heard, or of the same second and more final."""
    if told_at is None or news.at > told_at:
        return True
    return news.at == told_at and status is ListingStatus.IN_REVIEW and news.status is not ListingStatus.IN_REVIEW


def is_unclear(news: News, *, told_at: datetime | None, status: ListingStatus) -> bool:
    """News of the second of what was heard last, saying something else: which came first only the product tells."""
    return news.at == told_at and news.status not in (status, ListingStatus.IN_REVIEW)


def meant(said: ListingStatus | None, *, stands: ListingStatus) -> ListingStatus | None:
    """Where a listing stands after a webhook; nothing when only the product itself tells (TikTok fact sheet 3.14).

    A live product stays live while a new version of it is audited, and perhaps after that failed. A review says
    nothing of whether a product that is off sale, frozen or deleted came back.
    """
    if stands in _OFF_SALE:
        return None
    if stands is ListingStatus.LIVE and said is ListingStatus.IN_REVIEW:
        return ListingStatus.LIVE
    if stands is ListingStatus.LIVE and said is ListingStatus.REVIEW_FAILED:
        return None
    return said
