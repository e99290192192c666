"""Which attributes are required, given what was chosen so far, and why; which must not be sent."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from server.domain.leaves import Condition, LeafAttribute

Chosen = Mapping[str, frozenset[str]]
"""Attribute id to the ids of its chosen values; a value typed by hand has no id and meets no condition."""


@dataclass(frozen=True, slots=True)
class Demand:
    """The answer for one set of choices: required attribute ids with the reason, and choices nothing calls for."""

    required: Mapping[str, str]
    surplus: frozenset[str]

    def missing(self, chosen: Chosen) -> tuple[str, ...]:
        """Required attributes without a choice, in the leaf's order."""
        return tuple(attribute_id for attribute_id in self.required if attribute_id not in chosen)


def met(conditions: Iterable[Condition], chosen: Chosen) -> Condition | None:
    """The first condition that holds: any one of them is enough (TikTok fact sheet 3.9)."""
    return next((one for one in conditions if one.value_id in chosen.get(one.attribute_id, ())), None)


def demand(attributes: Iterable[LeafAttribute], chosen: Chosen) -> Demand:
    """Solve the cascade: a choice that nothing calls for falls away, and takes with it what only it called for.

    A conditional attribute whose conditions do not hold must stay empty (code 12052183).
    """
    described = {attribute.id: attribute for attribute in attributes if not attribute.is_sales}
    kept = {attribute_id: values for attribute_id, values in chosen.items() if attribute_id in described}
    while uncalled := [
        attribute_id
        for attribute_id in kept
        if (attribute := described[attribute_id]).conditions
        and not attribute.is_required
        and met(attribute.conditions, kept) is None
    ]:
        for attribute_id in uncalled:
            del kept[attribute_id]
    required: dict[str, str] = {}
    for attribute in described.values():
        if attribute.is_required:
            required[attribute.id] = "the category always asks for it"
        elif condition := met(attribute.conditions, kept):
            required[attribute.id] = _because(described, condition)
    return Demand(required, frozenset(described.keys() & chosen.keys()) - kept.keys())


def _because(described: Mapping[str, LeafAttribute], condition: Condition) -> str:
    parent = described.get(condition.attribute_id)
    if parent is None:
        return "another answer calls for it"
    value = next((one.name for one in parent.values if one.id == condition.value_id), condition.value_id)
    return f"“{parent.name}” is “{value}”"
