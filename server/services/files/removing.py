"""Removing files: the row goes at once, its bytes follow, so that neither outlives a crash for long."""

from datetime import datetime, timedelta
from uuid import UUID

import structlog

from server.files import FileStore
from server.kit.clock import Clock
from server.kit.errors import NotFound, Unavailable
from server.store import files as store
from server.store.session import Database, Session

log = structlog.get_logger()

_GRACE = timedelta(hours=1)
"""After its end an upload may still be on its way into the store."""
_AT_ONCE = 100


async def delete(session: Session, *, shop_id: UUID, file_id: UUID, now: datetime) -> None:
    """Forget a file. What was uploaded to TikTok from it stays there, and so do listings that were made with it."""
    if not await store.remove(session, shop_id=shop_id, file_id=file_id, now=now):
        raise NotFound("There is no such file in this shop.", field=("id",))


async def clean(database: Database, files: FileStore, clock: Clock) -> int:
    """Drop what was announced and never came, and remove bytes that were ordered to go; returns how many orders.

    Two cleaners at once do no harm. A store that does not answer keeps its orders for the next time.
    """
    now = clock()
    async with database.write() as session:
        await store.forget_unmade(session, before=now - _GRACE, now=now)
    removed = 0
    while prefixes := await _ordered(database):
        try:
            for prefix in prefixes:
                await files.delete_below(prefix)
        except Unavailable as error:
            log.warning("files.not_removed", error=str(error.__cause__ or error))
            break
        async with database.write() as session:
            await store.removed(session, prefixes=prefixes)
        removed += len(prefixes)
    return removed


async def _ordered(database: Database) -> list[str]:
    async with database.read() as session:
        return await store.removals(session, limit=_AT_ONCE)
