"""The history of templates: rows are added and never changed."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select

from server.domain.paging import Page, PageArgs
from server.store.paging import paginate
from server.store.session import Session
from server.tables import TemplateRevision


async def add(session: Session, *, shop_id: UUID, rows: Sequence[TemplateRevision]) -> None:
    """Write how templates stand now."""
    if any(row.shop_id != shop_id for row in rows):
        raise LookupError("a template of another shop")
    session.add_all(rows)
    await session.flush()


async def page(session: Session, *, shop_id: UUID, template_id: UUID, args: PageArgs) -> Page[TemplateRevision]:
    """A template's history, newest first, also when the template is gone."""
    statement = select(TemplateRevision).where(
        TemplateRevision.shop_id == shop_id, TemplateRevision.template_id == template_id
    )
    return await paginate(session, statement, keys=(col(TemplateRevision.revision),), args=args, descending=True)
