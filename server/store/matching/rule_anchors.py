"""Where to look first: values without one of which a group of rules cannot hold.

Many templates need not be tried on every product then. A group without such values must be.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from server.domain.rule_tests import is_collection_id
from server.domain.rule_values import BadCondition, Operand, understood
from server.domain.rules import Condition, RuleField, RuleGroup, RuleMatch, RuleOperator
from server.store.matching.rule_sql import like

_O = RuleOperator

VALUES: Mapping[str, str] = {
    "vendor": "t.vendor",
    "product_type": "t.product_type",
    "title": "t.title",
    "category": "t.category",
    "tags": "unnest(t.tags)",
    "collections": "unnest(t.collections)",
    "collection_ids": "unnest(t.collection_ids)",
    "skus": "unnest(t.skus)",
    "barcodes": "unnest(t.barcodes)",
}
"""What each kind of anchor is compared with, as SQL over a row of traits."""

_COSTS: Mapping[str, int] = {"category": 4, "vendor": 2, "tags": 3, "collections": 3}
_COLUMNS: Mapping[RuleField, str] = {
    RuleField.VENDOR: "vendor",
    RuleField.PRODUCT_TYPE: "product_type",
    RuleField.TITLE: "title",
    RuleField.TAG: "tags",
    RuleField.COLLECTION: "collections",
    RuleField.SHOPIFY_CATEGORY: "category",
    RuleField.SKU: "skus",
    RuleField.BARCODE: "barcodes",
}
_FEW_VALUES = frozenset({"vendor", "product_type", "tags", "collections"})
"""Columns in which products repeat each other: there a pattern is tried once on each different value."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """One value of ``VALUES[kind]``: equal to ``text``, or like it when ``is_pattern``."""

    kind: str
    text: str
    is_pattern: bool = False


Anchors = tuple[Anchor, ...]


def anchors(group: RuleGroup) -> Anchors | None:
    """Any product that the group takes has one of these; none: it takes nothing; ``None``: it could take any."""
    parts = [_of_condition(one) for one in group.conditions] + [anchors(inner) for inner in group.groups]
    if group.match is RuleMatch.ANY or not parts:
        known = [one for one in parts if one is not None]
        return tuple(dict.fromkeys(one for some in known for one in some)) if len(known) == len(parts) else None
    return min((one for one in parts if one is not None), key=_cost, default=None)


def _cost(found: Anchors) -> int:
    """How much of a catalogue they are likely to bring up."""
    return sum(_COSTS.get(one.kind, 1) * (3 if one.is_pattern else 1) for one in found)


def _of_condition(condition: Condition) -> Anchors | None:
    operand = understood(condition)
    if isinstance(operand, BadCondition):
        return ()
    kind = _COLUMNS.get(condition.field)
    if kind is None:
        return None
    match condition.operator:
        case _O.EQUALS | _O.IN:
            return tuple(Anchor(_kind(kind, text), text) for text in operand.texts)
        case _O.IS_OR_BELOW:
            return Anchor(kind, operand.texts[0]), Anchor(kind, like(f"{operand.texts[0]}-", starts=True), True)
        case _O.CONTAINS | _O.STARTS_WITH | _O.ENDS_WITH:
            return _pattern(kind, condition.operator, operand)
        case _:
            return None


def _kind(kind: str, text: str) -> str:
    return "collection_ids" if kind == "collections" and is_collection_id(text) else kind


def _pattern(kind: str, operator: RuleOperator, operand: Operand) -> Anchors | None:
    if kind not in _FEW_VALUES:
        return None
    starts, ends = operator is _O.STARTS_WITH, operator is _O.ENDS_WITH
    return (Anchor(kind, like(operand.texts[0], starts=starts, ends=ends), True),)


def by_kind(found: Iterable[tuple[int, Anchors]]) -> dict[str, list[tuple[int, Anchor]]]:
    """Anchors with the number of their template, by kind."""
    sorted_out: dict[str, list[tuple[int, Anchor]]] = {}
    for number, some in found:
        for one in some:
            sorted_out.setdefault(one.kind, []).append((number, one))
    return sorted_out
