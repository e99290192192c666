"""The story of switching: twenty products a call, refusals sorted product by product, the platform's word is asked."""

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

import anyio

from server.clients.errors import Upstream, UpstreamKind, refusal, to_problem
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
from workers.answers import LIMIT_WAIT, ends_the_task
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
    switched: Counter[date] = field(default_factory=Counter)
    """Products that stand where they should, by the day of the call."""
    used_up: date | None = None
    """The day whose listings are used up, as the platform itself said."""
    done: list[Done] = field(default_factory=list)
    results: list[ItemResult] = field(default_factory=list)
    stop: Problem | None = None


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
        began, calls = run.now(), _Calls(run, access, action)
        await _call(calls, ready)
        async with run.step() as session:
            await switching.record(session, deps.feed, claim=claim, done=calls.done, by=by, began=began, now=run.now())
            await run.record(session, [*ended, *calls.results])
            if room is not None:
                await room.count(session, calls.switched, used_up=calls.used_up)
            if calls.stop is not None:
                await run.stop(session, calls.stop)


async def _room(run: ChunkRun, access: Access, tiktok_shop_id: UUID) -> ListingRoom | None:
    """Products put up again are of the day's listings (TikTok fact sheet 3.14). None: nothing is to be done now."""
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
            if calls.stop is None and calls.run.again_at is None:
                await _batch(calls, batch)
            else:
                calls.results += [_later(calls, ready) for ready in batch]

    async with anyio.create_task_group() as group:
        for at in range(0, len(ready), BULK_LIMIT):
            group.start_soon(one, ready[at : at + BULK_LIMIT])


async def _batch(calls: _Calls, batch: Sequence[Ready]) -> None:
    products, day = calls.run.deps.tiktok.products, calls.run.now().date()
    try:
        answer = await CALLS[calls.action](products, calls.access, [one.remote_id for one in batch])
    except Upstream as error:
        for one in batch:
            _fail(calls, one, error, to_problem(error))
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
            _fail(calls, one, error, to_problem(error))
        elif calls.action is StatusAction.DELETE:
            _succeed(calls, one, ListingStatus.DELETED, refused.request_id)
        else:
            _fail(calls, one, refused, to_problem(refused))
        return
    status, _ = standing_of(product)
    if status in REACHED[calls.action]:
        calls.switched[calls.run.now().date()] += 1
        _succeed(calls, one, status, refused.request_id)
    else:
        _fail(calls, one, refused, to_problem(refused))


def _succeed(calls: _Calls, one: Ready, status: ListingStatus, request_id: str) -> None:
    calls.done.append(Done(one, status, request_id))
    outcome = {"listing_id": str(one.listing.id), "remote_id": one.remote_id, "status": status}
    calls.results.append(ItemResult(one.item.id, ItemState.SUCCEEDED, (), outcome))


def _fail(calls: _Calls, one: Ready, error: Upstream, *problems: Problem) -> None:
    """Sort a refusal by who must act."""
    run = calls.run
    if error.kind is UpstreamKind.RETRYABLE:
        result = run.retry(one.item, problems[0], error.retry_after)
    elif error.kind is UpstreamKind.PLATFORM_LIMIT:
        run.again_at = run.now() + timedelta(seconds=error.retry_after or LIMIT_WAIT)
        calls.used_up = error.used_up or calls.used_up
        result = _later(calls, one, *problems)
    elif ends_the_task(error):
        calls.stop = problems[0]
        result = _later(calls, one, *problems)
    else:
        result = ItemResult(one.item.id, ItemState.FAILED, problems)
    calls.results.append(result)


def _later(calls: _Calls, one: Ready, *problems: Problem) -> ItemResult:
    """Not its fault; also of a batch that was not sent because a neighbour met what it would have met too."""
    due = calls.run.again_at or calls.run.now()
    return ItemResult(one.item.id, ItemState.QUEUED, problems, due_at=due, counts_as_attempt=False)


def _error_of(failure: PartialFailure, request_id: str) -> Upstream:
    return refusal(failure.code, failure.message, request_id)


def _problems(failure: PartialFailure, request_id: str) -> tuple[Problem, ...]:
    """What the check found wrong, each by itself, where the platform says so (TikTok fact sheet 3.14)."""
    found = [to_problem(refusal(extra.code, extra.message, request_id)) for extra in failure.detail.extra_errors]
    return tuple(found) or (to_problem(_error_of(failure, request_id)),)
