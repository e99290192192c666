"""Products and variants as the API reads them, in sets; ``catalogue`` writes them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from sqlmodel import col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from server.domain.folding import words
from server.domain.listings import ListingStatus
from server.domain.paging import Page, PageArgs
from server.store.paging import paginate
from server.store.session import Session
from server.tables import Listing, Product, Variant

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ListedAs:
    """Where products stand on TikTok Shop: in which TikTok shop and with what status, or listed with which template."""

    tiktok_shop_id: UUID | None = None
    statuses: Sequence[ListingStatus] = ()
    template_id: UUID | None = None


async def page(
    session: Session,
    *,
    shop_id: UUID,
    search: str | None,
    statuses: Sequence[str],
    listed: ListedAs | None = None,
    args: PageArgs,
) -> Page[Product]:
    """The store's products in the order they came, without deleted ones; ``search`` wants all its words' beginnings.

    With ``listed`` they are those that ``listings.counts_by_status`` counts: one that was never listed is not synced.
    """
    statement = _fitting(select(Product).where(Product.shop_id == shop_id), search, statuses)
    statement = statement.where(col(Product.deleted_at).is_(None)) if listed is None else _listed(statement, listed)
    return await paginate(session, statement, keys=(col(Product.id),), args=args)


async def fitting(
    session: Session, *, shop_id: UUID, search: str | None, statuses: Sequence[str], listed: ListedAs | None = None
) -> list[UUID]:
    """Ids of all that ``page`` would show, without those that were deleted in the store, the oldest first."""
    statement = _fitting(select(Product.id).where(Product.shop_id == shop_id), search, statuses)
    if listed is not None:
        statement = _listed(statement, listed)
    statement = statement.where(col(Product.deleted_at).is_(None)).order_by(col(Product.id))
    return list(await session.exec(statement))


def _fitting(statement: SelectOfScalar[T], search: str | None, statuses: Sequence[str]) -> SelectOfScalar[T]:
    for word in words(search or ""):
        statement = statement.where(col(Product.search_text).contains(f" {word}", autoescape=True))
    return statement.where(col(Product.status).in_(statuses)) if statuses else statement


def _listed(statement: SelectOfScalar[T], listed: ListedAs) -> SelectOfScalar[T]:
    here = col(Listing.product_id) == col(Product.id)
    if listed.tiktok_shop_id is not None:
        here &= col(Listing.tiktok_shop_id) == listed.tiktok_shop_id
    if listed.template_id is not None:
        here &= col(Listing.template_id) == listed.template_id
    statement = statement.join(Listing, here, isouter=listed.template_id is None)
    if listed.statuses:
        status = func.coalesce(col(Listing.status), ListingStatus.NOT_SYNCED.value)
        statement = statement.where(status.in_(listed.statuses))
    return statement.where(col(Product.deleted_at).is_(None) | col(Listing.remote_id).is_not(None))


async def by_ids(session: Session, *, shop_id: UUID, ids: Sequence[UUID]) -> dict[UUID, Product]:
    """Those of the products that are the shop's, deleted ones too."""
    rows = await session.exec(select(Product).where(Product.shop_id == shop_id, col(Product.id).in_(ids)))
    return {row.id: row for row in rows}


async def variants_of(session: Session, *, shop_id: UUID, product_ids: Sequence[UUID]) -> dict[UUID, list[Variant]]:
    """The variants of each product, in the store's order."""
    statement = (
        select(Variant)
        .where(Variant.shop_id == shop_id, col(Variant.product_id).in_(product_ids))
        .order_by(col(Variant.product_id), col(Variant.position))
    )
    found: dict[UUID, list[Variant]] = {product_id: [] for product_id in product_ids}
    for row in await session.exec(statement):
        found[row.product_id].append(row)
    return found


async def count(session: Session, *, shop_id: UUID) -> int:
    """How many products the store has now."""
    statement = select(func.count()).where(Product.shop_id == shop_id, col(Product.deleted_at).is_(None))
    return (await session.exec(statement)).one()


async def present(session: Session, *, shop_id: UUID, product_ids: Sequence[UUID]) -> set[UUID]:
    """Those of the products that the store has now."""
    statement = select(Product.id).where(
        Product.shop_id == shop_id, col(Product.id).in_(product_ids), col(Product.deleted_at).is_(None)
    )
    return set(await session.exec(statement))
