"""The calls of one slice of edits: what is there is looked at, intents are written, changes are sent."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

import anyio

from server.clients.errors import Upstream, UpstreamKind, to_problem
from server.clients.tiktok_product_answers import BulkOutcome
from server.domain.categories import CategoryRef
from server.domain.edits import Step
from server.domain.listings import StatusAction
from server.domain.problems import Problem
from server.domain.switching import REACHED
from server.domain.tasks import ItemState
from server.services.listings import standing_of
from server.services.listings.editing import work as edits
from server.services.listings.editing.work import Decided, EditOutcome, EditReady, Pictures, Progress
from workers.answers import ends_the_task
from workers.edit_looks import EditDesk, EditLooks
from workers.failed_calls import FailedCalls
from workers.listing_room import ListingRoom
from workers.runtime import ChunkRun
from workers.switching import CALLS, STATE_REFUSED

_LISTINGS_USED_UP = "DAILY_LISTING_LIMIT"
"""The platform's word, or our own while the day is known to be used up."""

AGAIN = timedelta(minutes=15)
"""When a listing is due again whose edit failed for a reason that passes."""


@dataclass(slots=True)
class EditCalls:
    """One slice at the platform.

    ``contradicted``: categories that the platform refused although our records allowed them, with its code.
    """

    run: ChunkRun
    desk: EditDesk
    failed: FailedCalls
    outcomes: list[EditOutcome] = field(default_factory=list)
    decided: list[Decided] = field(default_factory=list)
    pictures: Mapping[UUID, Pictures] = field(default_factory=dict)
    refusals: dict[UUID, list[Upstream]] = field(default_factory=dict)
    contradicted: dict[CategoryRef, str] = field(default_factory=dict)
    put_up: Counter[date] = field(default_factory=Counter)
    """Products put up again, by the day of the call."""

    async def make(self, ready: Sequence[EditReady]) -> list[EditOutcome]:
        """Bring every listing of the slice to an outcome."""
        looks = EditLooks(self.run.deps.tiktok.products, self.desk, self.run.now, self._fail)
        self.decided, self.pictures = await looks.over(ready), looks.pictures
        self.outcomes += looks.refused
        going = await self._intend(self.decided)
        if any(Step.ACTIVATE in one.plan.steps for one in going):
            await self.room(going[0].ready.row.tiktok_shop_id).remember()
        async with anyio.create_task_group() as calls:
            for plan in going:
                calls.start_soon(self._send, plan)
        return self.outcomes

    def room(self, tiktok_shop_id: UUID) -> ListingRoom:
        """A product that is put up again is one of the shop's daily listings (TikTok fact sheet 3.14)."""
        return ListingRoom(self.run, self.desk.access, tiktok_shop_id)

    async def _intend(self, decided: Sequence[Decided]) -> list[Decided]:
        """Those whose intents are written; nothing to send, or somebody else at it, is an outcome already."""
        going = [one for one in decided if one.plan.steps]
        for idle in (one for one in decided if not one.plan.steps):
            self.outcomes.append(edits.finished(Progress.of(idle), self.run.now()))
        if not going:
            return []
        async with self.run.step() as session:
            free = await edits.intend(
                session,
                shop_id=self.run.claim.shop_id,
                tiktok_shop_id=going[0].ready.row.tiktok_shop_id,
                decided=going,
                now=self.run.now(),
            )
        for one in going:
            if one.ready.row.id not in free:
                self.outcomes.append(EditOutcome(self.failed.later(one.ready.item)))
        return [one for one in going if one.ready.row.id in free]

    async def _send(self, decided: Decided) -> None:
        """The steps one after the other; a refused one does not keep the others back, a broken one does."""
        progress = Progress.of(decided)
        async with self.desk.slots:
            if self.failed.keep_back:
                problems = () if self.failed.stop is None else (self.failed.stop,)
                self.outcomes.append(edits.set_aside(progress, self.failed.later(decided.ready.item, *problems)))
                return
            for step in decided.plan.steps:
                try:
                    progress = await self._step(decided, progress, step)
                except Upstream as error:
                    self._note(decided, error)
                    if _breaks_off(error):
                        self._fail(progress, error, sending=True)
                        return
                    progress = progress.refused(to_problem(error), error.request_id)
        self.outcomes.append(edits.finished(progress, self.run.now()))

    async def _step(self, decided: Decided, progress: Progress, step: Step) -> Progress:
        products, access, remote_id = self.run.deps.tiktok.products, self.desk.access, decided.ready.remote_id
        match step:
            case Step.PRICE:
                request_id = await products.update_prices(access, remote_id, edits.price_body(decided.editing))
                return progress.after(step, request_id)
            case Step.STOCK:
                answer = await products.update_inventory(access, remote_id, edits.stock_body(decided.editing))
                return progress.after(step, answer.request_id, refused=_by_sku(answer, decided))
            case Step.PARTIAL:
                part = edits.partial_of(decided)
                return progress.after_edit(step, await products.partial_edit(access, remote_id, part))
            case Step.FULL:
                whole = edits.whole_body(decided)
                return progress.after_edit(step, await products.edit(access, remote_id, whole))
            case Step.ACTIVATE | Step.DEACTIVATE:
                return await self._switch(remote_id, progress, step)

    async def _switch(self, remote_id: str, progress: Progress, step: Step) -> Progress:
        """On sale or off. A state that does not allow it may be the one that is wanted: then the product is looked at.

        An edit puts a product up again that was off sale, and a call is repeated whose answer was lost. What is refused
        inside the answer is sorted as if it were the answer: it may mean the day or the shop (TikTok fact sheet 3.14).
        """
        products, access = self.run.deps.tiktok.products, self.desk.access
        action = StatusAction.ACTIVATE if step is Step.ACTIVATE else StatusAction.DEACTIVATE
        day = self.run.now().date()
        answer = await CALLS[action](products, access, [remote_id])
        if not answer.errors:
            if step is Step.ACTIVATE:
                self.put_up[day] += 1
            return progress.after(step, answer.request_id)
        if answer.errors[0].code == STATE_REFUSED:
            status, _ = standing_of(await products.get(access, remote_id))
            if status in REACHED[action]:
                return progress.after(step, answer.request_id, status=status)
        refused = edits.refused_within(answer.errors[0], answer.request_id)
        if answer.closing is not None:
            refused.closes(answer.closing, self.run.now())
        raise refused

    def _note(self, decided: Decided, error: Upstream) -> None:
        self.refusals.setdefault(decided.ready.item.id, []).append(error)
        if error.tree_stale and decided.draft is not None:
            self.contradicted[decided.draft.category] = error.code

    def _fail(self, progress: Progress, error: Upstream, *, sending: bool = False) -> None:
        """A call that broke off. A day's used-up listings keep nothing back but what lists."""
        result = self.failed.sort(progress.ready.item, error, parks=error.code != _LISTINGS_USED_UP)
        is_given_up = error.kind is UpstreamKind.RETRYABLE and result.state is ItemState.FAILED
        due_at = self.run.now() + AGAIN if is_given_up else None
        self.outcomes.append(edits.failed(progress, result, error, sending=sending, due_at=due_at))


def _breaks_off(error: Upstream) -> bool:
    """Further calls for the same product would end the same, or the answer was lost."""
    passing = (UpstreamKind.RETRYABLE, UpstreamKind.PLATFORM_LIMIT)
    return error.kind in passing or error.outcome_unknown or ends_the_task(error)


def _by_sku(answer: BulkOutcome, decided: Decided) -> dict[str, Problem]:
    """Refused variants by the store's id."""
    return {
        decided.names.get(one.detail.sku_id, one.detail.sku_id): to_problem(edits.refused_within(one))
        for one in answer.errors
    }
