"""The attributes of a leaf category, in the platform's own spelling (TikTok fact sheet 3.9)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from zlib import crc32

from sandbox.catalogue.families import GENERAL
from sandbox.catalogue.tree import Category

DATA = Path(__file__).parent / "data" / "attributes.json"


@dataclass(frozen=True, slots=True)
class Value:
    """One value a seller may choose."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Condition:
    """Met when the seller chose value `value_id` for attribute `attribute_id` (`VALUE_ID_MATCH`)."""

    attribute_id: str
    value_id: str

    def wire(self) -> dict[str, object]:
        """As the platform writes it."""
        return {
            "condition_type": "VALUE_ID_MATCH",
            "attribute_id": self.attribute_id,
            "attribute_value_id": self.value_id,
        }


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute. `conditions` are alternatives; `markets` and `versions` empty mean everywhere and both."""

    id: str
    name: str
    type: str
    is_required: bool
    is_customizable: bool
    is_multiple: bool
    data_format: str | None
    values: tuple[Value, ...]
    conditions: tuple[Condition, ...]
    markets: frozenset[str]
    versions: frozenset[str]

    def holds(self, market: str, version: str) -> bool:
        """Whether the attribute exists in this market and tree version."""
        return (not self.markets or market.upper() in self.markets) and (
            not self.versions or version.lower() in self.versions
        )

    @property
    def takes_text(self) -> bool:
        """Whether a seller may type a value: also where none is listed, or where it is a number (free text)."""
        return self.is_customizable or self.data_format is not None or not self.values

    def wire(self) -> dict[str, object]:
        """As Get Attributes answers it; `is_requried` is spelled so on the platform."""
        answer: dict[str, object] = {
            "id": self.id,
            "name": self.name,
            "type": self.type,
            "is_requried": self.is_required,
            "is_customizable": self.is_customizable,
            "is_multiple_selection": self.is_multiple,
        }
        if self.values:
            answer["values"] = [{"id": value.id, "name": value.name} for value in self.values]
        if self.data_format:
            answer["value_data_format"] = self.data_format
        if self.conditions:
            answer["requirement_conditions"] = [condition.wire() for condition in self.conditions]
        return answer


@dataclass(frozen=True, slots=True)
class AttributeBook:
    """Every attribute by key, the keys of each family, and keys only some leaves of a family have."""

    attributes: Mapping[str, Attribute]
    families: Mapping[str, tuple[str, ...]]
    varied: tuple[str, ...]


def attributes_of(category: Category, market: str, version: str = "v2") -> tuple[Attribute, ...]:
    """What Get Attributes lists for a leaf: its family's set, and some more that depend on the leaf alone."""
    book = attribute_book()
    own = book.families.get(category.family, book.families[GENERAL])
    more = [key for key in book.varied if key not in own and crc32(f"{category.id}/{key}".encode()) % 3 == 0]
    found = (book.attributes[key] for key in (*own, *more))
    return tuple(attribute for attribute in found if attribute.holds(market, version))


@cache
def attribute_book() -> AttributeBook:
    """The data file, read once."""
    raw = json.loads(DATA.read_text("utf-8"))
    entries = raw["attributes"]
    attributes = {key: _attribute(entry, entries) for key, entry in entries.items()}
    families = {family: tuple(keys) for family, keys in raw["families"].items()}
    return AttributeBook(attributes, families, tuple(raw["varied"]))


def conditions_of(when: list[list[str]]) -> tuple[Condition, ...]:
    """Pairs of attribute key and value name as conditions on ids."""
    return _conditions(when, json.loads(DATA.read_text("utf-8"))["attributes"])


def _attribute(entry: Mapping[str, object], entries: Mapping[str, Mapping[str, object]]) -> Attribute:
    return Attribute(
        id=_text(entry["id"]),
        name=_text(entry["name"]),
        type=_text(entry["type"]),
        is_required=entry["required"] is True,
        is_customizable=entry["custom"] is True,
        is_multiple=entry["multiple"] is True,
        data_format=_text(entry["format"]) if entry["format"] else None,
        values=_values(entry),
        conditions=_conditions(entry["when"], entries),
        markets=_set(entry["markets"]),
        versions=_set(entry["versions"]),
    )


def _values(entry: Mapping[str, object]) -> tuple[Value, ...]:
    raw = entry["values"]
    return tuple(Value(one["id"], one["name"]) for one in raw) if isinstance(raw, list) else ()


def _conditions(when: object, entries: Mapping[str, Mapping[str, object]]) -> tuple[Condition, ...]:
    found = []
    for key, name in when if isinstance(when, list) else ():
        parent = entries[key]
        value = next(value for value in _values(parent) if value.name == name)
        found.append(Condition(_text(parent["id"]), value.id))
    return tuple(found)


def _set(raw: object) -> frozenset[str]:
    return frozenset(raw) if isinstance(raw, list) else frozenset()


def _text(raw: object) -> str:
    return str(raw)
