"""Reading overrides from CSV; whatever is wrong is told with its line and column."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from server.domain.override_csv.columns import ATTRIBUTE, HEAD, LISTS, PLAIN, REST, SIZES, VARIANT, opened
from server.kit.json import loads

_LONGEST_CELL = 1_000_000


@dataclass(frozen=True, slots=True)
class CsvFault:
    """What is wrong: the line (1 is the header), the column, and a sentence with the next step."""

    row: int
    column: str
    message: str


@dataclass(frozen=True, slots=True)
class CsvProduct:
    """One product of a file. ``content`` is JSON as ``domain.overrides`` reads it; ``rows``: its variants' lines."""

    row: int
    product_id: str
    category: tuple[str, str] | None
    content: Mapping[str, Any]
    rows: tuple[int, ...] = ()

    def column_of(self, path: Sequence[str]) -> tuple[int, str]:
        """Where in the file a fault of the content stands."""
        first = path[0] if path else REST
        if first == "variants" and len(path) > 1 and path[1].isdecimal() and int(path[1]) < len(self.rows):
            name = path[2] if len(path) > 2 else "sku"
            return self.rows[int(path[1])], {"remote_id": "variant_id"}.get(name, name)
        if first == "attributes" and len(path) > 1 and path[1].isdecimal():
            return self.row, f"{ATTRIBUTE}{self.content['attributes'][int(path[1])].get('id', '')}"
        if first == "shipping" and len(path) > 1:
            names = {"value": "weight", "weight_source": "weight"}
            inner = path[-1] if path[-1] != "unit" else ("weight_unit" if "weight" in path else "size_unit")
            return self.row, names.get(inner, inner if inner in SIZES else "weight")
        return self.row, first if first in (*PLAIN, *LISTS) else REST


def read(text: str) -> tuple[list[CsvProduct], list[CsvFault]]:
    """The products of a file in its order, and all that is wrong with its form."""
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    faults: list[CsvFault] = []
    try:
        header = [name.strip() for name in next(reader, [])]
        faults += _header_faults(header)
        rows = [] if faults else _read_rows(reader, header, faults)
    except csv.Error as error:
        return [], [CsvFault(reader.line_num, "", f"This is no CSV file: {error}.")]
    return [_product(group, header, faults) for group in _grouped(rows, faults)], faults


def _header_faults(header: Sequence[str]) -> list[CsvFault]:
    known = {*HEAD, *PLAIN, *SIZES, *LISTS, *VARIANT, REST}
    faults = [
        CsvFault(1, name, "There is no such column. Export a file to see them all.")
        for name in header
        if name not in known and not (name.startswith(ATTRIBUTE) and len(name) > len(ATTRIBUTE))
    ]
    faults += [CsvFault(1, name, "The column stands twice.") for name in set(header) if header.count(name) > 1]
    if "product_id" not in header:
        faults.append(CsvFault(1, "product_id", "The file needs this column: it says which product a line is about."))
    return faults


Row = tuple[int, dict[str, str]]


def _read_rows(reader: Any, header: Sequence[str], faults: list[CsvFault]) -> list[Row]:
    rows = []
    for cells in reader:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) > len(header):
            faults.append(CsvFault(reader.line_num, "", f"The line has {len(cells)} cells, the header {len(header)}."))
            continue
        named = zip(header, cells, strict=False)
        rows.append((reader.line_num, {name: opened(cell) for name, cell in named}))
    return rows


def _grouped(rows: Iterable[Row], faults: list[CsvFault]) -> list[list[Row]]:
    groups: dict[str, list[Row]] = {}
    last = None
    for number, row in rows:
        product_id = row.get("product_id", "").strip()
        if not product_id:
            faults.append(CsvFault(number, "product_id", "Say which product the line is about."))
        elif product_id in groups and product_id != last:
            faults.append(CsvFault(number, "product_id", "The lines of a product must follow one another."))
        else:
            groups.setdefault(product_id, []).append((number, row))
        last = product_id
    return list(groups.values())


def _product(group: list[Row], header: Sequence[str], faults: list[CsvFault]) -> CsvProduct:
    number, first = group[0]
    content = _rest(number, first, faults)
    for name in ("title", "description", "brand_id"):
        content[name] = first.get(name) or None
    content["pictures"] = _split(first.get("pictures")) or content.get("pictures")
    content["shipping"] = _shipping(first) or content.get("shipping")
    content["attributes"] = (_attributes(first, header) + list(content.get("attributes") or ())) or None
    variants = [(at, one) for at, row in group if (one := _variant(at, row, faults))]
    content["variants"] = [one for _, one in variants] or None
    category = (first.get("category_id", "").strip(), first.get("category_version", "").strip())
    for at, row in group[1:]:
        extra = [name for name, cell in row.items() if cell and name not in (*VARIANT, *HEAD)]
        faults += [CsvFault(at, name, "Write this in the product's first line.") for name in extra]
    rows = tuple(at for at, _ in variants)
    return CsvProduct(number, first["product_id"].strip(), category if any(category) else None, content, rows)


def _rest(number: int, row: Mapping[str, str], faults: list[CsvFault]) -> dict[str, Any]:
    if not row.get(REST):
        return {}
    try:
        found = loads(row[REST])
    except ValueError:
        found = None
    if isinstance(found, dict):
        return found
    faults.append(CsvFault(number, REST, "This must be a JSON object; leave it as it was exported."))
    return {}


def _split(text: str | None) -> list[str]:
    return [part.strip() for part in (text or "").split("|") if part.strip()]


def _shipping(row: Mapping[str, str]) -> dict[str, Any] | None:
    shipping: dict[str, Any] = {}
    if row.get("weight"):
        unit = row.get("weight_unit") or "KILOGRAM"
        shipping = {"weight_source": "CUSTOM", "weight": {"value": row["weight"].strip(), "unit": unit}}
    if any(row.get(side) for side in ("length", "width", "height")):
        sides = {side: row.get(side) or None for side in ("length", "width", "height")}
        shipping["dimensions"] = sides | {"unit": row.get("size_unit") or "CENTIMETER"}
    return shipping or None


def _attributes(row: Mapping[str, str], header: Sequence[str]) -> list[dict[str, Any]]:
    return [
        {"id": name.removeprefix(ATTRIBUTE), "values": [_value(part) for part in _split(row[name])]}
        for name in header
        if name.startswith(ATTRIBUTE) and row.get(name)
    ]


def _value(text: str) -> dict[str, str]:
    return {"id": text[1:]} if text.startswith("#") else {"name": text}


def _variant(number: int, row: Mapping[str, str], faults: list[CsvFault]) -> dict[str, Any] | None:
    cells = {name: row[name].strip() for name in VARIANT if row.get(name, "").strip()}
    if not cells.keys() & {"price", "list_price", "quantity"}:
        return None
    quantity = cells.get("quantity", "")
    if quantity and not quantity.isdecimal():
        faults.append(CsvFault(number, "quantity", "This must be a whole number."))
        cells.pop("quantity")
    one: dict[str, Any] = {{"variant_id": "remote_id"}.get(name, name): cell for name, cell in cells.items()}
    if "quantity" in one:
        one["quantity"] = int(one["quantity"])
    return one
