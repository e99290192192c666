"""What the lines of one product say, as overrides are read; whatever is wrong is told with its line and column."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from server.domain.override_csv.columns import (
    ATTRIBUTE,
    FIGURES,
    HEAD,
    LISTS,
    NUMBER,
    PLAIN,
    REST,
    SIDES,
    SIZES,
    VARIANT,
)
from server.domain.override_csv.completing import completed
from server.domain.override_csv.reading import CsvLines
from server.domain.override_csv.records import CsvFault
from server.domain.override_csv.writing import Line
from server.domain.weights import LengthUnit, WeightUnit
from server.kit.json import loads

_LONGEST_NUMBER = 18
"""Digits of a whole number that is read; what may be offered has far fewer."""


@dataclass(frozen=True, slots=True)
class CsvProduct:
    """All that a product shall have. ``content`` is JSON as ``domain.overrides`` reads it.

    ``row`` is its first line; ``rows`` are those of its variants.
    """

    row: int
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
            one = self.content["attributes"][int(path[1])]
            return self.row, f"{ATTRIBUTE}{one.get('id', '')}" if isinstance(one, dict) else REST
        if first == "shipping" and len(path) > 1:
            names = {"value": "weight", "weight_source": "weight"}
            inner = path[-1] if path[-1] != "unit" else ("weight_unit" if "weight" in path else "size_unit")
            return self.row, names.get(inner, inner if inner in SIZES else "weight")
        return self.row, first if first in (*PLAIN, *LISTS) else REST


def product_of(lines: CsvLines, before: Line | None) -> tuple[CsvProduct, list[CsvFault]]:
    """What a product shall have, and what is wrong with its cells.

    An empty cell means nothing of its own; of a column that the file lacks the product keeps what it has ``before``.
    """
    faults: list[CsvFault] = []
    content = _rest(lines.row, lines.rows[0][1], faults)
    rows = completed(lines, content, before or Line(lines.product_id, "", "", None), faults)
    number, first = rows[0]
    if REST not in lines.columns:
        content = _rest(number, first, faults)
    for name in ("title", "description", "brand_id"):
        content[name] = first[name] or content.get(name)
    content["pictures"] = _split(first["pictures"]) or content.get("pictures")
    content["shipping"] = _merged(content.get("shipping"), _shipping(number, first, faults))
    content["attributes"] = _together(content.get("attributes"), _attributes(first))
    variants = [(at, one) for at, row in rows if (one := _variant(at, row, faults))]
    content["variants"] = [one for _, one in variants] or content.get("variants")
    category = (first["category_id"].strip(), first["category_version"].strip())
    for at, row in lines.rows[1:]:
        extra = [name for name, cell in row.items() if cell and name not in (*VARIANT, *HEAD)]
        faults += [CsvFault(at, name, "Write this in the product's first line.") for name in extra]
    lines_of = tuple(at for at, _ in variants)
    said = {name: value for name, value in content.items() if value is not None}
    return CsvProduct(number, category if any(category) else None, said, lines_of), faults


def _rest(number: int, row: Mapping[str, str], faults: list[CsvFault]) -> dict[str, Any]:
    text = row.get(REST)
    if not text:
        return {}
    try:
        found = loads(text)
    except ValueError:
        found = None
    if isinstance(found, dict):
        return found
    faults.append(CsvFault(number, REST, "This must be a JSON object; leave it as it was exported."))
    return {}


def _merged(rest: Any, cells: dict[str, Any]) -> Any:
    if rest is None or not cells:
        return cells or rest
    return {**rest, **cells} if isinstance(rest, dict) else rest


def _together(rest: Any, cells: list[dict[str, Any]]) -> Any:
    if rest is None or not cells:
        return cells or rest
    said = {one["id"] for one in cells}
    if not isinstance(rest, list):
        return rest
    return cells + [one for one in rest if not isinstance(one, dict) or one.get("id") not in said]


def _split(text: str) -> list[str]:
    return [part.strip() for part in text.split("|") if part.strip()]


def _shipping(number: int, row: Mapping[str, str], faults: list[CsvFault]) -> dict[str, Any]:
    shipping: dict[str, Any] = {}
    if weight := row["weight"].strip():
        unit = _unit(number, row, "weight_unit", WeightUnit, faults)
        shipping = {"weight_source": "CUSTOM", "weight": {"value": weight, "unit": unit}}
    if any(row[side].strip() for side in SIDES):
        unit = _unit(number, row, "size_unit", LengthUnit, faults)
        shipping["dimensions"] = {side: row[side].strip() or None for side in SIDES} | {"unit": unit}
    return shipping


def _unit(
    number: int, row: Mapping[str, str], column: str, kind: type[WeightUnit | LengthUnit], faults: list[CsvFault]
) -> str:
    """The unit as it is written; a figure without one could mean either of two systems."""
    if unit := row[column].strip():
        return unit
    faults.append(CsvFault(number, column, f"Say the unit, one of {', '.join(kind)}."))
    return next(iter(kind)).value


def _attributes(row: Mapping[str, str]) -> list[dict[str, Any]]:
    return [
        {"id": name.removeprefix(ATTRIBUTE), "values": [_value(part) for part in _split(cell)]}
        for name, cell in row.items()
        if name.startswith(ATTRIBUTE) and cell
    ]


def _value(text: str) -> dict[str, str]:
    if not text.startswith(NUMBER):
        return {"name": text}
    value_id, _, name = text.removeprefix(NUMBER).partition(" ")
    return {"id": value_id, "name": name} if name else {"id": value_id}


def _variant(number: int, row: Mapping[str, str], faults: list[CsvFault]) -> dict[str, Any] | None:
    """One variant's figures. Its SKU is taken as it stands: spaces belong to it."""
    cells = {name: cell if name == "sku" else cell.strip() for name in VARIANT if (cell := row.get(name, ""))}
    if not any(cells.get(name) for name in FIGURES):
        return None
    one: dict[str, Any] = {{"variant_id": "remote_id"}.get(name, name): cell for name, cell in cells.items() if cell}
    quantity = one.pop("quantity", None)
    if quantity is not None and quantity.isdecimal() and len(quantity) <= _LONGEST_NUMBER:
        one["quantity"] = int(quantity)
    elif quantity is not None:
        faults.append(CsvFault(number, "quantity", "This must be a whole number."))
    return one
