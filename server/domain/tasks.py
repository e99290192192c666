"""What a task is and how it may move: kinds, states, the moves between them, and the backoff of one item."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class TaskKind(StrEnum):
    """The long jobs a shop can start; each has one story in ``workers``."""

    IMPORT = "IMPORT"
    CATEGORIES = "CATEGORIES"
    LISTING = "LISTING"
    CHECK = "CHECK"
    EDIT = "EDIT"
    RECOMMENDATION = "RECOMMENDATION"
    SWEEP = "SWEEP"
    STATUS = "STATUS"


class TaskState(StrEnum):
    """A task's life as a client sees it (API shape, Task)."""

    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    WAITING = "WAITING"
    PAUSED = "PAUSED"
    CANCELLING = "CANCELLING"
    CANCELLED = "CANCELLED"
    SUCCEEDED = "SUCCEEDED"
    PARTIALLY_SUCCEEDED = "PARTIALLY_SUCCEEDED"
    FAILED = "FAILED"

    @property
    def is_final(self) -> bool:
        """Nothing moves any more."""
        return not TASK_MOVES[self]

    @classmethod
    def open_states(cls) -> tuple["TaskState", ...]:
        """Those of a task that may still move."""
        return tuple(state for state in cls if not state.is_final)


_ENDS = frozenset({TaskState.SUCCEEDED, TaskState.PARTIALLY_SUCCEEDED, TaskState.FAILED})
_BREAKS = frozenset({TaskState.PAUSED, TaskState.CANCELLING})

TASK_MOVES: Mapping[TaskState, frozenset[TaskState]] = {
    TaskState.QUEUED: frozenset({TaskState.RUNNING}) | _BREAKS | _ENDS,
    TaskState.RUNNING: frozenset({TaskState.WAITING}) | _BREAKS | _ENDS,
    TaskState.WAITING: frozenset({TaskState.RUNNING}) | _BREAKS | _ENDS,
    TaskState.PAUSED: frozenset({TaskState.QUEUED, TaskState.CANCELLING}) | _ENDS,
    TaskState.CANCELLING: frozenset({TaskState.CANCELLED}),
    TaskState.CANCELLED: frozenset(),
    TaskState.SUCCEEDED: frozenset(),
    TaskState.PARTIALLY_SUCCEEDED: frozenset(),
    TaskState.FAILED: frozenset(),
}


class ItemState(StrEnum):
    """One subject of a task. ``QUEUED`` with a later ``due_at`` means it waits for its next attempt."""

    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    SUCCEEDED = "SUCCEEDED"
    SKIPPED = "SKIPPED"
    FAILED = "FAILED"

    @property
    def is_final(self) -> bool:
        """It will not be worked on again by this task."""
        return self in FINAL_ITEMS


FINAL_ITEMS = frozenset({ItemState.SUCCEEDED, ItemState.SKIPPED, ItemState.FAILED})


class ChunkState(StrEnum):
    """A slice of a task's items, the unit that one worker takes, holds by lease and gives back."""

    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    DONE = "DONE"


class EventKind(StrEnum):
    """What a line of a task's event log tells."""

    TASK_CREATED = "TASK_CREATED"
    TASK_STATE = "TASK_STATE"
    TASK_PROGRESS = "TASK_PROGRESS"
    ITEM_STARTED = "ITEM_STARTED"
    ITEM_RETRY = "ITEM_RETRY"
    ITEM_SUCCEEDED = "ITEM_SUCCEEDED"
    ITEM_SKIPPED = "ITEM_SKIPPED"
    ITEM_FAILED = "ITEM_FAILED"


ITEM_EVENTS: Mapping[ItemState, EventKind] = {
    ItemState.QUEUED: EventKind.ITEM_RETRY,
    ItemState.RUNNING: EventKind.ITEM_STARTED,
    ItemState.SUCCEEDED: EventKind.ITEM_SUCCEEDED,
    ItemState.SKIPPED: EventKind.ITEM_SKIPPED,
    ItemState.FAILED: EventKind.ITEM_FAILED,
}


@dataclass(frozen=True, slots=True)
class Counts:
    """How many items stand where. The three ends only ever grow."""

    total: int
    queued: int
    running: int
    succeeded: int
    skipped: int
    failed: int

    @property
    def ended(self) -> int:
        """Items that will not move again."""
        return self.succeeded + self.skipped + self.failed

    @property
    def percent(self) -> float:
        """Share of ended items, 0-100; an empty task is complete."""
        return 100.0 if self.total == 0 else 100.0 * self.ended / self.total


def end_state(counts: Counts, *, cancelling: bool, stopped: bool) -> TaskState:
    """Where a task with no open item ends: failures among successes are a partial success, a stopped task failed."""
    if stopped and not cancelling:
        return TaskState.FAILED
    if cancelling:
        return TaskState.CANCELLED
    if counts.failed == 0:
        return TaskState.SUCCEEDED
    return TaskState.PARTIALLY_SUCCEEDED if counts.succeeded + counts.skipped > 0 else TaskState.FAILED


MAX_ATTEMPTS = 6
"""Attempts of one item before a retryable fault becomes its end: about a minute with the backoff below."""

_BACKOFF = (2.0, 4.0, 8.0, 16.0, 30.0)


def backoff(attempts: int, *, retry_after: float | None, jitter: float) -> timedelta:
    """How long an item waits after ``attempts`` failed ones (TikTok fact sheet 5.5: 2, 4, 8, 16, 30 s plus jitter).

    ``jitter`` is in [0, 1) and adds up to a quarter; the platform's own ``retry_after`` seconds are a minimum.
    """
    own = _BACKOFF[min(max(attempts, 1), len(_BACKOFF)) - 1] * (1 + jitter / 4)
    return timedelta(seconds=max(own, retry_after or 0.0))
