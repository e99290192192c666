"""Asking the platform what became of a creation whose answer was lost: by time, then by our own product id."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from server.clients.errors import Upstream, UpstreamKind
from server.clients.tiktok import Access, TikTokClient
from server.clients.tiktok_product_answers import CreatedProduct, CreatedSku, FoundProduct, ProductSku, TikTokProduct
from server.clients.tiktok_products import ProductFilter
from server.clients.tiktok_sweep import sweep
from server.domain.categories import CategoryRef
from server.domain.listings import ListingOrigin
from server.domain.snapshots import Snapshot
from server.kit.clock import from_unix
from server.store.listing_moves import ListedAs

MARGIN = timedelta(minutes=5)
"""The platform's clock and ours may differ by so much (TikTok fact sheet 2.1 allows requests that far off)."""

_GONE = "DELETED"

Known = Callable[[Sequence[str]], Awaitable[set[str]]]
"""Tells which of the platform's products other listings of ours stand for."""


@dataclass(frozen=True, slots=True)
class Lost:
    """A creation without an answer: our product, as which title it was sent, and when we set out."""

    external_product_id: str
    title: str
    since: datetime


async def find_created(
    tiktok: TikTokClient, access: Access, lost: Collection[Lost], known: Known, *, now: datetime
) -> dict[str, TikTokProduct]:
    """Products made from lost creations, by our product id; one that is not in it was not found.

    Reads what was created since the first of them was sent, however much that is (TikTok fact sheet 3.13), then those
    hits that no listing stands for, likely titles first.
    """
    wanted = {one.external_product_id: one for one in lost}
    since = min(one.since for one in lost) - MARGIN
    found: dict[str, TikTokProduct] = {}
    async for page in sweep(tiktok.products, access, ProductFilter(None), since=since, until=now + MARGIN):
        hits = page.products
        taken = await known([hit.id for hit in hits])
        titles = {one.title for name, one in wanted.items() if name not in found}
        strangers = [hit for hit in hits if hit.id not in taken and hit.status != _GONE]
        for hit in sorted(strangers, key=lambda one: one.title not in titles):
            product = await _read(tiktok, access, hit)
            if product is not None and product.external_product_id in wanted:
                found.setdefault(product.external_product_id, product)
            if len(found) == len(wanted):
                return found
    return found


async def _read(tiktok: TikTokClient, access: Access, hit: FoundProduct) -> TikTokProduct | None:
    """Nothing when it was deleted or frozen in between; other failures are the caller's."""
    try:
        return await tiktok.products.get(access, hit.id)
    except Upstream as error:
        if error.kind in (UpstreamKind.OURS, UpstreamKind.MERCHANT_MUST_FIX):
            return None
        raise


def listed_as(made: CreatedProduct, category: CategoryRef, sent: Snapshot | None) -> ListedAs:
    """What a creation answered, as we keep it: edits need the platform's ids of variants, axes and values.

    Without ``sent`` nobody knows for sure what the product was made of.
    """
    skus = tuple(sku_as(sku) for sku in made.skus)
    told = replace(sent, warned=bool(made.warnings)) if sent else None
    return ListedAs(made.product_id, skus, category, sent=told)


def adopted_as(found: TikTokProduct, sent: CategoryRef) -> ListedAs:
    """The same of a product that was read; its category is of the tree it was sent with, its news those of the read."""
    leaf = found.leaf_category_id
    category = CategoryRef(leaf, sent.version) if leaf else sent
    skus, told_at = tuple(sku_as(sku) for sku in found.skus), from_unix(found.update_time)
    return ListedAs(found.id, skus, category, ListingOrigin.ADOPTED, told_at=told_at)


def sku_as(sku: CreatedSku | ProductSku) -> dict[str, Any]:
    """A variant's ids, as we keep them."""
    return {
        "id": sku.id,
        "external_sku_id": sku.external_sku_id,
        "seller_sku": sku.seller_sku,
        "axes": [{"id": axis.id, "value_id": axis.value_id} for axis in sku.sales_attributes],
    }
