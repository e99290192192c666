"""Before products are created: know what stands on TikTok Shop, so that nothing is made that is there already."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from server.clients.errors import Upstream
from server.clients.tiktok import Access
from server.clients.tiktok_product_answers import FoundProduct
from server.clients.tiktok_products import ProductFilter
from server.clients.tiktok_sweep import EVER, sweep
from server.domain.categories import CategoryVersion
from server.domain.linking import OnMatch
from server.domain.policy import OUTDATED
from server.services import tasks
from server.services.listings.mirror import existing, mirroring, sweeping
from server.services.listings.mirror.existing import Outlook
from server.services.listings.mirror.sweeping import Wait
from workers.remote_reading import read_products
from workers.runtime import ChunkRun

MOST = 1000
"""Products that one look reads for their details; for more a sweep is waited for, whose progress can be followed."""


async def twins_are_known(run: ChunkRun, access: Access, tiktok_shop_id: UUID) -> bool:
    """Look at what changed on TikTok Shop lately, and link what is certain; false: somebody looks, come again.

    Costs two search calls an hour for a shop where nobody else works (TikTok fact sheet 3.13).
    """
    claim, where = run.claim, {"shop_id": run.claim.shop_id, "tiktok_shop_id": tiktok_shop_id}
    async with run.step() as session:
        outlook = await existing.outlook(session, **where, now=run.now())
    if outlook.on_match is OnMatch.CREATE:
        return True
    if not await _is_fresh(run, access, where, outlook):
        return False
    async with run.step() as session:
        chunk, now = claim.position, run.now()
        await existing.link_first(session, run.deps.feed, **where, task_id=claim.task_id, chunk=chunk, now=now)
    return True


async def _is_fresh(run: ChunkRun, access: Access, where: dict[str, UUID], outlook: Outlook) -> bool:
    """One chunk looks while the others go on; when nobody could look for too long, all wait for it."""
    if not outlook.may_look(run.now()):
        return True
    async with run.step() as session:
        is_ours = await existing.take_look(session, **where, now=run.now())
    if is_ours and await _caught_up(run, access, where, outlook.known_at):
        return True
    wait = await _begin_a_sweep(run, where) if is_ours else Wait(run.now() + sweeping.LOOK_AGAIN)
    if not outlook.must_look(run.now()):
        return True
    run.again_at = wait.until
    if wait.problem is not None:
        async with run.step() as session:
            await run.stop(session, wait.problem)
    return False


async def _caught_up(run: ChunkRun, access: Access, where: dict[str, UUID], known_at: datetime | None) -> bool:
    """Look; false: there is too much to read in passing. Whatever ends the look, the next may begin."""
    began = run.now()
    look = _Look(run, access, where, known_at - sweeping.MARGIN if known_at else None)
    try:
        is_known = await look.whole(until=began + sweeping.MARGIN)
    except Upstream:
        async with run.step() as session:
            await existing.put_off_look(session, **where, until=began)
        raise
    if is_known:
        async with run.step() as session:
            await existing.caught_up(session, **where, known_at=began)
    return is_known


class _Look:
    """What changed on TikTok Shop since a moment, one tree after the other.

    What we list and edit ourselves changes too, a hundred thousand an hour, and costs only the pages it stands on.
    """

    def __init__(self, run: ChunkRun, access: Access, where: dict[str, UUID], since: datetime | None) -> None:
        self._run = run
        self._access = access
        self._where = where
        self._since = since
        self._left = MOST

    async def whole(self, until: datetime) -> bool:
        """Both trees; a shop that may not use the older one any more has nothing in it."""
        for version in (CategoryVersion.V1, CategoryVersion.V2):
            try:
                if not await self._tree(version, until):
                    return False
            except Upstream as error:
                if version is not CategoryVersion.V1 or error.platform_code != OUTDATED:
                    raise
        return True

    async def _tree(self, version: CategoryVersion, until: datetime) -> bool:
        """Only the search says which tree a product is in. What changes meanwhile is met by the next look."""
        wanted = ProductFilter(version, updated_from=self._since)
        products = self._run.deps.tiktok.products
        async for page in sweep(products, self._access, wanted, since=EVER, until=until):
            if page.products and not await self._take_in(version, page.products):
                return False
        return True

    async def _take_in(self, version: CategoryVersion, hits: Sequence[FoundProduct]) -> bool:
        run, where, feed = self._run, self._where, self._run.deps.feed
        async with run.step() as session:
            await existing.go_on_looking(session, **where, now=run.now())
        async with run.step() as session:
            taken = await mirroring.take_in(
                session, feed, **where, hits=hits, version=version, mark=None, now=run.now()
            )
        self._left -= len(taken.to_read)
        if taken.to_read and self._left >= 0:
            read = await read_products(run.deps, self._access, taken.to_read)
            async with run.step() as session:
                await mirroring.take_details(session, feed, **where, products=read.products, mark=None, now=run.now())
        return self._left >= 0


async def _begin_a_sweep(run: ChunkRun, where: dict[str, UUID]) -> Wait:
    """A sweep takes in what is too much for a look; nobody looks while it is waited for."""
    deps, claim = run.deps, run.claim
    async with run.step() as session:
        began = (await tasks.get(session, shop_id=claim.shop_id, task_id=claim.task_id)).created_at
        wait = await sweeping.wait_for_one(session, deps.queue, deps.feed, **where, since=began, now=run.now())
        await existing.put_off_look(session, **where, until=wait.until)
    return wait
