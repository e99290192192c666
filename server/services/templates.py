"""Category templates: written with their content checked, switched on and off, and matched to products."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from server.domain.categories import CategoryRef
from server.domain.paging import Page, PageArgs
from server.domain.template_json import content_from_json, content_to_json
from server.domain.templates import Template
from server.feed import Feed
from server.kit.errors import Invalid, NotFound
from server.queue import Queue
from server.services import tiktok_shops
from server.services.listings import starting
from server.services.listings.rows import as_template
from server.store import categories as trees
from server.store import templates as store
from server.store.session import Session
from server.tables import CategoryTemplate, Task

_LONGEST_NAME = 255


class TemplateInvalid(Invalid):
    """The template's content has faults; ``faults`` holds all of them, the error itself speaks of the first."""

    def __init__(self, faults: Sequence[tuple[tuple[str, ...], str]]) -> None:
        path, message = faults[0]
        super().__init__(message, field=("input", "content", *path))
        self.faults = tuple(Invalid(text, field=("input", "content", *where)) for where, text in faults)


@dataclass(frozen=True, slots=True)
class TemplateDraft:
    """What a merchant writes. ``content`` is JSON as ``domain.template_json`` reads it."""

    name: str
    category: CategoryRef
    content: Mapping[str, Any]
    is_default: bool = False
    rank: int = 0


async def create(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, draft: TemplateDraft, now: datetime
) -> CategoryTemplate:
    """A new template, not active. A new default takes the place of the one before.

    ``Invalid`` (``TemplateInvalid`` for the content) names the faulty field.
    """
    await tiktok_shops.get(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id)
    row = CategoryTemplate(
        shop_id=shop_id,
        tiktok_shop_id=tiktok_shop_id,
        name="",
        category_id=draft.category.id,
        category_version=draft.category.version,
        created_at=now,
        updated_at=now,
    )
    return await _write(session, row, draft, now)


async def update(
    session: Session, *, shop_id: UUID, template_id: UUID, draft: TemplateDraft, now: datetime
) -> CategoryTemplate:
    """The template with new content; its revision grows. What is listed already stays as it is."""
    row = await _locked(session, shop_id, template_id)
    row.revision += 1
    return await _write(session, row, draft, now)


async def _write(session: Session, row: CategoryTemplate, draft: TemplateDraft, now: datetime) -> CategoryTemplate:
    name = draft.name.strip()
    if not 0 < len(name) <= _LONGEST_NAME or "\0" in name:
        raise Invalid(f"Give the template a name of 1 to {_LONGEST_NAME} characters.", field=("input", "name"))
    if not 0 <= draft.rank <= 1_000_000:
        raise Invalid("A rank is a whole number from 0 to 1,000,000.", field=("input", "rank"))
    content, faults = content_from_json(draft.content)
    if faults:
        raise TemplateInvalid(faults)
    await _check_category(session, row, draft.category)
    if draft.is_default:
        await store.clear_default(session, shop_id=row.shop_id, tiktok_shop_id=row.tiktok_shop_id, but=row.id)
    row.name = name
    row.is_default = draft.is_default
    row.rank = draft.rank
    row.category_id = draft.category.id
    row.category_version = draft.category.version
    row.content = content_to_json(content)
    row.updated_at = now
    return await store.save(session, shop_id=row.shop_id, row=row)


async def _check_category(session: Session, row: CategoryTemplate, category: CategoryRef) -> None:
    """A category is mandatory, of the shop's own tree, and a leaf (seed ids C9, T3); without a tree who knows."""
    field = ("input", "category", "id")
    if not category.id.isdecimal() or len(category.id) > 32:
        raise Invalid("A category id is a number, as the category tree shows it.", field=field)
    if (
        await trees.tree_of(session, shop_id=row.shop_id, tiktok_shop_id=row.tiktok_shop_id, version=category.version)
        is None
    ):
        return
    node = await trees.by_ref(session, shop_id=row.shop_id, tiktok_shop_id=row.tiktok_shop_id, ref=category)
    if node is None:
        raise Invalid(f"The {category.version} tree has no category {category.id}. Choose another.", field=field)
    if not node.is_leaf:
        raise Invalid(f"“{node.name}” has subcategories, and products fit only in the last level.", field=field)


async def delete(session: Session, *, shop_id: UUID, template_id: UUID) -> None:
    """Remove a template. Listings made with it stay."""
    row = await _locked(session, shop_id, template_id)
    await store.delete(session, shop_id=shop_id, row=row)


async def get(session: Session, *, shop_id: UUID, template_id: UUID) -> CategoryTemplate:
    """One template; ``NotFound`` when the shop has no such template."""
    found = await store.by_ids(session, shop_id=shop_id, ids=[template_id])
    if template_id not in found:
        raise _unknown()
    return found[template_id]


async def by_ids(session: Session, *, shop_id: UUID, ids: Sequence[UUID]) -> dict[UUID, CategoryTemplate]:
    """Those of the templates that are the shop's; for loaders."""
    return await store.by_ids(session, shop_id=shop_id, ids=ids)


async def page(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID | None = None, args: PageArgs
) -> Page[CategoryTemplate]:
    """Templates by rank, then age."""
    return await store.page(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, args=args)


async def activate(
    session: Session,
    queue: Queue,
    feed: Feed,
    *,
    shop_id: UUID,
    template_id: UUID,
    started_by: str,
    idempotency_key: str | None,
    now: datetime,
) -> tuple[CategoryTemplate, Task]:
    """From now on every product the template takes is listed by itself; those not synced yet go at once, as a task."""
    row = await _locked(session, shop_id, template_id)
    row.is_active = True
    row.updated_at = now
    await store.save(session, shop_id=shop_id, row=row)
    task = await starting.start_for_template(
        session,
        queue,
        feed,
        shop_id=shop_id,
        tiktok_shop_id=row.tiktok_shop_id,
        template_id=row.id,
        templates=await _templates(session, shop_id, row.tiktok_shop_id, active_only=True),
        started_by=started_by,
        idempotency_key=idempotency_key,
        now=now,
    )
    return row, task


async def deactivate(session: Session, *, shop_id: UUID, template_id: UUID, now: datetime) -> CategoryTemplate:
    """List nothing more by itself; listings and tasks under way are left alone."""
    row = await _locked(session, shop_id, template_id)
    row.is_active = False
    row.updated_at = now
    return await store.save(session, shop_id=shop_id, row=row)


async def sync_new(session: Session, queue: Queue, feed: Feed, *, shop_id: UUID, now: datetime) -> list[Task]:
    """After an import: list what is not synced and an active template takes. No task where there is nothing to do."""
    opened = []
    for tiktok_shop_id in await store.shops_with_active(session, shop_id=shop_id):
        if not await starting.may_list(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, now=now):
            continue
        task = await starting.start_for_new(
            session,
            queue,
            feed,
            shop_id=shop_id,
            tiktok_shop_id=tiktok_shop_id,
            templates=await _templates(session, shop_id, tiktok_shop_id, active_only=True),
            now=now,
        )
        if task is not None:
            opened.append(task)
    return opened


async def _templates(
    session: Session, shop_id: UUID, tiktok_shop_id: UUID, *, active_only: bool = False
) -> list[Template]:
    rows = await store.of_tiktok_shop(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, active_only=active_only)
    return [as_template(row) for row in rows]


async def _locked(session: Session, shop_id: UUID, template_id: UUID) -> CategoryTemplate:
    row = await store.lock(session, shop_id=shop_id, template_id=template_id)
    if row is None:
        raise _unknown()
    return row


def _unknown() -> NotFound:
    return NotFound("There is no such category template in this shop.", field=("id",))
