"""What the platform itself told about the trees, by TikTok shop and code."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from server.domain.categories import CategoryVersion
from server.kit.ids import new_id
from server.store.session import Session
from server.tables import VersionAnswer


async def save(
    session: Session,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    code: int,
    asked_version: CategoryVersion,
    asked_id: str | None,
    demands: CategoryVersion | None,
    now: datetime,
) -> None:
    """Keep the last time a code was said. A demand once made stays with its code."""
    told = {"said_at": now, "asked_version": asked_version, "asked_id": asked_id}
    values = {"id": new_id(), "shop_id": shop_id, "tiktok_shop_id": tiktok_shop_id, "code": code, "demands": demands}
    kept = told if demands is None else told | {"demands": demands}
    statement = insert(VersionAnswer).values(**values, **told)
    statement = statement.on_conflict_do_update(index_elements=["tiktok_shop_id", "code"], set_=kept)
    connection = await session.connection()
    await connection.execute(statement)


async def of_shops(
    session: Session, *, shop_id: UUID, tiktok_shop_ids: Sequence[UUID]
) -> dict[UUID, list[VersionAnswer]]:
    """The answers by TikTok shop, the newest first."""
    statement = select(VersionAnswer).where(
        VersionAnswer.shop_id == shop_id, col(VersionAnswer.tiktok_shop_id).in_(tiktok_shop_ids)
    )
    found: dict[UUID, list[VersionAnswer]] = {tiktok_shop_id: [] for tiktok_shop_id in tiktok_shop_ids}
    for row in await session.exec(statement.order_by(col(VersionAnswer.said_at).desc())):
        found[row.tiktok_shop_id].append(row)
    return found
