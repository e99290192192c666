"""Before products are created: know what stands on TikTok Shop, so that nothing is made that is there already."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from server.clients.errors import Upstream
from server.clients.tiktok import Access
from server.clients.tiktok_product_answers import FoundProduct
from server.clients.tiktok_products import SEARCH_LIMIT, ProductFilter
from server.domain.categories import CategoryVersion
from server.domain.linking import OnMatch
from server.domain.policy import OUTDATED
from server.services import tasks
from server.services.listings.mirror import existing, mirroring, sweeping
from workers.remote_reading import read_products
from workers.runtime import ChunkRun

MOST = 1000
"""Strangers that changed since the last look and are taken in right here; for more a sweep is waited for."""


async def twins_are_known(run: ChunkRun, access: Access, tiktok_shop_id: UUID) -> bool:
    """Look at what changed on TikTok Shop lately, and link what is certain; false: a sweep is under way, come again.

    Costs two search calls an hour for a shop where nobody else works (TikTok fact sheet 3.13).
    """
    claim, where = run.claim, {"shop_id": run.claim.shop_id, "tiktok_shop_id": tiktok_shop_id}
    async with run.step() as session:
        outlook = await existing.outlook(session, **where, now=run.now())
    if outlook.on_match is OnMatch.CREATE:
        return True
    if outlook.must_look(run.now()) and not await _caught_up(run, access, where, outlook.known_at):
        return False
    async with run.step() as session:
        chunk, now = claim.position, run.now()
        await existing.link_first(session, run.deps.feed, **where, task_id=claim.task_id, chunk=chunk, now=now)
    return True


async def _caught_up(run: ChunkRun, access: Access, where: dict[str, UUID], known_at: datetime | None) -> bool:
    began = run.now()
    since = known_at - sweeping.MARGIN if known_at else None
    for version in (CategoryVersion.V1, CategoryVersion.V2):
        try:
            if not await _tree(run, access, where, version, since):
                return False
        except Upstream as error:
            if version is not CategoryVersion.V1 or error.platform_code != OUTDATED:
                raise
    async with run.step() as session:
        await existing.caught_up(session, **where, known_at=began)
    return True


async def _tree(
    run: ChunkRun, access: Access, where: dict[str, UUID], version: CategoryVersion, since: datetime | None
) -> bool:
    """What changed in one tree: only the search says which tree a product is in.

    What we list and edit ourselves changes too, thousands an hour, and costs only the pages it stands on.
    """
    most: int | None = None
    async for page in run.deps.tiktok.products.pages(access, ProductFilter(version, updated_from=since)):
        if most is None and page.total_count > MOST:
            async with run.step() as session:
                ours = await existing.told_since(session, **where, version=version, since=since)
            most = min(MOST + ours, SEARCH_LIMIT)
        if most is not None and page.total_count > most:
            await _wait_for_a_sweep(run, where)
            return False
        if page.products:
            await _take_in(run, access, where, version, page.products)
    return True


async def _take_in(
    run: ChunkRun,
    access: Access,
    where: dict[str, UUID],
    version: CategoryVersion | None,
    hits: Sequence[FoundProduct],
) -> None:
    feed = run.deps.feed
    async with run.step() as session:
        taken = await mirroring.take_in(session, feed, **where, hits=hits, version=version, mark=None, now=run.now())
    if taken.to_read:
        read = await read_products(run.deps, access, taken.to_read)
        async with run.step() as session:
            await mirroring.take_details(session, feed, **where, products=read.products, mark=None, now=run.now())


async def _wait_for_a_sweep(run: ChunkRun, where: dict[str, UUID]) -> None:
    """Come again later; sweeps that fail again and again stop the task with what stopped them."""
    deps, claim = run.deps, run.claim
    async with run.step() as session:
        began = (await tasks.get(session, shop_id=claim.shop_id, task_id=claim.task_id)).created_at
        wait = await sweeping.wait_for_one(session, deps.queue, deps.feed, **where, since=began, now=run.now())
        if wait.problem is not None:
            await run.stop(session, wait.problem)
            return
    run.again_at = wait.until
