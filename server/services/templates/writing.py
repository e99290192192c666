"""Writing category templates: everything is checked first, one save at a time, each with a line of history."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from server.domain.actors import SYSTEM
from server.domain.history import ChangeCause
from server.domain.template_blocks import BlockKind
from server.domain.template_history import TemplateAction
from server.domain.template_json import content_from_json, content_to_json
from server.services import tiktok_shops
from server.services.listings.editing import marking
from server.services.templates.checking import check_blocks, check_category
from server.services.templates.drafts import (
    TemplateDraft,
    TemplateInvalid,
    TemplatePatch,
    category_of,
    check_rank,
    checked_name,
    merged,
)
from server.services.templates.naming_files import check_files
from server.services.templates.reading import unknown
from server.services.templates.recording import NOTHING, Saving, record, standing
from server.store import templates as store
from server.store.session import Session
from server.tables import CategoryTemplate


async def create(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, draft: TemplateDraft, actor: str = SYSTEM, now: datetime
) -> CategoryTemplate:
    """A new template, not active. A new default takes the place of the one before.

    ``Invalid`` (``TemplateInvalid`` for the content) names the faulty field.
    """
    await tiktok_shops.get(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id)
    await store.one_writer(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id)
    row = CategoryTemplate(
        shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, name="", revision=0, created_at=now, updated_at=now
    )
    saving = Saving(actor, now)
    await _give_way(session, row, draft, saving)
    await fill(session, row, draft)
    await _save(session, row, saving, TemplateAction.CREATED, before=NOTHING)
    return row


async def update(
    session: Session, *, shop_id: UUID, template_id: UUID, patch: TemplatePatch, actor: str = SYSTEM, now: datetime
) -> CategoryTemplate:
    """The template with the patch over what it is at this moment: of two saves at once, neither undoes the other.

    A save that changes nothing leaves no trace. What is listed already stays as it is.
    """
    row = await locked(session, shop_id=shop_id, template_id=template_id)
    saving, before, draft = Saving(actor, now), standing(row), merged(row, patch)
    await _give_way(session, row, draft, saving)
    await fill(session, row, draft)
    if standing(row) != before:
        await _save(session, row, saving, TemplateAction.CHANGED, before=before)
    return row


async def delete(
    session: Session, *, shop_id: UUID, template_id: UUID, actor: str = SYSTEM, now: datetime
) -> CategoryTemplate:
    """Remove a template, its assignments with it. Listings made with it stay, and so does its history.

    They are edited soon with the templates that take their products now; where none does, only their stock follows.
    """
    row = await locked(session, shop_id=shop_id, template_id=template_id)
    cause = ChangeCause.TEMPLATE
    await marking.mark_templates(session, shop_id=shop_id, template_ids=[row.id], cause=cause, actor=actor, now=now)
    row.revision += 1
    await record(session, row=row, before=standing(row), saving=Saving(actor, now), action=TemplateAction.DELETED)
    await store.delete(session, shop_id=shop_id, row=row)
    return row


async def locked(session: Session, *, shop_id: UUID, template_id: UUID) -> CategoryTemplate:
    """One template that nobody else can save before the transaction ends; ``NotFound`` when there is none."""
    found = await store.by_ids(session, shop_id=shop_id, ids=[template_id])
    if template_id not in found:
        raise unknown()
    await store.one_writer(session, shop_id=shop_id, tiktok_shop_id=found[template_id].tiktok_shop_id)
    row = await store.lock(session, shop_id=shop_id, template_id=template_id)
    if row is None:
        raise unknown()
    return row


async def fill(session: Session, row: CategoryTemplate, draft: TemplateDraft) -> None:
    """Put the draft into the row once all of it is good; nothing is written."""
    name = checked_name(draft.name)
    check_rank(draft.rank)
    content, faults = content_from_json(draft.content)
    if faults:
        raise TemplateInvalid(faults)
    if draft.category is not None and draft.category != category_of(row):
        await check_category(session, shop_id=row.shop_id, tiktok_shop_id=row.tiktok_shop_id, category=draft.category)
    await check_files(session, shop_id=row.shop_id, content=content, before=row.content)
    await check_blocks(session, shop_id=row.shop_id, tiktok_shop_id=row.tiktok_shop_id, blocks=draft.blocks)
    row.name = name
    row.is_default = draft.is_default
    row.rank = draft.rank
    row.category_id = draft.category.id if draft.category else None
    row.category_version = draft.category.version if draft.category else None
    row.shipping_block_id = draft.blocks.get(BlockKind.SHIPPING)
    row.size_chart_block_id = draft.blocks.get(BlockKind.SIZE_CHART)
    row.compliance_block_id = draft.blocks.get(BlockKind.COMPLIANCE)
    row.content = content_to_json(content)


async def _save(
    session: Session, row: CategoryTemplate, saving: Saving, action: TemplateAction, before: Mapping[str, Any]
) -> None:
    row.revision += 1
    row.updated_at = saving.now
    await store.save(session, shop_id=row.shop_id, row=row)
    await record(session, row=row, before=before, saving=saving, action=action)


async def _give_way(session: Session, heir: CategoryTemplate, draft: TemplateDraft, saving: Saving) -> None:
    """The default before a new one becomes a template like the others, and its history says so."""
    if heir.is_default or not draft.is_default:
        return
    row = await store.lock_default(session, shop_id=heir.shop_id, tiktok_shop_id=heir.tiktok_shop_id)
    if row is None:
        return
    before = standing(row)
    row.is_default = False
    await _save(session, row, saving, TemplateAction.CHANGED, before=before)
