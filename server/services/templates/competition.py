"""The templates of a TikTok shop as they compete for products, as they stand or as a save would leave them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from server.domain.templates import Template
from server.services.listings.rows import as_template
from server.store import template_listings
from server.store import templates as store
from server.store.matching import template_matching
from server.store.matching.packed_ids import PackedIds
from server.store.session import Session
from server.store.template_listings import Affected

__all__ = ["Affected", "Winners", "homeless", "standing_templates", "winners", "with_template"]


async def standing_templates(session: Session, *, shop_id: UUID, tiktok_shop_id: UUID) -> list[Template]:
    """All templates of a TikTok shop, active or not: plans are made with these."""
    rows = await store.of_tiktok_shop(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id)
    return [as_template(row) for row in rows]


def with_template(templates: Sequence[Template], wanted: Template) -> list[Template]:
    """The templates once this one is saved: in place of itself, or new; a new default takes the place of the old."""
    others = [one for one in templates if one.id != wanted.id]
    if wanted.is_default:
        others = [replace(one, is_default=False) for one in others]
    return [*others, wanted]


@dataclass(frozen=True, slots=True)
class Winners:
    """The products that each template takes; a template that takes none is left out."""

    by_template: Mapping[UUID, PackedIds]

    def of(self, template_id: UUID) -> list[UUID]:
        """The products that one template takes, in the order they came to the store."""
        return self.by_template.get(template_id, PackedIds()).by_age()


async def winners(session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, templates: Sequence[Template]) -> Winners:
    """Who takes what of the whole catalogue, in one statement."""
    return Winners(
        await template_matching.taken(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, templates=templates)
    )


async def homeless(session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, taken: Iterable[UUID]) -> list[UUID]:
    """Those of the products taken whose listings no template is known of: by its rules it edits them."""
    found = await template_listings.homeless(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id)
    return sorted(set(found).intersection(taken)) if found else []
