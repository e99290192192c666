"""Listings' histories: lines added in sets, read newest first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, select

from server.domain.history import Change, ChangeCause, ChangeKind
from server.domain.paging import Page, PageArgs
from server.kit.ids import new_id
from server.kit.json import dumps_text
from server.store.paging import paginate
from server.store.session import Session
from server.tables import ListingChange

_ADD = text("""
INSERT INTO listing_change (id, shop_id, listing_id, at, kind, cause, actor, task_id, request_id, fields)
SELECT new.row_id, :shop_id, new.listing_id, new.at, new.kind, new.cause, left(new.actor, 128), new.task_id,
       left(new.request_id, 128), new.fields
FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS new(row_id uuid, listing_id uuid, at timestamptz, kind text,
     cause text, actor text, task_id uuid, request_id text, fields jsonb)
JOIN listing ON listing.id = new.listing_id AND listing.shop_id = :shop_id
""")


async def add(session: Session, *, shop_id: UUID, changes: Sequence[Change]) -> None:
    """Write lines, all in one statement; lines of listings that are gone are left out."""
    if not changes:
        return
    rows = [
        {
            "row_id": new_id(),
            "listing_id": one.listing_id,
            "at": one.at,
            "kind": one.kind,
            "cause": one.cause,
            "actor": one.actor,
            "task_id": one.task_id,
            "request_id": one.request_id or None,
            "fields": dict(one.fields),
        }
        for one in changes
    ]
    connection = await session.connection()
    await connection.execute(_ADD, {"shop_id": shop_id, "rows": dumps_text(rows)})


@dataclass(frozen=True, slots=True)
class Word:
    """What somebody said of products in a TikTok shop, at one moment."""

    kind: ChangeKind
    cause: ChangeCause
    actor: str
    at: datetime


_ADD_OF_PRODUCTS = text("""
INSERT INTO listing_change (id, shop_id, listing_id, at, kind, cause, actor, fields)
SELECT new.row_id, :shop_id, listing.id, :at, :kind, :cause, left(:actor, 128), new.fields
FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS new(row_id uuid, product_id uuid, fields jsonb)
JOIN listing ON listing.product_id = new.product_id AND listing.tiktok_shop_id = :tiktok_shop_id
 AND listing.shop_id = :shop_id
""")


async def add_of_products(
    session: Session,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    word: Word,
    fields: Mapping[UUID, Mapping[str, Any]],
) -> int:
    """A line for each listing of these products, by product with its ``fields`` as in ``Change``; how many there are.

    All in one statement. Products that were never to be listed there have no history.
    """
    if not fields:
        return 0
    rows = [{"row_id": new_id(), "product_id": one, "fields": dict(said)} for one, said in fields.items()]
    values = {"shop_id": shop_id, "tiktok_shop_id": tiktok_shop_id, "rows": dumps_text(rows)}
    said = {"kind": word.kind.value, "cause": word.cause.value, "actor": word.actor, "at": word.at}
    connection = await session.connection()
    return (await connection.execute(_ADD_OF_PRODUCTS, values | said)).rowcount


async def page(session: Session, *, shop_id: UUID, listing_id: UUID, args: PageArgs) -> Page[ListingChange]:
    """One listing's lines, newest first."""
    statement = select(ListingChange).where(
        col(ListingChange.shop_id) == shop_id, col(ListingChange.listing_id) == listing_id
    )
    keys = (col(ListingChange.at), col(ListingChange.id))
    return await paginate(session, statement, keys=keys, args=args, descending=True)
