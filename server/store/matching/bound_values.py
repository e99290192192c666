"""Bound values of one statement: thousands of them ride in a few array parameters, and none in the statement's text."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

_A_PARAMETER = 500
"""Values in one array. The planner picks each out by walking the array, so it must not be long; PostgreSQL takes
32,767 parameters."""

Value = str | Decimal | int | datetime


class BoundValues:
    """Hands out SQL that stands for a value; ``parameters`` are what ``$1``, ``$2`` ... mean at the end.

    Plans must be custom ones (``plan_cache_mode``): then each of these is a constant to the planner.
    """

    def __init__(self) -> None:
        self.parameters: list[object] = []
        self._open: dict[str, tuple[int, list[Value]]] = {}
        self._known: dict[tuple[str, Value], str] = {}

    def whole(self, value: object, kind: str) -> str:
        """One parameter of its own, of the named SQL type."""
        self.parameters.append(value)
        return f"CAST(${len(self.parameters)} AS {kind})"

    def text(self, value: str) -> str:
        """A text."""
        return self._one("text", value)

    def number(self, value: Decimal) -> str:
        """A number."""
        return self._one("numeric", value)

    def whole_number(self, value: int) -> str:
        """A whole number of at most 18 digits."""
        return self._one("bigint", value)

    def moment(self, value: datetime) -> str:
        """A moment."""
        return self._one("timestamptz", value)

    def texts(self, values: Sequence[str]) -> str:
        """An array of texts."""
        return self.whole(list(values), "text[]")

    def numbers(self, values: Sequence[Decimal]) -> str:
        """An array of numbers."""
        return self.whole(list(values), "numeric[]")

    def ids(self, values: Sequence[UUID]) -> str:
        """An array of ids."""
        return self.whole(list(values), "uuid[]")

    def _one(self, kind: str, value: Value) -> str:
        known = self._known.get((kind, value))
        if known is None:
            known = self._known[kind, value] = self._placed(kind, value)
        return known

    def _placed(self, kind: str, value: Value) -> str:
        number, values = self._open.get(kind, (0, []))
        if number == 0 or len(values) == _A_PARAMETER:
            values = []
            self.parameters.append(values)
            number = len(self.parameters)
            self._open[kind] = (number, values)
        values.append(value)
        return f"(CAST(${number} AS {kind}[]))[{len(values)}]"
