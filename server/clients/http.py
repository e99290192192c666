"""The outgoing HTTP connections: pooled, with timeouts, following no redirect, and silent about query strings."""

import logging
import ssl

import httpx

from server.clients.lanes import Lanes

USER_AGENT = "Leafmark/0.1 (+https://github.com/leafmark/leafmark)"
TIMEOUT = httpx.Timeout(connect=5.0, read=30.0, write=30.0, pool=30.0)
UPLOAD_TIMEOUT = httpx.Timeout(connect=5.0, read=120.0, write=120.0, pool=30.0)
LANES = 8
LIMITS = httpx.Limits(max_connections=8, max_keepalive_connections=8, keepalive_expiry=30.0)
"""Of one lane."""


class _WithoutQuery(logging.Filter):
    """httpx logs every request's URL at INFO; TikTok's token calls carry secrets in it (TikTok fact sheet 1.3)."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(arg.copy_with(query=None) if isinstance(arg, httpx.URL) else arg for arg in record.args)
        return True


_FILTER = _WithoutQuery()


def keep_queries_out_of_logs() -> None:
    """Cut the query off every URL httpx logs; calling it again changes nothing."""
    logging.getLogger("httpx").addFilter(_FILTER)


def new_http(*, verify: ssl.SSLContext | None = None) -> httpx.AsyncClient:
    """The connections of the whole process; close it with the process."""
    keep_queries_out_of_logs()
    context = verify or httpx.create_ssl_context(trust_env=False)
    lanes = (httpx.AsyncHTTPTransport(verify=context, limits=LIMITS, trust_env=False) for _ in range(LANES))
    return httpx.AsyncClient(
        transport=Lanes(*lanes),
        timeout=TIMEOUT,
        follow_redirects=False,
        trust_env=False,
        headers={"user-agent": USER_AGENT, "accept": "application/json"},
    )
