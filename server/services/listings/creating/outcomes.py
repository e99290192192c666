"""What became of one item of a slice: its own state, its listing's, and what is known of the effect outside."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from server.domain.actors import is_system
from server.domain.history import Change, ChangeCause, ChangeKind
from server.domain.listings import ListingOrigin, ListingStatus
from server.domain.problems import Problem
from server.domain.runs import ItemResult
from server.domain.tasks import ItemState
from server.store import intents, listing_history, listing_moves, problems, tasks
from server.store.intents import ClosedIntent
from server.store.listing_moves import ListedAs, ListingMove
from server.store.session import Session


class Effect(StrEnum):
    """What the platform did, and with it what becomes of the intent."""

    MADE = "MADE"
    NOTHING = "NOTHING"
    """It refused, for certain: the intent is closed, and its key is done with."""
    UNKNOWN = "UNKNOWN"
    """The intent stays open: whoever is next asks before repeating."""
    NOT_ASKED = "NOT_ASKED"
    """There was no intent; the listing still moves."""
    NOT_OURS = "NOT_OURS"
    """Neither intent nor listing is ours to touch."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """``listing_id`` is None when there is no listing to write to."""

    result: ItemResult
    listing_id: UUID | None
    effect: Effect
    listed: ListedAs | None = None
    listed_status: ListingStatus = ListingStatus.IN_REVIEW
    request_id: str | None = None

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is told of the item and of its listing alike."""
        return self.result.problems


async def record(session: Session, *, shop_id: UUID, task_id: UUID, outcomes: Sequence[Outcome], now: datetime) -> None:
    """Write a slice: listings in one statement, intents in another, and their histories."""
    closed = [
        ClosedIntent(outcome.listing_id, outcome.effect, outcome.request_id)
        for outcome in outcomes
        if outcome.listing_id is not None and outcome.effect in (Effect.MADE, Effect.NOTHING)
    ]
    moves = [move for outcome in outcomes if (move := _move(outcome)) is not None]
    await listing_moves.record(session, shop_id=shop_id, moves=moves, now=now)
    await problems.prune(session, shop_id=shop_id, listing_ids=[move.listing_id for move in moves])
    await intents.close(session, shop_id=shop_id, closed=closed, now=now)
    await _tell(session, shop_id, task_id, outcomes, now)


async def _tell(session: Session, shop_id: UUID, task_id: UUID, outcomes: Sequence[Outcome], now: datetime) -> None:
    """Histories: what was made or found again, and what the platform refused."""
    told = [(outcome, kind) for outcome in outcomes if (kind := _kind(outcome)) is not None]
    task = await tasks.get(session, shop_id=shop_id, task_id=task_id) if told else None
    if task is None:
        return
    lines = [
        Change(
            outcome.listing_id,
            kind,
            ChangeCause.STORE if is_system(task.started_by) else ChangeCause.MERCHANT,
            task.started_by,
            now,
            task_id,
            outcome.request_id,
            {} if outcome.listed else {"problems": [problem.code for problem in outcome.problems]},
        )
        for outcome, kind in told
        if outcome.listing_id is not None
    ]
    await listing_history.add(session, shop_id=shop_id, changes=lines)


def _kind(outcome: Outcome) -> ChangeKind | None:
    if outcome.listed is not None:
        adopted = outcome.listed.origin is ListingOrigin.ADOPTED
        return ChangeKind.ADOPTED if adopted else ChangeKind.CREATED
    refused = outcome.result.state is ItemState.FAILED and outcome.effect is Effect.NOTHING
    return ChangeKind.REFUSED if refused and outcome.listing_id is not None else None


def _move(outcome: Outcome) -> ListingMove | None:
    if outcome.listing_id is None or outcome.effect is Effect.NOT_OURS:
        return None
    spent = outcome.effect is Effect.NOTHING
    match outcome.result.state:
        case ItemState.SUCCEEDED:
            status = outcome.listed_status
        case ItemState.FAILED:
            status = ListingStatus.SYNC_FAILED
        case _:
            status = ListingStatus.QUEUED
    return ListingMove(outcome.listing_id, status, outcome.problems, outcome.listed, next_generation=spent)
