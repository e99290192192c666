"""Reading a product whose news did not say what changed."""

from datetime import timedelta

from server.clients.errors import Upstream, UpstreamKind
from server.clients.tiktok import TokenSource
from server.clients.tiktok_product_answers import TikTokProduct
from server.clients.tiktok_products import ProductFilter
from server.deps import Deps
from server.services import inbox_topics, tiktok_shops
from server.services.inbox_topics import Bench, Done, Failed, Outcome, ProductToRead
from workers.remote_reading import HIDDEN

_HIDDEN_STATES = ("FREEZE", "DELETED")
"""Get Product refuses these; Search Products, which cannot filter by id, still shows them (TikTok fact sheet 3.12)."""

_LATELY = timedelta(days=1)


async def look(deps: Deps, asked: ProductToRead) -> Outcome:
    """Call (no transaction), then record. A platform that is away is asked again later."""
    source = tiktok_shops.token_source(
        deps.database,
        deps.vault,
        deps.tiktok,
        shop_id=asked.shop_id,
        tiktok_shop_id=asked.tiktok_shop_id,
        clock=deps.clock,
    )
    try:
        product = await _read(deps, source, asked.remote_id)
    except Upstream as error:
        again = error.kind in (UpstreamKind.RETRYABLE, UpstreamKind.PLATFORM_LIMIT)
        return Failed(error.code) if again else Done(f"ignored: {error.code}")
    if product is None:
        return Done("ignored: the platform does not show the product")
    async with deps.database.write() as session:
        bench = Bench(session, deps.queue, deps.feed, deps.clock())
        return await inbox_topics.saw(bench, asked=asked, product=product)


async def _read(deps: Deps, source: TokenSource, remote_id: str) -> TikTokProduct | None:
    try:
        return await deps.tiktok.products.get(source, remote_id)
    except Upstream as error:
        if error.code not in HIDDEN:
            raise
    since = deps.clock() - _LATELY
    for state in _HIDDEN_STATES:
        async for page in deps.tiktok.products.pages(source, ProductFilter(None, status=state, updated_from=since)):
            for found in page.products:
                if found.id == remote_id:
                    return TikTokProduct(id=found.id, status=found.status, update_time=found.update_time)
    return None
