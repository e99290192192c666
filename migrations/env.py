"""What Alembic runs: one transaction under a lock, so that two processes that start together do not meet."""

from typing import Literal

from alembic import context
from sqlalchemy import Connection, text
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

import server.tables

_LOCK = 7_155_201
"""Any number that is ours: the advisory lock all migrations of one database share."""

ROWS = server.tables.__all__  # importing the tables registers them


def plain(kind: str, thing: object, _context: object) -> str | Literal[False]:
    """Write SQLModel's own string type as SQLAlchemy's, so that migrations need no SQLModel."""
    if kind == "type" and isinstance(thing, AutoString):
        return f"sa.String(length={thing.length})"
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(thing, UTCDateTime) else False


def run(connection: Connection) -> None:
    """Upgrade (or compare) on the given connection."""
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    context.configure(connection=connection, target_metadata=SQLModel.metadata, compare_type=True, render_item=plain)
    with context.begin_transaction():
        context.run_migrations()


run(context.config.attributes["connection"])
