"""Templates: exactly one winner, content that survives a round trip, faults told with their paths."""

from dataclasses import replace
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as some

from server.domain.rules import Condition, RuleField, RuleGroup, RuleMatch, RuleOperator
from server.domain.template_content import (
    AttributeChoice,
    Certification,
    CertificationFile,
    EmptyDescription,
    PriceRule,
    Shipping,
    SizeChart,
    StockRule,
    TemplateContent,
    ValueChoice,
    WeightSource,
)
from server.domain.template_json import content_from_json, content_to_json
from server.domain.templates import Template, Traits, choose
from server.domain.weights import Dimensions, LengthUnit
from tests.domain.factories import kilograms, template

COFFEE = Condition(RuleField.PRODUCT_TYPE, RuleOperator.EQUALS, "coffee")
GIFT = Condition(RuleField.TAG, RuleOperator.CONTAINS, "GIF")
ACME = Condition(RuleField.VENDOR, RuleOperator.STARTS_WITH, "acme")


def special(number: int, *conditions: Condition, match: RuleMatch = RuleMatch.ALL, rank: int = 0) -> Template:
    content = TemplateContent(rules=RuleGroup(match, conditions))
    return template(content, id=UUID(int=number), name=f"t{number}", is_default=False, rank=rank)


DEFAULT = template(id=UUID(int=99), name="everything")
DRIPPER = Traits("Dripper", "Hearth", "Coffee", ("kitchen", "Gifts"))


@pytest.mark.parametrize(
    ("_case", "templates", "winner", "because"),
    [
        ("its type", [special(1, COFFEE), DEFAULT], "t1", "product type is “coffee”"),
        ("one of its tags", [DEFAULT, special(1, GIFT)], "t1", "tag contains “GIF”"),
        ("all must hold", [special(1, COFFEE, ACME), DEFAULT], "everything", "no other template takes it"),
        ("any is enough", [special(1, COFFEE, ACME, match=RuleMatch.ANY), DEFAULT], "t1", "product type is “coffee”"),
        ("both hold", [special(1, COFFEE, GIFT)], "t1", "product type is “coffee” and tag contains “GIF”"),
        ("the lower rank first", [special(1, COFFEE, rank=2), special(2, GIFT, rank=1)], "t2", "tag contains"),
        ("then the older", [special(2, COFFEE), special(1, GIFT)], "t1", "tag contains"),
        ("no conditions take nothing", [special(1), DEFAULT], "everything", "this is the default"),
    ],
)
def test_choose(_case: str, templates: list[Template], winner: str, because: str) -> None:
    match = choose(DRIPPER, templates)
    assert match is not None
    assert match.template.name == winner
    assert because in match.because


def test_nothing_takes_it() -> None:
    assert choose(DRIPPER, [special(1, ACME)]) is None


conditions = some.builds(
    Condition,
    some.sampled_from(RuleField),
    some.sampled_from(RuleOperator),
    some.sampled_from(["a", "B", "ab", "ß", ""]),
)
groups = some.builds(RuleGroup, some.sampled_from(RuleMatch), some.lists(conditions, max_size=3).map(tuple))
words = some.text("abBß", max_size=3)


@given(
    some.builds(Traits, words, words, words, some.lists(words, max_size=2).map(tuple)), some.lists(groups, max_size=4)
)
def test_one_winner_whatever_the_order(traits: Traits, rules: list[RuleGroup]) -> None:
    templates = [
        replace(special(at), content=TemplateContent(rules=group), rank=at % 2) for at, group in enumerate(rules)
    ] + [DEFAULT]
    there, back = choose(traits, templates), choose(traits, list(reversed(templates)))
    assert there == back
    assert there is not None


FULL = TemplateContent(
    shipping=Shipping(
        WeightSource.CUSTOM,
        kilograms("0.25"),
        Dimensions(Decimal(10), Decimal("20.5"), Decimal(3), LengthUnit.CENTIMETER),
    ),
    attributes=(AttributeChoice("100392", (ValueChoice("1001533", "Birthday"), ValueChoice(None, "Own"))),),
    brand_id="7082427311584347905",
    price=PriceRule(Decimal("12.5"), Decimal(-1), Decimal("0.99"), Decimal("1.08")),
    stock=StockRule(50, 3, 20, 5),
    empty_description=EmptyDescription.USE_TITLE,
    shorten_title=True,
    certifications=(Certification("77", ("tos/1",), (CertificationFile("v1", "a.pdf"),), 1767225600),),
    size_chart=SizeChart("t1", None),
    manufacturer_ids=("m1",),
    responsible_person_ids=("p1",),
    rules=RuleGroup(RuleMatch.ANY, (COFFEE, GIFT)),
)


def test_a_round_trip_changes_nothing() -> None:
    assert content_from_json(content_to_json(FULL)) == (FULL, [])
    assert content_from_json(content_to_json(TemplateContent())) == (TemplateContent(), [])
    assert content_from_json({}) == (TemplateContent(), [])


@pytest.mark.parametrize(
    ("data", "path", "says"),
    [
        ({"shipping": {"weight": {"value": 0}}}, "shipping.weight.value", "more than 0"),
        ({"shipping": {"weight": {"value": "heavy"}}}, "shipping.weight.value", "a number"),
        ({"shipping": {"weight": {"unit": "STONE", "value": 1}}}, "shipping.weight.unit", "one of GRAM, KILOGRAM"),
        ({"shipping": {"weight_source": "CUSTOM"}}, "shipping.weight", "Enter the weight"),
        ({"shipping": {"dimensions": {"length": 1, "width": 2}}}, "shipping.dimensions.height", "required"),
        ({"shipping": "parcel"}, "shipping", "must be an object"),
        ({"attributes": [{"id": "1", "values": []}]}, "attributes.0.values", "at least one value"),
        ({"attributes": [{"values": [{"id": "2"}]}]}, "attributes.0.id", "required"),
        ({"attributes": [{"id": "1", "values": [{}]}]}, "attributes.0.values.0.name", "id or its text"),
        ({"attributes": {}}, "attributes", "must be a list"),
        ({"price": {"percent": -100}}, "price.percent", "more than -100"),
        ({"price": {"percent": "10000.01"}}, "price.percent", "This must be at most 10000."),
        ({"price": {"fixed": -1000000001}}, "price.fixed", "At least -1000000000."),
        ({"price": {"fixed": "1e10"}}, "price.fixed", "This must be at most 1000000000."),
        ({"price": {"ending": "1e10"}}, "price.ending", "This must be at most 1000000000."),
        ({"price": {"exchange_rate": 1000001}}, "price.exchange_rate", "This must be at most 1000000."),
        ({"price": {"exchange_rate": 0}}, "price.exchange_rate", "more than 0"),
        ({"price": {"fixed": float("nan")}}, "price.fixed", "a number"),
        ({"price": {"fixed": "1e400"}}, "price.fixed", "a number"),
        ({"stock": {"cap": 0}}, "stock.cap", "from 1 to 99999"),
        ({"stock": {"percent": True}}, "stock.percent", "whole number"),
        (
            {"rules": {"conditions": [{"field": "COLOUR", "operator": "EQUALS", "value": "x"}]}},
            "rules.conditions.0.field",
            "one of",
        ),
        ({"rules": {"conditions": [{"field": "TAG", "operator": "EQUALS"}]}}, "rules.conditions.0.value", "required"),
        ({"shorten_title": "yes"}, "shorten_title", "true or false"),
        ({"size_chart": {}}, "size_chart.template_id", "Name a size chart"),
        ({"manufacturer_ids": [1]}, "manufacturer_ids", "list of texts"),
        ({"brand_id": "a\0b"}, "brand_id", "text"),
        ({"colour": "red"}, "colour", "no such field"),
        ({"stock": {"precent": 5}}, "stock.precent", "no such field"),
    ],
)
def test_faults_have_their_path(data: dict[str, object], path: str, says: str) -> None:
    _, faults = content_from_json(data)
    assert [".".join(found) for found, _ in faults] == [path]
    assert says in faults[0][1]


def test_all_faults_are_told() -> None:
    _, faults = content_from_json({"stock": {"cap": 0}, "brand_id": 5, "x": 1})
    assert sorted(".".join(path) for path, _ in faults) == ["brand_id", "stock.cap", "x"]
