"""Every code that TikTok Shop fact sheet section 1.3, 5.3 and 5.4 names, one by one."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from server.clients.errors import PROBLEM_CODES, Upstream, UpstreamKind, classify, to_problem
from server.clients.tiktok_codes import TIKTOK_CODES
from server.clients.verdicts import CODES
from server.domain.problems import Remedy

NOW = datetime(2026, 1, 1, tzinfo=UTC)

SHEET = """
RETRYABLE PLATFORM_BUSY: 36009002 36009003 36009007 33001002 35003001 12001000 12056001 12052881 12052372
OURS CONNECTOR_FAULT: 36009004 36009009 36009010 36009014 36009021 36009022 36009023 36009033 106001 106013
OURS CONNECTOR_FAULT: 12052902 12052486
PLATFORM_LIMIT REQUEST_LIMIT: 36009037 12052109
PLATFORM_LIMIT DAILY_LISTING_LIMIT: 12052093
PLATFORM_LIMIT UPGRADE_RUNNING: 12052234
MERCHANT_MUST_FIX SHOP_INACTIVE: 36009043 36009044 12052700 12052704
NEEDS_AUTHORIZATION AUTHORIZATION_NEEDED: 101000 105002 36004004 36004005 36004001
NEEDS_PERMISSION PERMISSION_NEEDED: 105005
MERCHANT_MUST_FIX INPUT_REFUSED: 98001004 12052910
MERCHANT_MUST_FIX CATEGORY_UNKNOWN: 12052023 12052025
MERCHANT_MUST_FIX CATEGORY_NOT_LEAF: 12052024
MERCHANT_MUST_FIX CATEGORY_FIXED: 12052158
MERCHANT_MUST_FIX REPLICAS_MUST_FOLLOW: 12052514 12052515
MERCHANT_MUST_FIX CATEGORY_VERSION_OUTDATED: 12052217
MERCHANT_MUST_FIX CATEGORY_VERSION_MISMATCH: 12052230
MERCHANT_MUST_FIX CATEGORY_PROHIBITED: 12052220
MERCHANT_MUST_FIX CATEGORY_RESTRICTED: 12052221 12052223 12052226 12052227
MERCHANT_MUST_FIX CATEGORY_NOT_MAIN: 12052225
MERCHANT_MUST_FIX CATEGORY_NOT_IN_MARKET: 12052446
MERCHANT_MUST_FIX COD_NOT_SUPPORTED: 12052222
MERCHANT_MUST_FIX NO_CATEGORY_RECOMMENDED: 12052913 12019064 12052912
MERCHANT_MUST_FIX ATTRIBUTE_MISSING: 12052104 12052182
MERCHANT_MUST_FIX ATTRIBUTE_REFUSED: 12052183 12052240 12052247 12052241 12052248 12052242 12052249 12052246 12052251
MERCHANT_MUST_FIX ATTRIBUTE_REFUSED: 12052253 12052254 12052244 12052256 12052151-12052153 12052245 12052250 12052243
MERCHANT_MUST_FIX ATTRIBUTE_REFUSED: 12052935
MERCHANT_MUST_FIX CERTIFICATION_MISSING: 12052105
MERCHANT_MUST_FIX CERTIFICATION_REFUSED: 12052655 12052656 12052650 12052658 12052657 12052385
MERCHANT_MUST_FIX TITLE_REFUSED: 12052261 12052051 12052262 12052266 12052263 12052931
MERCHANT_MUST_FIX DESCRIPTION_REFUSED: 12052015 12052013 12019006 12052056 12052340-12052352 12052324 12052932
MERCHANT_MUST_FIX IMAGES_REFUSED: 12052028 12052300 12052301 12052302 12052304 12052305 12052306 12052722
MERCHANT_MUST_FIX VARIANTS_REFUSED: 12052525 12052526 12052527 12052529 12052528 12052522 12052520-12052524 12052550
MERCHANT_MUST_FIX VARIANTS_REFUSED: 12052560 12052050 12052558 12052356 12052357 12052933 12052934
MERCHANT_MUST_FIX SKU_REFUSED: 12019059 12052054
MERCHANT_MUST_FIX BARCODE_REFUSED: 12052591-12052600 12052592 12052593 12052291-12052294
MERCHANT_MUST_FIX PRICE_REFUSED: 12052073 12052012 12052570 12052571 12052084 12052092 12052572 12052424 12052375
MERCHANT_MUST_FIX PRICE_REFUSED: 12052376 12052383
MERCHANT_MUST_FIX PRICE_LOCKED: 12052038 12019045
MERCHANT_MUST_FIX STOCK_REFUSED: 12052055
MERCHANT_MUST_FIX WAREHOUSE_REFUSED: 12052097 12052115 12052531 12052530 12052532 12052094 12052555 12019022 12052533
MERCHANT_MUST_FIX WAREHOUSE_REFUSED: 12052534 12052403 12052405 12052420 12052535 12052364 12052096
MERCHANT_MUST_FIX PACKAGE_REFUSED: 12019011 12052181 12052006 12019012 12052116 12052003-12052005 12019061 12052916
MERCHANT_MUST_FIX PACKAGE_REFUSED: 12052915
MERCHANT_MUST_FIX BRAND_REFUSED: 12052026 12019013 12052200 12052201 12052208
MERCHANT_MUST_FIX SIZE_CHART_REFUSED: 12052673 12052128 12052670 12052671
MERCHANT_MUST_FIX COMPLIANCE_REFUSED: 12052282 12052283-12052285 12052295 12052365 12052287 12052288-12052290 12052296
MERCHANT_MUST_FIX COMPLIANCE_REFUSED: 12052366
MERCHANT_MUST_FIX FEES_REFUSED: 12052495 12052497 12052498
MERCHANT_MUST_FIX PRE_SALE_REFUSED: 12019095-12019100 12052268 12052269 12052273-12052278 12052702 12052712
OURS LISTING_UNKNOWN: 12052030-12052032 12052260 12019150 12052034 12052048 12052547 12052557 12052553 12052036
OURS LISTING_STATE_REFUSED: 12052901 12052308
MERCHANT_MUST_FIX SHOP_SETUP_INCOMPLETE: 12052701 12052419 12052332 12052402 12052549 12052703 12052923
MERCHANT_MUST_FIX SHOP_SETUP_INCOMPLETE: 12019215 12052585
MERCHANT_MUST_FIX LISTING_CHECK_FAILED: 12052990
MERCHANT_MUST_FIX EXTERNAL_ID_REFUSED: 12052369
MERCHANT_MUST_FIX LISTING_THERE_ALREADY: 12052996
MERCHANT_MUST_FIX BUNDLE_REFUSED: 12052830-12052864 12052543 12052228
"""


def _expected() -> Iterator[tuple[int, str, str]]:
    for line in SHEET.strip().splitlines():
        head, _, codes = line.partition(":")
        kind, problem = head.split()
        for part in codes.split():
            first, _, last = part.partition("-")
            for code in range(int(first), int(last or first) + 1):
                yield code, kind, problem


@pytest.mark.parametrize(("code", "kind", "problem"), list(_expected()))
def test_each_code_of_the_sheet(code: int, kind: str, problem: str) -> None:
    found = classify(200, code, "", {}, now=NOW)
    assert (found.verdict.kind, found.verdict.problem) == (UpstreamKind(kind), problem)


def test_every_row_speaks_of_a_known_problem() -> None:
    assert {row.problem for row in TIKTOK_CODES.values()} <= CODES.keys() == PROBLEM_CODES.keys()


def test_merchant_faults_name_a_field() -> None:
    nameless = {12052990, 12052910, 98001004}
    without = {
        code for code, row in TIKTOK_CODES.items() if row.kind is UpstreamKind.MERCHANT_MUST_FIX and not row.path
    }
    assert without == nameless


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("Missing credentials", UpstreamKind.OURS),
        ("Invalid app_key", UpstreamKind.OURS),
        ("Invalid timestamp", UpstreamKind.OURS),
        ("Unexpected identifier shop_cipher", UpstreamKind.OURS),
        ("The x-tts-access-token header is invalid", UpstreamKind.NEEDS_AUTHORIZATION),
        ("Invalid access_token", UpstreamKind.NEEDS_AUTHORIZATION),
    ],
)
def test_the_reused_code_is_told_apart_by_its_message(message: str, kind: UpstreamKind) -> None:
    found = classify(400, 36009004, message, {}, now=NOW)
    assert found.verdict.kind is kind
    error = Upstream(found.verdict, platform_code=36009004)
    assert error.token_stale is (kind is UpstreamKind.NEEDS_AUTHORIZATION)


@pytest.mark.parametrize(
    ("status", "code", "kind", "problem"),
    [
        (200, 12052999, "MERCHANT_MUST_FIX", "PLATFORM_REFUSED"),
        (200, 12038999, "MERCHANT_MUST_FIX", "PLATFORM_REFUSED"),
        (200, 77777777, "OURS", "PLATFORM_REFUSED"),
        (400, 77777777, "OURS", "PLATFORM_REFUSED"),
        (429, 77777777, "RETRYABLE", "PLATFORM_BUSY"),
        (401, 77777777, "NEEDS_AUTHORIZATION", "AUTHORIZATION_NEEDED"),
        (403, 77777777, "NEEDS_PERMISSION", "PERMISSION_NEEDED"),
        (502, None, "RETRYABLE", "PLATFORM_BUSY"),
        (503, None, "RETRYABLE", "PLATFORM_BUSY"),
        (200, None, "RETRYABLE", "PLATFORM_BUSY"),
        (404, None, "OURS", "CONNECTOR_FAULT"),
    ],
)
def test_what_the_sheet_does_not_name(status: int, code: int | None, kind: str, problem: str) -> None:
    found = classify(status, code, "", {}, now=NOW)
    assert (found.verdict.kind, found.verdict.problem) == (kind, problem)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("7", 7.0),
        ("0.5", 0.5),
        ("-3", 0.0),
        ("Thu, 01 Jan 2026 00:00:30 GMT", 30.0),
        ("Wed, 31 Dec 2025 23:59:00 GMT", 0.0),
        ("inf", 86_400.0),
        ("1e300", 86_400.0),
        ("nan", 0.0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 86_400.0),
        ("Thu, 01 Jan 99999999999999999999 00:00:00 GMT", None),
        ("soon", None),
        ("", None),
    ],
)
def test_retry_after_in_both_forms(text: str, seconds: float | None) -> None:
    assert classify(429, 36009002, "", {"retry-after": text}, now=NOW).retry_after == seconds


def test_an_unknown_refusal_keeps_its_number_and_text() -> None:
    error = Upstream(
        classify(200, 12052999, "", {}, now=NOW).verdict, platform_code=12052999, platform_message="the moon is wrong"
    )
    problem = to_problem(error)
    assert (problem.code, problem.platform_code) == ("PLATFORM_REFUSED", 12052999)
    assert "the moon is wrong" in problem.message
    assert "12052999" in problem.message


def test_a_problem_names_field_and_remedy() -> None:
    error = Upstream(TIKTOK_CODES[12052104], platform_code=12052104, platform_message="Brand is required")
    problem = to_problem(error)
    assert (problem.code, problem.path, problem.remedy) == ("ATTRIBUTE_MISSING", ("attributes",), Remedy.FIX_TEMPLATE)
    assert problem.message == (
        "A required attribute of the category is missing. TikTok Shop said: Brand is required (12052104)"
    )


def test_what_stops_the_whole_shop() -> None:
    stopping = {code for code, row in TIKTOK_CODES.items() if Upstream(row, platform_code=code).stops_shop}
    assert {105002, 105005, 101000, 12052093, 36009002, 36009043, 12052419} <= stopping
    assert not stopping & {12052104, 12052051, 12052030, 36009004}
    assert Upstream(TIKTOK_CODES[12052023], platform_code=12052023).tree_stale


@pytest.mark.parametrize(("status", "known"), [(429, False), (503, True), (502, True), (408, True)])
def test_a_write_that_only_a_gateway_refused_had_no_effect(status: int, known: bool) -> None:
    """503 may come from behind the gateway, after the write: who sends it once asks before repeating."""
    assert classify(status, None, "", {}, now=NOW).verdict.may_have_worked is known
