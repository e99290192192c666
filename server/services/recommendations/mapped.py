"""What mappings say about a slice of products: the leaf with its place in the tree, and how sure it is."""

from collections.abc import Sequence
from uuid import UUID

from server.domain.candidates import MappedPlace, Place, mapped_trust
from server.domain.categories import CategoryVersion
from server.store import categories, mappings
from server.store.session import Session


async def mapped_places(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, version: CategoryVersion, product_ids: Sequence[UUID]
) -> dict[UUID, MappedPlace]:
    """By product, in three statements; a leaf that the kept tree has no longer is left out."""
    where = {"shop_id": shop_id, "tiktok_shop_id": tiktok_shop_id}
    leaves = await mappings.leaves(session, **where, product_ids=product_ids, versions=(version,))
    if not leaves:
        return {}
    sources = list({leaf.source for leaf in leaves.values()})
    rows = await mappings.by_sources(session, **where, sources=sources)
    nodes = await categories.by_refs(session, **where, refs=list({leaf.ref for leaf in leaves.values()}))
    found = {}
    for product_id, leaf in leaves.items():
        row, node = rows.get(leaf.source), nodes.get(leaf.ref)
        if row is not None and node is not None and node.is_leaf:
            place = Place(leaf.ref, tuple(node.path), tuple(node.permissions))
            found[product_id] = MappedPlace(place, row.name, mapped_trust(row.origin, row.agreeing, row.seen))
    return found
