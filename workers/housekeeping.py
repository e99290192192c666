"""What a worker does for everybody now and then: say that it is there, and drop what nobody needs any more."""

import asyncio
from datetime import datetime, timedelta

import structlog

from server.deps import Deps
from server.services import files, health, inbox
from server.services.listings.replay import decisions

log = structlog.get_logger()

_SAY_SECONDS = 5.0
_FORGET_EVERY = timedelta(hours=1)


async def keep_house(deps: Deps, worker: str) -> None:
    """Until cancelled. Whatever is away now may be back at the next turn."""
    forgotten_at: datetime | None = None
    while True:
        await health.note_worker(deps.redis, name=worker)
        if forgotten_at is None or deps.clock() >= forgotten_at + _FORGET_EVERY:
            forgotten_at = deps.clock()
            await _forget(deps)
        await asyncio.sleep(_SAY_SECONDS)


async def _forget(deps: Deps) -> None:
    try:
        async with deps.database.write() as session:
            dropped = await inbox.forget_old(session, now=deps.clock())
            replayable = await decisions.forget_old(session, now=deps.clock())
        removed = await files.clean(deps.database, deps.files, deps.clock)
    except Exception as error:  # noqa: BLE001 - a database that is away must not end the worker
        log.warning("housekeeping.missed", error=str(error))
        return
    if dropped or replayable or removed:
        log.info("housekeeping.forgot", webhooks=dropped, decisions=replayable, files=removed)
