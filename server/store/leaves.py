"""What leaf categories demand, as the platform last told each TikTok shop."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from server.domain.categories import CategoryRef
from server.kit.ids import new_id
from server.store.session import Session
from server.tables import LeafFacts


async def read(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, refs: Sequence[CategoryRef]
) -> dict[CategoryRef, LeafFacts]:
    """The kept demands of these leaves, however old."""
    statement = select(LeafFacts).where(
        LeafFacts.shop_id == shop_id,
        LeafFacts.tiktok_shop_id == tiktok_shop_id,
        col(LeafFacts.remote_id).in_([ref.id for ref in refs]),
    )
    found = {CategoryRef(row.remote_id, row.version): row for row in await session.exec(statement)}
    return {ref: found[ref] for ref in refs if ref in found}


async def save(
    session: Session,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    ref: CategoryRef,
    attributes: list[dict[str, Any]],
    rules: dict[str, Any],
    now: datetime,
) -> None:
    """Keep one leaf's demands in place of what was known."""
    told = {"attributes": attributes, "rules": rules, "fetched_at": now}
    key = {"shop_id": shop_id, "tiktok_shop_id": tiktok_shop_id, "version": ref.version, "remote_id": ref.id}
    statement = insert(LeafFacts).values(id=new_id(), **key, **told)
    statement = statement.on_conflict_do_update(
        index_elements=["tiktok_shop_id", "version", "remote_id"], set_=told, where=col(LeafFacts.fetched_at) <= now
    )
    connection = await session.connection()
    await connection.execute(statement)


async def forget(session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, ref: CategoryRef) -> None:
    """The platform contradicted what is kept: read it anew next time."""
    row = (await read(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, refs=[ref])).get(ref)
    if row is not None:
        await session.delete(row)
