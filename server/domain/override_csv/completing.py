"""A column that a file lacks says nothing: its cells are those that an export would write at this moment."""

from collections.abc import Mapping, Sequence
from typing import Any

from server.domain.override_csv.columns import ATTRIBUTE, FIGURES, KEYS, SIDES, VARIANT
from server.domain.override_csv.reading import CsvLines, Row
from server.domain.override_csv.records import CsvFault
from server.domain.override_csv.writing import Line, columns_of, rows_of


def completed(lines: CsvLines, rest: Mapping[str, Any], before: Line, faults: list[CsvFault]) -> list[Row]:
    """The lines of a product with the cells of the missing columns; ``before`` is what the product has.

    ``rest`` is what the file's column of the rest says: it too goes before what stands.
    """
    columns = columns_of([before])
    missing = [name for name in columns if name not in lines.columns and name not in VARIANT]
    kept = rows_of(before, columns)
    (number, first), *others = lines.rows
    said = _columns_of(rest)
    added = {name: "" if name in said else kept[0].get(name, "") for name in missing}
    if not first.get("category_id", "?"):
        added["category_version"] = ""
    rows: list[Row] = [(number, added | dict(first)), *others]
    absent = [name for name in VARIANT if name not in lines.columns]
    variants = [] if "variants" in said else [row for row in kept if any(row.get(name) for name in VARIANT)]
    return _with_figures(rows, absent, variants, faults) if absent else rows


def _columns_of(rest: Mapping[str, Any]) -> set[str]:
    """The columns in which that would stand if it fitted there."""
    attributes, shipping = rest.get("attributes"), rest.get("shipping")
    names = set(rest)
    if isinstance(attributes, list):
        names |= {f"{ATTRIBUTE}{one.get('id')}" for one in attributes if isinstance(one, dict)}
    if isinstance(shipping, dict):
        names |= {"weight", "weight_unit"} if shipping.keys() & {"weight", "weight_source"} else set()
        names |= {*SIDES, "size_unit"} if "dimensions" in shipping else set()
    return names


def _with_figures(
    rows: Sequence[Row], absent: Sequence[str], kept: Sequence[Mapping[str, str]], faults: list[CsvFault]
) -> list[Row]:
    """Each variant's missing cells. A variant without a line keeps the figures of the missing columns."""
    done: list[Row] = []
    unnamed = list(range(len(kept)))
    for number, row in rows:
        places = _places(row, absent, kept)
        if len(places) > 1:
            text = "Several variants are meant. Keep the columns variant_id and sku."
            faults.append(CsvFault(number, "variant_id", text))
        meant = kept[places[0]] if places else {}
        unnamed = [place for place in unnamed if place not in places]
        done.append((number, {**row, **{name: meant.get(name, "") for name in absent}}))
    left = [name for name in absent if name in FIGURES]
    first = rows[0][0]
    return done + [
        (first, {name: kept[place].get(name, "") for name in (*KEYS, *left)})
        for place in unnamed
        if any(kept[place].get(name) for name in left)
    ]


def _places(row: Mapping[str, str], absent: Sequence[str], kept: Sequence[Mapping[str, str]]) -> list[int]:
    """Which of the kept variants a line means, by the names that the file has; the store's id alone is enough."""
    named = {name: row[name] for name in KEYS if name not in absent}
    if not any(named.values()):
        return []
    same = [at for at, one in enumerate(kept) if all(one.get(name, "") == text for name, text in named.items())]
    by_id = named.get("variant_id")
    return same or [at for at, one in enumerate(kept) if by_id and one.get("variant_id") == by_id]
