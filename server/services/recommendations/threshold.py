"""How probable a category must be to be proposed: the merchant's own word for a TikTok shop, else Leafmark's."""

from uuid import UUID

from server.domain.recommendations import THRESHOLD
from server.kit.errors import Invalid
from server.services import tiktok_shops
from server.store import tiktok_shops as rows
from server.store.session import Session
from server.tables import TikTokShop


def threshold_of(shop: TikTokShop) -> float:
    """What holds for the shop now."""
    return THRESHOLD if shop.recommendation_threshold is None else shop.recommendation_threshold


async def set_threshold(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, threshold: float | None
) -> TikTokShop:
    """From the next refresh on; none goes back to Leafmark's own."""
    await tiktok_shops.get(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id)
    if threshold is not None:
        check(threshold)
    await rows.set_threshold(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, threshold=threshold)
    return await tiktok_shops.get(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id)


def check(threshold: float) -> None:
    """``Invalid`` for what is no probability; NaN is none either."""
    if not 0 <= threshold <= 1:
        raise Invalid("A probability is from 0 to 1.", field=("input", "minProbability"))
