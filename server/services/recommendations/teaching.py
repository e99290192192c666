"""What the recommender of a TikTok shop is taught: approvals, edits, assignments, upgrades, mappings by hand (N10)."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from server.domain.confirmed import ChoiceSource, Confirmed, latest
from server.domain.mappings import MappingOrigin, Source
from server.services import mapping_learning
from server.store import confirmed_choices, mapping_sources
from server.store import mappings as mapping_rows
from server.store.session import Session

__all__ = ["ChoiceSource", "Confirmed", "forget", "learn", "learn_mappings"]


async def learn(
    session: Session,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    choices: Sequence[Confirmed],
    by: str,
    now: datetime,
) -> set[UUID]:
    """Remember where these products belong, in a handful of statements; answers the products whose choice changed.

    Of one product the latest counts. Where enough products of a source category agree, it is mapped. The next ranking
    of the shop has learned it. Products of other stores are passed over.
    """
    said = latest(choices)
    if not said:
        return set()
    where = {"shop_id": shop_id, "tiktok_shop_id": tiktok_shop_id}
    changed = await confirmed_choices.confirm(session, **where, choices=said.values(), by=by, now=now)
    told = [said[one] for one in changed if said[one].source is not ChoiceSource.MAPPING]
    for version in sorted({one.ref.version for one in told}):
        products = [one.product_id for one in told if one.ref.version is version]
        await mapping_learning.learn(session, **where, product_ids=products, version=version, now=now)
    return changed


async def forget(
    session: Session,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    product_ids: Sequence[UUID],
    sources: Collection[ChoiceSource],
) -> None:
    """Take back what was said of these products in one of these ways: an override removed, an assignment ended."""
    await confirmed_choices.withdraw(
        session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, product_ids=product_ids, sources=sources
    )


async def learn_mappings(
    session: Session,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    sources: Sequence[Source],
    by: str,
    now: datetime,
) -> None:
    """Mappings of these source categories were just set or deleted by hand: what is said of their latest products now.

    Only where nothing else was said of a product, and only what is mapped by hand: the rest was learned from choices.
    """
    if not sources:
        return
    where = {"shop_id": shop_id, "tiktok_shop_id": tiktok_shop_id}
    await confirmed_choices.withdraw_mapped(session, **where, sources=sources)
    latest_of = await mapping_sources.latest_products(session, shop_id=shop_id, sources=sources)
    products = {product_id for found in latest_of.values() for product_id in found}
    mapped = await mapping_rows.leaves(session, **where, product_ids=list(products), versions=None)
    rows = await mapping_rows.by_sources(session, **where, sources=list({leaf.source for leaf in mapped.values()}))
    by_hand = {source for source, row in rows.items() if row.origin is not MappingOrigin.LEARNED}
    choices = [
        Confirmed(product_id, leaf.ref, ChoiceSource.MAPPING)
        for product_id, leaf in mapped.items()
        if leaf.source in by_hand
    ]
    await learn(session, **where, choices=choices, by=by, now=now)
