"""Listings that were linked before linking wrote owners get them with a migration, and no others do."""

from typing import Any
from uuid import UUID

from alembic import command
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine
from sqlmodel import select

import migrations
from server.domain.listings import ListingOrigin, ListingStatus
from server.domain.ownership import OF_LINKED, FieldGroup, Owner, Ownership
from server.tables import Listing
from tests.templates.conftest import Desk, desk

__all__ = ["desk"]

WORD = Ownership(own={FieldGroup.TITLE: Owner.STORE}).to_json()


async def keep(desk: Desk, rows: dict[UUID, dict[str, Any]]) -> None:
    """Listings as they were kept before."""
    async with desk.deps.database.write() as session:
        for number, (product_id, changes) in enumerate(rows.items()):
            head: dict[str, Any] = {"status": ListingStatus.LIVE, "origin": ListingOrigin.LINKED, "ownership": {}}
            row = {**head, **changes}
            remote_id, now = str(17_290_000_000_000_000 + number), desk.deps.clock()
            session.add(Listing(**desk.where, product_id=product_id, remote_id=remote_id, updated_at=now, **row))


async def migrated(database_url: str) -> None:
    """Down to the revision before, and up again."""

    def run(connection: Connection) -> None:
        command.downgrade(migrations.config(connection), "0019")
        command.upgrade(migrations.config(connection), "head")

    engine = create_async_engine(database_url)
    async with engine.begin() as connection:
        await connection.run_sync(run)
    await engine.dispose()


async def test_old_links_get_the_owners_of_new_ones(desk: Desk, database_url: str) -> None:
    old, said, edited, made = await desk.add([], [], [], [])
    sent = {"title": "A mug"}
    await keep(
        desk,
        {
            old: {},
            said: {"ownership": WORD},
            edited: {"sent": sent},
            made: {"origin": ListingOrigin.CREATED},
        },
    )
    await migrated(database_url)
    async with desk.deps.database.read() as session:
        rows = {row.product_id: row.ownership for row in await session.exec(select(Listing))}
    assert rows == {old: Ownership(own=OF_LINKED).to_json(), said: WORD, edited: {}, made: {}}
