"""Switching templates on and off, and listing what comes while they are on."""

from datetime import datetime
from uuid import UUID

from server.domain.tasks import TaskKind
from server.domain.templates import Template
from server.feed import Feed
from server.queue import Queue
from server.services import tasks
from server.services.listings.creating import starting
from server.services.listings.rows import as_template
from server.services.templates.reading import unknown
from server.store import templates as store
from server.store.session import Session
from server.tables import CategoryTemplate, Task


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
    """From now on every product the template takes is listed by itself; those not synced yet go at once, as a task.

    The same key again answers with the task it made before, and leaves the template as it stands now.
    """
    row = await _locked(session, shop_id, template_id)
    known = await tasks.known(session, shop_id=shop_id, kind=TaskKind.LISTING, key=idempotency_key)
    if known is not None:
        return row, known
    row.is_active = True
    row.updated_at = now
    await store.save(session, shop_id=shop_id, row=row)
    task = await starting.start_for_templates(
        session,
        queue,
        feed,
        shop_id=shop_id,
        tiktok_shop_id=row.tiktok_shop_id,
        template_ids=[row.id],
        templates=await _active(session, shop_id, row.tiktok_shop_id),
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
            templates=await _active(session, shop_id, tiktok_shop_id),
            now=now,
        )
        if task is not None:
            opened.append(task)
    return opened


async def _active(session: Session, shop_id: UUID, tiktok_shop_id: UUID) -> list[Template]:
    rows = await store.of_tiktok_shop(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, active_only=True)
    return [as_template(row) for row in rows]


async def _locked(session: Session, shop_id: UUID, template_id: UUID) -> CategoryTemplate:
    row = await store.lock(session, shop_id=shop_id, template_id=template_id)
    if row is None:
        raise unknown()
    return row
