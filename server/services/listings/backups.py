"""How many listings ride on stand-ins, such as a backup weight: a wrong one costs shipping money (N13)."""

from collections import defaultdict
from collections.abc import Mapping
from uuid import UUID

from server.services import tiktok_shops
from server.store import backups
from server.store.session import Session


async def backup_counts(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID
) -> Mapping[UUID | None, Mapping[str, int]]:
    """Template to field (``package.weight``, ``attributes.100392``, ...) to the number of listings on a stand-in.

    ``NotFound`` when the shop has no such TikTok shop.
    """
    await tiktok_shops.get(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id)
    found: dict[UUID | None, dict[str, int]] = defaultdict(dict)
    for one in await backups.counts(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id):
        found[one.template_id][one.field] = one.listings
    return found
