"""Opening edits: of named products, of all that a filter takes, or of those that are due."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from server.domain.listings import ListingStatus
from server.domain.paging import Page, PageArgs
from server.domain.tasks import TaskKind
from server.feed import Feed
from server.kit.errors import Invalid, NotFound
from server.queue import Queue
from server.services import tasks, tiktok_shops
from server.services.listings.editing.intending import LEASE
from server.store import edit_dues, listing_edits, listing_history, templates
from server.store.session import Session
from server.tables import ListingChange, Task

MAX_LISTINGS = 10_000
"""Products or listings named one by one in a call; more go by filter."""

STARTED_BY = "system:edits"

SET = 10_000
"""Listings in one task that nobody asked for; what is left over goes into the next."""


_LONGEST_PAUSE = timedelta(hours=6)
"""For so long at most a TikTok shop is left alone whose edits were stopped again and again."""

_SHOPS = 50


async def start(
    session: Session,
    queue: Queue,
    feed: Feed,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    product_ids: Sequence[UUID] | None = None,
    statuses: Sequence[ListingStatus] | None = None,
    template_id: UUID | None = None,
    started_by: str,
    idempotency_key: str | None,
    now: datetime,
) -> Task:
    """Send what changed of these products; without names, of all on TikTok Shop that fit the filter.

    One that has nothing to send ends as skipped. ``NotFound``, ``Invalid`` and ``Conflict`` write nothing.
    """
    where = {"shop_id": shop_id, "tiktok_shop_id": tiktok_shop_id}
    await tiktok_shops.connected(session, **where, now=now)
    if product_ids is not None:
        subjects = await _products(session, shop_id, product_ids)
    else:
        if template_id is not None and not await templates.by_ids(session, shop_id=shop_id, ids=[template_id]):
            message = "There is no such category template in this shop."
            raise NotFound(message, field=("input", "filter", "templateId"))
        subjects = await listing_edits.on_platform(session, **where, statuses=statuses or (), template_id=template_id)
    return await _open(
        session,
        queue,
        feed,
        **where,
        subjects=subjects,
        asked={"products": len(subjects), "template_id": str(template_id) if template_id else None},
        started_by=started_by,
        idempotency_key=idempotency_key,
        now=now,
    )


async def sweep(session: Session, queue: Queue, feed: Feed, *, pause: timedelta, now: datetime) -> int:
    """Open one edit for each TikTok shop with listings that changed ``pause`` ago or earlier; how many there were.

    Changes that come while a listing waits, or is being edited, go out with it or with the next. Safe beside itself.
    """
    opened = 0
    wanted = await edit_dues.due_shops(
        session, before=now - pause, now=now, pause=LEASE, longest=_LONGEST_PAUSE, amount=_SHOPS
    )
    for due in wanted:
        where = {"shop_id": due.shop_id, "tiktok_shop_id": due.tiktok_shop_id}
        taken = await edit_dues.take_due(session, **where, before=now - pause, again=now + LEASE, amount=SET)
        if not taken:
            continue
        causes = sorted(set(taken.values()))
        await _open(
            session,
            queue,
            feed,
            **where,
            subjects=list(taken),
            asked={"products": len(taken), "causes": causes},
            started_by=STARTED_BY,
            idempotency_key=None,
            now=now,
        )
        opened += 1
    return opened


async def _open(
    session: Session,
    queue: Queue,
    feed: Feed,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    subjects: Sequence[UUID],
    asked: Mapping[str, Any],
    started_by: str,
    idempotency_key: str | None,
    now: datetime,
) -> Task:
    return await tasks.open_task(
        session,
        queue,
        feed,
        shop_id=shop_id,
        kind=TaskKind.EDIT,
        tiktok_shop_id=tiktok_shop_id,
        input=asked,
        started_by=started_by,
        idempotency_key=idempotency_key,
        subject_ids=subjects,
        now=now,
    )


async def _products(session: Session, shop_id: UUID, product_ids: Sequence[UUID]) -> list[UUID]:
    """The named products, each once; deleted ones too: their listings go off sale."""
    field, wanted = ("input", "productIds"), list(dict.fromkeys(product_ids))
    if not 0 < len(wanted) <= MAX_LISTINGS:
        raise Invalid(f"Name 1 to {MAX_LISTINGS}, or edit by filter.", field=field)
    known = await listing_edits.known_products(session, shop_id=shop_id, product_ids=wanted)
    missing = next((str(at) for at, one in enumerate(product_ids) if one not in known), None)
    if missing is not None:
        raise NotFound("There is no such product in this shop.", field=(*field, missing))
    return wanted


async def history(session: Session, *, shop_id: UUID, listing_id: UUID, args: PageArgs) -> Page[ListingChange]:
    """One listing's lines, newest first."""
    return await listing_history.page(session, shop_id=shop_id, listing_id=listing_id, args=args)
