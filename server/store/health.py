"""Asks the database whether it answers."""

from sqlmodel import select

from server.store.session import Database


async def answers(database: Database) -> int:
    """1, or the driver's error."""
    async with database.read() as session:
        return (await session.exec(select(1))).one()
