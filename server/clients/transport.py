"""What a connection that failed means: whether the call can have reached the platform."""

import httpx

from server.clients.errors import Upstream, UpstreamKind
from server.clients.verdicts import Verdict

_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol, httpx.ProxyError)
_NO_ANSWER = Verdict(UpstreamKind.RETRYABLE, "PLATFORM_BUSY")


def lost(trouble: type[httpx.HTTPError], platform: str, operation: str, *, writes: bool) -> Upstream:
    """No answer came. A write may have had its effect unless the connection was never made."""
    return Upstream(
        _NO_ANSWER,
        platform=platform,
        operation=operation,
        platform_message=f"no answer ({trouble.__name__})",
        outcome_unknown=writes and not issubclass(trouble, _NOT_SENT),
    )
