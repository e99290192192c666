"""Changes a product to a new content, whoever does it (fact sheet 3.11)."""

from dataclasses import replace
from typing import TYPE_CHECKING

from sandbox.tiktok import audit
from sandbox.tiktok.axes import with_ids
from sandbox.tiktok.checks.order import faults
from sandbox.tiktok.cleaning import cleaned
from sandbox.tiktok.content import Content
from sandbox.tiktok.envelope import Refusal
from sandbox.tiktok.leaves import check_permission
from sandbox.tiktok.lifecycle import Audit, Event, Status
from sandbox.tiktok.listing import (
    Author,
    count_listing,
    ground_of,
    refuse_first,
    take_offers,
    without_offers,
)
from sandbox.tiktok.product import Product

if TYPE_CHECKING:
    from sandbox.world import World

CLOSED = frozenset({Status.FREEZE, Status.DELETED})
NO_DRAFT = CLOSED | {Status.PENDING}


def edit(world: "World", product: Product, content: Content, author: Author, *, as_draft: bool) -> list[str]:
    """Check and take over a whole new content; answers the warnings, raises Refusal for the first broken rule."""
    shop = world.tiktok.shops[product.shop_id]
    if product.status in (NO_DRAFT if as_draft else CLOSED):
        raise Refusal(12052901, f"The product status {product.status.value} does not allow this")
    ground = ground_of(world, shop, content, product)
    check_permission(ground.leaf, shop)
    refuse_first(faults(content, ground))
    kept, warnings = cleaned(content, ground)
    kept = with_ids(kept, world.tiktok, shop, ground.leaf)
    if as_draft:
        _save_draft(world, product, kept)
    else:
        _submit(world, product, kept, author)
    world.tiktok.put(product)
    return warnings


def _save_draft(world: "World", product: Product, content: Content) -> None:
    """A draft stays a draft; a post-live draft stores neither stock nor delivery options."""
    if product.status is Status.DRAFT:
        take_offers(product, content)
        product.base = without_offers(content)
    else:
        product.draft = replace(without_offers(content), delivery_option_ids=())
    product.apply(Event.SAVE_DRAFT, world.clock.unix())


def _submit(world: "World", product: Product, content: Content, author: Author) -> None:
    """Prices and stock at once; content after an audit, at once only where nothing is live."""
    if product.status is Status.DRAFT:
        count_listing(world, world.tiktok.shops[product.shop_id])
    take_offers(product, content)
    bare = without_offers(content)
    product.source, product.made_by, product.draft = author.source, author.name, None
    if product.status is Status.ACTIVATE:
        _submit_live(world, product, bare)
        return
    product.apply(Event.SUBMIT, world.clock.unix())
    if bare != product.base:
        audit.replace_base(world, product, bare)
    audit.submit(world, product)


def _submit_live(world: "World", product: Product, bare: Content) -> None:
    """The old form keeps selling while the new one is audited."""
    if bare == product.newest:
        event = Event.PRICE_OR_STOCK if product.audit is not Audit.AUDITING else None
        if event:
            product.apply(event, world.clock.unix())
        return
    product.under_review = bare
    product.apply(Event.SUBMIT, world.clock.unix())
    audit.submit(world, product)
