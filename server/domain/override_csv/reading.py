"""Reading a file's form: its header, and which lines are about which product; faults are told with line and column."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from server.domain.override_csv.columns import ATTRIBUTE, HEAD, LISTS, PLAIN, REST, SIZES, VARIANT, opened
from server.domain.override_csv.records import CsvFault, NoCsv, Record, records

Row = tuple[int, Mapping[str, str]]
"""A line's number and its cells by column."""


@dataclass(frozen=True, slots=True)
class CsvLines:
    """The lines of one product, under the columns that the file has."""

    product_id: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    @property
    def row(self) -> int:
        """Its first line."""
        return self.rows[0][0]


def read(text: str) -> tuple[list[CsvLines], list[CsvFault]]:
    """The lines of a file by product, in its order, and all that is wrong with its form."""
    faults: list[CsvFault] = []
    try:
        header, *rest = records(text) if text else [Record(1, 0, [], "")]
    except NoCsv as error:
        return [], [error.fault]
    columns = tuple(name.strip() for name in header.cells)
    faults += _header_faults(columns)
    rows = [] if faults else _rows(rest, columns, faults)
    return [CsvLines(product_id, columns, tuple(found)) for product_id, found in _grouped(rows, faults)], faults


def _header_faults(header: Sequence[str]) -> list[CsvFault]:
    known = {*HEAD, *PLAIN, *SIZES, *LISTS, *VARIANT, REST}
    faults = [
        CsvFault(1, name, "There is no such column. Export a file to see them all.")
        for name in header
        if name not in known and not (name.startswith(ATTRIBUTE) and len(name) > len(ATTRIBUTE))
    ]
    twice = dict.fromkeys(name for name in header if header.count(name) > 1)
    faults += [CsvFault(1, name, "The column stands twice.") for name in twice]
    if "product_id" not in header:
        faults.append(CsvFault(1, "product_id", "The file needs this column: it says which product a line is about."))
    return faults


def _rows(found: Iterable[Record], columns: Sequence[str], faults: list[CsvFault]) -> list[Row]:
    rows: list[Row] = []
    for record in found:
        if record.is_blank:
            continue
        if len(record.cells) != len(columns):
            faults.append(CsvFault(record.row, "", _uneven(len(record.cells), len(columns))))
            continue
        rows.append((record.row, {name: opened(cell) for name, cell in zip(columns, record.cells, strict=True)}))
    return rows


def _uneven(cells: int, columns: int) -> str:
    told = f"The line has {cells} cells, the header {columns}."
    return f"{told} Write empty cells too: what is cut off would be forgotten." if cells < columns else told


def _grouped(rows: Iterable[Row], faults: list[CsvFault]) -> list[tuple[str, list[Row]]]:
    groups: dict[str, list[Row]] = {}
    last = None
    for number, row in rows:
        product_id = row["product_id"].strip()
        if not product_id:
            faults.append(CsvFault(number, "product_id", "Say which product the line is about."))
        elif product_id in groups and product_id != last:
            faults.append(CsvFault(number, "product_id", "The lines of a product must follow one another."))
        else:
            groups.setdefault(product_id, []).append((number, row))
        last = product_id
    return list(groups.items())
