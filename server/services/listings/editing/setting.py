"""What a slice of edits has in common: each listing goes with the template it was listed with, or was given to."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from server.services.listings.creating.framing import Setting, setting_of
from server.services.listings.creating.planning import plan
from server.services.listings.rows import as_template
from server.store import template_assignments
from server.store import templates as template_rows
from server.store.session import Session


async def setting_for(
    session: Session,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    listed_with: Mapping[UUID, UUID | None],
    now: datetime,
) -> Setting:
    """Read what these products, each with the template of its listing, need; once for all of them."""
    where = {"shop_id": shop_id, "tiktok_shop_id": tiktok_shop_id}
    taken = await templates_of(session, **where, listed_with=listed_with, now=now)
    ids = sorted({template_id for template_id in taken.values() if template_id is not None})
    rows = await template_rows.by_ids(session, shop_id=shop_id, ids=ids)
    return await setting_of(
        session,
        shop_id=shop_id,
        tiktok_shop_id=tiktok_shop_id,
        product_ids=list(listed_with),
        templates=[as_template(row) for row in rows.values()],
        taken=taken,
        now=now,
    )


async def templates_of(
    session: Session,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    listed_with: Mapping[UUID, UUID | None],
    now: datetime,
) -> dict[UUID, UUID | None]:
    """The template that each listing is edited with: the one it was given to by hand, else the one it was listed with.

    Rules choose only where no template is known (any more): a listing does not move to another leaf because another
    template's rules came to match it.
    """
    assigned = await template_assignments.of_products(
        session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, product_ids=list(listed_with)
    )
    taken: dict[UUID, UUID | None] = {**listed_with, **assigned}
    homeless = [product_id for product_id, template_id in taken.items() if template_id is None]
    if homeless:
        planned = await plan(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, product_ids=homeless, now=now)
        taken |= {product_id: one.template.id for product_id, one in planned.items() if one.template is not None}
    return taken
