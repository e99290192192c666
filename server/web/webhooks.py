"""Webhooks of both platforms: verified on the raw bytes, kept once, answered; the work is done elsewhere.

TikTok waits 3 s for an answer, Shopify 5 s. What we stand on may be slow: then we say so in time and are asked again.
"""

from collections.abc import Callable

import anyio
import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.deps import Deps
from server.queue import Job, JobName
from server.services import inbox
from server.settings import Settings
from server.web import shopify_news, tiktok_news
from server.web.bodies import BodyTooLarge, ClientGone, read_body
from server.web.news import News, Refused

log = structlog.get_logger()

TIKTOK = "/webhooks/tiktok"
SHOPIFY = "/webhooks/shopify"

MAX_BODY = 5 * 1_048_576
"""Bytes; a product with 2,000 variants stays far below."""

ANSWER_WITHIN = 2.5
"""Seconds: half of Shopify's five, since the way here and back takes some (Shopify fact sheet 2.2)."""
_QUEUE_WITHIN = 0.3
"""Seconds: a Redis that hangs must not cost the answer; the delivery is kept by then."""
_JOBS_A_SECOND = 20
"""Deliveries of a moment share one job: a burst of webhooks makes no burst of jobs."""

Reader = Callable[[Settings, Request, bytes], News]


def routes(deps: Deps) -> list[Route]:
    """One address for each platform."""
    return [_route(deps, TIKTOK, tiktok_news.read), _route(deps, SHOPIFY, shopify_news.read)]


def _route(deps: Deps, path: str, read: Reader) -> Route:
    async def receive(request: Request) -> Response:
        try:
            with anyio.fail_after(ANSWER_WITHIN):
                await _take_in(deps, read, request)
        except Refused as refused:
            log.info("webhook.refused", path=path, status=refused.status, reason=refused.reason)
            return Response(status_code=refused.status)
        except (TimeoutError, ClientGone):
            log.warning("webhook.too_slow", path=path)
            return Response(status_code=503)
        return Response(status_code=200)

    return Route(path, receive, methods=["POST"])


async def _take_in(deps: Deps, read: Reader, request: Request) -> None:
    """Keep a genuine delivery; a repeated one is answered like the first. The job is sent once it is really kept."""
    try:
        raw = await read_body(request.scope, request.receive, MAX_BODY)
    except BodyTooLarge:
        raise Refused(413, "too large") from None
    news = read(deps.settings, request, raw)
    now = deps.clock()
    async with deps.database.write() as session:
        is_new = await inbox.receive(
            session,
            source=news.source,
            delivery_id=news.delivery_id,
            shop_ref=news.shop_ref,
            topic=news.topic,
            payload=news.payload,
            triggered_at=news.triggered_at,
            now=now,
        )
    if is_new:
        with anyio.move_on_after(_QUEUE_WITHIN):  # a sweep sends it otherwise
            slot = int(now.timestamp() * _JOBS_A_SECOND)
            await deps.queue.send([Job(JobName.INBOX, f"inbox:{slot}")])
