"""Reading a product whose news did not say what changed."""

from datetime import timedelta

from server.clients.errors import Upstream, UpstreamKind
from server.clients.tiktok import TokenSource
from server.clients.tiktok_product_answers import SearchPage, TikTokProduct
from server.clients.tiktok_products import SEARCHED_SKUS, ProductFilter
from server.clients.tiktok_sweep import EVER, sweep
from server.deps import Deps
from server.services import inbox_topics, listings, tiktok_shops
from server.services.inbox_topics import Bench, Done, Failed, Outcome, ProductToRead
from workers.remote_reading import HIDDEN

_HIDDEN_STATES = ("FREEZE", "DELETED")
"""Get Product refuses these; Search Products, which cannot filter by id, still shows them (TikTok fact sheet 3.12)."""

_LATELY = timedelta(days=1)
"""So far back a product is searched for when no news says since when."""

_MARGIN = timedelta(minutes=1)
"""Clocks of the platform that differ: the time of the news against the time of the product's change."""


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
        product = await _read(deps, source, asked)
    except Upstream as error:
        again = error.kind in (UpstreamKind.RETRYABLE, UpstreamKind.PLATFORM_LIMIT)
        return Failed(error.code) if again else Done(f"ignored: {error.code}")
    if product is None:
        return Done("ignored: the platform does not show the product")
    async with deps.database.write() as session:
        bench = Bench(session, deps.queue, deps.feed, deps.clock())
        return await inbox_topics.saw(bench, asked=asked, product=product)


async def _read(deps: Deps, source: TokenSource, asked: ProductToRead) -> TikTokProduct | None:
    try:
        return await deps.tiktok.products.get(source, asked.remote_id)
    except Upstream as error:
        if error.code not in HIDDEN:
            raise
    return await _among_its_variants(deps, source, asked) or await _since_the_news(deps, source, asked)


async def _among_its_variants(deps: Deps, source: TokenSource, asked: ProductToRead) -> TikTokProduct | None:
    """One page, however many products came to the same end that day."""
    async with deps.database.read() as session:
        sku_ids = await listings.sku_ids_of(
            session, shop_id=asked.shop_id, tiktok_shop_id=asked.tiktok_shop_id, remote_id=asked.remote_id
        )
    if not sku_ids:
        return None
    for state in _HIDDEN_STATES:
        wanted = ProductFilter(None, status=state, sku_ids=sku_ids[:SEARCHED_SKUS])
        page = await deps.tiktok.products.search(source, wanted)
        if (found := _shown(page, asked.remote_id)) is not None:
            return found
    return None


async def _since_the_news(deps: Deps, source: TokenSource, asked: ProductToRead) -> TikTokProduct | None:
    """All that were frozen or deleted from then on: the product's last change is the news, or something later."""
    now = deps.clock()
    since = asked.news.at - _MARGIN if asked.news else now - _LATELY
    for state in _HIDDEN_STATES:
        wanted = ProductFilter(None, status=state, updated_from=since)
        async for page in sweep(deps.tiktok.products, source, wanted, since=EVER, until=now):
            if (found := _shown(page, asked.remote_id)) is not None:
                return found
    return None


def _shown(page: SearchPage, remote_id: str) -> TikTokProduct | None:
    hits = (hit for hit in page.products if hit.id == remote_id)
    return next((TikTokProduct(id=hit.id, status=hit.status, update_time=hit.update_time) for hit in hits), None)
