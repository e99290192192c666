"""The history of templates: who saved what, and what it changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from server.domain.template_history import TemplateAction, revised
from server.services.templates.drafts import blocks_of
from server.store import template_revisions
from server.store.session import Session
from server.tables import CategoryTemplate, TemplateRevision

NOTHING: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Saving:
    """Who saves, and when. ``actor`` is ``user:…``, ``token:…`` or ``system``."""

    actor: str
    now: datetime


def head_of(row: CategoryTemplate) -> dict[str, Any]:
    """All of a template but its content, as its history keeps it."""
    category = None if row.category_id is None else {"id": row.category_id, "version": row.category_version}
    blocks = {kind.value: str(block_id) for kind, block_id in blocks_of(row).items()}
    return {
        "name": row.name,
        "category": category,
        "is_default": row.is_default,
        "rank": row.rank,
        "blocks": blocks,
    }


def standing(row: CategoryTemplate) -> dict[str, Any]:
    """A template whole, to compare it with what it becomes."""
    return {**head_of(row), **row.content}


async def record(
    session: Session,
    *,
    row: CategoryTemplate,
    before: Mapping[str, Any],
    saving: Saving,
    action: TemplateAction = TemplateAction.CHANGED,
) -> None:
    """Add how the template stands now; ``before`` is its ``standing`` from before the save."""
    await template_revisions.add(session, shop_id=row.shop_id, rows=[revision(row, before, saving, action)])


def revision(
    row: CategoryTemplate, before: Mapping[str, Any], saving: Saving, action: TemplateAction = TemplateAction.CHANGED
) -> TemplateRevision:
    """The line of history of one save."""
    after = NOTHING if action is TemplateAction.DELETED else standing(row)
    return TemplateRevision(
        shop_id=row.shop_id,
        tiktok_shop_id=row.tiktok_shop_id,
        template_id=row.id,
        revision=row.revision,
        action=action,
        at=saving.now,
        actor=saving.actor,
        head=head_of(row),
        content=row.content,
        diff=[one.to_json() for one in revised(before, after)],
    )
