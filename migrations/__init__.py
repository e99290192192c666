"""Alembic migrations of the tables: ``upgrade`` brings a database to the newest revision."""

import asyncio
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool


def config(connection: Connection) -> Config:
    """Alembic's configuration, bound to an open connection; there is no ini file."""
    made = Config()
    made.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    made.set_main_option("path_separator", "os")
    made.attributes["connection"] = connection
    return made


def upgrade(database_url: str) -> None:
    """Bring the database to the newest revision. Running it twice, or from two places at once, is harmless."""
    asyncio.run(_upgrade(database_url))


async def _upgrade(database_url: str) -> None:
    engine = create_async_engine(database_url, poolclass=NullPool)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(lambda sync: command.upgrade(config(sync), "head"))
    finally:
        await engine.dispose()
