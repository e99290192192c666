"""Sending a changed template to the listings that it concerns, and to no others (capability X10)."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from server.domain.history import ChangeCause
from server.domain.tasks import TaskKind
from server.feed import Feed
from server.queue import Queue
from server.services import tasks
from server.services.listings.editing import marking
from server.services.listings.editing import starting as editing
from server.services.templates.competition import homeless, standing_templates, winners
from server.services.templates.reading import get
from server.store import template_blocks, template_listings
from server.store.session import Session
from server.store.template_listings import Affected
from server.tables import CategoryTemplate, Task


async def affected_by(session: Session, *, shop_id: UUID, template_id: UUID, first: int = 10) -> Affected:
    """The listings on TikTok Shop that are edited with a template (``store.template_listings``)."""
    row = await get(session, shop_id=shop_id, template_id=template_id)
    where = {"shop_id": shop_id, "tiktok_shop_id": row.tiktok_shop_id}
    rules = await _by_rules(session, row)
    return await template_listings.affected(session, **where, template_id=template_id, homeless=rules, first=first)


async def apply(
    session: Session,
    queue: Queue,
    feed: Feed,
    *,
    shop_id: UUID,
    template_id: UUID,
    started_by: str,
    idempotency_key: str | None,
    now: datetime,
) -> tuple[CategoryTemplate, Task | None]:
    """Edit the affected listings so that they say what the template says now; no task when there are none.

    One that says so already is skipped without a call. Beyond ``editing.MAX_LISTINGS`` the rest is marked, and follows.
    The same key again answers with the task it made.
    """
    row = await get(session, shop_id=shop_id, template_id=template_id)
    known = await tasks.known(session, shop_id=shop_id, kind=TaskKind.EDIT, key=idempotency_key)
    if known is not None:
        return row, known
    products = await _affected_products(session, row)
    if not products:
        return row, None
    named, rest = products[: editing.MAX_LISTINGS], products[editing.MAX_LISTINGS :]
    await marking.mark(
        session,
        shop_id=shop_id,
        tiktok_shop_id=row.tiktok_shop_id,
        product_ids=rest,
        cause=ChangeCause.TEMPLATE,
        actor=started_by,
        now=now,
    )
    task = await editing.start(
        session,
        queue,
        feed,
        shop_id=shop_id,
        tiktok_shop_id=row.tiktok_shop_id,
        product_ids=named,
        started_by=started_by,
        idempotency_key=idempotency_key,
        now=now,
    )
    return row, task


async def apply_block(session: Session, *, shop_id: UUID, block_id: UUID, actor: str, now: datetime) -> int:
    """Listings of all templates that use a block are edited soon, so that they say what it says; how many."""
    using = (await template_blocks.users(session, shop_id=shop_id, block_ids=[block_id]))[block_id]
    ids = [row.id for row in using]
    cause = ChangeCause.TEMPLATE
    return await marking.mark_templates(session, shop_id=shop_id, template_ids=ids, cause=cause, actor=actor, now=now)


async def apply_defaults(session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, actor: str, now: datetime) -> int:
    """All listings of a TikTok shop are edited soon, so that they say what its defaults say; how many."""
    where = {"shop_id": shop_id, "tiktok_shop_id": tiktok_shop_id}
    return await marking.mark_shop(session, **where, cause=ChangeCause.TEMPLATE, actor=actor, now=now)


async def _affected_products(session: Session, row: CategoryTemplate) -> Sequence[UUID]:
    where = {"shop_id": row.shop_id, "tiktok_shop_id": row.tiktok_shop_id}
    rules = await _by_rules(session, row)
    return await template_listings.affected_products(session, **where, template_id=row.id, homeless=rules)


async def _by_rules(session: Session, row: CategoryTemplate) -> list[UUID]:
    where = {"shop_id": row.shop_id, "tiktok_shop_id": row.tiktok_shop_id}
    taken = await winners(session, **where, templates=await standing_templates(session, **where))
    return await homeless(session, **where, taken=taken.of(row.id))
