"""What Alembic runs: one transaction under a lock, so that two processes that start together do not meet."""

from alembic import context
from sqlalchemy import Connection, text
from sqlmodel import SQLModel

import server.tables

_LOCK = 7_155_201
"""Any number that is ours: the advisory lock all migrations of one database share."""

ROWS = server.tables.__all__  # importing the tables registers them


def run(connection: Connection) -> None:
    """Upgrade (or compare) on the given connection."""
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    context.configure(connection=connection, target_metadata=SQLModel.metadata, compare_type=True)
    with context.begin_transaction():
        context.run_migrations()


run(context.config.attributes["connection"])
