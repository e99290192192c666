"""The story of a sweep: both trees' products page by page, the deleted ones, those nobody met; then the linking."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from server.clients.errors import Upstream
from server.clients.tiktok_product_answers import SearchPage
from server.clients.tiktok_products import ProductFilter
from server.clients.tiktok_sweep import EVER, sweep
from server.domain.categories import CategoryVersion
from server.domain.policy import OUTDATED
from server.kit.errors import Conflict
from server.services import tiktok_shops
from server.services.listings.mirror import mirroring, sweeping
from workers.kept_access import KeptAccess
from workers.remote_reading import read_products
from workers.runtime import ChunkRun

_DELETED = "DELETED"
_FROZEN = "FREEZE"
_SLICE = 50
_VERSIONS = (CategoryVersion.V1, CategoryVersion.V2)
"""The older tree first: a product that is upgraded meanwhile is met twice rather than never."""


@dataclass(slots=True)
class _Progress:
    """What of the sweep is done, kept with its chunk. A search that broke off begins anew: nothing counts twice."""

    began: str
    done: list[str] = field(default_factory=list)
    after: str = ""

    @property
    def began_at(self) -> datetime:
        return datetime.fromisoformat(self.began)

    def checkpoint(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class _Sweep:
    """One run of the story."""

    run: ChunkRun
    access: KeptAccess
    where: dict[str, UUID]
    progress: _Progress


async def run_sweep(run: ChunkRun) -> None:
    """Call (no transaction), take in (transaction with the checkpoint): memory holds one page, whatever the shop."""
    claim, deps = run.claim, run.deps
    if claim.tiktok_shop_id is None:
        raise Conflict("A sweep needs a TikTok shop.")
    where = {"shop_id": claim.shop_id, "tiktok_shop_id": claim.tiktok_shop_id}
    source = tiktok_shops.token_source(deps.database, deps.vault, deps.tiktok, **where, clock=deps.clock)
    progress = _Progress(**claim.checkpoint) if claim.checkpoint else _Progress(run.now().isoformat())
    one = _Sweep(run, KeptAccess(source, deps.clock), where, progress)
    for version in _VERSIONS:
        if version not in progress.done and not await _meet(one, version):
            return
    if _DELETED not in progress.done and not await _meet_deleted(one):
        return
    if await _ask_for_the_rest(one):
        async with run.step() as session:
            await sweeping.finish(
                session, deps.feed, **where, mark=claim.task_id, began=progress.began_at, now=run.now()
            )
            await run.save(session, checkpoint=progress.checkpoint())


async def _meet(one: _Sweep, version: CategoryVersion) -> bool:
    """All products of one tree; false when interrupted. A shop that may not use the tree has none in it."""
    run = one.run
    try:
        async for page in _pages(one, ProductFilter(version)):
            async with run.step() as session:
                taken = await mirroring.take_in(
                    session,
                    run.deps.feed,
                    **one.where,
                    hits=page.products,
                    version=version,
                    mark=run.claim.task_id,
                    now=run.now(),
                )
                await run.save(session, checkpoint=one.progress.checkpoint(), added=taken.met, succeeded=taken.met)
                ending = run.is_ending(session)
            await _read(one, taken.to_read)
            if ending:
                return False
    except Upstream as error:
        if version is not CategoryVersion.V1 or error.platform_code != OUTDATED:
            raise
    return await _done(one, version)


async def _meet_deleted(one: _Sweep) -> bool:
    """What was deleted since the last whole sweep, a day more for good measure."""
    run = one.run
    async with run.step() as session:
        last = await sweeping.last_whole(session, **one.where, now=run.now())
    since = last - sweeping.EVERY if last else None
    async for page in _pages(one, ProductFilter(None, status=_DELETED, updated_from=since)):
        async with run.step() as session:
            await sweeping.take_deleted(session, run.deps.feed, **one.where, hits=page.products, now=run.now())
            if run.is_ending(session):
                return False
    return await _done(one, _DELETED)


async def _ask_for_the_rest(one: _Sweep) -> bool:
    """Listings' products that no search showed are asked for one by one before they count as gone.

    A frozen product cannot be read, as if it were gone: those are searched for before anything counts as gone.
    """
    run, progress = one.run, one.progress
    frozen: set[str] | None = None
    while True:
        async with run.step() as session:
            mark, began = run.claim.task_id, progress.began_at
            ids = await sweeping.not_met(
                session, **one.where, mark=mark, began=began, after=progress.after, amount=_SLICE
            )
            if run.is_ending(session):
                return False
        if not ids:
            return True
        hidden = await _read(one, ids)
        if hidden and frozen is None:
            frozen = await _meet_frozen(one)
        gone = [remote_id for remote_id in hidden if remote_id not in (frozen or ())]
        progress.after = ids[-1]
        async with run.step() as session:
            await sweeping.take_gone(session, run.deps.feed, **one.where, remote_ids=gone, began=began, now=run.now())
            await run.save(session, checkpoint=progress.checkpoint())


async def _meet_frozen(one: _Sweep) -> set[str]:
    """All that are frozen, by TikTok's id; their listings are told."""
    run, met = one.run, set()
    async for page in _pages(one, ProductFilter(None, status=_FROZEN)):
        async with run.step() as session:
            await mirroring.take_in(
                session,
                run.deps.feed,
                **one.where,
                hits=page.products,
                version=None,
                mark=run.claim.task_id,
                now=run.now(),
            )
        met |= {hit.id for hit in page.products}
    return met


async def _read(one: _Sweep, ids: Sequence[str]) -> list[str]:
    """The details of these; returns those that TikTok Shop does not know or show."""
    run = one.run
    if not ids:
        return []
    read = await read_products(run.deps, one.access, ids)
    async with run.step() as session:
        await mirroring.take_details(
            session, run.deps.feed, **one.where, products=read.products, mark=run.claim.task_id, now=run.now()
        )
    return read.hidden


def _pages(one: _Sweep, wanted: ProductFilter) -> AsyncIterator[SearchPage]:
    """Up to the moment the sweep goes on, not only to where it began: what is met late is met all the same."""
    return sweep(one.run.deps.tiktok.products, one.access, wanted, since=EVER, until=one.run.now())


async def _done(one: _Sweep, part: str) -> bool:
    one.progress.done.append(str(part))
    async with one.run.step() as session:
        await one.run.save(session, checkpoint=one.progress.checkpoint())
    return True
