"""Before products are created: know what stands on TikTok Shop, so that nothing is made that is there already."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from server.clients.errors import Upstream
from server.clients.tiktok import Access
from server.clients.tiktok_product_answers import FoundProduct
from server.clients.tiktok_products import ProductFilter
from server.clients.tiktok_sweep import EVER, sweep
from server.clients.verdicts import UpstreamKind
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
    found = _Found.TOO_MUCH if outlook.awaits_sweep else await _looked(run, access, where, outlook)
    if found is _Found.ALL:
        return True
    if found is _Found.BROKEN_OFF:
        return False
    wait = Wait(run.now() + sweeping.LOOK_AGAIN)
    if found is _Found.TOO_MUCH:
        wait = await _begin_a_sweep(run, where)
    if not outlook.must_look(run.now()):
        return True
    run.again_at = wait.until
    if wait.problem is not None:
        async with run.step() as session:
            await run.stop(session, wait.problem)
    return False


class _Found(StrEnum):
    """How a look ended."""

    ALL = "ALL"
    TOO_MUCH = "TOO_MUCH"
    BROKEN_OFF = "BROKEN_OFF"
    """The task or the worker ends."""
    NOTHING = "NOTHING"
    """Somebody else looks, or the platform does not answer."""


async def _looked(run: ChunkRun, access: Access, where: dict[str, UUID], outlook: Outlook) -> _Found:
    """Look, if nobody else does. Within the hour it is a courtesy: a platform that does not answer stops nobody."""
    claim, place = run.claim, where["tiktok_shop_id"]
    async with run.step() as session:
        if not await existing.take_look(session, claim=claim, tiktok_shop_id=place):
            return _Found.NOTHING
    began = run.now()
    look = _Look(run, access, where, outlook.known_at - sweeping.MARGIN if outlook.known_at else None)
    try:
        found = await look.whole(until=began + sweeping.MARGIN)
    except Upstream as error:
        if outlook.must_look(began) or error.kind not in (UpstreamKind.RETRYABLE, UpstreamKind.PLATFORM_LIMIT):
            raise
        found = _Found.NOTHING
    async with run.step() as session:
        too_much_at = began if found is _Found.TOO_MUCH else None
        await existing.end_look(session, claim=claim, tiktok_shop_id=place, too_much_at=too_much_at)
        if found is _Found.ALL:
            await existing.caught_up(session, **where, known_at=began)
    return found


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

    async def whole(self, until: datetime) -> _Found:
        """Both trees; a shop that may not use the older one any more has nothing in it."""
        found = _Found.ALL
        for version in (CategoryVersion.V1, CategoryVersion.V2):
            try:
                found = await self._tree(version, until)
            except Upstream as error:
                if version is not CategoryVersion.V1 or error.platform_code != OUTDATED:
                    raise
            if found is not _Found.ALL:
                return found
        return found

    async def _tree(self, version: CategoryVersion, until: datetime) -> _Found:
        """Only the search says which tree a product is in. What changes meanwhile is met by the next look."""
        wanted = ProductFilter(version, updated_from=self._since)
        products = self._run.deps.tiktok.products
        async for page in sweep(products, self._access, wanted, since=EVER, until=until):
            found = await self._take_in(version, page.products)
            if found is not _Found.ALL:
                return found
        return _Found.ALL

    async def _take_in(self, version: CategoryVersion, hits: Sequence[FoundProduct]) -> _Found:
        """One page: all of it is known, it is too much to read in passing, or the run is to end."""
        run, where, feed = self._run, self._where, self._run.deps.feed
        async with run.step() as session:
            taken = await mirroring.take_in(
                session, feed, **where, hits=hits, version=version, mark=None, now=run.now()
            )
            if run.is_ending(session):
                return _Found.BROKEN_OFF
        self._left -= len(taken.to_read)
        if self._left < 0:
            return _Found.TOO_MUCH
        if taken.to_read:
            read = await read_products(run.deps, self._access, taken.to_read)
            async with run.step() as session:
                await mirroring.take_details(session, feed, **where, products=read.products, mark=None, now=run.now())
        return _Found.ALL


async def _begin_a_sweep(run: ChunkRun, where: dict[str, UUID]) -> Wait:
    """A sweep takes in what is too much for a look; nobody looks again before it has ended."""
    deps, claim = run.deps, run.claim
    async with run.step() as session:
        began = (await tasks.get(session, shop_id=claim.shop_id, task_id=claim.task_id)).created_at
        return await sweeping.wait_for_one(session, deps.queue, deps.feed, **where, since=began, now=run.now())
