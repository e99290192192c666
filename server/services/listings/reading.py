"""Reading listings for the API."""

from collections.abc import Sequence
from uuid import UUID

from server.domain.listings import ListingStatus
from server.domain.paging import Page, PageArgs
from server.kit.errors import NotFound
from server.store import listings as store
from server.store import remote_listings
from server.store.session import Session
from server.tables import Listing


async def get(session: Session, *, shop_id: UUID, listing_id: UUID) -> Listing:
    """One listing; ``NotFound`` when the shop has no such listing."""
    found = await store.by_ids(session, shop_id=shop_id, ids=[listing_id])
    if listing_id not in found:
        raise NotFound("There is no such listing in this shop.", field=("id",))
    return found[listing_id]


async def by_ids(session: Session, *, shop_id: UUID, ids: Sequence[UUID]) -> dict[UUID, Listing]:
    """Those of the listings that are the shop's; for loaders."""
    return await store.by_ids(session, shop_id=shop_id, ids=ids)


async def by_products(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, product_ids: Sequence[UUID]
) -> dict[UUID, Listing]:
    """Listings in one TikTok shop by product; a product never listed there is not in it: it is not synced."""
    return await store.by_products(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, product_ids=product_ids)


async def sku_ids_of(session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, remote_id: str) -> tuple[str, ...]:
    """TikTok's ids of the variants of its product that a listing stands for, as far as we know them."""
    where = {"shop_id": shop_id, "tiktok_shop_id": tiktok_shop_id}
    found = await remote_listings.listings(session, **where, remote_ids=[remote_id])
    return tuple(str(sku["id"]) for sku in found[remote_id].remote_skus) if remote_id in found else ()


async def page(
    session: Session,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID | None = None,
    statuses: Sequence[ListingStatus] = (),
    template_id: UUID | None = None,
    args: PageArgs,
) -> Page[Listing]:
    """Listings in the order in which they were first made; nothing given means all."""
    return await store.page(
        session,
        shop_id=shop_id,
        tiktok_shop_id=tiktok_shop_id,
        statuses=statuses,
        template_id=template_id,
        args=args,
    )


async def counts_by_status(session: Session, *, shop_id: UUID, tiktok_shop_id: UUID) -> dict[ListingStatus, int]:
    """How many of the store's products stand where; every status is there, products never listed are not synced."""
    return await store.counts_by_status(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id)
