"""Reading category templates and their histories."""

from collections.abc import Sequence
from uuid import UUID

from server.domain.paging import Page, PageArgs
from server.kit.errors import NotFound
from server.store import template_revisions
from server.store import templates as store
from server.store.session import Session
from server.tables import CategoryTemplate, TemplateRevision


async def get(
    session: Session, *, shop_id: UUID, template_id: UUID, field: tuple[str, ...] = ("id",)
) -> CategoryTemplate:
    """One template; ``NotFound`` when the shop has no such template, naming the argument ``field``."""
    found = await store.by_ids(session, shop_id=shop_id, ids=[template_id])
    if template_id not in found:
        raise unknown(field)
    return found[template_id]


async def by_ids(session: Session, *, shop_id: UUID, ids: Sequence[UUID]) -> dict[UUID, CategoryTemplate]:
    """Those of the templates that are the shop's; for loaders."""
    return await store.by_ids(session, shop_id=shop_id, ids=ids)


async def page(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID | None = None, args: PageArgs
) -> Page[CategoryTemplate]:
    """Templates by rank, then age."""
    return await store.page(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, args=args)


async def revisions(session: Session, *, shop_id: UUID, template_id: UUID, args: PageArgs) -> Page[TemplateRevision]:
    """How a template stood after each save, newest first; also of one that is gone."""
    return await template_revisions.page(session, shop_id=shop_id, template_id=template_id, args=args)


def unknown(field: tuple[str, ...] = ("id",)) -> NotFound:
    """What is said of a template that this shop does not have."""
    return NotFound("There is no such category template in this shop.", field=field)
