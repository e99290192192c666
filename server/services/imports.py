"""The store's catalogue in our rows: by whole imports, and product by product when a webhook says so."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from server.clients.shopify_shapes import ShopifyProduct, Unreadable
from server.domain.paging import PageArgs
from server.domain.tasks import TaskKind, TaskState
from server.feed import Feed
from server.queue import Queue
from server.services import tasks, templates
from server.services.import_rows import image_rows, product_row, traits_of, variant_row
from server.services.listings.editing import marking
from server.store import catalogue, catalogue_presence, chunks, product_traits
from server.store.catalogue_presence import Standing
from server.store.session import Session
from server.tables import Task

BY_WEBHOOKS = "webhooks"
"""Who started an import that nobody asked for."""


@dataclass(frozen=True, slots=True)
class Kept:
    """``met`` products this import had not kept before; ``refused`` ones cannot be held, each with its reason."""

    met: int
    refused: tuple[Unreadable, ...] = ()


async def start(
    session: Session,
    queue: Queue,
    feed: Feed,
    *,
    shop_id: UUID,
    started_by: str,
    idempotency_key: str | None,
    now: datetime,
) -> Task:
    """Open the task that reads the whole catalogue anew."""
    return await tasks.open_task(
        session,
        queue,
        feed,
        shop_id=shop_id,
        kind=TaskKind.IMPORT,
        tiktok_shop_id=None,
        input={},
        started_by=started_by,
        idempotency_key=idempotency_key,
        subject_ids=None,
        now=now,
    )


async def export_ended(session: Session, queue: Queue, *, shop_id: UUID, operation: str, now: datetime) -> bool:
    """Shopify says that an export has ended: wake the import that waits for it, if one does."""
    task_id = await chunks.waiting_for_export(session, shop_id=shop_id, operation=operation)
    if task_id is None:
        return False
    due = await chunks.wake(session, shop_id=shop_id, task_id=task_id, now=now)
    tasks.send_after_commit(session, queue, due)
    return bool(due)


async def keep(
    session: Session,
    *,
    shop_id: UUID,
    page: Sequence[ShopifyProduct],
    mark: UUID | None,
    read_at: datetime,
    now: datetime,
) -> Kept:
    """Write products with their variants and pictures as they were at ``read_at``; twice is as good as once.

    What was read later by somebody else stays. ``mark`` is the import that saw them.
    """
    latest = list({product.id: product for product in page}.values())
    if not latest:
        return Kept(0)
    try:
        async with catalogue.attempt(session):
            return Kept(await _write(session, shop_id, latest, mark, read_at, now))
    except catalogue.Unkeepable as error:
        reason = str(error)
    if len(latest) == 1:
        refused = Unreadable(latest[0].id, reason)
        await skip(session, shop_id=shop_id, unreadable=[refused], mark=mark)
        return Kept(0, (refused,))
    middle = len(latest) // 2
    halves = [
        await keep(session, shop_id=shop_id, page=half, mark=mark, read_at=read_at, now=now)
        for half in (latest[:middle], latest[middle:])
    ]
    return Kept(sum(half.met for half in halves), tuple(one for half in halves for one in half.refused))


async def skip(session: Session, *, shop_id: UUID, unreadable: Sequence[Unreadable], mark: UUID | None) -> None:
    """They exist, whatever is wrong with them: what we hold of them stays."""
    if mark is not None and unreadable:
        await catalogue.see(session, shop_id=shop_id, remote_ids=[one.id for one in unreadable], mark=mark)


async def unmet(session: Session, *, shop_id: UUID, page: Sequence[ShopifyProduct], mark: UUID) -> list[ShopifyProduct]:
    """The part of a page that the import has not kept yet: an interrupted one reads its file from the start."""
    ids = await catalogue.unmet(session, shop_id=shop_id, remote_ids=[product.id for product in page], mark=mark)
    return [product for product in page if product.id in ids]


async def finish(session: Session, *, shop_id: UUID, mark: UUID, began: datetime, now: datetime) -> int:
    """After the last page: what a whole import did not meet is deleted in the store. Returns how many.

    Their listings go off sale, unless the merchant says otherwise.
    """
    gone = await catalogue_presence.mark_unseen_deleted(session, shop_id=shop_id, mark=mark, began=began, now=now)
    if gone:
        await marking.mark_changed(session, shop_id=shop_id, gone_at=now, now=now)
    return gone


async def touch(
    session: Session,
    queue: Queue,
    feed: Feed,
    *,
    shop_id: UUID,
    found: Sequence[ShopifyProduct],
    gone: Sequence[str],
    read_at: datetime,
    now: datetime,
) -> Kept:
    """Products read anew at ``read_at`` because something happened to them; new ones are listed where templates say so.

    In any order and any number of times: the later look at the store wins.
    """
    kept = await keep(session, shop_id=shop_id, page=found, mark=None, read_at=read_at, now=now)
    if gone:
        await catalogue_presence.mark_deleted(session, shop_id=shop_id, remote_ids=gone, read_at=read_at)
    touched = [*(product.id for product in found), *gone]
    await marking.mark_changed(session, shop_id=shop_id, remote_ids=touched, now=now)
    if found:
        await templates.sync_new(session, queue, feed, shop_id=shop_id, now=now)
    return kept


async def standing(session: Session, *, shop_id: UUID, remote_id: str) -> Standing | None:
    """How fresh what we hold of a product is; nothing when it was never kept."""
    return await catalogue_presence.standing(session, shop_id=shop_id, remote_id=remote_id)


async def cover(session: Session, queue: Queue, feed: Feed, *, shop_id: UUID, since: datetime, now: datetime) -> Task:
    """An import that reads what happened before ``since``: one that was opened later, else a new one.

    For more changes than can be read one by one: an export has no limit of calls.
    """
    newest = await tasks.page(session, shop_id=shop_id, kinds=[TaskKind.IMPORT], args=PageArgs(first=1))
    for task in newest.nodes:
        if task.created_at > since and task.state not in (TaskState.FAILED, TaskState.CANCELLED):
            return task
    return await start(session, queue, feed, shop_id=shop_id, started_by=BY_WEBHOOKS, idempotency_key=None, now=now)


async def _write(
    session: Session,
    shop_id: UUID,
    products: Sequence[ShopifyProduct],
    mark: UUID | None,
    read_at: datetime,
    now: datetime,
) -> int:
    rows = [product_row(product) for product in products]
    told = {product.id: product.updated_at for product in products}
    changed = await marking.changed_since(session, shop_id=shop_id, told=told)
    written = await catalogue.write_products(session, shop_id=shop_id, rows=rows, mark=mark, read_at=read_at)
    await marking.mark_changed(session, shop_id=shop_id, remote_ids=changed, now=read_at)
    placed = [(written.ids[product.id], product) for product in products if product.id in written.ids]
    if not placed:
        return written.met
    variants = [
        variant_row(row_id, position, variant)
        for row_id, product in placed
        for position, variant in enumerate(product.variants)
    ]
    images = [row for row_id, product in placed for row in image_rows(row_id, product)]
    await catalogue.replace_variants(session, shop_id=shop_id, product_ids=written.older, rows=variants)
    await catalogue.replace_images(session, shop_id=shop_id, product_ids=written.older, rows=images)
    traits = {row_id: traits_of(product) for row_id, product in placed}
    await product_traits.write(session, shop_id=shop_id, traits=traits, now=now)
    return written.met
