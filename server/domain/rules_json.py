"""A template's rules as JSON and back."""

from typing import Any

from server.domain.reading import Reading
from server.domain.rules import Condition, RuleField, RuleGroup, RuleMatch, RuleOperator


def rules_to_json(rules: RuleGroup) -> dict[str, Any]:
    """The form kept in a template's content; ``read_rules`` reads it back equal."""
    return {
        "match": rules.match.value,
        "conditions": [
            {"field": one.field.value, "operator": one.operator.value, "value": one.value} for one in rules.conditions
        ],
    }


def read_rules(at: Reading) -> RuleGroup:
    """A group of conditions; faults are noted with their paths."""
    group = RuleGroup(
        at.choice("match", RuleMatch, RuleMatch.ALL), tuple(_condition(one) for one in at.children("conditions"))
    )
    at.refuse_unknown()
    return group


def _condition(at: Reading) -> Condition:
    condition = Condition(
        at.choice("field", RuleField, None), at.choice("operator", RuleOperator, None), at.text("value")
    )
    at.refuse_unknown()
    return condition
