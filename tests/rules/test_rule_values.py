"""What values mean, which operators a field takes, and where faults are told."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given

from server.domain.json_reading import Faults, Reading
from server.domain.rule_tests import failing, holds
from server.domain.rule_values import Operand, understood
from server.domain.rules import Condition, RuleField, RuleGroup, RuleMatch, RuleOperator
from server.domain.rules_json import read_rules, rules_to_json
from server.domain.traits import Traits
from server.domain.weights import WeightUnit
from tests.rules.odd import rules

F, Op = RuleField, RuleOperator
DAY, NEXT = datetime(2026, 2, 28, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC)
RED = {"field": "TITLE", "operator": "CONTAINS", "value": "red"}


def read(data: object) -> tuple[RuleGroup, Faults]:
    faults: Faults = []
    return read_rules(Reading(data, ("rules",), faults)), faults


@pytest.mark.parametrize(
    ("condition", "operand"),
    [
        (Condition(F.VENDOR, Op.EQUALS, " É "), Operand(texts=("é",))),
        (Condition(F.SHOPIFY_CATEGORY, Op.EQUALS, "gid://shopify/TaxonomyCategory/AA-1"), Operand(texts=("aa-1",))),
        (Condition(F.WEIGHT, Op.LESS, "1.5", unit=WeightUnit.KILOGRAM), Operand(numbers=(Decimal(1500),))),
        (Condition(F.CREATED, Op.EQUALS, "2026-02-28"), Operand(spans=((DAY, NEXT),))),
        (
            Condition(F.UPDATED, Op.GREATER, "2026-02-28T23:59:59.999999"),
            Operand(spans=((datetime(2026, 2, 28, 23, 59, 59, 999999, UTC), NEXT),)),
        ),
        (
            Condition(F.METAFIELD, Op.IN, values=("12", "x"), key="custom.size"),
            Operand(texts=("12", "x"), numbers=(Decimal(12),)),
        ),
    ],
)
def test_values_are_understood(condition: Condition, operand: Operand) -> None:
    assert understood(condition) == operand


@pytest.mark.parametrize(
    ("change", "member", "says"),
    [
        ({"operator": "GREATER"}, "operator", "TITLE takes one of EQUALS"),
        ({"operator": "EQUALS", "value": "   "}, "value", "more than blanks"),
        ({"operator": "IN", "value": None}, "values", "1 to 250"),
        ({"operator": "EXISTS"}, "value", "takes no value"),
        ({"values": ["a"]}, "values", "takes no list"),
        ({"key": "a.b"}, "key", "Only METAFIELD"),
        ({"unit": "GRAM"}, "unit", "Only the value of a WEIGHT"),
        ({"unit": "STONE"}, "unit", "one of GRAM"),
        ({"field": "METAFIELD"}, "key", "namespace.key"),
        ({"field": "METAFIELD", "key": "material"}, "key", "namespace.key"),
        ({"field": "METAFIELD", "key": "a.b", "operator": "GREATER"}, "value", "a number"),
        ({"field": "WEIGHT", "operator": "LESS", "value": "1"}, "unit", "Name the unit"),
        ({"field": "PRICE", "operator": "LESS", "value": "1e5"}, "value", "a number"),
        ({"field": "PRICE", "operator": "BETWEEN", "value": None, "values": ["1"]}, "values", "two values"),
        ({"field": "PRICE", "operator": "BETWEEN", "value": None, "values": ["2", "1"]}, "values", "the lowest"),
        ({"field": "STATUS", "operator": "EQUALS", "value": "SOLD"}, "value", "ACTIVE, ARCHIVED, DRAFT"),
        ({"field": "SHOPIFY_CATEGORY", "operator": "IS_OR_BELOW", "value": "na"}, "value", "aa-1-2"),
        ({"field": "CREATED", "operator": "LESS", "value": "2026-02-30"}, "value", "a day"),
        ({"field": "CREATED", "operator": "LESS", "value": "9999-12-31"}, "value", "a day"),
        ({"colour": 1}, "colour", "no such field"),
    ],
)
def test_a_fault_is_told_at_its_place(change: dict[str, Any], member: str, says: str) -> None:
    inner = {"match": "ANY", "conditions": [RED, RED, RED | change]}
    _, faults = read({"conditions": [RED], "groups": [inner]})
    assert [path for path, _ in faults] == [("rules", "groups", "0", "conditions", "2", member)]
    assert says in faults[0][1]


def test_groups_are_bounded() -> None:
    deep: dict[str, Any] = {"conditions": [RED]}
    for _ in range(4):
        deep = {"groups": [deep]}
    assert read(deep)[1] == []
    assert [path for path, _ in read({"groups": [deep]})[1]] == [("rules", *("groups", "0") * 4, "groups")]
    many = {"groups": [{"conditions": [RED] * 100}, {"conditions": [RED] * 100}]}
    assert read(many)[1] == []
    assert [path for path, _ in read(many | {"conditions": [RED]})[1]] == [("rules", "conditions")]
    assert [path for path, _ in read({"groups": [{"conditions": []}] * 200})[1]] == [("rules", "groups")]


@given(rules)
def test_a_round_trip_changes_nothing(group: RuleGroup) -> None:
    """Also of conditions that cannot be understood: they are told, and kept as they were written."""
    assert read(rules_to_json(group))[0] == group


def test_reasons_name_what_held_and_what_did_not() -> None:
    red, cheap = Condition(F.TITLE, Op.CONTAINS, "RED"), Condition(F.PRICE, Op.BETWEEN, values=("1", "5"))
    light = Condition(F.WEIGHT, Op.LESS, "1", unit=WeightUnit.POUND)
    old = Condition(F.CREATED, Op.LESS, "2026-01-01")
    inner = RuleGroup(RuleMatch.ANY, (cheap, light))
    group = RuleGroup(RuleMatch.ALL, (red,), (inner,))
    mug = Traits("Red mug", prices=(Decimal(3), Decimal(9)), weights=(Decimal(453),))
    assert holds(group, mug) == (
        "title contains “RED” and (price is between “1” and “5” and weight is less than “1 lb”)"
    )
    assert holds(RuleGroup(RuleMatch.ALL, (red, old)), mug) is None
    assert failing(RuleGroup(RuleMatch.ALL, (red, old)), mug) == "it is not so that created is before “2026-01-01”"
    assert failing(RuleGroup(RuleMatch.ANY, (old,)), mug) == "none of its conditions holds"
    assert failing(RuleGroup(RuleMatch.ALL, (red,), (RuleGroup(),)), mug) == "it has no rules"


@pytest.mark.parametrize(
    ("condition", "taken"),
    [
        (Condition(F.PRICE, Op.NOT_EQUALS, "9"), False),
        (Condition(F.PRICE, Op.NOT_EQUALS, "5"), True),
        (Condition(F.STOCK, Op.NOT_EXISTS), True),
        (Condition(F.STOCK, Op.NOT_EQUALS, "1"), True),
        (Condition(F.COMPARE_AT_PRICE, Op.EXISTS), False),
        (Condition(F.METAFIELD, Op.EQUALS, "12.50", key="custom.size"), True),
        (Condition(F.METAFIELD, Op.GREATER, "12", key="custom.size"), True),
        (Condition(F.METAFIELD, Op.NOT_CONTAINS, "2", key="custom.size"), False),
        (Condition(F.METAFIELD, Op.NOT_CONTAINS, "2", key="custom.other"), True),
        (Condition(F.COLLECTION, Op.EQUALS, "gid://shopify/Collection/5"), True),
        (Condition(F.COLLECTION, Op.CONTAINS, "collection/5"), False),
        (Condition(F.SHOPIFY_CATEGORY, Op.IS_OR_BELOW, "aa-1"), True),
        (Condition(F.SHOPIFY_CATEGORY, Op.IS_OR_BELOW, "aa-1-2-3"), False),
    ],
)
def test_what_several_values_mean(condition: Condition, taken: bool) -> None:
    product = Traits(
        "Mug",
        prices=(Decimal(3), Decimal(9)),
        collections=("Mugs",),
        collection_ids=("gid://shopify/Collection/5",),
        category="gid://shopify/TaxonomyCategory/aa-1-2",
        metafields={"custom.size": ("12.5",)},
    )
    assert (holds(RuleGroup(conditions=(condition,)), product) is not None) is taken
