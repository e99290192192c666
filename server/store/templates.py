"""Category templates of a TikTok shop."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, select

from server.domain.paging import Page, PageArgs
from server.store.paging import paginate
from server.store.session import Session
from server.tables import CategoryTemplate


async def by_ids(session: Session, *, shop_id: UUID, ids: Sequence[UUID]) -> dict[UUID, CategoryTemplate]:
    """Those of the templates that are the shop's."""
    statement = select(CategoryTemplate).where(CategoryTemplate.shop_id == shop_id, col(CategoryTemplate.id).in_(ids))
    return {row.id: row for row in await session.exec(statement)}


async def lock(session: Session, *, shop_id: UUID, template_id: UUID) -> CategoryTemplate | None:
    """One template, locked until the transaction ends."""
    statement = (
        select(CategoryTemplate)
        .where(CategoryTemplate.shop_id == shop_id, CategoryTemplate.id == template_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return (await session.exec(statement)).first()


async def hold(session: Session, *, shop_id: UUID, template_id: UUID) -> CategoryTemplate | None:
    """One template that nobody can remove before the transaction ends; saving it stays possible."""
    statement = (
        select(CategoryTemplate)
        .where(CategoryTemplate.shop_id == shop_id, CategoryTemplate.id == template_id)
        .with_for_update(read=True, key_share=True)
    )
    return (await session.exec(statement)).first()


async def hold_many(session: Session, *, shop_id: UUID, ids: Sequence[UUID]) -> set[UUID]:
    """Those of the templates that nobody can remove before the transaction ends; one being removed is not waited for.

    Whoever removes a template waits for its listings, which the caller may have locked.
    """
    statement = (
        select(CategoryTemplate.id)
        .where(CategoryTemplate.shop_id == shop_id, col(CategoryTemplate.id).in_(ids))
        .order_by(col(CategoryTemplate.id))
        .with_for_update(read=True, key_share=True, skip_locked=True)
    )
    return set(await session.exec(statement))


async def lock_all(session: Session, *, shop_id: UUID, tiktok_shop_id: UUID) -> list[CategoryTemplate]:
    """All templates of a TikTok shop in the order in which they are asked, the default last; locked."""
    statement = (
        select(CategoryTemplate)
        .where(CategoryTemplate.shop_id == shop_id, CategoryTemplate.tiktok_shop_id == tiktok_shop_id)
        .order_by(col(CategoryTemplate.is_default), col(CategoryTemplate.rank), col(CategoryTemplate.id))
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return list(await session.exec(statement))


async def of_tiktok_shop(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, active_only: bool = False
) -> list[CategoryTemplate]:
    """All templates of a TikTok shop."""
    statement = select(CategoryTemplate).where(
        CategoryTemplate.shop_id == shop_id, CategoryTemplate.tiktok_shop_id == tiktok_shop_id
    )
    if active_only:
        statement = statement.where(col(CategoryTemplate.is_active))
    return list(await session.exec(statement))


async def shops_with_active(session: Session, *, shop_id: UUID) -> list[UUID]:
    """The TikTok shops in which some template is active."""
    statement = select(CategoryTemplate.tiktok_shop_id).where(
        CategoryTemplate.shop_id == shop_id, col(CategoryTemplate.is_active)
    )
    return list(await session.exec(statement.distinct().order_by(col(CategoryTemplate.tiktok_shop_id))))


_ONE_WRITER = text("SELECT pg_advisory_xact_lock(hashtextextended(CAST(:tiktok_shop_id AS text), 5))")


async def one_writer(session: Session, *, shop_id: UUID, tiktok_shop_id: UUID) -> None:
    """From here to the end of the transaction nobody else writes templates of this TikTok shop.

    Ranks and the default concern several rows at once: row locks alone would run into each other.
    """
    connection = await session.connection()
    await connection.execute(_ONE_WRITER, {"tiktok_shop_id": f"{shop_id}:{tiktok_shop_id}"})


async def lock_default(session: Session, *, shop_id: UUID, tiktok_shop_id: UUID) -> CategoryTemplate | None:
    """The default template of a TikTok shop, locked; nothing when there is none."""
    statement = (
        select(CategoryTemplate)
        .where(
            CategoryTemplate.shop_id == shop_id,
            CategoryTemplate.tiktok_shop_id == tiktok_shop_id,
            col(CategoryTemplate.is_default),
        )
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return (await session.exec(statement)).first()


async def save(session: Session, *, shop_id: UUID, row: CategoryTemplate) -> CategoryTemplate:
    """Write a new or changed template of the shop."""
    if row.shop_id != shop_id:
        raise LookupError("a template of another shop")
    session.add(row)
    await session.flush()
    return row


async def delete(session: Session, *, shop_id: UUID, row: CategoryTemplate) -> None:
    """Remove a template; listings made with it stay and forget it."""
    if row.shop_id != shop_id:
        raise LookupError("a template of another shop")
    await session.delete(row)
    await session.flush()


async def page(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID | None, args: PageArgs
) -> Page[CategoryTemplate]:
    """Templates by rank, then age."""
    statement = select(CategoryTemplate).where(CategoryTemplate.shop_id == shop_id)
    if tiktok_shop_id is not None:
        statement = statement.where(CategoryTemplate.tiktok_shop_id == tiktok_shop_id)
    return await paginate(session, statement, keys=(col(CategoryTemplate.rank), col(CategoryTemplate.id)), args=args)
