"""A text as CSV records with the lines they stand in; nothing is guessed but what parts the cells."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

_LONGEST_CELL = 1_000_000
_MARKS = (",", ";", "\t")


@dataclass(frozen=True, slots=True)
class CsvFault:
    """What is wrong: the line (1 is the header), the column, and a sentence with the next step."""

    row: int
    column: str
    message: str


class NoCsv(Exception):
    """The text cannot be taken apart; ``fault`` tells where."""

    def __init__(self, fault: CsvFault) -> None:
        super().__init__(fault.message)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Record:
    """One record: its first line, how many lines it takes, its cells, and the text as it stood."""

    row: int
    lines: int
    cells: list[str]
    text: str

    @property
    def is_blank(self) -> bool:
        """Whether nothing is in it."""
        return not any(cell.strip() for cell in self.cells)


def records(text: str) -> Iterator[Record]:
    """The records of a file, its header first. Raises NoCsv, so that an open quote swallows no lines unseen."""
    csv.field_size_limit(_LONGEST_CELL)
    lines = list(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    reader = csv.reader(lines, delimiter=_mark(lines[0] if lines else ""), strict=True)
    while True:
        before = reader.line_num
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise NoCsv(CsvFault(before + 1, "", _sentence(error))) from None
        yield Record(before + 1, reader.line_num - before, cells, "".join(lines[before : reader.line_num]))


def _mark(header: str) -> str:
    """What parts the cells: spreadsheets of many countries write semicolons."""
    named = (mark for mark in _MARKS if "product_id" in {cell.strip(' \r\n"') for cell in header.split(mark)})
    return next(named, _MARKS[0])


def _sentence(error: csv.Error) -> str:
    if "unexpected end" in str(error):
        return "A quote that is opened here is never closed. Close it, or save the file as CSV once more."
    return f"This is no CSV: {error}. Save the file as CSV once more."
