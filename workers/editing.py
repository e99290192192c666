"""The story of an edit: for each slice prepare (transaction), look and plan (calls), intend, send (calls), record."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import anyio

from server.clients.errors import Upstream, UpstreamKind, to_problem
from server.deps import Session
from server.kit.errors import Conflict
from server.services import leaves, tiktok_shops
from server.services.listings.editing import work as edits
from server.services.listings.editing.work import EditOutcome, EditSlice
from server.tables import TaskItem
from workers.answers import LIMIT_WAIT
from workers.edit_calls import EditCalls
from workers.edit_looks import EditDesk
from workers.failed_calls import FailedCalls
from workers.kept_access import KeptAccess
from workers.listing_setting import complete_setting
from workers.runtime import ChunkRun
from workers.uploading import uploads_of

SLICE = 50
"""Listings between two commits: most of what one by one would cost is saved, and a lost slice costs seconds."""


async def run_editing(run: ChunkRun) -> None:
    """Send what changed of the chunk's listings. Whatever happens to this worker, the next one asks before it goes on.

    What is wanted is worked out here and now: changes that came while the task waited go out with it.
    """
    tiktok_shop_id = run.claim.tiktok_shop_id
    if tiktok_shop_id is None:
        raise Conflict("An edit needs a TikTok shop.")
    desk = _desk(run, tiktok_shop_id)
    while run.again_at is None:
        async with run.step() as session:
            items = await run.take(session, SLICE)
        if not items:
            return
        try:
            made = await _prepared(run, desk, tiktok_shop_id, items)
        except Upstream as error:
            await _put_back(run, items, error)
            return
        calls = EditCalls(run, desk, FailedCalls(run))
        outcomes = [*made.outcomes, *await calls.make(made.ready)]
        await _record(run, tiktok_shop_id, outcomes, calls)


async def settle_editing(run: ChunkRun, session: Session) -> None:
    """Listings whose edits were cancelled, or broke this worker, are due when there is a reason to try again."""
    await edits.settle(session, claim=run.claim, now=run.now())


async def _prepared(run: ChunkRun, desk: EditDesk, tiktok_shop_id: UUID, items: Sequence[TaskItem]) -> EditSlice:
    where = {"shop_id": run.claim.shop_id, "tiktok_shop_id": tiktok_shop_id}
    async with run.step() as session:
        seen = await edits.seen(session, **where, product_ids=[item.subject_id for item in items])
        listed_with = {product_id: one.template_id for product_id, one in seen.items()}
        setting = await edits.setting_for(session, **where, listed_with=listed_with, now=run.now())
    setting, fetched = await complete_setting(run, desk.access, tiktok_shop_id, setting)
    async with run.step() as session:
        return await edits.prepare(
            session,
            **where,
            currency=setting.currency,
            frames=setting.frames(fetched),
            seen=seen,
            items=items,
            now=run.now(),
        )


async def _record(run: ChunkRun, tiktok_shop_id: UUID, outcomes: Sequence[EditOutcome], calls: EditCalls) -> None:
    """Known outcomes first; then what they mean for the rest of the work."""
    where = {"shop_id": run.claim.shop_id}
    async with run.step() as session:
        await edits.record(session, **where, task_id=run.claim.task_id, outcomes=outcomes, now=run.now())
        pictures, refusals = calls.pictures, calls.refusals
        await edits.keep_edits(session, **where, decided=calls.decided, pictures=pictures, refusals=refusals)
        await run.record(session, [outcome.result for outcome in outcomes])
        await calls.room(tiktok_shop_id).count(session, calls.put_up, used_up=calls.failed.used_up)
        for ref, code in calls.contradicted.items():
            await leaves.contradicted(
                session, **where, tiktok_shop_id=tiktok_shop_id, ref=ref, code=code, now=run.now()
            )
        if calls.failed.stop is not None:
            await run.stop(session, calls.failed.stop)
    run.again_at = calls.failed.parked_until


async def _put_back(run: ChunkRun, items: Sequence[TaskItem], error: Upstream) -> None:
    """What the slice's categories demand could not be read: nothing was sent, and it is tried again."""
    problem = to_problem(error)
    async with run.step() as session:
        if error.kind is UpstreamKind.RETRYABLE:
            await run.record(session, [run.retry(item, problem, error.retry_after) for item in items])
            return
        if error.kind is UpstreamKind.PLATFORM_LIMIT:
            run.again_at = run.now() + timedelta(seconds=error.retry_after or LIMIT_WAIT)
            await run.record(session, [edits.later(item, run.again_at) for item in items])
            return
        await run.record(session, [edits.later(item, run.now()) for item in items])
        await run.stop(session, problem)


def _desk(run: ChunkRun, tiktok_shop_id: UUID) -> EditDesk:
    deps, claim = run.deps, run.claim
    source = tiktok_shops.token_source(
        deps.database, deps.vault, deps.tiktok, shop_id=claim.shop_id, tiktok_shop_id=tiktok_shop_id, clock=deps.clock
    )
    access = KeptAccess(source, deps.clock)
    slots = anyio.Semaphore(deps.settings.worker_calls)
    return EditDesk(access, uploads_of(run, access, tiktok_shop_id, slots), slots)
