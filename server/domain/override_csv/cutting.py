"""A long file in parts that one request can carry each, cut between products."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, groupby, islice

from server.domain.override_csv.columns import MAX_PRODUCTS, opened
from server.domain.override_csv.records import CsvFault, Record, records
from server.kit.json import dumps


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a file, a file by itself. Its lines ``first`` to ``last`` are those of the whole."""

    text: str
    first: int
    last: int
    skipped: int

    def line_of(self, row: int) -> int:
        """The whole file's line for one of this part; the header is the same."""
        return row if row == 1 else row + self.skipped


@dataclass(slots=True)
class _Piece:
    rows: list[Record] = field(default_factory=list)
    bytes: int = 0
    ids: set[str] = field(default_factory=set)


def parts_of(text: str, *, most_bytes: int, most_products: int = MAX_PRODUCTS) -> tuple[list[Part], list[CsvFault]]:
    """The parts, each at most so many bytes as a JSON string; and the products that no part can hold whole.

    A product whose lines stand apart is told here when a cut comes between them: of two parts the second would win.
    Raises NoCsv.
    """
    header, *rows = [*records(text)] or [Record(1, 0, [], "")]
    names = [name.strip() for name in header.cells]
    if "product_id" not in names:
        return [Part(header.text, 1, header.lines, 0)], []
    faults: list[CsvFault] = []
    room = most_bytes - _bytes(header.text)
    pieces = list(_pieces(rows, names.index("product_id"), room, most_products, faults))
    return [_part(header, piece.rows) for piece in pieces] or [Part(header.text, 1, header.lines, 0)], faults


def _pieces(
    rows: Sequence[Record], place: int, room: int, most_products: int, faults: list[CsvFault]
) -> Iterator[_Piece]:
    piece, earlier = _Piece(), set[str]()
    for name, lines in _products(rows, place):
        size = sum(_bytes(row.text) for row in lines)
        if size > room:
            text = "The lines of this product are too long for one request: shorten its description or its pictures."
            faults.append(CsvFault(lines[0].row, "product_id", text))
        if piece.rows and (piece.bytes + size > room or len(piece.ids | {name}) > most_products):
            yield piece
            earlier |= piece.ids
            piece = _Piece()
        if name and name in earlier:
            faults.append(CsvFault(lines[0].row, "product_id", "The lines of a product must follow one another."))
        piece.rows += lines
        piece.bytes += size
        piece.ids.add(name)
    if piece.rows:
        yield piece


def _products(rows: Sequence[Record], place: int) -> Iterator[tuple[str, list[Record]]]:
    """Lines that follow one another and are about one product; blank ones and short ones part nothing."""
    names = accumulate(rows, lambda last, row: _product_id(row, place) or last, initial="")
    for name, found in groupby(zip(islice(names, 1, None), rows, strict=True), lambda one: one[0]):
        yield name, [row for _, row in found]


def _product_id(row: Record, place: int) -> str:
    return opened(row.cells[place]).strip().casefold() if place < len(row.cells) else ""


def _bytes(text: str) -> int:
    return len(dumps(text)) - 2


def _part(header: Record, rows: Sequence[Record]) -> Part:
    first, end = rows[0], rows[-1]
    text = header.text + "".join(row.text for row in rows)
    return Part(text, first.row, end.row + end.lines - 1, first.row - header.lines - 1)
