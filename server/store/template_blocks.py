"""Blocks that the templates of a TikTok shop share."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, or_, select

from server.domain.paging import Page, PageArgs
from server.domain.template_blocks import BlockKind
from server.store.paging import paginate
from server.store.session import Session
from server.tables import CategoryTemplate, TemplateBlock


async def by_ids(session: Session, *, shop_id: UUID, ids: Sequence[UUID]) -> dict[UUID, TemplateBlock]:
    """Those of the blocks that are the shop's."""
    rows = await session.exec(
        select(TemplateBlock).where(TemplateBlock.shop_id == shop_id, col(TemplateBlock.id).in_(ids))
    )
    return {row.id: row for row in rows}


async def hold(session: Session, *, shop_id: UUID, ids: Sequence[UUID]) -> dict[UUID, TemplateBlock]:
    """The same, which nobody can remove before the transaction ends."""
    statement = (
        select(TemplateBlock)
        .where(TemplateBlock.shop_id == shop_id, col(TemplateBlock.id).in_(ids))
        .order_by(col(TemplateBlock.id))
        .with_for_update(read=True, key_share=True)
    )
    return {row.id: row for row in await session.exec(statement)}


async def lock(session: Session, *, shop_id: UUID, block_id: UUID) -> TemplateBlock | None:
    """One block, locked until the transaction ends: no template begins to use it meanwhile."""
    statement = (
        select(TemplateBlock)
        .where(TemplateBlock.shop_id == shop_id, TemplateBlock.id == block_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return (await session.exec(statement)).first()


async def page(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, kinds: Sequence[BlockKind], args: PageArgs
) -> Page[TemplateBlock]:
    """The blocks of a TikTok shop in the order they were made; no kinds means all."""
    statement = select(TemplateBlock).where(
        TemplateBlock.shop_id == shop_id, TemplateBlock.tiktok_shop_id == tiktok_shop_id
    )
    if kinds:
        statement = statement.where(col(TemplateBlock.kind).in_(kinds))
    return await paginate(session, statement, keys=(col(TemplateBlock.id),), args=args)


async def users(session: Session, *, shop_id: UUID, block_ids: Sequence[UUID]) -> dict[UUID, list[CategoryTemplate]]:
    """The templates that use each block, by rank and age; a block that none uses has an empty list."""
    statement = (
        select(CategoryTemplate)
        .where(
            CategoryTemplate.shop_id == shop_id,
            or_(
                col(CategoryTemplate.shipping_block_id).in_(block_ids),
                col(CategoryTemplate.size_chart_block_id).in_(block_ids),
                col(CategoryTemplate.compliance_block_id).in_(block_ids),
            ),
        )
        .order_by(col(CategoryTemplate.rank), col(CategoryTemplate.id))
    )
    found: dict[UUID, list[CategoryTemplate]] = {block_id: [] for block_id in block_ids}
    for row in await session.exec(statement):
        for block_id in (row.shipping_block_id, row.size_chart_block_id, row.compliance_block_id):
            if block_id in found:
                found[block_id].append(row)
    return found


async def save(session: Session, *, shop_id: UUID, row: TemplateBlock) -> TemplateBlock:
    """Write a new or changed block of the shop."""
    if row.shop_id != shop_id:
        raise LookupError("a block of another shop")
    session.add(row)
    await session.flush()
    return row


async def remove(session: Session, *, shop_id: UUID, row: TemplateBlock) -> None:
    """Remove a block that no template uses."""
    if row.shop_id != shop_id:
        raise LookupError("a block of another shop")
    await session.delete(row)
    await session.flush()
