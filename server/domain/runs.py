"""What a worker holds while it works on a chunk, and what it says of each item afterwards."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from server.domain.problems import Problem
from server.domain.tasks import ItemState, TaskKind, TaskState


@dataclass(frozen=True, slots=True)
class Claim:
    """A chunk in one worker's hands. Every write of the run names ``fence``; a later claim makes it stale.

    ``crashes`` counts the runs in a row that broke off without a recorded result, workers that fell silent included;
    ``outages`` those that a platform ended by not answering. ``lost`` are items that the silent worker had in hand.
    """

    chunk_id: UUID
    task_id: UUID
    shop_id: UUID
    tiktok_shop_id: UUID | None
    kind: TaskKind
    input: Mapping[str, Any]
    position: int
    fence: int
    crashes: int
    outages: int
    checkpoint: Mapping[str, Any]
    lost: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Held:
    """How the task of a held chunk stands; ``stopped`` when something ended it for all."""

    state: TaskState
    stopped: bool


@dataclass(frozen=True, slots=True)
class ItemResult:
    """Where an item stands after an attempt. ``QUEUED`` with ``due_at`` means: again, then.

    ``counts_as_attempt`` is false when the platform made us wait (a quota, a pause), which is nobody's failure.
    """

    item_id: UUID
    state: ItemState
    problems: tuple[Problem, ...] = ()
    outcome: Mapping[str, Any] | None = None
    due_at: datetime | None = None
    counts_as_attempt: bool = True


class LeaseLost(Exception):
    """Another worker holds the chunk now. The run ends at once and writes nothing more."""
