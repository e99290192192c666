"""A TikTok shop's defaults: template content that stands under every template and its blocks."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from server.domain.template_json import content_from_json, content_to_json
from server.services import tiktok_shops
from server.services.templates.drafts import TemplateInvalid
from server.services.templates.naming_files import check_files
from server.store import shop_defaults as store
from server.store.session import Session
from server.tables import TikTokShop

NOT_SHARED = frozenset({"rules", "attributes", "size_chart"})
"""Parts that mean something only beside one category, or one choice of products."""


async def set_defaults(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, content: Mapping[str, Any]
) -> TikTokShop:
    """Each part that is given replaces that part of the defaults, null forgets it. ``Invalid`` tells every fault."""
    await tiktok_shops.get(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id)
    before = await store.lock(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id)
    wanted = {name: value for name, value in {**before, **content}.items() if value is not None}
    foreign = sorted(wanted.keys() & NOT_SHARED)
    if foreign:
        raise TemplateInvalid([((name,), "Say this in templates: it is no default of a shop.") for name in foreign])
    read, faults = content_from_json(wanted)
    if faults:
        raise TemplateInvalid(faults)
    await check_files(session, shop_id=shop_id, content=read, before=before)
    kept = content_to_json(read)
    defaults = {name: kept[name] for name in wanted if kept.get(name) is not None}
    await store.save(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, defaults=defaults)
    return await tiktok_shops.get(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id)
