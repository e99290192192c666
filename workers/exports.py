"""An import's export at Shopify: asked for once, found again after a crash, waited for without holding anything."""

from datetime import timedelta

import anyio
import structlog

from server.clients.errors import Upstream, to_problem
from server.clients.shopify_bulk import BulkRun, failure
from server.services.shopify_tokens import ShopifyTokens
from workers.import_log import ImportLog
from workers.runtime import ChunkRun

log = structlog.get_logger()

_LOOKS = (0.1, 0.2, 0.4, 0.8, 1.5, 2.0)
"""Pauses between looks in place, in seconds; after the last the chunk is given back and looks again later."""

_AGAIN = timedelta(seconds=10)
_MOST_EXPORTS = 3


async def finished_export(run: ChunkRun, access: ShopifyTokens, progress: ImportLog) -> BulkRun | None:
    """The import's one export, complete; nothing when it is not ready, or failed for good (the task is stopped then).

    What is asked for is written down first, under a name of its own: a worker that dies before it hears the
    operation's id leaves it to be found, so an import never has two exports running.
    """
    bulk = run.deps.shopify.bulk
    if progress.operation is None:
        name = progress.export_name(run.claim.task_id)
        known = await bulk.find_products(access, name) if progress.asked else None
        if not progress.asked:
            progress.asked = True
            await _save(run, progress)
        progress.operation = (known or await bulk.start_products(access, name)).id
        await _save(run, progress)
    for pause in _LOOKS:
        export = await bulk.poll(access, progress.operation)
        if export.completed:
            return export
        if export.is_final:
            await _failed(run, progress, export)
            return None
        async with run.step() as session:
            if run.is_ending(session):
                return None
        await anyio.sleep(pause)
    run.again_at = run.now() + _AGAIN
    return None


async def drop_export(run: ChunkRun, access: ShopifyTokens, progress: ImportLog) -> None:
    """Of a cancelled import: a store may have five operations running, and this one keeps a place for nobody."""
    async with run.step() as session:
        cancelled = run.is_cancelled(session)
    if not cancelled or progress.operation is None:
        return
    try:
        await run.deps.shopify.bulk.cancel(access, progress.operation)
    except Upstream as error:
        log.info("import.export_not_cancelled", operation=progress.operation, code=error.code)
    else:
        log.info("import.export_cancelled", operation=progress.operation)


async def _failed(run: ChunkRun, progress: ImportLog, export: BulkRun) -> None:
    """Another export from the start, a few times; what was kept so far stays kept."""
    log.warning("import.export_failed", operation=export.id, status=export.status, error=export.error_code)
    progress.export, progress.asked, progress.operation = progress.export + 1, False, None
    async with run.step() as session:
        await run.save(session, checkpoint=progress.checkpoint())
        if progress.export >= _MOST_EXPORTS:
            await run.stop(session, to_problem(failure(export)))
    run.again_at = None if progress.export >= _MOST_EXPORTS else run.now() + _AGAIN


async def _save(run: ChunkRun, progress: ImportLog) -> None:
    async with run.step() as session:
        await run.save(session, checkpoint=progress.checkpoint())
