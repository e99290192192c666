"""What the platform's own check of a listing means (TikTok fact sheet 3.14)."""

from collections.abc import Iterator
from dataclasses import replace

from server.clients.errors import refusal, to_problem
from server.clients.tiktok_codes import CATEGORY_TREE_STALE, LISTING_CHECK_FAILED
from server.clients.tiktok_listing_check import CheckFinding, ListingCheck, PreCheckDetail
from server.domain.categories import CategoryRef, CategoryVersion
from server.domain.problems import Problem, Severity

_PASSED = "PASS"
_NO_REASON = CheckFinding(code=LISTING_CHECK_FAILED, message="No reason was given.")


def judged(check: ListingCheck, category: CategoryRef) -> tuple[Problem, ...]:
    """The check's findings as problems, errors first. Without an error the product would be taken."""
    reasons = check.fail_reasons
    if check.check_result != _PASSED and not reasons:
        reasons = (_NO_REASON,)
    return (*(_problem(one, category, check.request_id) for one in reasons), *_remarks(check))


def _problem(reason: CheckFinding, category: CategoryRef, request_id: str) -> Problem:
    """A code that we do not know keeps its number and words.

    The check cannot be told which tree the category is of, so what it says of a leaf of the new one proves nothing.
    """
    problem = to_problem(refusal(reason.code, reason.message, request_id))
    if reason.code in CATEGORY_TREE_STALE and category.version is CategoryVersion.V2:
        return replace(problem, severity=Severity.WARNING)
    return problem


def _remarks(check: ListingCheck) -> Iterator[Problem]:
    if check.warnings is not None and check.warnings.message:
        yield Problem("PLATFORM_NOTICE", (), check.warnings.message, Severity.WARNING)
    for one in check.pre_check_results:
        for detail in one.pre_check_details:
            yield Problem("PLATFORM_NOTICE", _path(detail), _text(detail, one.pre_check_item), Severity.WARNING)


def _path(detail: PreCheckDetail) -> tuple[str, ...]:
    return tuple(detail.related_fields[0].split(".")) if detail.related_fields else ()


def _text(detail: PreCheckDetail, item: str) -> str:
    return detail.long_reason or detail.short_reason or item or "TikTok Shop remarked something without a reason."
