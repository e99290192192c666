"""What a TikTok shop's mappings cover of the store's products, and what they leave (X29, N18)."""

from dataclasses import dataclass
from uuid import UUID

from server.domain.mappings import Standing
from server.domain.paging import PageArgs
from server.store import mapping_sources, mappings
from server.store.session import Session


@dataclass(frozen=True, slots=True)
class Covered:
    """How many of the store's products a mapping holds for, and the largest source categories without one."""

    products: int
    mapped: int
    unmapped: list[Standing]

    @property
    def share(self) -> float:
        """0 to 1; 1 for an empty store."""
        return 1.0 if self.products == 0 else self.mapped / self.products


async def covered(session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, first: int = 20) -> Covered:
    """What a shop's mappings cover now (N18)."""
    where = {"shop_id": shop_id, "tiktok_shop_id": tiktok_shop_id}
    ids = await mapping_sources.product_ids(session, shop_id=shop_id)
    leaves = await mappings.leaves(session, **where, product_ids=ids, versions=None)
    page = await mapping_sources.page(session, **where, mapped=False, kinds=(), search=None, args=PageArgs(first=first))
    return Covered(len(ids), len(leaves), page.nodes)
