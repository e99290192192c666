"""Reads single cells of a product CSV row; whatever cannot be used is refused with its line and column."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

YES = frozenset({"true", "yes", "1", "active", "continue"})
NO = frozenset({"false", "no", "0", "draft", "deny", ""})


@dataclass(frozen=True, slots=True)
class CsvError:
    """One thing that could not be used: the line of the file, the column's name there (or empty) and a sentence."""

    line: int
    column: str
    message: str

    def __str__(self) -> str:
        where = f"line {self.line}, column {self.column}" if self.column else f"line {self.line}"
        return f"{where}: {self.message}"


class BadCell(ValueError):
    """A cell that cannot be read."""

    def __init__(self, error: CsvError) -> None:
        super().__init__(str(error))
        self.error = error


@dataclass(frozen=True, slots=True)
class Row:
    """One row with the meanings of its columns."""

    line: int
    cells: Sequence[str]
    places: Mapping[str, int]
    header: Sequence[str]

    def text(self, meaning: str) -> str:
        """A trimmed cell; empty when the column or the cell is not there."""
        place = self.places.get(meaning)
        return "" if place is None else self.cell(place)

    def cell(self, place: int) -> str:
        """The trimmed cell at a place of the header; empty when the row is too short for it."""
        return self.cells[place].strip() if place < len(self.cells) else ""

    def raw(self, meaning: str) -> str:
        """A cell as it stands (descriptions keep their white space)."""
        place = self.places.get(meaning)
        return self.cells[place] if place is not None and place < len(self.cells) else ""

    def money(self, meaning: str) -> str | None:
        """A price as a decimal text with two places; `1,299.50` is understood."""
        text = self.text(meaning)
        if not text:
            return None
        try:
            amount = Decimal(text.replace(",", "") if text.count(".") == 1 else text)
        except InvalidOperation:
            raise self.wrong(meaning, f"{text!r} is not a price; write a number such as 19.99.") from None
        if not amount.is_finite() or amount < 0:
            raise self.wrong(meaning, f"{text!r} is not a price; it must be zero or more.")
        return f"{amount:.2f}"

    def whole(self, meaning: str) -> int | None:
        """A whole number."""
        text = self.text(meaning)
        if not text:
            return None
        try:
            number = float(text)
        except ValueError:
            number = math.nan
        if not number.is_integer():
            raise self.wrong(meaning, f"{text!r} is not a whole number.")
        return int(number)

    def number(self, meaning: str) -> float | None:
        """A number of zero or more."""
        text = self.text(meaning)
        if not text:
            return None
        try:
            number = float(text)
        except ValueError:
            number = math.nan
        if not math.isfinite(number) or number < 0:
            raise self.wrong(meaning, f"{text!r} is not a number of zero or more.")
        return number

    def flag(self, meaning: str, default: bool) -> bool:
        """TRUE or FALSE (also CONTINUE / DENY); the default when empty."""
        text = self.text(meaning).lower()
        if not text:
            return default
        if text not in YES | NO:
            raise self.wrong(meaning, f"{self.text(meaning)!r} is neither TRUE nor FALSE.")
        return text in YES

    def wrong(self, meaning: str, sentence: str) -> BadCell:
        """The refusal of one cell."""
        place = self.places.get(meaning)
        return BadCell(CsvError(self.line, self.header[place].strip() if place is not None else "", sentence))
