"""Leases by name: taken by one conditional statement, given back by the holder, or run out."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, delete

from server.store.session import Session
from server.tables.leases import Lease


async def take(session: Session, *, name: str, holder: UUID, now: datetime, until: datetime) -> bool:
    """Whether the lease is the holder's now. Two at once cannot both win: the row decides."""
    statement = insert(Lease).values(name=name, holder=holder, until=until)
    statement = statement.on_conflict_do_update(
        index_elements=[col(Lease.name)],
        set_={"holder": statement.excluded.holder, "until": statement.excluded.until},
        where=col(Lease.until) <= now,
    )
    connection = await session.connection()
    return (await connection.execute(statement.returning(col(Lease.holder)))).scalar() == holder


async def give_back(session: Session, *, name: str, holder: UUID) -> None:
    """End the holder's lease; somebody else's stays."""
    await session.exec(delete(Lease).where(col(Lease.name) == name, col(Lease.holder) == holder))
