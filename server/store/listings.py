"""Reading listings: pages, counts, and the rows a slice of work begins with."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, text
from sqlmodel import col, func, select

from server.domain.listings import ListingStatus
from server.domain.paging import Page, PageArgs
from server.store.paging import paginate
from server.store.session import Session
from server.tables import Listing, Product


async def by_ids(session: Session, *, shop_id: UUID, ids: Sequence[UUID]) -> dict[UUID, Listing]:
    """Those of the listings that are the shop's."""
    rows = await session.exec(select(Listing).where(Listing.shop_id == shop_id, col(Listing.id).in_(ids)))
    return {row.id: row for row in rows}


async def by_products(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, product_ids: Sequence[UUID]
) -> dict[UUID, Listing]:
    """Listings in one TikTok shop, by product; a product never listed there has none."""
    statement = select(Listing).where(
        Listing.shop_id == shop_id,
        Listing.tiktok_shop_id == tiktok_shop_id,
        col(Listing.product_id).in_(product_ids),
    )
    return {row.product_id: row for row in await session.exec(statement)}


async def page(
    session: Session,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID | None,
    statuses: Sequence[ListingStatus],
    template_id: UUID | None,
    args: PageArgs,
) -> Page[Listing]:
    """Listings in the order in which they were first made; nothing given means all."""
    statement = select(Listing).where(Listing.shop_id == shop_id)
    if tiktok_shop_id is not None:
        statement = statement.where(Listing.tiktok_shop_id == tiktok_shop_id)
    if statuses:
        statement = statement.where(col(Listing.status).in_(statuses))
    if template_id is not None:
        statement = statement.where(Listing.template_id == template_id)
    return await paginate(session, statement, keys=(col(Listing.id),), args=args)


async def counts_by_status(session: Session, *, shop_id: UUID, tiktok_shop_id: UUID) -> dict[ListingStatus, int]:
    """How many of the store's products stand where in a TikTok shop; those without a listing are not synced."""
    status = func.coalesce(col(Listing.status), ListingStatus.NOT_SYNCED.value)
    here = (col(Listing.product_id) == col(Product.id)) & (col(Listing.tiktok_shop_id) == tiktok_shop_id)
    statement = (
        select(status, func.count())
        .select_from(Product)
        .join(Listing, here, isouter=True)
        .where(Product.shop_id == shop_id, _shown())
        .group_by(status)
    )
    counted = {ListingStatus(name): amount for name, amount in await session.exec(statement)}
    return {state: counted.get(state, 0) for state in ListingStatus}


def _shown() -> ColumnElement[bool]:
    """Products of the store, and deleted ones while TikTok Shop still has them."""
    gone = col(Product.deleted_at).is_not(None)
    return ~gone | col(Listing.remote_id).is_not(None)


async def lock(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, product_ids: Sequence[UUID]
) -> dict[UUID, Listing]:
    """The listings of a slice by product, locked in the order of their ids until the transaction ends."""
    statement = (
        select(Listing)
        .where(
            Listing.shop_id == shop_id,
            Listing.tiktok_shop_id == tiktok_shop_id,
            col(Listing.product_id).in_(product_ids),
        )
        .order_by(col(Listing.id))
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return {row.product_id: row for row in await session.exec(statement)}


async def lock_remote(session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, remote_id: str) -> Listing | None:
    """The listing the platform speaks about, locked; nothing when no listing of ours has that id."""
    where = {"shop_id": shop_id, "tiktok_shop_id": tiktok_shop_id}
    return (await lock_remotes(session, **where, remote_ids=[remote_id])).get(remote_id)


async def lock_remotes(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, remote_ids: Sequence[str]
) -> dict[str, Listing]:
    """The listings the platform speaks about by its ids, locked in the order of their own ids."""
    statement = (
        select(Listing)
        .where(
            Listing.shop_id == shop_id,
            Listing.tiktok_shop_id == tiktok_shop_id,
            col(Listing.remote_id).in_(remote_ids),
        )
        .order_by(col(Listing.id))
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return {row.remote_id: row for row in await session.exec(statement) if row.remote_id is not None}


async def known_remote_ids(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, remote_ids: Sequence[str]
) -> set[str]:
    """Those of the platform's products that listings of ours already stand for."""
    statement = select(Listing.remote_id).where(
        Listing.shop_id == shop_id,
        Listing.tiktok_shop_id == tiktok_shop_id,
        col(Listing.remote_id).in_(remote_ids),
    )
    return {found for found in await session.exec(statement) if found is not None}


_TEMPLATES_OF_CHUNK = text("""
SELECT listing.product_id,
       CASE WHEN begun.id IS NULL THEN task_item.template_id ELSE listing.template_id END AS template_id
FROM task_item
JOIN listing ON listing.product_id = task_item.subject_id AND listing.tiktok_shop_id = :tiktok_shop_id
LEFT JOIN intent begun ON begun.listing_id = listing.id AND begun.closed_at IS NULL AND begun.kind = 'CREATE'
WHERE task_item.task_id = :task_id AND task_item.shop_id = :shop_id AND task_item.chunk = :chunk
  AND task_item.state IN ('QUEUED', 'RUNNING')
""")


async def templates_of_chunk(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, task_id: UUID, chunk: int
) -> dict[UUID, UUID | None]:
    """Which template each product of a chunk's open items is listed with, if any: it may be gone by now.

    That is the item's own; a creation that was begun goes on with the one it began with.
    """
    connection = await session.connection()
    values = {"shop_id": shop_id, "tiktok_shop_id": tiktok_shop_id, "task_id": task_id, "chunk": chunk}
    return {row.product_id: row.template_id for row in await connection.execute(_TEMPLATES_OF_CHUNK, values)}
