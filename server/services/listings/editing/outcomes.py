"""What became of one edit: its item, its listing, what the platform knows now, and the line in its history."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from server.clients.tiktok_product_answers import TikTokProduct
from server.domain.actors import OUTSIDE, SYSTEM, is_system
from server.domain.edits import FieldChange
from server.domain.history import Change, ChangeCause, ChangeKind
from server.domain.listings import ListingStatus
from server.domain.ownership import FieldGroup
from server.domain.runs import ItemResult
from server.services.listings.news.audits import standing_of
from server.services.listings.news.hearing import REVIEW_CODES, brought_about
from server.store import edit_marks, intents, listing_edits, listing_history, problems, tasks
from server.store.edit_marks import Worked
from server.store.intents import ClosedIntent
from server.store.listing_edits import Basis, Reason, Told
from server.store.session import Session

_LONGEST_VALUE = 300


class IntentEnd(StrEnum):
    """What becomes of the intent. One that is left open makes the next attempt ask the platform first."""

    NONE = "NONE"
    MADE = "MADE"
    NOTHING = "NOTHING"
    OPEN = "OPEN"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the listing's history; ``code`` is why the platform refused a call.

    ``cause``: what was found, and is neither the task's doing nor anybody's word.
    """

    kind: ChangeKind
    changes: tuple[FieldChange, ...]
    request_id: str = ""
    code: str = ""
    cause: ChangeCause | None = None


@dataclass(frozen=True, slots=True)
class EditOutcome:
    """``marks`` are those that this work did away with; None leaves the listing due as it is.

    ``seen`` is what the listing was when it was looked at: without it nothing is written of the listing.
    """

    result: ItemResult
    listing_id: UUID | None = None
    seen: Basis | None = None
    marks: int | None = None
    due_at: datetime | None = None
    cause: str | None = None
    told: Told | None = None
    lines: tuple[Line, ...] = ()
    intent: IntentEnd = IntentEnd.NONE
    request_id: str = ""


async def record(
    session: Session, *, shop_id: UUID, task_id: UUID, outcomes: Sequence[EditOutcome], now: datetime
) -> None:
    """Write a slice: each kind of row in one statement."""
    mine = [(one.listing_id, one) for one in outcomes if one.listing_id is not None]
    told = {listing_id: (one.told, one.seen) for listing_id, one in mine if one.told is not None and one.seen}
    written = await listing_edits.record(
        session,
        shop_id=shop_id,
        told=told,
        unguarded={listing_id for listing_id, one in mine if one.intent is IntentEnd.NONE},
        standing=sorted(REVIEW_CODES),
        now=now,
    )
    await problems.prune(session, shop_id=shop_id, listing_ids=sorted(written))
    closed = [
        ClosedIntent(listing_id, one.intent, one.request_id or None)
        for listing_id, one in mine
        if one.intent in (IntentEnd.MADE, IntentEnd.NOTHING)
    ]
    await intents.close(session, shop_id=shop_id, closed=closed, now=now)
    done = [
        Worked(listing_id, one.seen, one.due_at, one.cause)
        for listing_id, one in mine
        if one.marks is not None and one.seen is not None
    ]
    reasons = await listing_edits.reasons(session, shop_id=shop_id, listing_ids=[one for one, _ in mine])
    await edit_marks.worked(session, shop_id=shop_id, done=done, now=now)
    task = await tasks.get(session, shop_id=shop_id, task_id=task_id)
    if task is None:
        return
    lines: list[Change] = []
    for listing_id, one in mine:
        cause, actor = _whose(task.started_by, reasons.get(listing_id), one.seen)
        found = one.lines if listing_id in written else ()
        lines += [history_line(listing_id, line, cause=cause, actor=actor, at=now, task_id=task_id) for line in found]
    await listing_history.add(session, shop_id=shop_id, changes=lines)


def _whose(started_by: str, due: Reason | None, seen: Basis | None) -> tuple[ChangeCause, str]:
    """Why an edit was made, and for whom. One by itself is for whoever made the newest mark, if it saw that one."""
    if not is_system(started_by):
        return ChangeCause.MERCHANT, started_by
    if due is None or seen is None or due.actor is None or due.marks != seen.marks:
        return cause_of(due.cause if due else None), started_by
    return cause_of(due.cause, otherwise=ChangeCause.MERCHANT), due.actor


def cause_of(word: str | None, *, otherwise: ChangeCause = ChangeCause.STORE) -> ChangeCause:
    """Why a listing was due, as its row says; ``otherwise`` when it only says that it waited."""
    return ChangeCause(word) if word in set(ChangeCause) else otherwise


def history_line(
    listing_id: UUID, line: Line, *, cause: ChangeCause, actor: str, at: datetime, task_id: UUID | None = None
) -> Change:
    """The changes as ``[before, after]`` by field; a variant's stand under its own id."""
    if line.kind is ChangeKind.CHANGED_ON_TIKTOK:
        cause, actor = ChangeCause.UNKNOWN, OUTSIDE
    if line.cause is not None:
        cause, actor = line.cause, SYSTEM
    fields = {
        f"{one.sku}/{one.field}" if one.sku else one.field: [_short(one.before), _short(one.after)]
        for one in line.changes
    }
    if line.code:
        fields["refused"] = [None, line.code]
    return Change(listing_id, line.kind, cause, actor, at, task_id, line.request_id or None, fields)


def found_elsewhere(before: ListingStatus, after: ListingStatus, read: TikTokProduct | None) -> tuple[Line, ...]:
    """The line of a product that a look found standing elsewhere: no news told of it, and no sweep will any more."""
    if read is None or after is before:
        return ()
    cause = brought_about(before, after, standing_of(read)[1])
    change = FieldChange(FieldGroup.STATUS, "status", before, after)
    return (Line(ChangeKind.STATUS_CHANGED, (change,), cause=cause),)


def _short(value: object) -> object:
    if isinstance(value, str) and len(value) > _LONGEST_VALUE:
        return value[:_LONGEST_VALUE] + "…"
    return value
