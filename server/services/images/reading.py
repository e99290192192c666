"""Reading the image registry for the API."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from server.store import images as store
from server.store.images import ShownImage
from server.store.session import Session


async def of_products(
    session: Session, *, shop_id: UUID, product_ids: Sequence[UUID], tiktok_shop_id: UUID | None = None
) -> Mapping[UUID, list[ShownImage]]:
    """Each product's pictures in order, with their uploads in one TikTok shop; for loaders."""
    return await store.of_products(session, shop_id=shop_id, product_ids=product_ids, tiktok_shop_id=tiktok_shop_id)
