"""Writing overrides as CSV."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from server.domain.override_csv.columns import (
    ATTRIBUTE,
    HEAD,
    JOIN,
    LISTS,
    NUMBER,
    PLAIN,
    REST,
    SIDES,
    SIZES,
    VARIANT,
    guarded,
)
from server.kit.json import dumps_text


@dataclass(frozen=True, slots=True)
class Line:
    """What is written of one product."""

    product_id: str
    handle: str
    store_title: str
    category: tuple[str, str] | None
    content: Mapping[str, Any] = field(default_factory=dict)


def columns_of(lines: Iterable[Line]) -> list[str]:
    """The header: columns of attributes only where some product has them."""
    ids = {one["id"] for line in lines for one in line.content.get("attributes", ()) if _fits_a_cell(one)}
    return [*HEAD, *PLAIN, *SIZES, *LISTS, *(f"{ATTRIBUTE}{one}" for one in sorted(ids)), *VARIANT, REST]


def write(lines: Sequence[Line], columns: Sequence[str], *, header: bool = True) -> str:
    """The file, or a part of it without the header."""
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, restval="", lineterminator="\r\n")
    if header:
        writer.writeheader()
    for line in lines:
        for row in rows_of(line, columns):
            writer.writerow({name: guarded(value) for name, value in row.items()})
    return out.getvalue()


def rows_of(line: Line, columns: Sequence[str]) -> list[dict[str, str]]:
    """A product's lines as cells by column; a cell that is not named is empty."""
    content = dict(line.content)
    first = {"product_id": line.product_id, "handle": line.handle, "store_title": line.store_title}
    if line.category is not None:
        first |= {"category_id": line.category[0], "category_version": line.category[1]}
    for name in ("title", "description", "brand_id"):
        first[name] = content.pop(name, None) or ""
    if all(_is_plain(one) for one in content.get("pictures", ())):
        first["pictures"] = JOIN.join(content.pop("pictures", ()))
    first |= _taken_sizes(content) | _taken_attributes(content, columns)
    variants = [_variant_row(one) for one in content.pop("variants", ())]
    if content:
        first[REST] = dumps_text(content)
    head = {"product_id": line.product_id}
    return [first | (variants[0] if variants else {}), *(head | one for one in variants[1:])]


def _variant_row(one: Mapping[str, Any]) -> dict[str, str]:
    named = {"remote_id": "variant_id"}
    return {named.get(name, name): str(value) for name, value in one.items()}


def _taken_sizes(content: dict[str, Any]) -> dict[str, str]:
    """Weight and size out of the content, where both are plain."""
    shipping = dict(content.get("shipping") or {})
    weight, size = shipping.pop("weight", None), shipping.pop("dimensions", None)
    if not shipping or shipping.get("weight_source") != ("CUSTOM" if weight else None):
        return {}
    content.pop("shipping")
    row = {"weight": weight["value"], "weight_unit": weight["unit"]} if weight else {}
    if size:
        row |= {name: str(size[name]) for name in SIDES} | {"size_unit": size["unit"]}
    return row


def _fits_a_cell(one: Mapping[str, Any]) -> bool:
    """Fixed values, none of which looks like our own marks."""
    values = one.get("values", ())
    return not one.get("source") and bool(values) and all(_is_cell_value(value) for value in values)


def _is_cell_value(value: Mapping[str, Any]) -> bool:
    name, value_id = value.get("name") or "", value.get("id")
    if value_id is None:
        return bool(name) and _is_plain(name) and not name.startswith(NUMBER)
    return bool(value_id) and "|" not in value_id and not any(map(str.isspace, value_id)) and _is_plain(name)


def _cell_value(value: Mapping[str, Any]) -> str:
    """``Red``, ``#17``, or ``#17 Red``."""
    name = value.get("name") or ""
    return name if value.get("id") is None else f"{NUMBER}{value['id']} {name}".rstrip()


def _is_plain(text: str) -> bool:
    return "|" not in text and text == text.strip()


def _taken_attributes(content: dict[str, Any], columns: Sequence[str]) -> dict[str, str]:
    row, kept = {}, []
    for one in content.pop("attributes", ()):
        name = f"{ATTRIBUTE}{one['id']}"
        if name in columns and _fits_a_cell(one):
            row[name] = JOIN.join(map(_cell_value, one["values"]))
        else:
            kept.append(one)
    if kept:
        content["attributes"] = kept
    return row
