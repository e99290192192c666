"""Opening listing tasks: which products, with which template, queued in one statement."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from server.domain.tasks import TaskKind
from server.domain.templates import Template
from server.feed import Feed
from server.kit.errors import Conflict, NotFound
from server.queue import Queue
from server.services import tasks, tiktok_shops
from server.services.listings.creating import choosing, naming
from server.services.listings.creating.choosing import Wanted
from server.services.listings.creating.naming import Started
from server.services.listings.replay import competing
from server.services.listings.rows import as_template
from server.store import listing_moves
from server.store import templates as template_rows
from server.store.matching import template_matching
from server.store.session import Session
from server.tables import Task

SYSTEM = "system"


async def start(
    session: Session,
    queue: Queue,
    feed: Feed,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    wanted: Wanted,
    started_by: str,
    idempotency_key: str | None,
    now: datetime,
) -> Started:
    """List the wanted products, answered row by row. One that is on TikTok Shop already ends as skipped.

    With ``wanted.check`` the platform checks each product first, and only those that pass are created. The same key
    again answers with the task it made before. ``NotFound``, ``Invalid`` and ``Conflict`` (not connected) write
    nothing.
    """
    known = await tasks.known(session, shop_id=shop_id, kind=TaskKind.LISTING, key=idempotency_key)
    if known is not None:
        asked = [naming.Row(one) for one in wanted.product_ids or ()]
        return Started(known, await naming.as_answered(session, task=known, rows=asked, place=naming.by_product))
    where = {"shop_id": shop_id, "tiktok_shop_id": tiktok_shop_id}
    await tiktok_shops.connected(session, **where, now=now)
    templates = await _templates(session, shop_id, tiktok_shop_id)
    several, chosen = choosing.takers(templates, wanted), choosing.forced(templates, wanted)
    named, rows = await choosing.named(session, shop_id=shop_id, wanted=wanted)
    if rows and not named:
        return Started(None, rows)
    if several is not None:
        task = await start_for_templates(
            session,
            queue,
            feed,
            **where,
            template_ids=several,
            templates=[one for one in templates if one.is_active or one.id in several],
            among=named,
            check=wanted.check,
            started_by=started_by,
            idempotency_key=idempotency_key,
            now=now,
        )
        return Started(task, rows)
    winners = {} if chosen else await _winners(session, shop_id, tiktok_shop_id, templates, named or ())
    taken = {one: chosen.id if chosen else winners.get(one) for one in named or ()}
    task = await _open(
        session,
        queue,
        feed,
        **where,
        taken=taken,
        templates=() if chosen else templates,
        asked={"template_id": str(chosen.id) if chosen else None, "products": len(taken)} | _checked(wanted.check),
        started_by=started_by,
        idempotency_key=idempotency_key,
        now=now,
    )
    return Started(task, rows)


async def start_for_templates(
    session: Session,
    queue: Queue,
    feed: Feed,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    template_ids: Sequence[UUID],
    templates: Sequence[Template],
    among: Collection[UUID] | None = None,
    check: bool = False,
    started_by: str,
    idempotency_key: str | None,
    now: datetime,
) -> Task:
    """List every product (``among`` these) that is not synced and that one of ``template_ids`` takes.

    ``templates`` are all that compete.
    """
    await tiktok_shops.connected(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, now=now)
    taken, wanted = await _taken(session, shop_id, tiktok_shop_id, templates), set(template_ids)
    if among is not None:
        taken = {product_id: taken[product_id] for product_id in among if product_id in taken}
    return await _open(
        session,
        queue,
        feed,
        shop_id=shop_id,
        tiktok_shop_id=tiktok_shop_id,
        taken={product_id: winner for product_id, winner in taken.items() if winner in wanted},
        templates=templates,
        asked=_asked(template_ids) | _checked(check),
        started_by=started_by,
        idempotency_key=idempotency_key,
        now=now,
    )


async def start_for_new(
    session: Session,
    queue: Queue,
    feed: Feed,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    templates: Sequence[Template],
    now: datetime,
) -> Task | None:
    """List every product that is not synced and that any of ``templates`` takes; nothing when there is none."""
    taken = await _taken(session, shop_id, tiktok_shop_id, templates)
    if not taken:
        return None
    return await _open(
        session,
        queue,
        feed,
        shop_id=shop_id,
        tiktok_shop_id=tiktok_shop_id,
        taken=taken,
        templates=templates,
        asked={"template_id": None, "cause": "IMPORT"},
        started_by=SYSTEM,
        idempotency_key=None,
        now=now,
    )


async def may_list(session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, now: datetime) -> bool:
    """The TikTok shop is connected: work for a shop that is not would only fail."""
    try:
        await tiktok_shops.connected(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, now=now)
    except (Conflict, NotFound):
        return False
    return True


async def queue_listings(
    session: Session,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    task_id: UUID,
    taken: Mapping[UUID, UUID | None],
    now: datetime,
) -> None:
    """The listings of a task's items that still wait, each with its template."""
    await listing_moves.queue(
        session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, task_id=task_id, templates=taken, now=now
    )


async def _taken(
    session: Session, shop_id: UUID, tiktok_shop_id: UUID, templates: Sequence[Template]
) -> dict[UUID, UUID]:
    """Never listed products that any of the templates takes, the oldest first."""
    winners = await template_matching.winners(
        session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, templates=templates, only_not_synced=True
    )
    return {product_id: winners[product_id] for product_id in sorted(winners, key=_age)}


def _age(product_id: UUID) -> bytes:
    """Ids are time-ordered; as bytes they are compared fast."""
    return product_id.bytes


async def _winners(
    session: Session, shop_id: UUID, tiktok_shop_id: UUID, templates: Sequence[Template], named: Sequence[UUID]
) -> dict[UUID, UUID]:
    return await template_matching.winners(
        session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, templates=templates, product_ids=named
    )


def _asked(template_ids: Sequence[UUID]) -> dict[str, Any]:
    """What a task keeps of the question; one template is told as it always was."""
    if len(template_ids) == 1:
        return {"template_id": str(template_ids[0])}
    return {"template_id": None, "template_ids": [str(one) for one in template_ids]}


def _checked(check: bool) -> dict[str, Any]:
    return {"check": True} if check else {}


async def _templates(session: Session, shop_id: UUID, tiktok_shop_id: UUID) -> list[Template]:
    rows = await template_rows.of_tiktok_shop(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id)
    return [as_template(row) for row in rows]


async def _open(
    session: Session,
    queue: Queue,
    feed: Feed,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    taken: Mapping[UUID, UUID | None],
    templates: Sequence[Template],
    asked: Mapping[str, Any],
    started_by: str,
    idempotency_key: str | None,
    now: datetime,
) -> Task:
    """The task first, so that a repeated key finds the old one; then the listings of the items that still wait.

    ``templates`` are those that competed.
    """
    task = await tasks.open_task(
        session,
        queue,
        feed,
        shop_id=shop_id,
        kind=TaskKind.LISTING,
        tiktok_shop_id=tiktok_shop_id,
        input=asked,
        started_by=started_by,
        idempotency_key=idempotency_key,
        subject_ids=list(taken),
        templates=taken,
        now=now,
    )
    where = {"shop_id": shop_id, "tiktok_shop_id": tiktok_shop_id, "task_id": task.id}
    await competing.remember(session, **where, templates=templates, product_ids=taken.keys(), now=now)
    await queue_listings(session, **where, taken=taken, now=now)
    return task
