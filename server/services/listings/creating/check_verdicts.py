"""What the platform's own check of a listing means (TikTok fact sheet 3.14)."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from server.clients.errors import Upstream, refusal, to_problem
from server.clients.tiktok import Access, TikTokClient
from server.clients.tiktok_codes import CATEGORY_TREE_STALE, LISTING_CHECK_FAILED
from server.clients.tiktok_listing_check import CheckFinding, ListingCheck, PreCheckDetail
from server.domain.categories import CategoryRef, CategoryVersion
from server.domain.problems import Problem, Severity

_PASSED = "PASS"
_NO_REASON = CheckFinding(code=LISTING_CHECK_FAILED, message="No reason was given.")


async def asked(
    tiktok: TikTokClient, access: Access, body: Mapping[str, object], category: CategoryRef
) -> ListingCheck:
    """What the check says to a product's body. ``Upstream`` as of every call, but where it proves nothing.

    A refusal of the whole call that speaks of the trees is then one more finding, to be ``judged`` like those inside
    an answer: else the leaf would be read anew for it, and the shop be kept to the other tree.
    """
    try:
        return await tiktok.products.listing_check(access, body)
    except Upstream as error:
        if error.platform_code is None or not _proves_nothing(error.platform_code, category):
            raise
        reason = CheckFinding(code=error.platform_code, message=error.platform_message)
        return ListingCheck(check_result="FAILED", fail_reasons=(reason,), request_id=error.request_id)


def judged(check: ListingCheck, category: CategoryRef) -> tuple[Problem, ...]:
    """The check's findings as problems, errors first. Without an error the product would be taken."""
    reasons = check.fail_reasons
    if check.check_result != _PASSED and not reasons:
        reasons = (_NO_REASON,)
    return (*(_problem(one, category, check.request_id) for one in reasons), *_remarks(check))


def _problem(reason: CheckFinding, category: CategoryRef, request_id: str) -> Problem:
    """A code that we do not know keeps its number and words."""
    problem = to_problem(refusal(reason.code, reason.message, request_id))
    return replace(problem, severity=Severity.WARNING) if _proves_nothing(reason.code, category) else problem


def _proves_nothing(code: int, category: CategoryRef) -> bool:
    """The check cannot be told which tree the category is of: what it says of a leaf of the new one may be mistaken."""
    return code in CATEGORY_TREE_STALE and category.version is CategoryVersion.V2


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
