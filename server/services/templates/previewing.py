"""A template looked at before it is saved: what it would take, and what saving it would change (L6, N11)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from server.domain.templates import Template
from server.services import tiktok_shops
from server.services.listings.rows import as_template
from server.services.templates.competition import homeless, standing_templates, with_template
from server.services.templates.drafts import TemplateDraft, TemplatePatch, merged
from server.services.templates.reading import get
from server.services.templates.sending import SentSlice, sent_as
from server.services.templates.writing import fill
from server.store import template_listings
from server.store.matching.packed_ids import PackedIds
from server.store.matching.template_crossings import Shift, crossings, shifts
from server.store.session import Session
from server.store.template_listings import Affected
from server.tables import CategoryTemplate

__all__ = ["MAX_SHOWN", "Preview", "Shift", "preview_change", "preview_new", "preview_sent"]

MAX_SHOWN = 10
"""Products that a preview shows as they would be sent."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What a save would do. ``templates`` are all of the TikTok shop's as they would stand then.

    ``moves`` holds every product whose template changes, in exactly one of them; ``affected`` the listings that an
    applied change would look at.
    """

    template: Template
    templates: tuple[Template, ...]
    tiktok_shop_id: UUID
    count: int
    first: tuple[UUID, ...]
    moves: tuple[Shift, ...]
    affected: Affected

    @property
    def gained(self) -> int:
        """Products that the template does not take now, and would then."""
        return sum(move.products for move in self.moves if move.after == self.template.id)

    @property
    def lost(self) -> int:
        """Products that it takes now, and would not then."""
        return sum(move.products for move in self.moves if move.before == self.template.id)


async def preview_new(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, draft: TemplateDraft, first: int, now: datetime
) -> Preview:
    """Of a template that is not there yet. Refused exactly as ``create`` refuses; writes nothing."""
    await tiktok_shops.get(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id)
    row = CategoryTemplate(shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, name="", created_at=now, updated_at=now)
    await fill(session, row, draft)
    return await _preview(session, as_template(row), shop_id, tiktok_shop_id, first)


async def preview_change(
    session: Session, *, shop_id: UUID, template_id: UUID, patch: TemplatePatch, first: int
) -> Preview:
    """Of a change of a template. Refused exactly as ``update`` refuses; writes nothing."""
    before = await get(session, shop_id=shop_id, template_id=template_id, field=("input", "templateId"))
    row = CategoryTemplate.model_validate(before.model_dump())
    await fill(session, row, merged(before, patch))
    return await _preview(session, as_template(row), shop_id, row.tiktok_shop_id, first)


async def preview_sent(session: Session, *, shop_id: UUID, preview: Preview, now: datetime) -> SentSlice:
    """The first products as they would be sent. Leaves that it misses can be read, and this asked again."""
    return await sent_as(
        session,
        shop_id=shop_id,
        tiktok_shop_id=preview.tiktok_shop_id,
        templates=preview.templates,
        taken=dict.fromkeys(preview.first, preview.template.id),
        now=now,
    )


async def _preview(session: Session, wanted: Template, shop_id: UUID, tiktok_shop_id: UUID, first: int) -> Preview:
    where = {"shop_id": shop_id, "tiktok_shop_id": tiktok_shop_id}
    standing = await standing_templates(session, **where)
    then = with_template(standing, wanted)
    found = await crossings(session, **where, before=standing, after=then)
    shown = min(max(first, 0), MAX_SHOWN)
    taken = PackedIds.joined(one.products for one in found if one.after == wanted.id)
    rules = await homeless(session, **where, taken=taken)
    return Preview(
        template=wanted,
        templates=tuple(then),
        tiktok_shop_id=tiktok_shop_id,
        count=len(taken),
        first=taken.first(shown),
        moves=tuple(shifts(found, first=shown)),
        affected=await template_listings.affected(session, **where, template_id=wanted.id, homeless=rules, first=shown),
    )
