"""The three TikTok paths outside the gateway: neither signed nor versioned, so not in its table of operations."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OpenCall:
    """One of them, for the call log's names and the coverage page."""

    name: str
    method: str
    path: str
    imitates: str
    leaves_out: str = ""


OPEN_CALLS = (
    OpenCall(
        "Authorize",
        "GET",
        "/open/authorize",
        "asks the seller, comes back to the registered redirect address with a code and the state, or with the refusal",
        "one page for all markets; nobody logs in",
    ),
    OpenCall(
        "Get Access Token",
        "GET",
        "/api/v2/token/get",
        "single-use auth codes that die after 30 minutes; the four documented failures as HTTP 200 with a code",
    ),
    OpenCall(
        "Refresh Access Token",
        "GET",
        "/api/v2/token/refresh",
        "new access tokens; the refresh token changes with the setting `refresh_rotates`",
    ),
)
