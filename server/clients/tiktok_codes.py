"""TikTok Shop's error codes as tables: gateway, token endpoints and products (TikTok fact sheet 1.3, 3, 5.3, 5.4)."""

from collections.abc import Iterable, Mapping

from server.clients.verdicts import UpstreamKind, Verdict

_RETRY = UpstreamKind.RETRYABLE
_AUTH = UpstreamKind.NEEDS_AUTHORIZATION
_PERMISSION = UpstreamKind.NEEDS_PERMISSION
_FIX = UpstreamKind.MERCHANT_MUST_FIX
_LIMIT = UpstreamKind.PLATFORM_LIMIT
_OURS = UpstreamKind.OURS

STALE_TOKEN = 105002
THROTTLED = 36009002
REUSED = 36009004
"""One code for many faults; the message tells them apart (``REUSED_BY_KEYWORD``)."""
LISTING_LIMIT = 12052093
LISTING_CHECK_FAILED = 12052990
UPGRADE_RUNNING = 12052234
EXTERNAL_ID_TAKEN = 12052996
"""Another product there carries the product's own id: the two are to be linked."""
TOO_MANY_HITS = 12052180
NO_RECOMMENDATION = frozenset({12052913, 12019064, 12052912})
"""The seed guide, the reference and the main-category form of "nothing to recommend" (TikTok fact sheet 3.6)."""
CATEGORY_TREE_STALE = frozenset({12052023, 12052024, 12052025, 12052217, 12052230})
"""Codes after which the stored tree is to be fetched anew (TikTok fact sheet 3.7)."""

_BUSY = Verdict(_RETRY, "PLATFORM_BUSY", may_have_worked=True)
_REFUSED_BY_GATEWAY = Verdict(_RETRY, "PLATFORM_BUSY")
_FAULT = Verdict(_OURS, "CONNECTOR_FAULT")
_STALE = Verdict(_OURS, "LISTING_UNKNOWN")
_STATE = Verdict(_OURS, "LISTING_STATE_REFUSED")
_SETUP = Verdict(_FIX, "SHOP_SETUP_INCOMPLETE", ("shop",))
_AGAIN = Verdict(_AUTH, "AUTHORIZATION_NEEDED")

_INTERNAL = (36009003, 36009007, 33001002, 35003001, 12001000, 12056001, 12052881, 12052372)
_HOUR = 3600.0


def _rows(verdict: Verdict, codes: Iterable[int]) -> dict[int, Verdict]:
    return dict.fromkeys(codes, verdict)


def _fix(problem: str, path: str, *codes: int) -> dict[int, Verdict]:
    return _rows(Verdict(_FIX, problem, tuple(path.split("."))), codes)


GATEWAY: Mapping[int, Verdict] = {
    THROTTLED: _REFUSED_BY_GATEWAY,
    **_rows(_BUSY, _INTERNAL),
    **_rows(_FAULT, (REUSED, 36009009, 36009010, 36009014, 36009021, 36009022, 36009023, 36009033, 106001, 106013)),
    36009037: Verdict(_LIMIT, "REQUEST_LIMIT", retry_after=_HOUR),
    **_rows(Verdict(_FIX, "SHOP_INACTIVE", ("shop",)), (36009043, 36009044)),
    **_rows(_AGAIN, (101000, STALE_TOKEN, 36004004, 36004005, 36004001)),
    105005: Verdict(_PERMISSION, "PERMISSION_NEEDED"),
    98001004: Verdict(_FIX, "INPUT_REFUSED"),
}

REUSED_BY_KEYWORD: tuple[tuple[str, Verdict], ...] = (
    ("x-tts-access-token", _AGAIN),
    ("access_token", _AGAIN),
    ("access token", _AGAIN),
)
"""Message keywords (lower case) of code 36009004 that need something else than a mended connector."""

_CATEGORY: Mapping[int, Verdict] = {
    **_fix("CATEGORY_UNKNOWN", "category", 12052023, 12052025),
    **_fix("CATEGORY_NOT_LEAF", "category", 12052024),
    **_fix("CATEGORY_FIXED", "category", 12052158),
    **_fix("REPLICAS_MUST_FOLLOW", "replicas", 12052514, 12052515),
    **_fix("CATEGORY_VERSION_OUTDATED", "category", 12052217),
    **_fix("CATEGORY_VERSION_MISMATCH", "category", 12052230),
    **_fix("CATEGORY_PROHIBITED", "category", 12052220),
    **_fix("CATEGORY_RESTRICTED", "category", 12052221, 12052223, 12052226, 12052227),
    **_fix("CATEGORY_NOT_MAIN", "category", 12052225),
    **_fix("CATEGORY_NOT_IN_MARKET", "category", 12052446),
    **_fix("NO_CATEGORY_RECOMMENDED", "category", *NO_RECOMMENDATION),
    **_fix("COD_NOT_SUPPORTED", "is_cod_allowed", 12052222),
}

_CONTENT: Mapping[int, Verdict] = {
    **_fix("ATTRIBUTE_MISSING", "attributes", 12052104, 12052182),
    **_fix("ATTRIBUTE_REFUSED", "attributes", 12052183, *range(12052240, 12052252), 12052253, 12052254, 12052256),
    **_fix("ATTRIBUTE_REFUSED", "attributes", 12052151, 12052152, 12052153, 12052935),
    **_fix("CERTIFICATION_MISSING", "certifications", 12052105),
    **_fix("CERTIFICATION_REFUSED", "certifications", 12052650, 12052655, 12052656, 12052657, 12052658, 12052385),
    **_fix("TITLE_REFUSED", "title", 12052261, 12052051, 12052262, 12052266, 12052263, 12052931),
    **_fix("DESCRIPTION_REFUSED", "description", 12052015, 12052013, 12019006, 12052056, *range(12052340, 12052353)),
    **_fix("DESCRIPTION_REFUSED", "description", 12052324, 12052932),
    **_fix("IMAGES_REFUSED", "images", 12052028, *range(12052300, 12052307), 12052722, 12019009),
    **_fix("FILE_REFUSED", "images", 11050001, 12019116, 12038014, 12038002, 12038004, 12038015, 12038005),
    **_fix("FILE_REFUSED", "files", 12019103, 12019104, 12019105, 12019122),
    **_fix("SIZE_CHART_REFUSED", "size_chart", 12052673, 12052128, 12052670, 12052671),
    **_fix("BRAND_REFUSED", "brand", 12052026, 12019013, *range(12052189, 12052207), 12052208),
}

_OFFER: Mapping[int, Verdict] = {
    **_fix("VARIANTS_REFUSED", "variants", *range(12052520, 12052530), 12052550, 12052560, 12052050, 12052558),
    **_fix("VARIANTS_REFUSED", "variants", 12052356, 12052357, 12052933, 12052934),
    **_fix("SKU_REFUSED", "variants.sku", 12019059, 12052054),
    **_fix("BARCODE_REFUSED", "variants.barcode", *range(12052591, 12052601), *range(12052291, 12052295)),
    **_fix("PRICE_REFUSED", "variants.price", 12052073, 12052012, 12052570, 12052571, 12052084, 12052092, 12052572),
    **_fix("PRICE_REFUSED", "variants.price", 12052424, 12052375, 12052376, 12052383),
    **_fix("PRICE_LOCKED", "variants.price", 12052038, 12019045),
    **_fix("STOCK_REFUSED", "variants.stock", 12052055, 12052037, 12019024, 12019028),
    **_fix("WAREHOUSE_REFUSED", "warehouse", 12052097, 12052115, 12052094, 12052096, *range(12052530, 12052536)),
    **_fix("WAREHOUSE_REFUSED", "warehouse", 12052555, 12019022, 12052403, 12052405, 12052420, 12052364),
    **_fix("PACKAGE_REFUSED", "package.weight", 12019011, 12052181, 12052006),
    **_fix("PACKAGE_REFUSED", "package.dimensions", 12019012, 12052116, 12052003, 12052004, 12052005),
    **_fix("PACKAGE_REFUSED", "package", 12019061, 12052915, 12052916),
    **_fix("COMPLIANCE_REFUSED", "manufacturers", 12052282, 12052283, 12052284, 12052285, 12052295, 12052365),
    **_fix("COMPLIANCE_REFUSED", "responsible_persons", *range(12052287, 12052291), 12052296, 12052366),
    **_fix("COMPLIANCE_REFUSED", "manufacturers", *range(38023022, 38023061)),
    **_fix("FEES_REFUSED", "fees", 12052495, 12052497, 12052498),
    **_fix("PRE_SALE_REFUSED", "pre_sale", *range(12019095, 12019101), 12052268, 12052269),
    **_fix("PRE_SALE_REFUSED", "pre_sale", *range(12052273, 12052279), 12052702, 12052712),
}

_PRODUCT: Mapping[int, Verdict] = {
    **_rows(_STALE, (12052030, 12052031, 12052032, 12052260, 12019150, 12052034, 12052048, 12052547)),
    **_rows(_STALE, (12052557, 12052553, 12052036)),
    **_rows(_STATE, (12052901, 12052308, 12052922)),
    **_rows(_FAULT, (12052902, 12052486, 12052487, 12019120, 12019027, 12019087)),
    **_rows(_FAULT, (12019108, 12019109, 12019118, 12019119, TOO_MANY_HITS, 12019210)),
    **_rows(Verdict(_FIX, "SHOP_INACTIVE", ("shop",)), (12052700, 12052704)),
    **_rows(_SETUP, (12052701, 12052419, 12052332, 12052402, 12052549, 12052703, 12052923, 12019215, 12052585)),
    LISTING_LIMIT: Verdict(_LIMIT, "DAILY_LISTING_LIMIT"),
    12052109: Verdict(_LIMIT, "REQUEST_LIMIT", retry_after=60.0),
    UPGRADE_RUNNING: Verdict(_LIMIT, "UPGRADE_RUNNING", retry_after=_HOUR),
    12052265: Verdict(_FIX, "UPGRADE_NOT_AVAILABLE", ("shop",)),
    12052910: Verdict(_FIX, "INPUT_REFUSED"),
    LISTING_CHECK_FAILED: Verdict(_FIX, "LISTING_CHECK_FAILED"),
    EXTERNAL_ID_TAKEN: Verdict(_FIX, "LISTING_THERE_ALREADY", ("external_product_id",)),
    **_fix("EXTERNAL_ID_REFUSED", "external_product_id", 12052369),
    **_fix("BUNDLE_REFUSED", "variants", *range(12052830, 12052865), 12052543, 12052228),
}

TIKTOK_CODES: Mapping[int, Verdict] = {**GATEWAY, **_CATEGORY, **_CONTENT, **_OFFER, **_PRODUCT}
"""Every code the fact sheet names, with what it means for us."""

PRODUCT_FAMILIES = frozenset({11050, 12019, 12038, 12052, 38023, 98001})
"""First five digits of codes that speak about the merchant's data; an unknown one is shown, not hidden."""

BY_STATUS: Mapping[int, Verdict] = {
    401: _AGAIN,
    403: Verdict(_PERMISSION, "PERMISSION_NEEDED"),
    408: _BUSY,
    429: _REFUSED_BY_GATEWAY,
    503: _BUSY,
}
"""Fallback when the body has no known code (TikTok fact sheet 5.2)."""
