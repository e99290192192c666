"""The categories that merchants confirmed: what the recommender of a TikTok shop has to remember."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, delete, func, select

from server.domain.categories import CategoryRef, CategoryVersion
from server.kit.ids import new_id
from server.store.session import Session
from server.tables import ConfirmedChoice


@dataclass(frozen=True, slots=True)
class Mark:
    """Changes whenever the choices of a TikTok shop do."""

    amount: int
    latest: datetime | None


async def mark(session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, version: CategoryVersion) -> Mark:
    """Where the choices in one tree stand."""
    statement = select(func.count(), func.max(ConfirmedChoice.confirmed_at)).where(
        ConfirmedChoice.shop_id == shop_id,
        ConfirmedChoice.tiktok_shop_id == tiktok_shop_id,
        ConfirmedChoice.category_version == version,
    )
    amount, latest = (await session.exec(statement)).one()
    return Mark(amount, latest)


_ALL = text("""
SELECT confirmed_choice.product_id, confirmed_choice.category_id AS leaf_id, product.title, product.description_html,
       product.vendor, product.product_type, product.tags, product.category_id
FROM confirmed_choice JOIN product ON product.id = confirmed_choice.product_id
WHERE confirmed_choice.shop_id = :shop_id AND confirmed_choice.tiktok_shop_id = :tiktok_shop_id
  AND confirmed_choice.category_version = :version
ORDER BY confirmed_choice.confirmed_at, confirmed_choice.id
""")


async def all_of(session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, version: CategoryVersion) -> list[Row[Any]]:
    """All choices in one tree with their products' texts, oldest first."""
    connection = await session.connection()
    values = {"shop_id": shop_id, "tiktok_shop_id": tiktok_shop_id, "version": version}
    return list(await connection.execute(_ALL, values))


async def pairs(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, version: CategoryVersion
) -> list[tuple[UUID, CategoryRef]]:
    """Which leaf each product was given, in one tree, oldest choice first."""
    statement = (
        select(ConfirmedChoice.product_id, ConfirmedChoice.category_id)
        .where(
            ConfirmedChoice.shop_id == shop_id,
            ConfirmedChoice.tiktok_shop_id == tiktok_shop_id,
            ConfirmedChoice.category_version == version,
        )
        .order_by(col(ConfirmedChoice.confirmed_at), col(ConfirmedChoice.id))
    )
    return [(product_id, CategoryRef(leaf, version)) for product_id, leaf in await session.exec(statement)]


async def confirm(
    session: Session,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    product_id: UUID,
    ref: CategoryRef,
    by: str,
    now: datetime,
) -> None:
    """The product's category in this TikTok shop is ``ref`` from now on."""
    said = {"category_id": ref.id, "category_version": ref.version, "confirmed_at": now, "confirmed_by": by}
    where = {"shop_id": shop_id, "tiktok_shop_id": tiktok_shop_id, "product_id": product_id}
    statement = insert(ConfirmedChoice).values(id=new_id(), **where, **said)
    connection = await session.connection()
    await connection.execute(
        statement.on_conflict_do_update(index_elements=["tiktok_shop_id", "product_id"], set_=said)
    )


async def withdraw(session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, product_id: UUID) -> None:
    """The product has no confirmed category any more."""
    await session.exec(
        delete(ConfirmedChoice).where(
            col(ConfirmedChoice.shop_id) == shop_id,
            col(ConfirmedChoice.tiktok_shop_id) == tiktok_shop_id,
            col(ConfirmedChoice.product_id) == product_id,
        )
    )
