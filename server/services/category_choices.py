"""The category each product is listed in, decided for any number of products in at most three statements."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from uuid import UUID

from server.domain.categories import CategoryVersion
from server.domain.category_choices import (
    Automatic,
    CategoryChoice,
    CategorySource,
    Considered,
    Fallback,
    Taken,
    TakenBy,
    choose_category,
    decided_early,
    needs_fallback,
)
from server.store import category_choices as store
from server.store import mappings
from server.store.session import Session

__all__ = ["CategoryChoice", "CategorySource", "Taken", "TakenBy", "decide"]


async def decide(
    session: Session,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    products: Mapping[UUID, Taken],
    listable: Collection[CategoryVersion],
) -> dict[UUID, CategoryChoice]:
    """The category of each product with its reason; ``listable`` are the trees that the day's policy opens.

    Approvals and mappings are read only for products whose override and template leave the category open, the default
    template only where another template does.
    """
    where = {"shop_id": shop_id, "tiktok_shop_id": tiktok_shop_id}
    chosen = {product_id: decided_early(taken) for product_id, taken in products.items()}
    open_ids = [product_id for product_id, choice in chosen.items() if choice is None]
    approved = await store.approved(session, **where, product_ids=open_ids) if open_ids else {}
    waiting = [one for one in open_ids if one not in approved or approved[one].version not in listable]
    mapped = await mappings.leaves(session, **where, product_ids=waiting, versions=listable) if waiting else {}
    asked = any(one not in mapped and needs_fallback(products[one]) for one in waiting)
    default = await store.default_category(session, **where) if asked else None
    fallback = None if default is None else Fallback(*default)
    known = {one: Automatic(approved.get(one), mapped.get(one)) for one in open_ids}
    return {
        product_id: _choice(products[product_id], choice, known.get(product_id, Automatic()), fallback, listable)
        for product_id, choice in chosen.items()
    }


def _choice(
    taken: Taken,
    early: CategoryChoice | None,
    automatic: Automatic,
    fallback: Fallback | None,
    listable: Collection[CategoryVersion],
) -> CategoryChoice:
    """The choice with what it was made of."""
    choice = early or choose_category(taken, automatic, fallback, listable)
    return replace(choice, considered=Considered(taken.by, taken.override, automatic, fallback))
