"""Having Shopify tell us of changes: after an install, and once more at each import in case that failed."""

from uuid import UUID

import structlog

from server.deps import Deps
from server.kit.errors import AppError
from server.services import shops

log = structlog.get_logger()

TOPICS = frozenset(
    {"APP_UNINSTALLED", "BULK_OPERATIONS_FINISH", "PRODUCTS_CREATE", "PRODUCTS_DELETE", "PRODUCTS_UPDATE"}
)
"""Those of ``services.inbox_topics`` that can be subscribed to; the compliance topics stand in the app's TOML."""

_PATH = "/webhooks/shopify"


async def subscribe(deps: Deps, *, shop_id: UUID) -> bool:
    """Make the store's subscriptions ours, whatever they were. A failure is logged and left to the next import."""
    access = shops.shopify_access(deps.database, deps.vault, deps.shopify, shop_id=shop_id, clock=deps.clock)
    try:
        made = await deps.shopify.webhooks.make_it_so(access, TOPICS, deps.settings.public_url.rstrip("/") + _PATH)
    except AppError as error:
        log.warning("subscriptions.failed", shop=str(shop_id), code=error.code, error=error.message)
        return False
    if made.created or made.removed:
        log.info("subscriptions.made", shop=str(shop_id), created=len(made.created), removed=len(made.removed))
    return True
