"""The story of an import: small stores page by page, large ones by one export, each slice kept with the way so far."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from server.clients.errors import Upstream, UpstreamKind
from server.clients.shopify_shapes import ShopifyProduct, Unreadable, parted
from server.services import imports, shops, templates
from server.services.shopify_tokens import ShopifyTokens
from workers.exports import drop_export, finished_export
from workers.import_log import ImportLog, advance, close, tell_refused
from workers.runtime import ChunkRun
from workers.subscribing import subscribe

PAGES_UP_TO = 1_000
"""Products that are read by page. An export costs no query points but some seconds to be made."""

SLICE = 400
"""Products of an export kept in one transaction (about 0.1 s)."""

_LIMIT_WAIT = 60.0
"""Seconds to wait for a limit that names no end: a bucket of points is full again by then, and an import can wait."""


async def run_import(run: ChunkRun) -> None:
    """Call (no transaction), keep (transaction with the checkpoint). A restart goes on behind the last kept slice.

    A limit of the platform is nobody's failure: the import waits and goes on.
    """
    try:
        await _import(run)
    except Upstream as error:
        if error.kind is not UpstreamKind.PLATFORM_LIMIT:
            raise
        run.again_at = run.now() + timedelta(seconds=error.retry_after or _LIMIT_WAIT)


async def _import(run: ChunkRun) -> None:
    deps, claim = run.deps, run.claim
    access = shops.shopify_access(deps.database, deps.vault, deps.shopify, shop_id=claim.shop_id, clock=deps.clock)
    progress = ImportLog(**claim.checkpoint) if claim.checkpoint else await _begin(run, access)
    if not progress.read:
        read = await (_by_export if progress.by_export else _by_page)(run, access, progress)
        if not read:
            await drop_export(run, access, progress)
            return
    if not progress.done:
        await _finish(run, progress)


async def _begin(run: ChunkRun, access: ShopifyTokens) -> ImportLog:
    """The time comes before the first look: what happens to the store from now on is somebody else's news."""
    began = run.now()
    await subscribe(run.deps, shop_id=run.claim.shop_id)
    there = await run.deps.shopify.product_count(access)
    progress = ImportLog(began.isoformat(), by_export=there.count > PAGES_UP_TO or not there.exact)
    async with run.step() as session:
        await advance(run, session, progress, known=there.count)
    return progress


async def _by_page(run: ChunkRun, access: ShopifyTokens, progress: ImportLog) -> bool:
    """False when interrupted."""
    claim, read_at = run.claim, run.now()
    async for page in run.deps.shopify.product_pages(access, after=progress.cursor):
        progress.cursor, progress.read = page.cursor, page.cursor is None
        async with run.step() as session:
            where = {"shop_id": claim.shop_id, "mark": claim.task_id}
            kept = await imports.keep(session, **where, page=page.products, read_at=read_at, now=run.now())
            await imports.skip(session, **where, unreadable=page.unreadable)
            refused = [*page.unreadable, *kept.refused]
            await advance(run, session, progress, met=kept.met, refused=len(refused))
            ending = run.is_ending(session)
        tell_refused(refused)
        if ending:
            return False
        read_at = run.now()
    return True


async def _by_export(run: ChunkRun, access: ShopifyTokens, progress: ImportLog) -> bool:
    """False when the export is not ready yet, or when interrupted."""
    export = await finished_export(run, access, progress)
    if export is None:
        return False
    slices = _Slices(run, progress, again=progress.ended > 0)
    async with run.step() as session:
        await advance(run, session, progress, known=export.root_object_count)
    async for batch in run.deps.shopify.bulk.products(export, batch=SLICE):
        if not await slices.keep(batch):
            return False
    progress.read = True
    return True


@dataclass(slots=True)
class _Slices:
    """One reading of an export. ``again``: an earlier one was interrupted, so what it kept is passed over.

    ``refused`` products leave no mark: those counted by an earlier reading are met once more, and not counted.
    """

    run: ChunkRun
    progress: ImportLog
    again: bool
    refused: int = 0

    async def keep(self, batch: Sequence[ShopifyProduct | Unreadable]) -> bool:
        """One transaction; false when the import is to stop here."""
        run, claim = self.run, self.run.claim
        where = {"shop_id": claim.shop_id, "mark": claim.task_id}
        page, unreadable = parted(batch)
        async with run.step() as session:
            if self.again:
                page = await imports.unmet(session, **where, page=page)
            kept = await imports.keep(session, **where, page=page, read_at=self.progress.began_at, now=run.now())
            await imports.skip(session, **where, unreadable=unreadable)
            refused = [*unreadable, *kept.refused]
            self.refused += len(refused)
            uncounted = max(0, self.refused - self.progress.refused)
            if kept.met or uncounted:
                await advance(run, session, self.progress, met=kept.met, refused=uncounted)
            ending = run.is_ending(session)
        tell_refused(refused)
        return not ending


async def _finish(run: ChunkRun, progress: ImportLog) -> None:
    async with run.step() as session:
        claim = run.claim
        await imports.finish(session, shop_id=claim.shop_id, mark=claim.task_id, began=progress.began_at, now=run.now())
        await templates.sync_new(session, run.deps.queue, run.deps.feed, shop_id=claim.shop_id, now=run.now())
        await close(run, session, progress)
