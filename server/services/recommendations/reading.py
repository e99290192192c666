"""Reading recommendations for the API."""

from collections.abc import Sequence
from uuid import UUID

from server.domain.paging import Page, PageArgs
from server.domain.recommendations import RecommendationState
from server.services import tiktok_shops
from server.store import recommendations as store
from server.store.session import Session
from server.tables import Recommendation


async def by_ids(session: Session, *, shop_id: UUID, ids: Sequence[UUID]) -> dict[UUID, Recommendation]:
    """Those of the recommendations that are the shop's; for loaders."""
    return await store.by_ids(session, shop_id=shop_id, ids=ids)


async def of_products(
    session: Session, *, shop_id: UUID, product_ids: Sequence[UUID]
) -> dict[UUID, list[Recommendation]]:
    """The recommendations of each product, one a TikTok shop; for loaders."""
    return await store.of_products(session, shop_id=shop_id, product_ids=product_ids)


async def page(
    session: Session,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    states: Sequence[RecommendationState] = (),
    args: PageArgs,
) -> Page[Recommendation]:
    """A TikTok shop's recommendations in the order they were first made; no states means all."""
    await tiktok_shops.get(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, field=("tiktokShopId",))
    return await store.page(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, states=states, args=args)
