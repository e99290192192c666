"""The defaults that a TikTok shop has for all its templates."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlmodel import col, select, update

from server.store.session import Session
from server.tables import TikTokShop


async def lock(session: Session, *, shop_id: UUID, tiktok_shop_id: UUID) -> dict[str, Any]:
    """The defaults as they stand, locked until the transaction ends; none for a TikTok shop of somebody else's."""
    statement = (
        select(TikTokShop.defaults)
        .where(TikTokShop.shop_id == shop_id, TikTokShop.id == tiktok_shop_id)
        .with_for_update(key_share=True)
    )
    return dict((await session.exec(statement)).first() or {})


async def save(session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, defaults: Mapping[str, Any]) -> None:
    """Write the defaults whole."""
    mine = (col(TikTokShop.shop_id) == shop_id, col(TikTokShop.id) == tiktok_shop_id)
    await session.exec(update(TikTokShop).where(*mine).values(defaults=dict(defaults)))
