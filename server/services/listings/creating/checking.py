"""Asking the platform what it would say to products: starting such a task, and the drafts of a slice."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from server.domain.bulk import ErrorPolicy
from server.domain.drafting import build
from server.domain.drafts import Built
from server.domain.markets import SellerType
from server.domain.runs import Claim, ItemResult
from server.domain.tasks import ItemState, TaskKind
from server.feed import Feed
from server.queue import Queue
from server.services import tasks, tiktok_shops
from server.services.listings.creating import choosing, naming
from server.services.listings.creating.framing import Frames, Setting, setting_of
from server.services.listings.creating.naming import Started
from server.services.listings.creating.preparing import GONE, NO_TEMPLATE
from server.services.listings.rows import as_facts, as_template
from server.store import facts
from server.store import templates as template_rows
from server.store.session import Session
from server.tables import TaskItem


async def start(
    session: Session,
    queue: Queue,
    feed: Feed,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    product_ids: Sequence[UUID],
    template_id: UUID | None,
    policy: ErrorPolicy,
    started_by: str,
    idempotency_key: str | None,
    now: datetime,
) -> Started:
    """Check the named products, each with ``template_id`` or with the template that takes it. No listing is touched.

    Answered row by row; the same key again answers with the task it made before. ``NotFound``, ``Invalid`` and
    ``Conflict`` (not connected) write nothing.
    """
    known = await tasks.known(session, shop_id=shop_id, kind=TaskKind.CHECK, key=idempotency_key)
    if known is not None:
        asked = [naming.Row(one) for one in product_ids]
        return Started(known, await naming.as_answered(session, task=known, rows=asked, place=naming.by_product))
    where = {"shop_id": shop_id, "tiktok_shop_id": tiktok_shop_id}
    await tiktok_shops.connected(session, **where, now=now)
    if template_id is not None:
        templates = await template_rows.of_tiktok_shop(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id)
        choosing.one_of([as_template(row) for row in templates], template_id)
    rows = await choosing.present(session, shop_id=shop_id, product_ids=product_ids)
    if not (named := naming.taken(rows, policy)):
        return Started(None, rows)
    task = await tasks.open_task(
        session,
        queue,
        feed,
        shop_id=shop_id,
        tiktok_shop_id=tiktok_shop_id,
        kind=TaskKind.CHECK,
        input={"template_id": str(template_id) if template_id else None},
        started_by=started_by,
        idempotency_key=idempotency_key,
        subject_ids=named,
        now=now,
    )
    return Started(task, rows)


@dataclass(frozen=True, slots=True)
class Subject:
    """A product to ask about, its pictures still to be uploaded."""

    item: TaskItem
    built: Built
    seller: SellerType


async def setting(
    session: Session, *, claim: Claim, tiktok_shop_id: UUID, items: Sequence[TaskItem], now: datetime
) -> Setting:
    """What a slice's products have in common. A template that was named and is gone by now takes none of them."""
    ids = [item.subject_id for item in items]
    named, templates, taken = claim.input.get("template_id"), None, None
    if named is not None:
        rows = await template_rows.by_ids(session, shop_id=claim.shop_id, ids=[UUID(named)])
        templates = [as_template(row) for row in rows.values()]
        taken = dict.fromkeys(ids, templates[0].id if templates else None)
    return await setting_of(
        session,
        shop_id=claim.shop_id,
        tiktok_shop_id=tiktok_shop_id,
        product_ids=ids,
        templates=templates,
        taken=taken,
        now=now,
    )


async def prepare(
    session: Session, *, shop_id: UUID, common: Setting, frames: Frames, items: Sequence[TaskItem]
) -> tuple[list[Subject], list[ItemResult]]:
    """The slice's drafts, and the items that end without one."""
    products = await facts.read(session, shop_id=shop_id, product_ids=[item.subject_id for item in items])
    subjects, ended = [], []
    for item in items:
        planned, product = common.planned.get(item.subject_id), products.get(item.subject_id)
        if product is None or planned is None:
            ended.append(ItemResult(item.id, ItemState.SKIPPED, (GONE,)))
        elif planned.template is None and planned.category.ref is None:
            ended.append(ItemResult(item.id, ItemState.FAILED, (NO_TEMPLATE,)))
        else:
            built = build(frames.by_key[planned.key], as_facts(product, common.currency), planned.override)
            subjects.append(Subject(item, built, common.terms.seller_type))
    return subjects, ended
