"""Opening listing tasks: which products, with which template, queued in one statement."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from server.domain.tasks import TaskKind
from server.domain.templates import Template
from server.feed import Feed
from server.kit.errors import Conflict, Invalid, NotFound
from server.queue import Queue
from server.services import tasks, tiktok_shops
from server.services.listings.rows import as_template
from server.store import listing_moves, products, template_matching
from server.store import templates as template_rows
from server.store.session import Session
from server.tables import Task

MAX_PRODUCTS = 10_000
"""Products named one by one in a call; a whole catalogue goes by template."""

MAX_TEMPLATES = 1_000

SYSTEM = "system"


async def start(
    session: Session,
    queue: Queue,
    feed: Feed,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    product_ids: Sequence[UUID] | None = None,
    template_id: UUID | None = None,
    template_ids: Sequence[UUID] | None = None,
    started_by: str,
    idempotency_key: str | None,
    now: datetime,
) -> Task:
    """List the named products, or all that are not synced and ``template_id`` takes, or the named ones with it.

    Products named without a template go with the one that takes them, active or not. With ``template_ids`` go all that
    are not synced and that one of these takes. One that is on TikTok Shop already ends as skipped. ``NotFound``,
    ``Invalid`` and ``Conflict`` (not connected) write nothing.
    """
    await tiktok_shops.connected(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, now=now)
    templates = await _templates(session, shop_id, tiktok_shop_id)
    chosen = None if template_id is None else _named(templates, template_id)
    if template_ids is not None or product_ids is None:
        several = _several(templates, template_id, template_ids, product_ids)
        return await start_for_templates(
            session,
            queue,
            feed,
            shop_id=shop_id,
            tiktok_shop_id=tiktok_shop_id,
            template_ids=several,
            templates=[one for one in templates if one.is_active or one.id in several],
            started_by=started_by,
            idempotency_key=idempotency_key,
            now=now,
        )
    named = await _products(session, shop_id, product_ids)
    winners = {} if chosen else await _winners(session, shop_id, tiktok_shop_id, templates, named)
    taken = {one: chosen.id if chosen else winners.get(one) for one in named}
    return await _open(
        session,
        queue,
        feed,
        shop_id=shop_id,
        tiktok_shop_id=tiktok_shop_id,
        taken=taken,
        asked={"template_id": str(template_id) if template_id else None, "products": len(taken)},
        started_by=started_by,
        idempotency_key=idempotency_key,
        now=now,
    )


async def start_for_templates(
    session: Session,
    queue: Queue,
    feed: Feed,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    template_ids: Sequence[UUID],
    templates: Sequence[Template],
    started_by: str,
    idempotency_key: str | None,
    now: datetime,
) -> Task:
    """List every product that is not synced and that one of ``template_ids``, of all ``templates``, takes."""
    await tiktok_shops.connected(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, now=now)
    taken, wanted = await _taken(session, shop_id, tiktok_shop_id, templates), set(template_ids)
    return await _open(
        session,
        queue,
        feed,
        shop_id=shop_id,
        tiktok_shop_id=tiktok_shop_id,
        taken={product_id: winner for product_id, winner in taken.items() if winner in wanted},
        asked=_asked(template_ids),
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


async def templates_for(
    session: Session,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    product_ids: Sequence[UUID],
    forced: Mapping[UUID, UUID],
) -> dict[UUID, UUID | None]:
    """The template of each product as things are now; ``forced`` ones keep theirs while it is there."""
    templates = await _templates(session, shop_id, tiktok_shop_id)
    there = {one.id for one in templates}
    winners = await _winners(session, shop_id, tiktok_shop_id, templates, product_ids)
    kept = {product: template for product, template in forced.items() if template in there}
    return {product_id: kept.get(product_id, winners.get(product_id)) for product_id in product_ids}


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


async def _products(session: Session, shop_id: UUID, product_ids: Sequence[UUID]) -> list[UUID]:
    """The named products, each once; all must be there."""
    field = ("input", "productIds")
    wanted = list(dict.fromkeys(product_ids))
    if not 0 < len(wanted) <= MAX_PRODUCTS:
        raise Invalid(f"Name 1 to {MAX_PRODUCTS} products, or list by template.", field=field)
    known = await products.present(session, shop_id=shop_id, product_ids=wanted)
    if len(known) < len(wanted):
        at = next(str(place) for place, product_id in enumerate(product_ids) if product_id not in known)
        raise NotFound("There is no such product in this shop (any more).", field=(*field, at))
    return wanted


def _several(
    templates: Sequence[Template],
    template_id: UUID | None,
    template_ids: Sequence[UUID] | None,
    product_ids: Sequence[UUID] | None,
) -> list[UUID]:
    """The templates whose products are to be listed, each once; all must be there."""
    field = ("input", "templateIds")
    if template_ids is None:
        if template_id is None:
            raise Invalid("Name products, or a template whose products to list.", field=("input", "productIds"))
        return [template_id]
    if product_ids is not None or template_id is not None:
        raise Invalid("Name several templates alone, without products and without templateId.", field=field)
    if not 0 < len(template_ids) <= MAX_TEMPLATES:
        raise Invalid(f"Name 1 to {MAX_TEMPLATES:,} templates.", field=field)
    return [
        _named(templates, one, (*field, str(at))).id
        for one, at in {one: at for at, one in reversed(list(enumerate(template_ids)))}.items()
    ]


def _asked(template_ids: Sequence[UUID]) -> dict[str, Any]:
    """What a task keeps of the question; one template is told as it always was."""
    if len(template_ids) == 1:
        return {"template_id": str(template_ids[0])}
    return {"template_id": None, "template_ids": [str(one) for one in template_ids]}


def _named(
    templates: Iterable[Template], template_id: UUID, field: tuple[str, ...] = ("input", "templateId")
) -> Template:
    found = next((one for one in templates if one.id == template_id), None)
    if found is None:
        raise NotFound("There is no such category template for this TikTok shop.", field=field)
    return found


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
    asked: Mapping[str, Any],
    started_by: str,
    idempotency_key: str | None,
    now: datetime,
) -> Task:
    """The task first, so that a repeated key finds the old one; then the listings of the items that still wait."""
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
        now=now,
    )
    await queue_listings(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, task_id=task.id, taken=taken, now=now)
    return task
