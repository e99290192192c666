"""One classification of errors for every call we make: who must act, when to try again, and what it says to people."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime

from server.clients.quota import Closing
from server.clients.tiktok_codes import (
    BY_STATUS,
    CATEGORY_TREE_STALE,
    PRODUCT_FAMILIES,
    REUSED,
    REUSED_BY_KEYWORD,
    STALE_TOKEN,
    TIKTOK_CODES,
)
from server.clients.verdicts import CODES, PROBLEM_CODES, UpstreamKind, Verdict
from server.domain.problems import Problem
from server.kit.errors import AppError

__all__ = ["PROBLEM_CODES", "Upstream", "UpstreamKind", "classify", "retry_after_of", "to_problem"]

_LONGEST_TEXT = 500
_LONGEST_WAIT = 86_400.0
"""Seconds; a header may hold any number, and we look at least once a day."""
_SHOP_KINDS = frozenset({UpstreamKind.NEEDS_AUTHORIZATION, UpstreamKind.NEEDS_PERMISSION})
_SHOP_LIMITS = frozenset({"DAILY_LISTING_LIMIT", "REQUEST_LIMIT", "PLATFORM_BUSY", "UPGRADE_RUNNING"})


class Upstream(AppError):
    """A platform refused, failed or did not answer. ``code`` is one of ``PROBLEM_CODES``.

    ``status`` is the HTTP answer's, where there was one that was looked up in TikTok's tables.
    ``platform_code`` is TikTok's number, ``platform_word`` Shopify's. ``retry_after`` is in seconds;
    ``outcome_unknown`` means a write may have had its effect: ask before repeating.
    """

    def __init__(
        self,
        verdict: Verdict,
        *,
        platform: str = "TikTok Shop",
        operation: str = "",
        status: int | None = None,
        platform_code: int | None = None,
        platform_word: str = "",
        platform_message: str = "",
        request_id: str = "",
        retry_after: float | None = None,
        outcome_unknown: bool = False,
    ) -> None:
        self.platform_message = platform_message[:_LONGEST_TEXT]
        said = f" {platform} said: {self.platform_message}" if self.platform_message else ""
        number = f" ({platform_code})" if platform_code is not None else ""
        super().__init__(f"{CODES[verdict.problem].text}{said}{number}", code=verdict.problem, field=verdict.path)
        self.kind = verdict.kind
        self.path = verdict.path
        self.platform = platform
        self.operation = operation
        self.status = status
        self.platform_code = platform_code
        self.platform_word = platform_word
        self.request_id = request_id
        self.retry_after = retry_after if retry_after is not None else verdict.retry_after
        self.outcome_unknown = outcome_unknown
        self.used_up: date | None = None
        """The day whose listings are used up, as far as this refusal tells (``server.clients.quota``)."""

    def closes(self, closing: Closing, now: datetime) -> None:
        """The refusal means that no more may be listed for a while."""
        self.retry_after = (closing.until - now).total_seconds()
        self.used_up = closing.day

    @property
    def token_stale(self) -> bool:
        """The access token is the trouble: refreshing it once may mend the call (TikTok fact sheet 5.3)."""
        return self.platform_code == STALE_TOKEN or (
            self.platform_code == REUSED and self.kind is UpstreamKind.NEEDS_AUTHORIZATION
        )

    @property
    def tree_stale(self) -> bool:
        """Our copy of the category tree disagrees with the platform's: fetch it anew."""
        return self.platform_code in CATEGORY_TREE_STALE

    @property
    def stops_shop(self) -> bool:
        """Every further call for this shop would end the same way, now."""
        return (
            self.kind in _SHOP_KINDS
            or self.code in _SHOP_LIMITS
            or (self.kind is UpstreamKind.MERCHANT_MUST_FIX and self.path == ("shop",))
        )


@dataclass(frozen=True, slots=True)
class Classified:
    """What ``classify`` found: the table's row and the wait the platform asked for."""

    verdict: Verdict
    retry_after: float | None


def classify(status: int, code: int | None, message: str, headers: Mapping[str, str], *, now: datetime) -> Classified:
    """Code first, HTTP status as the fallback (TikTok fact sheet 5.2); ``Retry-After`` is kept where given."""
    return Classified(_verdict(status, code, message), retry_after_of(headers, now))


def _verdict(status: int, code: int | None, message: str) -> Verdict:
    if code == REUSED:
        said = message.lower()
        return next((row for keyword, row in REUSED_BY_KEYWORD if keyword in said), TIKTOK_CODES[REUSED])
    if code is not None and (known := TIKTOK_CODES.get(code)):
        return known
    if code is not None and code // 1000 in PRODUCT_FAMILIES:
        return Verdict(UpstreamKind.MERCHANT_MUST_FIX, "PLATFORM_REFUSED")
    if by_status := BY_STATUS.get(status):
        return by_status
    if status >= 500 or (code is None and status < 300):
        return Verdict(UpstreamKind.RETRYABLE, "PLATFORM_BUSY", may_have_worked=True)
    return Verdict(UpstreamKind.OURS, "PLATFORM_REFUSED" if code is not None else "CONNECTOR_FAULT")


def retry_after_of(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds to wait from ``Retry-After`` (seconds or an HTTP date), a day at most; nothing when unreadable."""
    text = headers.get("retry-after", "").strip()
    if not text:
        return None
    try:
        return min(max(0.0, float(text)), _LONGEST_WAIT)
    except ValueError:
        pass
    try:
        until = parsedate_to_datetime(text)
        seconds = (until.replace(tzinfo=until.tzinfo or UTC) - now).total_seconds()
    except (ValueError, OverflowError):
        return None
    return min(max(0.0, seconds), _LONGEST_WAIT)


def refusal(code: int, message: str, request_id: str) -> Upstream:
    """One thing refused inside a call that answered well (TikTok fact sheet 3.14)."""
    verdict = _verdict(200, code, message)
    return Upstream(verdict, platform_code=code, platform_message=message, request_id=request_id)


def to_problem(error: Upstream) -> Problem:
    """The finding to show on the item; the platform's own number and text stay readable in it."""
    return Problem(
        code=error.code,
        path=error.path,
        message=error.message,
        remedy=CODES[error.code].remedy,
        platform_code=error.platform_code,
    )
