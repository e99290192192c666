"""`leafmark migrate`: bring the database to the newest tables."""

import asyncio

from cli import environment
from migrations import upgrade


def command() -> None:
    """Upgrade the database at DATABASE_URL; nothing happens when it is up to date."""
    url = environment.read_database_url()
    asyncio.run(environment.database_answers(url))
    upgrade(url)
