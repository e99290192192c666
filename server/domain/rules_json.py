"""A template's rules as JSON and back; every fault is told with its path, such as ``groups.0.conditions.2.value``."""

from typing import Any

from server.domain.json_reading import Reading
from server.domain.rule_values import BadCondition, understood
from server.domain.rules import MAX_CONDITIONS, MAX_DEPTH, Condition, RuleField, RuleGroup, RuleMatch, RuleOperator
from server.domain.weights import WeightUnit

_LONGEST_KEY = 320


def rules_to_json(rules: RuleGroup) -> dict[str, Any]:
    """The form kept in a template's content; ``read_rules`` reads it back equal. What is empty is left out."""
    said: dict[str, Any] = {
        "match": rules.match.value,
        "conditions": [_condition_json(one) for one in rules.conditions],
    }
    if rules.groups:
        said["groups"] = [rules_to_json(group) for group in rules.groups]
    return said


def _condition_json(one: Condition) -> dict[str, Any]:
    said: dict[str, Any] = {"field": one.field.value, "operator": one.operator.value}
    if one.value:
        said["value"] = one.value
    if one.values:
        said["values"] = list(one.values)
    if one.key is not None:
        said["key"] = one.key
    if one.unit is not None:
        said["unit"] = one.unit.value
    return said


def read_rules(at: Reading) -> RuleGroup:
    """Groups of conditions: ``match``, ``conditions`` and ``groups``; each condition is checked on its own."""
    group = _group(at, 1)
    if sum(1 for _ in group.every_condition()) > MAX_CONDITIONS:
        at.fault("conditions", f"A template has at most {MAX_CONDITIONS} conditions, those of inner groups counted.")
    elif _groups(group) > MAX_CONDITIONS:
        at.fault("groups", f"A template has at most {MAX_CONDITIONS} groups.")
    return group


def _group(at: Reading, depth: int) -> RuleGroup:
    match = at.choice("match", RuleMatch, RuleMatch.ALL)
    conditions = tuple(_condition(one) for one in at.children("conditions"))
    inside = at.children("groups")
    if inside and depth == MAX_DEPTH:
        at.fault("groups", f"Groups stand at most {MAX_DEPTH} deep in one another.")
        inside = []
    groups = tuple(_group(one, depth + 1) for one in inside)
    at.refuse_unknown()
    return RuleGroup(match, conditions, groups)


def _groups(group: RuleGroup) -> int:
    return 1 + sum(_groups(inner) for inner in group.groups)


def _condition(at: Reading) -> Condition:
    before = at.faults_so_far
    condition = Condition(
        at.choice("field", RuleField, None),
        at.choice("operator", RuleOperator, None),
        at.optional_text("value") or "",
        at.texts("values"),
        at.optional_text("key", longest=_LONGEST_KEY),
        _unit(at),
    )
    at.refuse_unknown()
    if at.faults_so_far == before and isinstance(found := understood(condition), BadCondition):
        at.fault(found.member, found.message)
    return condition


def _unit(at: Reading) -> WeightUnit | None:
    said = at.optional_text("unit")
    if said is None or said in set(WeightUnit):
        return None if said is None else WeightUnit(said)
    at.fault("unit", f"This must be one of {', '.join(WeightUnit)}.")
    return None
