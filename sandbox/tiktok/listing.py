"""Puts products on and changes them, whoever does it: the API, the seller in Seller Center, another connector."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sandbox.tiktok import audit, news
from sandbox.tiktok.axes import with_ids
from sandbox.tiktok.calendar import TreeVersion
from sandbox.tiktok.checks.descriptions import check_description
from sandbox.tiktok.checks.ground import Fault, Ground
from sandbox.tiktok.checks.order import faults
from sandbox.tiktok.checks.pictures import check_main_images
from sandbox.tiktok.checks.titles import check_title
from sandbox.tiktok.checks.variants import check_variants
from sandbox.tiktok.cleaning import cleaned
from sandbox.tiktok.content import Content
from sandbox.tiktok.envelope import Refusal
from sandbox.tiktok.leaves import check_permission, find_leaf
from sandbox.tiktok.lifecycle import Audit, Event, Status
from sandbox.tiktok.markets import MARKETS
from sandbox.tiktok.product import Product
from sandbox.tiktok.sellers import Shop

if TYPE_CHECKING:
    from sandbox.world import World

PROBATION_LIMIT = 100


@dataclass(frozen=True, slots=True)
class Author:
    """Who lists: the channel webhook 15 names, and the app or person."""

    source: str
    name: str


def ground_of(world: "World", shop: Shop, content: Content, old: Product | None = None) -> Ground:
    """Everything the checks need; refuses a category that does not fit."""
    now = world.clock.unix()
    version = TreeVersion(content.category_version)
    leaf = find_leaf(world.tiktok, world.settings, shop, content.category_id, version, now)
    return Ground(world.tiktok, shop, MARKETS[shop.region], leaf, now, old, world.settings.external_ids_unique)


def create(world: "World", shop: Shop, content: Content, author: Author, *, as_draft: bool) -> Product:
    """A new product, in audit or as a draft; raises Refusal for the first broken rule."""
    ground = ground_of(world, shop, content)
    check_permission(ground.leaf, shop)
    refuse_first(_draft_faults(content, ground) if as_draft else faults(content, ground))
    if not as_draft:
        count_listing(world, shop)
    kept, warnings = cleaned(content, ground)
    kept = with_ids(kept, world.tiktok, shop, ground.leaf)
    product = Product(
        id=world.tiktok.ids.decimal("product"),
        number=world.tiktok.ids.counters["product"],
        shop_id=shop.id,
        base=without_offers(kept),
        status=Status.DRAFT,
        audit=Audit.NONE,
        create_time=ground.now,
        update_time=ground.now,
        source=author.source,
        made_by=author.name,
        warnings=warnings,
    )
    take_offers(product, kept)
    if not as_draft:
        product.apply(Event.SUBMIT, ground.now)
    world.tiktok.put(product)
    news.created(world, product)
    if not as_draft:
        audit.submit(world, product)
    return product


def refuse_first(found: Iterable[Fault]) -> None:
    """The platform names one fault at a time."""
    for fault in found:
        raise Refusal(fault.code, fault.message)


def count_listing(world: "World", shop: Shop) -> None:
    """Count one listing of today, or refuse it: 100 a day on probation, else the setting (fact sheet 3.10.2)."""
    begins = world.settings.listing_day_begins_h * 3600
    day = datetime.fromtimestamp(world.clock.unix() - begins, UTC).date().isoformat()
    limit = world.settings.daily_listing_limit
    limit = min(limit, PROBATION_LIMIT) if shop.is_on_probation else limit
    key = f"{shop.id}/{day}"
    used = world.tiktok.listings_today.get(key, 0)
    if used >= limit:
        raise Refusal(12052093, f"The daily listing limit of {limit} products is reached")
    world.tiktok.listings_today[key] = used + 1


def without_offers(content: Content) -> Content:
    """The content without prices and stock, which belong to SKU ids instead."""
    return replace(content, skus=tuple(replace(sku, price=None, inventory=None) for sku in content.skus))


def take_offers(product: Product, content: Content) -> bool:
    """Take over the prices and stock that were sent; says whether anything changed."""
    before = (dict(product.prices), dict(product.stock))
    product.prices.update({sku.id: sku.price for sku in content.skus if sku.price is not None})
    product.stock.update({sku.id: sku.inventory for sku in content.skus if sku.inventory})
    return (product.prices, product.stock) != before


def _draft_faults(content: Content, ground: Ground) -> Iterable[Fault]:
    """A draft needs the required top-level fields, not more."""
    for check in (check_title, check_description, check_main_images, check_variants):
        yield from check(content, ground)
