"""Edits as a call asks for them: of named listings or products, of overrides that are set first, or of a filter."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from server.domain.bulk import ErrorPolicy
from server.domain.listings import ListingStatus
from server.domain.tasks import TaskKind
from server.feed import Feed
from server.kit.errors import Invalid, NotFound
from server.queue import Queue
from server.services import tasks, tiktok_shops
from server.services.listings.creating import naming
from server.services.listings.creating.naming import Row, Started
from server.services.listings.editing import starting as editing
from server.services.templates import overriding
from server.services.templates.overriding import OverrideWish
from server.store import listing_edits, listings
from server.store.session import Session
from server.tables import Task


@dataclass(frozen=True, slots=True)
class EditFilter:
    """Listings on TikTok Shop; nothing given means all."""

    statuses: Sequence[ListingStatus] | None = None
    template_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class EditWish:
    """What a call said: one of these, or nothing for all that is on TikTok Shop.

    ``overrides`` are set before their products are edited. ``policy`` is for the rows of what was named.
    """

    listing_ids: Sequence[UUID] | None = None
    product_ids: Sequence[UUID] | None = None
    overrides: Sequence[OverrideWish] | None = None
    filter: EditFilter | None = None
    policy: ErrorPolicy = ErrorPolicy.REJECT_FAILED_ROWS


async def ask(
    session: Session,
    queue: Queue,
    feed: Feed,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    wish: EditWish,
    started_by: str,
    idempotency_key: str | None,
    now: datetime,
) -> Started:
    """Open one edit for the rows that can be taken, answered row by row.

    The same key again answers with the task it made before, and sets nothing. ``NotFound``, ``Invalid`` and
    ``Conflict`` (not connected) write nothing.
    """
    _one_way(wish)
    known = await tasks.known(session, shop_id=shop_id, kind=TaskKind.EDIT, key=idempotency_key)
    if known is not None:
        return Started(known, await _as_asked(session, known, tiktok_shop_id, wish))
    where = {"shop_id": shop_id, "tiktok_shop_id": tiktok_shop_id}
    await tiktok_shops.connected(session, **where, now=now)
    rows = await _rows(session, shop_id, tiktok_shop_id, wish, started_by, now)
    named = None if rows is None else naming.taken(rows, wish.policy)
    if rows is not None and not named:
        return Started(None, rows)
    chosen = wish.filter or EditFilter()
    task = await editing.start(
        session,
        queue,
        feed,
        **where,
        product_ids=named,
        statuses=chosen.statuses,
        template_id=chosen.template_id,
        started_by=started_by,
        idempotency_key=idempotency_key,
        now=now,
    )
    return Started(task, rows or ())


def _one_way(wish: EditWish) -> None:
    ways = {
        "listingIds": wish.listing_ids,
        "productIds": wish.product_ids,
        "overrides": wish.overrides,
        "filter": wish.filter,
    }
    given = [name for name, value in ways.items() if value is not None]
    if len(given) > 1:
        raise Invalid("Name listings or products, give overrides, or a filter: one of them.", field=("input", given[1]))


async def _as_asked(session: Session, known: Task, tiktok_shop_id: UUID, wish: EditWish) -> tuple[Row, ...]:
    """The rows of a call that was answered before; nothing is set again."""
    if wish.listing_ids is not None:
        rows = await _of_listings(session, known.shop_id, tiktok_shop_id, wish.listing_ids)
        return await naming.as_answered(session, task=known, rows=rows, place=_by_listing)
    if wish.overrides is not None:
        rows = tuple(Row(one.product_id) for one in wish.overrides)
        return await naming.as_answered(session, task=known, rows=rows, place=lambda _: ("input", "productId"))
    rows = tuple(Row(one) for one in wish.product_ids or ())
    return await naming.as_answered(session, task=known, rows=rows, place=naming.by_product)


def _by_listing(at: int) -> tuple[str, ...]:
    return ("input", "listingIds", str(at))


async def _rows(
    session: Session, shop_id: UUID, tiktok_shop_id: UUID, wish: EditWish, actor: str, now: datetime
) -> tuple[Row, ...] | None:
    """The products behind what was named, in its order; nothing where nothing was named."""
    if wish.listing_ids is not None:
        return await _of_listings(session, shop_id, tiktok_shop_id, wish.listing_ids)
    if wish.product_ids is not None:
        return await _of_products(session, shop_id, wish.product_ids)
    if wish.overrides is None:
        return None
    outcomes = await overriding.set_many(
        session,
        shop_id=shop_id,
        tiktok_shop_id=tiktok_shop_id,
        wishes=wish.overrides,
        policy=wish.policy,
        actor=actor,
        now=now,
    )
    return tuple(Row(one.product_id if one.done else None, one.errors) for one in outcomes)


async def _of_products(session: Session, shop_id: UUID, asked: Sequence[UUID]) -> tuple[Row, ...]:
    """Deleted products too: their listings go off sale."""
    field = ("input", "productIds")
    naming.few(asked, editing.MAX_LISTINGS, field)
    known = await listing_edits.known_products(session, shop_id=shop_id, product_ids=list(set(asked)))
    error = "There is no such product in this shop."
    return naming.rows_of(asked, known, lambda at: NotFound(error, field=(*field, str(at))))


async def _of_listings(session: Session, shop_id: UUID, tiktok_shop_id: UUID, asked: Sequence[UUID]) -> tuple[Row, ...]:
    naming.few(asked, editing.MAX_LISTINGS, ("input", "listingIds"))
    found = await listings.by_ids(session, shop_id=shop_id, ids=list(set(asked)))
    here = {row.id: row.product_id for row in found.values() if row.tiktok_shop_id == tiktok_shop_id}
    error = "There is no such listing in this TikTok shop."
    return tuple(
        Row(here[one]) if one in here else Row(errors=(NotFound(error, field=_by_listing(at)),))
        for at, one in enumerate(asked)
    )
