"""The calls of one slice: lost creations found again, pictures uploaded, products created; no transaction is open."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import anyio

from server.clients.errors import Upstream, UpstreamKind
from server.clients.tiktok import Access
from server.clients.tiktok_codes import EXTERNAL_ID_TAKEN
from server.clients.tiktok_product_answers import CreatedProduct
from server.domain.categories import CategoryRef
from server.domain.drafting import complete
from server.domain.drafts import Built, PictureNeed, ProductDraft
from server.domain.problems import Problem
from server.domain.provenance import provenance_to_json
from server.domain.runs import ItemResult
from server.domain.snapshots import fingerprint, snapshot
from server.domain.tasks import MAX_ATTEMPTS, ItemState
from server.services.files import Uploads
from server.services.images import Result
from server.services.listings.creating.work import (
    Effect,
    Frames,
    Known,
    ListingNotes,
    Lost,
    Outcome,
    Ready,
    adopted_as,
    asked,
    create_body,
    find_created,
    judged,
    listed_as,
    refused,
    standing_of,
)
from workers.answers import notices, sorted_out, warnings
from workers.failed_calls import FailedCalls
from workers.listing_room import ListingRoom
from workers.runtime import ChunkRun


@dataclass(frozen=True, slots=True)
class Desk:
    """What the calls of a chunk share; ``slots`` bounds those in flight."""

    access: Access
    currency: str
    frames: Frames
    gallery: Uploads
    slots: anyio.Semaphore
    known: Known
    room: ListingRoom


@dataclass(slots=True)
class SliceCalls:
    """One slice at the platform.

    ``contradicted``: categories that the platform refused although our records allowed them, with its code.
    """

    run: ChunkRun
    desk: Desk
    failed: FailedCalls
    outcomes: list[Outcome] = field(default_factory=list)
    notes: ListingNotes = field(default_factory=ListingNotes)
    contradicted: dict[CategoryRef, str] = field(default_factory=dict)
    listed: Counter[date] = field(default_factory=Counter)
    """Products made, by the day of the call."""

    async def make(self, ready: Sequence[Ready]) -> None:
        """Bring every product of the slice to an outcome."""
        rest = await self._without_found(ready)
        shelf = await self.desk.gallery.shelve(need for one in rest for need in one.built.needs)
        async with anyio.create_task_group() as calls:
            for one in rest:
                calls.start_soon(self._create, one, shelf)

    async def _without_found(self, ready: Sequence[Ready]) -> list[Ready]:
        """Ask the platform about interrupted creations first; those it has are adopted, never made twice."""
        interrupted = [one for one in ready if one.interrupted is not None]
        if not interrupted:
            return list(ready)
        lost = [Lost(one.facts.remote_id, _title(one), one.interrupted) for one in interrupted if one.interrupted]
        try:
            tiktok, desk = self.run.deps.tiktok, self.desk
            found = await find_created(tiktok, desk.access, lost, desk.known, now=self.run.now())
        except Upstream as error:
            for one in interrupted:
                self._fail(one, error, Effect.UNKNOWN)
            return [one for one in ready if one.interrupted is None]
        rest = []
        for one in ready:
            product = found.get(one.facts.remote_id) if one.interrupted is not None else None
            if product is not None and one.interrupted is not None:
                self.listed[one.interrupted.date()] += 1
                status, problems = standing_of(product)
                listed = adopted_as(product, one.category)
                result = self._success(one, product.id, (*warnings(one.built.problems), *problems), adopted=True)
                self.outcomes.append(Outcome(result, one.listing_id, Effect.MADE, listed, status))
            elif one.built.draft is None:
                self.outcomes.append(refused(one.item, one.listing_id, one.built.problems, Effect.UNKNOWN))
            else:
                rest.append(one)
        return rest

    async def _create(self, one: Ready, shelf: Mapping[PictureNeed, Result]) -> None:
        unsent = Effect.NOTHING if one.interrupted is None else Effect.UNKNOWN
        last = one.item.attempts + 1 >= MAX_ATTEMPTS
        pictures, obstacle = sorted_out(one.built, shelf, last_try=last)
        if obstacle is not None:
            self._fail(one, obstacle, unsent, one.built.problems)
            return
        built = complete(one.built, pictures)
        self.notes.completed(one.item.id, one.built, pictures, built)
        if built.draft is None:
            self.outcomes.append(refused(one.item, one.listing_id, built.problems, unsent))
            return
        async with self.desk.slots:
            if self.failed.keep_back:
                self._set_aside(one, unsent)
                return
            try:
                found = await self._checked(one, built.draft)
            except Upstream as error:
                self._fail(one, error, unsent, built.problems)
                return
            problems = (*built.problems, *found)
            if len(warnings(found)) < len(found):
                self.outcomes.append(refused(one.item, one.listing_id, problems, unsent))
                return
            try:
                made = await self._send(one, built.draft)
            except Upstream as error:
                effect = Effect.NOTHING if _proves_nothing_made(one, error) else Effect.UNKNOWN
                self._fail(one, error, effect, problems)
                return
        self._succeed(one, made, replace(built, problems=problems))

    async def _checked(self, one: Ready, draft: ProductDraft) -> tuple[Problem, ...]:
        """What the platform's own check finds, where the task was asked to look."""
        if not self.run.claim.input.get("check"):
            return ()
        body = create_body(draft, one.frame.terms.seller_type)
        answer = await asked(self.run.deps.tiktok, self.desk.access, dict(body), draft.category)
        found = judged(answer, draft.category)
        self.notes.checked(one.item.id, answer, found)
        return found

    async def _send(self, one: Ready, draft: ProductDraft) -> CreatedProduct:
        body = create_body(draft, one.frame.terms.seller_type)
        day = self.run.now().date()
        made = await self.run.deps.tiktok.products.create(self.desk.access, dict(body), idempotency_key=one.key)
        self.listed[day] += 1
        self.notes.made(one.item.id, made)
        return made

    def _succeed(self, one: Ready, made: CreatedProduct, built: Built) -> None:
        if built.draft is None or one.built.draft is None:
            return
        problems = (*warnings(built.problems), *notices(made))
        result = self._success(one, made.product_id, problems, adopted=False)
        told = provenance_to_json(built.provenance)
        sent = replace(snapshot(built.draft), source=fingerprint(one.built.draft), provenance=told)
        # A key sent again may be answered with the first product, and then with what it was told.
        listed = listed_as(made, built.draft.category, None if one.interrupted else sent)
        self.outcomes.append(Outcome(result, one.listing_id, Effect.MADE, listed, request_id=made.request_id or None))

    def _success(self, one: Ready, remote_id: str, problems: tuple[Problem, ...], *, adopted: bool) -> ItemResult:
        draft = one.built.draft
        outcome = {
            "listing_id": str(one.listing_id),
            "remote_id": remote_id,
            "adopted": adopted,
            "weight_from": draft.weight.source if draft is not None and draft.weight is not None else None,
            "provenance": provenance_to_json(one.built.provenance),
        }
        return ItemResult(one.item.id, ItemState.SUCCEEDED, problems, outcome)

    def _fail(self, one: Ready, error: Upstream, effect: Effect, found: Sequence[Problem] = ()) -> None:
        """Sort a failed call by who must act; ``effect`` is what is known when the call itself leaves no doubt.

        What was ``found`` before the call is told beside its failure: often it is what led to it.
        """
        effect = Effect.UNKNOWN if error.outcome_unknown else effect
        self.notes.refused(one.item.id, error)
        if error.tree_stale:
            self.contradicted[one.category] = error.code
        result = self.failed.sort(one.item, error)
        if result.state is ItemState.FAILED:
            result = replace(result, problems=(*result.problems, *warnings(found)))
        self.outcomes.append(Outcome(result, one.listing_id, effect, request_id=error.request_id or None))

    def _set_aside(self, one: Ready, effect: Effect) -> None:
        """Not tried: a neighbour met what would have met this product too."""
        problems = () if self.failed.stop is None else (self.failed.stop,)
        self.outcomes.append(Outcome(self.failed.later(one.item, *problems), one.listing_id, effect))


def _proves_nothing_made(one: Ready, error: Upstream) -> bool:
    """Whether this failure, if it leaves no doubt of its own, says that the intent's key made no product.

    Of a creation sent once it does. A key sent again is answered with the first product (TikTok fact sheet 8.10), so
    only a refusal of the product says that there is none; being throttled or not reached says nothing, and the
    product's own id that is taken may be the first product's.
    """
    about_product = error.kind is UpstreamKind.MERCHANT_MUST_FIX and not error.stops_shop
    return one.interrupted is None or (about_product and error.platform_code != EXTERNAL_ID_TAKEN)


def _title(one: Ready) -> str:
    return one.built.draft.title if one.built.draft is not None else one.facts.title
