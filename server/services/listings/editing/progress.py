"""How far an edit came: what the platform took, what it refused, and what that means for the listing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from server.clients.errors import Upstream, refusal
from server.clients.tiktok_product_answers import CreatedProduct, CreatedSku, PartialFailure, ProductSku
from server.domain.categories import CategoryRef
from server.domain.edits import FIXED, FieldChange, Step, told
from server.domain.held_changes import held_problems, kept_on_tiktok
from server.domain.history import ChangeKind
from server.domain.listings import ListingStatus
from server.domain.market_rules import MAX_EXTERNAL_ID
from server.domain.ownership import FieldGroup, Owner
from server.domain.problems import Problem, Remedy, Severity, distinct, noticed
from server.domain.provenance import provenance_to_json
from server.domain.runs import ItemResult
from server.domain.snapshots import Snapshot, fingerprint
from server.domain.tasks import ItemState
from server.services.listings.creating.finding import sku_as
from server.services.listings.editing.deciding import Decided
from server.services.listings.editing.outcomes import EditOutcome, IntentEnd, Line, found_elsewhere
from server.services.listings.editing.preparing import NOTHING_CHANGED, EditReady, listed_variants
from server.store.edit_marks import WAITS_FOR_LIVE
from server.store.listing_edits import Told
from server.tables import TaskItem

PATIENCE = timedelta(hours=6)
"""When an edit is tried again that was refused for what passes by itself: a promotion, an appeal."""

_KINDS = {
    Step.PRICE: ChangeKind.PRICE_CHANGED,
    Step.STOCK: ChangeKind.STOCK_CHANGED,
    Step.PARTIAL: ChangeKind.EDITED,
    Step.FULL: ChangeKind.EDITED,
    Step.ACTIVATE: ChangeKind.STATUS_CHANGED,
    Step.DEACTIVATE: ChangeKind.STATUS_CHANGED,
}


@dataclass(frozen=True, slots=True)
class Progress:
    """One edit under way. Before anything was planned there is no ``decided``.

    ``sent`` is what the platform knows by now; ``refusals`` are what it refused for certain.
    """

    ready: EditReady
    decided: Decided | None = None
    sent: Snapshot | None = None
    done: tuple[Step, ...] = ()
    lines: tuple[Line, ...] = ()
    refusals: tuple[Problem, ...] = ()
    notices: tuple[Problem, ...] = ()
    status: ListingStatus | None = None
    made: CreatedProduct | None = None
    request_id: str = ""

    @classmethod
    def of(cls, decided: Decided) -> "Progress":
        """At its beginning; what was read is known already."""
        before, read = decided.ready.row.status, decided.read
        changed = decided.status if decided.status is not before else None
        found = found_elsewhere(before, decided.status, None if read is None else read.product)
        return cls(decided.ready, decided, decided.sent, lines=(*found, *decided.lines), status=changed)

    def after(
        self,
        step: Step,
        request_id: str,
        *,
        refused: Mapping[str, Problem] | None = None,
        status: ListingStatus | None = None,
    ) -> "Progress":
        """A call was taken; of stock, all but some variants'. ``status`` where the product was looked at after it."""
        if self.decided is None or self.sent is None:
            raise ValueError("nothing is sent before it is planned")
        refused = refused or {}
        changes = tuple(one for one in self.decided.plan.of(step) if one.sku not in refused)
        return replace(
            self,
            sent=told(self.sent, changes),
            done=(*self.done, step) if changes else self.done,
            lines=(*self.lines, *_lines(step, changes, request_id)),
            refusals=(*self.refusals, *refused.values()),
            status=status or _status_after(step, self.decided.status) or self.status,
            request_id=request_id,
        )

    def after_edit(self, step: Step, made: CreatedProduct) -> "Progress":
        """The product itself was edited: the platform may have made SKUs and cleared values."""
        went = self.after(step, made.request_id)
        notices = tuple(noticed(one.message) for one in made.warnings)
        sent = None if went.sent is None else replace(went.sent, warned=bool(notices))
        if step is Step.FULL and sent is not None:
            sent = replace(sent, refused=False)
        return replace(went, sent=sent, notices=notices, made=made)

    def refused(self, problem: Problem, request_id: str = "") -> "Progress":
        """A call was refused for certain, which the history tells; the others still go out."""
        line = Line(ChangeKind.REFUSED, (), request_id, problem.code)
        return replace(
            self,
            refusals=(*self.refusals, problem),
            lines=(*self.lines, line),
            request_id=request_id or self.request_id,
        )


def _lines(step: Step, changes: tuple[FieldChange, ...], request_id: str) -> tuple[Line, ...]:
    if not changes:
        return ()
    moved = any(one.group is FieldGroup.CATEGORY for one in changes)
    return (Line(ChangeKind.CATEGORY_CHANGED if moved else _KINDS[step], changes, request_id),)


def _status_after(step: Step, status: ListingStatus) -> ListingStatus | None:
    """A live product stays live while its new version is reviewed (TikTok fact sheet 3.11)."""
    match step:
        case Step.DEACTIVATE:
            return ListingStatus.DEACTIVATED
        case Step.ACTIVATE:
            return ListingStatus.IN_REVIEW
        case Step.PARTIAL | Step.FULL if status is not ListingStatus.LIVE:
            return ListingStatus.IN_REVIEW
        case _:
            return None


def finished(progress: Progress, now: datetime) -> EditOutcome:
    """Every step was tried; with refusals the item failed. What time mends is tried again, whatever else is refused."""
    decided, ready = progress.decided, progress.ready
    if decided is None or progress.sent is None:
        raise ValueError("only a planned edit can be finished")
    warnings = _warnings(ready)
    refusals = (*ready.faults, *progress.refusals)
    problems = tuple(distinct((*refusals, *warnings, *progress.notices)))
    outcome = _outcome(progress)
    if refusals:
        result = ItemResult(ready.item.id, ItemState.FAILED, problems, outcome)
    elif progress.done:
        result = ItemResult(ready.item.id, ItemState.SUCCEEDED, problems, outcome)
    else:
        result = ItemResult(ready.item.id, ItemState.SKIPPED, _why_nothing(decided), outcome)
    complete = not refusals and not decided.waits and not _withheld(decided)
    passes = any(one.remedy is Remedy.WAIT for one in refusals)
    source = fingerprint(ready.built.draft) if complete and ready.built and ready.built.draft else ""
    return EditOutcome(
        result,
        ready.row.id,
        seen=ready.seen,
        marks=ready.marks,
        due_at=now + PATIENCE if passes else None,
        cause=WAITS_FOR_LIVE if decided.waits else None,
        told=_told(progress, problems, source),
        lines=progress.lines,
        intent=IntentEnd.MADE if progress.done else _nothing(decided),
        request_id=progress.request_id,
    )


def _why_nothing(decided: Decided) -> tuple[Problem, ...]:
    """Nothing was sent: it waits, somebody else's change is held, the fields are not the store's, or all is well."""
    if decided.waits:
        return (WAITS_FOR_REVIEW,)
    owner = decided.ownership.owner
    kept = {one.group for one in _withheld(decided) if owner(one.group) is not Owner.STORE}
    return held_problems(decided.ownership) or kept_on_tiktok(kept) or (NOTHING_CHANGED,)


def _withheld(decided: Decided) -> tuple[FieldChange, ...]:
    """What would go out if only its owner were another: it is looked at with every edit."""
    return tuple(one for one in decided.plan.withheld if one.field not in FIXED)


def _nothing(decided: Decided) -> IntentEnd:
    """An intent was written when there was something to send, or it was there before."""
    return IntentEnd.NOTHING if decided.plan.steps or decided.ready.interrupted else IntentEnd.NONE


def failed(
    progress: Progress, result: ItemResult, error: Upstream, *, sending: bool, due_at: datetime | None
) -> EditOutcome:
    """A call broke off; ``sending`` when it was to change something. What arrived before it is kept.

    Of the call itself nobody knows when its answer was lost: the intent stays open. So it does when one that was open
    before could not be cleared up.
    """
    ready, ended = progress.ready, result.state.is_final
    intent = IntentEnd.NONE
    if sending:
        known = IntentEnd.MADE if progress.done else IntentEnd.NOTHING
        intent = IntentEnd.OPEN if error.outcome_unknown else known
    found = (*ready.faults, *progress.refusals, *result.problems, *_warnings(ready), *progress.notices)
    problems = found if ended else None
    return EditOutcome(
        result,
        ready.row.id,
        seen=ready.seen,
        marks=ready.marks if ended else None,
        due_at=due_at,
        told=_told(progress, problems, "") if progress.decided is not None or ended else None,
        lines=progress.lines,
        intent=intent,
        request_id=error.request_id,
    )


def set_aside(progress: Progress, result: ItemResult) -> EditOutcome:
    """Not tried: a neighbour met what would have met this listing too."""
    keeps = progress.ready.interrupted
    return EditOutcome(result, progress.ready.row.id, intent=IntentEnd.OPEN if keeps else IntentEnd.NOTHING)


def _told(progress: Progress, problems: tuple[Problem, ...] | None, source: str) -> Told:
    """What is written to the listing. ``problems`` come without those that the held fields make."""
    ready, decided, sent = progress.ready, progress.decided, progress.sent or progress.ready.sent
    ownership = ready.ownership if decided is None else decided.ownership
    read = None if decided is None else decided.read
    if sent is not None and source and ready.built is not None:
        sent = replace(sent, provenance=provenance_to_json(ready.built.provenance))
    return Told(
        sent=None if sent is None else replace(sent, source=source),
        problems=None if problems is None else (*problems, *held_problems(ownership)),
        status=progress.status,
        ownership=ownership if ownership != ready.ownership else None,
        category=_moved_to(progress),
        skus=_skus(progress),
        seen_elsewhere=None if read is None else ready.row.elsewhere_at,
        effective=bool(progress.done),
        retold=bool({Step.PARTIAL, Step.FULL} & {*progress.done}),
    )


def _moved_to(progress: Progress) -> CategoryRef | None:
    draft = None if progress.decided is None else progress.decided.draft
    moved = any(one.kind is ChangeKind.CATEGORY_CHANGED for one in progress.lines)
    return draft.category if moved and draft is not None else None


def _skus(progress: Progress) -> tuple[dict[str, Any], ...] | None:
    """The variants' ids under our names, where an edit answered or a look showed others than we keep.

    The answer says nothing of a name that we did not give, as of linked products; a look makes up for a lost answer.
    A name that is none of the store's is another app's: such a variant is the seller's, and keeps none here.
    """
    decided, made = progress.decided, progress.made
    if decided is None:
        return None
    found: Sequence[CreatedSku | ProductSku] = made.skus if made is not None else ()
    if not found and decided.read is not None:
        found = decided.read.product.skus
    row = decided.ready.row
    ours = listed_variants(row) | {one.remote_id[:MAX_EXTERNAL_ID] for one in decided.ready.facts.variants}
    names = {sku.id: decided.names.get(sku.id) or sku.external_sku_id for sku in found}
    rows = [sku_as(sku) | {"external_sku_id": names[sku.id] if names[sku.id] in ours else ""} for sku in found]
    return tuple(rows) if rows and rows != row.remote_skus else None


def _outcome(progress: Progress) -> dict[str, object]:
    ours = (line for line in progress.lines if line.cause is None and line.kind is not ChangeKind.CHANGED_ON_TIKTOK)
    changed = [one for line in ours for one in line.changes]
    return {
        "listing_id": str(progress.ready.row.id),
        "remote_id": progress.ready.remote_id,
        "changed": list(dict.fromkeys(one.field for one in changed)),
        "calls": [step.value for step in progress.done],
    }


def _warnings(ready: EditReady) -> tuple[Problem, ...]:
    problems = ready.built.problems if ready.built is not None else ()
    return tuple(one for one in problems if one.severity is Severity.WARNING)


def refused_within(failure: PartialFailure, request_id: str = "") -> Upstream:
    """What was refused inside a call that worked otherwise, under the nested reason where there is one."""
    inner = failure.detail.extra_errors[0] if failure.detail.extra_errors else failure
    return refusal(inner.code, inner.message, request_id)


def later(item: TaskItem, due_at: datetime) -> ItemResult:
    """Not its turn yet, which is nobody's failure."""
    return ItemResult(item.id, ItemState.QUEUED, due_at=due_at, counts_as_attempt=False)


WAITS_FOR_REVIEW = Problem(
    "EDIT_WAITS_FOR_REVIEW",
    (),
    "TikTok Shop takes this change for products on sale only; it is sent by itself once the review is over.",
    Severity.WARNING,
    Remedy.WAIT,
)
