"""Calls that name products one by one: each is judged, and answered in its place (API shape, bulk mutations)."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from server.domain.bulk import ErrorPolicy
from server.kit.errors import AppError, Conflict, Invalid
from server.store import task_subjects
from server.store.session import Session
from server.tables import Task

NOT_TAKEN = (
    "The task of this key is without it: it was refused, or not meant, when the key was first used. Ask for it again "
    "with a new key."
)
"""Of a row of a repeated call."""


@dataclass(frozen=True, slots=True)
class Row:
    """What became of one row of a call: the product it stands for, or why it was refused.

    Both are there where a row was done in part.
    """

    product_id: UUID | None = None
    errors: tuple[AppError, ...] = ()


@dataclass(frozen=True, slots=True)
class Started:
    """The task, if any row was taken, and the rows in the order they were named; none where a filter chose."""

    task: Task | None
    rows: tuple[Row, ...] = ()

    @property
    def errors(self) -> list[AppError]:
        """Of all rows, in their order."""
        return [error for row in self.rows for error in row.errors]


def few(asked: Sequence[UUID], most: int, field: tuple[str, ...]) -> None:
    """``Invalid`` for no names at all, and for more than a call takes; the same name twice counts once."""
    if not 0 < len(set(asked)) <= most:
        raise Invalid(f"Name 1 to {most:,}, or use a filter.", field=field)


def rows_of(asked: Sequence[UUID], known: Collection[UUID], refusal: Callable[[int], AppError]) -> tuple[Row, ...]:
    """A row for each product that was named; ``refusal`` tells of those that are not known, by their place."""
    return tuple(Row(one) if one in known else Row(errors=(refusal(at),)) for at, one in enumerate(asked))


async def as_answered(
    session: Session, *, task: Task, rows: Sequence[Row], place: Callable[[int], tuple[str, ...]]
) -> tuple[Row, ...]:
    """The rows of a call whose key has a task already: what that task is without is told, in its place."""
    asked = {row.product_id for row in rows if row.product_id is not None}
    known = await task_subjects.among(session, shop_id=task.shop_id, task_id=task.id, ids=list(asked))
    return tuple(
        row if row.errors or row.product_id in known else Row(errors=(Conflict(NOT_TAKEN, field=place(at)),))
        for at, row in enumerate(rows)
    )


def by_product(at: int) -> tuple[str, ...]:
    """Where the product of a row stands in the input."""
    return ("input", "productIds", str(at))


def taken(rows: Sequence[Row], policy: ErrorPolicy) -> list[UUID]:
    """The products that go on, each once; an id has no parts of which some could be done under IGNORE_FAILED."""
    if policy is ErrorPolicy.REJECT_EVERYTHING and any(row.errors for row in rows):
        return []
    return list(dict.fromkeys(row.product_id for row in rows if row.product_id is not None))
