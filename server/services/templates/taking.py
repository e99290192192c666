"""The products that a template takes now, and those that none takes, page by page."""

from uuid import UUID

from server.domain.paging import Page, PageArgs
from server.kit.errors import Invalid
from server.services.templates.competition import standing_templates
from server.services.templates.conflicts import tallies
from server.store import products
from server.store.matching import template_matching
from server.store.session import Session
from server.tables import Product


async def page(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, template_id: UUID | None, args: PageArgs
) -> Page[Product]:
    """What the template takes (None: what nobody takes) of the whole catalogue, in the order the products came."""
    where = {"shop_id": shop_id, "tiktok_shop_id": tiktok_shop_id}
    after = None if args.after is None else _place(args.after)
    ids = await template_matching.first_products(
        session,
        **where,
        templates=await standing_templates(session, **where),
        template_id=template_id,
        limit=args.size + 1,
        after=after,
    )
    shown = ids[: args.size]
    rows = await products.by_ids(session, shop_id=shop_id, ids=shown)
    total = None
    if args.total:
        counted = await tallies(session, **where)
        total = counted.untaken if template_id is None else counted.of[template_id].won
    return Page(
        [rows[one] for one in shown],
        [one.hex for one in shown],
        has_next=len(ids) > args.size,
        has_previous=after is not None,
        total=total,
    )


def _place(cursor: str) -> UUID:
    try:
        return UUID(hex=cursor)
    except ValueError:
        message = "after is not a cursor of this list: pass one from pageInfo or edges."
        raise Invalid(message, code="BAD_USER_INPUT", field=("after",)) from None
