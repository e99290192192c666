"""The story of switching: twenty products a call, refusals sorted product by product, the platform's word is asked."""

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

import anyio

from server.clients.errors import Upstream, refusal, to_problem
from server.clients.tiktok import Access
from server.clients.tiktok_codes import LISTING_LIMIT
from server.clients.tiktok_product_answers import BulkOutcome, PartialFailure
from server.clients.tiktok_products import BULK_LIMIT, TikTokProducts
from server.domain.listings import ListingStatus, StatusAction
from server.domain.problems import Problem
from server.domain.runs import ItemResult
from server.domain.switching import REACHED
from server.domain.tasks import ItemState
from server.kit.errors import Conflict
from server.services import tasks, tiktok_shops
from server.services.listings import standing_of, switching
from server.services.listings.switching import Done, Ready
from workers.failed_calls import FailedCalls
from workers.kept_access import KeptAccess
from workers.listing_room import ListingRoom, Share
from workers.remote_reading import HIDDEN
from workers.runtime import ChunkRun

_SLICE = 100
STATE_REFUSED = 12052901
"""The product's state does not allow it (TikTok fact sheet 3.14)."""

Call = Callable[[TikTokProducts, Access, Sequence[str]], Awaitable[BulkOutcome]]
CALLS: Mapping[StatusAction, Call] = {
    StatusAction.ACTIVATE: TikTokProducts.activate,
    StatusAction.DEACTIVATE: TikTokProducts.deactivate,
    StatusAction.DELETE: TikTokProducts.delete,
    StatusAction.RECOVER: TikTokProducts.recover,
}


@dataclass(slots=True)
class _Calls:
    """One slice at the platform."""

    run: ChunkRun
    access: Access
    action: StatusAction
    failed: FailedCalls
    switched: Counter[date] = field(default_factory=Counter)
    """Products that stand where they should, by the day of the call."""
    done: list[Done] = field(default_factory=list)
    results: list[ItemResult] = field(default_factory=list)


async def run_switching(run: ChunkRun) -> None:
    """Prepare (transaction), call (none), record (transaction).

    There are no intents: an action that is repeated after a lost answer is refused because of the product's state,
    and then the product itself is read: it stands where it should, or it says why not.
    """
    claim, deps = run.claim, run.deps
    if claim.tiktok_shop_id is None:
        raise Conflict("Listings are switched in a TikTok shop.")
    action = StatusAction(claim.input["action"])
    source = tiktok_shops.token_source(
        deps.database,
        deps.vault,
        deps.tiktok,
        shop_id=claim.shop_id,
        tiktok_shop_id=claim.tiktok_shop_id,
        clock=deps.clock,
    )
    access = KeptAccess(source, deps.clock)
    async with run.step() as session:
        by = (await tasks.get(session, shop_id=claim.shop_id, task_id=claim.task_id)).started_by
    room = await _room(run, access, claim.tiktok_shop_id) if action is StatusAction.ACTIVATE else None
    while run.again_at is None:
        share = Share(_SLICE) if room is None else await room.share(_SLICE)
        async with run.step() as session:
            items = await run.take(session, share.amount) if share.amount else []
        if not items:
            return
        async with run.step() as session:
            ready, ended = await switching.prepare(session, claim=claim, action=action, items=items)
        began, calls = run.now(), _Calls(run, access, action, FailedCalls(run))
        await _call(calls, ready)
        async with run.step() as session:
            await switching.record(session, deps.feed, claim=claim, done=calls.done, by=by, began=began, now=run.now())
            await run.record(session, [*ended, *calls.results])
            if room is not None:
                await room.count(session, calls.switched, used_up=calls.failed.used_up)
            if calls.failed.stop is not None:
                await run.stop(session, calls.failed.stop)
        run.again_at = run.again_at or calls.failed.parked_until


async def _room(run: ChunkRun, access: Access, tiktok_shop_id: UUID) -> ListingRoom | None:
    """Products put up again are of the day's listings (TikTok fact sheet 3.14). None: the task ends."""
    async with run.step() as session:
        if run.is_ending(session):
            return None
    room = ListingRoom(run, access, tiktok_shop_id)
    await room.remember()
    return room


async def _call(calls: _Calls, ready: Sequence[Ready]) -> None:
    places = anyio.CapacityLimiter(calls.run.deps.settings.worker_calls)

    async def one(batch: Sequence[Ready]) -> None:
        async with places:
            if calls.failed.keep_back:
                calls.results += [calls.failed.later(ready.item) for ready in batch]
            else:
                await _batch(calls, batch)

    async with anyio.create_task_group() as group:
        for at in range(0, len(ready), BULK_LIMIT):
            group.start_soon(one, ready[at : at + BULK_LIMIT])


async def _batch(calls: _Calls, batch: Sequence[Ready]) -> None:
    products, day = calls.run.deps.tiktok.products, calls.run.now().date()
    try:
        answer = await CALLS[calls.action](products, calls.access, [one.remote_id for one in batch])
    except Upstream as error:
        for one in batch:
            _fail(calls, one, error)
        return
    refused = {failure.detail.product_id: failure for failure in answer.errors}
    for one in batch:
        failure = refused.get(one.remote_id)
        if failure is None:
            calls.switched[day] += 1
            _succeed(calls, one, switching.target(calls.action), answer.request_id)
        elif failure.code == STATE_REFUSED:
            await _look(calls, one, _error_of(failure, answer.request_id))
        else:
            said = _error_of(failure, answer.request_id)
            if answer.closing is not None and failure.code == LISTING_LIMIT:
                said.closes(answer.closing, calls.run.now())
            _fail(calls, one, said, *_problems(failure, answer.request_id))


async def _look(calls: _Calls, one: Ready, refused: Upstream) -> None:
    """The state does not allow it: because it is done already, perhaps by an earlier call whose answer was lost."""
    try:
        product = await calls.run.deps.tiktok.products.get(calls.access, one.remote_id)
    except Upstream as error:
        if error.code not in HIDDEN:
            _fail(calls, one, error)
        elif calls.action is StatusAction.DELETE:
            _succeed(calls, one, ListingStatus.DELETED, refused.request_id)
        else:
            _fail(calls, one, refused)
        return
    status, _ = standing_of(product)
    if status in REACHED[calls.action]:
        calls.switched[calls.run.now().date()] += 1
        _succeed(calls, one, status, refused.request_id)
    else:
        _fail(calls, one, refused)


def _succeed(calls: _Calls, one: Ready, status: ListingStatus, request_id: str) -> None:
    calls.done.append(Done(one, status, request_id))
    outcome = {"listing_id": str(one.listing.id), "remote_id": one.remote_id, "status": status}
    calls.results.append(ItemResult(one.item.id, ItemState.SUCCEEDED, (), outcome))


def _fail(calls: _Calls, one: Ready, error: Upstream, *problems: Problem) -> None:
    calls.results.append(calls.failed.sort(one.item, error, *problems))


def _error_of(failure: PartialFailure, request_id: str) -> Upstream:
    return refusal(failure.code, failure.message, request_id)


def _problems(failure: PartialFailure, request_id: str) -> tuple[Problem, ...]:
    """What the check found wrong, each by itself, where the platform says so (TikTok fact sheet 3.14)."""
    found = [to_problem(refusal(extra.code, extra.message, request_id)) for extra in failure.detail.extra_errors]
    return tuple(found) or (to_problem(_error_of(failure, request_id)),)
