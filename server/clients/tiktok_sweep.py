"""Reading every product of a shop, also beyond the 10,000 hits one search can page through (TikTok fact sheet 3.13)."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from server.clients.errors import Upstream
from server.clients.tiktok_access import Access
from server.clients.tiktok_codes import TOO_MANY_HITS
from server.clients.tiktok_product_answers import SearchPage
from server.clients.tiktok_products import SEARCH_LIMIT, ProductFilter, TikTokProducts

EVER = datetime(2020, 1, 1, tzinfo=UTC)
"""Older than any product of a TikTok shop."""

_SECOND = timedelta(seconds=1)


async def sweep(
    products: TikTokProducts, access: Access, wanted: ProductFilter, *, since: datetime, until: datetime
) -> AsyncIterator[SearchPage]:
    """Pages of all hits created from ``since`` to ``until``, both included; each hit once, windows newest first.

    A window with too many hits is halved until it fits. One second with too many cannot be: it raises ``Upstream``.
    """
    windows = [(since, until)]
    while windows:
        start, end = windows.pop()
        narrowed = replace(wanted, created_from=start, created_to=end)
        page = await _first_page(products, access, narrowed, divisible=end - start >= _SECOND)
        if page is None:
            middle = start + timedelta(seconds=(end - start) // (2 * _SECOND))
            windows += [(start, middle), (middle + _SECOND, end)]
            continue
        yield page
        while page.next_page_token:
            page = await products.search(access, narrowed, page_token=page.next_page_token)
            yield page


async def _first_page(
    products: TikTokProducts, access: Access, wanted: ProductFilter, *, divisible: bool
) -> SearchPage | None:
    """Nothing when the window is to be halved."""
    try:
        page = await products.search(access, wanted)
    except Upstream as error:
        if error.platform_code == TOO_MANY_HITS and divisible:
            return None
        raise
    return None if page.total_count > SEARCH_LIMIT and divisible else page
