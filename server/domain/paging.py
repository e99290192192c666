"""What a page of a list is: how much of it, from where, and what came out."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from server.kit.errors import Invalid

MAX_PAGE = 250
"""The most rows one page may hold (Shopify fact sheet 4, row 9)."""

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class PageArgs:
    """Exactly one of ``first`` and ``last`` (1 to 250), between the cursors ``after`` and ``before``.

    ``total`` asks for the number of all rows too; it costs a count, so only who needs it sets it.
    Raises ``Invalid`` with code ``BAD_USER_INPUT`` when made with anything else.
    """

    first: int | None = None
    after: str | None = None
    last: int | None = None
    before: str | None = None
    total: bool = False

    def __post_init__(self) -> None:
        if self.first is None and self.last is None:
            raise _bad("first", f"Say how many rows you want: first or last, from 1 to {MAX_PAGE}.")
        if self.first is not None and self.last is not None:
            raise _bad("last", "Give either first or last, not both.")
        name = "first" if self.first is not None else "last"
        if not 1 <= self.size <= MAX_PAGE:
            raise _bad(name, f"{name} must be from 1 to {MAX_PAGE}, not {self.size}.")

    @property
    def size(self) -> int:
        """How many rows the page holds at most."""
        return self.first if self.first is not None else self.last or 0

    @property
    def backwards(self) -> bool:
        """Counted from the end of the list."""
        return self.first is None


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Rows in the list's order, each with its cursor. ``total`` is there only when it was asked for."""

    nodes: list[Row]
    cursors: list[str]
    has_next: bool
    has_previous: bool
    total: int | None = None


def _bad(field: str, message: str) -> Invalid:
    return Invalid(message, code="BAD_USER_INPUT", field=(field,))
