"""Reading the imported catalogue."""

from collections.abc import Sequence
from uuid import UUID

from server.domain.paging import Page, PageArgs
from server.kit.errors import Invalid, NotFound
from server.services import tiktok_shops
from server.store import products
from server.store.products import ListedAs
from server.store.session import Session
from server.tables import Product, Variant

__all__ = ["ListedAs", "by_ids", "count", "get", "page", "variants_of"]


async def get(session: Session, *, shop_id: UUID, product_id: UUID) -> Product:
    """One product; ``NotFound`` when the shop has no such product."""
    found = await products.by_ids(session, shop_id=shop_id, ids=[product_id])
    if product_id not in found:
        raise NotFound("There is no such product in this shop.", field=("id",))
    return found[product_id]


async def page(
    session: Session,
    *,
    shop_id: UUID,
    search: str | None = None,
    statuses: Sequence[str] = (),
    listed: ListedAs | None = None,
    args: PageArgs,
) -> Page[Product]:
    """The store's products; ``search`` wants all its words, each as the beginning of one.

    ``NotFound`` for a TikTok shop that is not the store's; ``Invalid`` when listing statuses are asked for without
    a TikTok shop: a product has one in each.
    """
    if listed is not None and listed.statuses and listed.tiktok_shop_id is None:
        message = "Name the TikTok shop: a product has a status in each."
        raise Invalid(message, code="BAD_USER_INPUT", field=("filter", "tiktokShopId"))
    if listed is not None and listed.tiktok_shop_id is not None:
        await tiktok_shops.get(
            session, shop_id=shop_id, tiktok_shop_id=listed.tiktok_shop_id, field=("filter", "tiktokShopId")
        )
    return await products.page(session, shop_id=shop_id, search=search, statuses=statuses, listed=listed, args=args)


async def by_ids(session: Session, *, shop_id: UUID, ids: Sequence[UUID]) -> dict[UUID, Product]:
    """Those of the products that are the shop's."""
    return await products.by_ids(session, shop_id=shop_id, ids=ids)


async def variants_of(session: Session, *, shop_id: UUID, product_ids: Sequence[UUID]) -> dict[UUID, list[Variant]]:
    """The variants of each product, in the store's order."""
    return await products.variants_of(session, shop_id=shop_id, product_ids=product_ids)


async def count(session: Session, *, shop_id: UUID) -> int:
    """How many products the store has now."""
    return await products.count(session, shop_id=shop_id)
