"""Shopify's refusals in the one classification: by OAuth error, GraphQL code, HTTP status (fact sheet 1.6, 3.5)."""

from collections.abc import Mapping

from server.clients.verdicts import UpstreamKind, Verdict

_AGAIN = Verdict(UpstreamKind.NEEDS_AUTHORIZATION, "AUTHORIZATION_NEEDED")
_PERMISSION = Verdict(UpstreamKind.NEEDS_PERMISSION, "PERMISSION_NEEDED")
_SHOP = Verdict(UpstreamKind.MERCHANT_MUST_FIX, "SHOP_INACTIVE", ("shop",))
_FAULT = Verdict(UpstreamKind.OURS, "CONNECTOR_FAULT")
_SLOW = Verdict(UpstreamKind.RETRYABLE, "PLATFORM_BUSY")
_BUSY = Verdict(UpstreamKind.RETRYABLE, "PLATFORM_BUSY", may_have_worked=True)

THROTTLED = "THROTTLED"
MAX_COST = "MAX_COST_EXCEEDED"

BY_OAUTH_ERROR: Mapping[str, Verdict] = {
    "invalid_subject_token": _AGAIN,
    "invalid_grant": _AGAIN,
    "invalid_client": _FAULT,
}

BY_CODE: Mapping[str, Verdict] = {
    THROTTLED: _SLOW,
    "ACCESS_DENIED": _PERMISSION,
    "SHOP_INACTIVE": _SHOP,
    "INTERNAL_SERVER_ERROR": _BUSY,
    MAX_COST: _FAULT,
}

BY_STATUS: Mapping[int, Verdict] = {
    401: _AGAIN,
    402: _SHOP,
    403: _PERMISSION,
    408: _BUSY,
    423: _SHOP,
    429: _SLOW,
    430: Verdict(UpstreamKind.PLATFORM_LIMIT, "REQUEST_LIMIT", retry_after=60.0),
    503: _BUSY,
}


def verdict_of(status: int, word: str) -> Verdict:
    """The word first, then the status; what nobody knows is a fault of ours, unless the server failed."""
    if known := BY_OAUTH_ERROR.get(word) or BY_CODE.get(word) or BY_STATUS.get(status):
        return known
    if status >= 500 or (status < 300 and not word):
        return _BUSY
    return Verdict(UpstreamKind.OURS, "PLATFORM_REFUSED") if word else _FAULT
