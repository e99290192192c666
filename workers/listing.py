"""The story of a listing: for each slice prepare (transaction), call (none), record (transaction)."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import anyio

from server.clients.errors import Upstream, UpstreamKind, to_problem
from server.clients.tiktok import Access
from server.deps import Session
from server.kit.errors import Conflict
from server.services import leaves, tiktok_shops
from server.services.listings.creating import work
from server.services.listings.mirror import existing
from workers.answers import LIMIT_WAIT
from workers.failed_calls import FailedCalls
from workers.kept_access import KeptAccess
from workers.listing_calls import Desk, SliceCalls
from workers.listing_room import ListingRoom, Share
from workers.listing_setting import Fetched, read_setting
from workers.prerequisites import failed_prerequisites
from workers.runtime import ChunkRun
from workers.twins import twins_are_known
from workers.uploading import uploads_of

SLICE = 50
"""Products between two commits: most of what one by one would cost is saved, and a lost slice costs seconds."""


async def run_listing(run: ChunkRun) -> None:
    """List the chunk's products. Whatever happens to this worker, no product is created twice.

    Taking and preparing are two transactions: the first locks the task's row, which all its workers share.
    """
    tiktok_shop_id = run.claim.tiktok_shop_id
    if tiktok_shop_id is None:
        raise Conflict("A listing needs a TikTok shop.")
    async with run.step() as session:
        ending = run.is_ending(session)
    desk = None if ending else await _desk(run, tiktok_shop_id)
    while True:
        share = Share(SLICE) if desk is None else await desk.room.share(SLICE)
        amount = 0 if run.again_at is not None else share.amount
        async with run.step() as session:
            items = await run.take(session, amount, only=share.only) if amount else []
        if not items or desk is None:
            return
        async with run.step() as session:
            made = await work.prepare(
                session,
                shop_id=run.claim.shop_id,
                tiktok_shop_id=tiktok_shop_id,
                currency=desk.currency,
                frames=desk.frames,
                items=items,
                now=run.now(),
            )
            made = await existing.hold(session, task=run.claim, made=made, now=run.now())
        calls = SliceCalls(run, desk, FailedCalls(run))
        await calls.make(made.ready)
        await _record(run, tiktok_shop_id, [*made.outcomes, *calls.outcomes], calls, desk.room)


async def settle_listing(run: ChunkRun, session: Session) -> None:
    """Items that were cancelled or stopped leave no listing behind that looks at work."""
    if run.claim.tiktok_shop_id is not None:
        await work.settle(session, claim=run.claim, tiktok_shop_id=run.claim.tiktok_shop_id, now=run.now())


async def _record(
    run: ChunkRun, tiktok_shop_id: UUID, outcomes: Sequence[work.Outcome], calls: SliceCalls, room: ListingRoom
) -> None:
    """Known outcomes first; then what they mean for the rest of the work."""
    async with run.step() as session:
        await work.record(
            session, shop_id=run.claim.shop_id, task_id=run.claim.task_id, outcomes=outcomes, now=run.now()
        )
        await run.record(session, [outcome.result for outcome in outcomes])
        await work.keep_listings(session, shop_id=run.claim.shop_id, notes=calls.notes)
        await existing.look_again(
            session, shop_id=run.claim.shop_id, tiktok_shop_id=tiktok_shop_id, outcomes=outcomes, now=run.now()
        )
        await room.count(session, calls.listed, used_up=calls.failed.used_up)
        for ref, code in calls.contradicted.items():
            await leaves.contradicted(
                session, shop_id=run.claim.shop_id, tiktok_shop_id=tiktok_shop_id, ref=ref, code=code, now=run.now()
            )
        if calls.failed.stop is not None:
            await run.stop(session, calls.failed.stop)
    run.again_at = calls.failed.parked_until


async def _desk(run: ChunkRun, tiktok_shop_id: UUID) -> Desk | None:
    """Everything the chunk's products share. None: the task was stopped, or has to wait; nothing was taken."""
    deps, claim = run.deps, run.claim
    source = tiktok_shops.token_source(
        deps.database, deps.vault, deps.tiktok, shop_id=claim.shop_id, tiktok_shop_id=tiktok_shop_id, clock=deps.clock
    )
    access = KeptAccess(source, deps.clock)
    room = ListingRoom(run, access, tiktok_shop_id)
    try:
        await room.remember()
        problem = await failed_prerequisites(run, access)
        if problem is None and not await twins_are_known(run, access, tiktok_shop_id):
            return None
        if problem is None:
            setting, fetched = await read_setting(run, access, tiktok_shop_id)
    except Upstream as error:
        if error.kind is UpstreamKind.RETRYABLE:
            raise
        if error.kind is UpstreamKind.PLATFORM_LIMIT:
            run.again_at = run.now() + timedelta(seconds=error.retry_after or LIMIT_WAIT)
            return None
        problem = to_problem(error)
    if problem is not None:
        async with run.step() as session:
            await run.stop(session, problem)
        return None
    return _furnished(run, access, tiktok_shop_id, setting, fetched, room)


def _furnished(
    run: ChunkRun,
    access: Access,
    tiktok_shop_id: UUID,
    setting: work.Setting,
    fetched: Fetched,
    room: ListingRoom,
) -> Desk:
    deps, shop_id = run.deps, run.claim.shop_id
    slots = anyio.Semaphore(deps.settings.worker_calls)

    async def known(remote_ids: Sequence[str]) -> set[str]:
        return await work.known_remote_ids(
            deps.database, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, remote_ids=remote_ids
        )

    uploads = uploads_of(run, access, tiktok_shop_id, slots)
    return Desk(access, setting.currency, setting.frames(fetched), uploads, slots, known, room)
