"""The story of a check: build each product as it would be listed, ask the platform about it, create nothing.

Calls are reads and uploads that end the same when repeated, so a lost worker's slice is simply done again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

import anyio

from server.clients.errors import Upstream
from server.clients.tiktok import Access
from server.domain.drafting import complete
from server.domain.drafts import PictureNeed
from server.domain.problems import Severity
from server.domain.runs import ItemResult
from server.domain.tasks import MAX_ATTEMPTS, ItemState
from server.kit.errors import Conflict
from server.services import tiktok_shops
from server.services.files import Uploads
from server.services.images import Result
from server.services.listings.creating import checking, work
from server.services.listings.creating.checking import Subject
from server.tables import TaskItem
from workers.answers import sorted_out
from workers.failed_calls import FailedCalls
from workers.kept_access import KeptAccess
from workers.listing_setting import complete_setting
from workers.prerequisites import failed_prerequisites
from workers.runtime import ChunkRun
from workers.uploading import uploads_of

SLICE = 50
"""Products between two commits: most of what one by one would cost is saved, and a lost slice costs seconds."""


async def run_checking(run: ChunkRun) -> None:
    """Ask about the chunk's products, slice by slice."""
    deps, shop_id, tiktok_shop_id = run.deps, run.claim.shop_id, run.claim.tiktok_shop_id
    if tiktok_shop_id is None:
        raise Conflict("A check needs a TikTok shop.")
    source = tiktok_shops.token_source(
        deps.database, deps.vault, deps.tiktok, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, clock=deps.clock
    )
    access, slots = KeptAccess(source, deps.clock), anyio.Semaphore(deps.settings.worker_calls)
    uploads = uploads_of(run, access, tiktok_shop_id, slots)
    while run.again_at is None:
        async with run.step() as session:
            items = await run.take(session, SLICE)
        if not items:
            return
        calls = _Calls(run, access, uploads, slots, FailedCalls(run))
        calls.failed.stop = await failed_prerequisites(run, access)
        if calls.failed.stop is None:
            await calls.make(await _subjects(calls, tiktok_shop_id, items))
        async with run.step() as session:
            await run.record(session, calls.results)
            if calls.failed.stop is not None:
                await run.stop(session, calls.failed.stop)
        run.again_at = run.again_at or calls.failed.parked_until


async def _subjects(calls: "_Calls", tiktok_shop_id: UUID, items: Sequence[TaskItem]) -> list[Subject]:
    run = calls.run
    async with run.step() as session:
        common = await checking.setting(
            session, claim=run.claim, tiktok_shop_id=tiktok_shop_id, items=items, now=run.now()
        )
    common, fetched = await complete_setting(run, calls.access, tiktok_shop_id, common)
    async with run.step() as session:
        subjects, ended = await checking.prepare(
            session, shop_id=run.claim.shop_id, common=common, frames=common.frames(fetched), items=items
        )
    calls.results.extend(ended)
    return subjects


@dataclass(slots=True)
class _Calls:
    """One slice at the platform."""

    run: ChunkRun
    access: Access
    uploads: Uploads
    slots: anyio.Semaphore
    failed: FailedCalls
    results: list[ItemResult] = field(default_factory=list)

    async def make(self, subjects: Sequence[Subject]) -> None:
        """Bring every product of the slice to a result."""
        shelf = await self.uploads.shelve(need for one in subjects for need in one.built.needs)
        async with anyio.create_task_group() as group:
            for one in subjects:
                group.start_soon(self._check, one, shelf)

    async def _check(self, one: Subject, shelf: Mapping[PictureNeed, Result]) -> None:
        pictures, obstacle = sorted_out(one.built, shelf, last_try=one.item.attempts + 1 >= MAX_ATTEMPTS)
        if obstacle is not None:
            self.results.append(self.failed.sort(one.item, obstacle))
            return
        built = complete(one.built, pictures)
        if built.draft is None:
            self.results.append(ItemResult(one.item.id, ItemState.FAILED, built.problems))
            return
        async with self.slots:
            if self.failed.keep_back:
                self.results.append(self.failed.later(one.item))
                return
            try:
                body = work.create_body(built.draft, one.seller)
                answer = await work.asked(self.run.deps.tiktok, self.access, dict(body), built.draft.category)
            except Upstream as error:
                self.results.append(self.failed.sort(one.item, error))
                return
        problems = (*built.problems, *work.judged(answer, built.draft.category))
        refused = any(problem.severity is Severity.ERROR for problem in problems)
        self.results.append(ItemResult(one.item.id, ItemState.FAILED if refused else ItemState.SUCCEEDED, problems))
