"""The smallest set of missing answers, against every set there is."""

from collections.abc import Iterator, Sequence
from itertools import combinations, product

from hypothesis import given, settings
from hypothesis import strategies as some

from server.domain.leaves import Condition, Leaf, LeafAttribute, LeafValue
from server.domain.missing import missing
from server.domain.questions import questions
from server.domain.requirements import Chosen, demand
from server.domain.template_content import AttributeChoice, ValueChoice
from server.domain.value_sources import SourceField, ValueSource
from tests.domain.factories import LEAF
from tests.domain.test_requirements import ALL, BATTERIES, MATERIAL, TYPE, chosen

IDS = ("1", "2", "3", "4")
VALUES = ("x", "y")


def an_attribute(
    number: str, needed: bool, offered: Sequence[str], own: bool, when: Sequence[Condition]
) -> LeafAttribute:
    values = tuple(LeafValue(one, one) for one in offered)
    return LeafAttribute(number, number, is_required=needed, is_customizable=own, values=values, conditions=tuple(when))


leaves = some.lists(
    some.builds(
        an_attribute,
        some.sampled_from(IDS),
        some.booleans(),
        some.lists(some.sampled_from(VALUES), unique=True, max_size=2),
        some.booleans(),
        some.lists(some.builds(Condition, some.sampled_from(IDS), some.sampled_from(VALUES)), max_size=3),
    ),
    max_size=4,
    unique_by=lambda one: one.id,
)
answers = some.dictionaries(
    some.sampled_from(IDS), some.sampled_from([*VALUES, ""]).map(lambda one: frozenset({one} - {""})), max_size=2
)


def completions(attributes: Sequence[LeafAttribute], given_already: Chosen, size: int) -> Iterator[Chosen]:
    """Every way to answer so many more attributes, with single values or a text of one's own."""
    free = [one for one in attributes if one.id not in given_already]
    for added in combinations(free, size):
        ways = [
            [frozenset({value.id}) for value in one.values]
            + ([frozenset[str]()] if one.is_customizable or not one.values else [])
            for one in added
        ]
        for picked in product(*ways):
            yield {**given_already, **{one.id: value for one, value in zip(added, picked, strict=True)}}


def is_complete(attributes: Sequence[LeafAttribute], given_answers: Chosen) -> bool:
    return not demand(attributes, given_answers).missing(given_answers)


@settings(max_examples=250, deadline=None)
@given(leaves, answers)
def test_no_smaller_set_completes_the_answers(attributes: list[LeafAttribute], given_already: Chosen) -> None:
    found = missing(attributes, given_already)
    size = len(found)
    ids = {one.attribute.id for one in found}
    assert len(ids) == size
    assert ids.isdisjoint(given_already)
    for smaller in range(size):
        assert not any(is_complete(attributes, one) for one in completions(attributes, given_already, smaller))
    fitting = [
        one
        for one in completions(attributes, given_already, size)
        if one.keys() - given_already.keys() == ids and is_complete(attributes, one)
    ]
    assert fitting
    for first in found[:1]:
        smallest = {
            next(iter(one[first.attribute.id]), None)
            for one in completions(attributes, given_already, size)
            if first.attribute.id in one and is_complete(attributes, one)
        }
        assert {option.id for option in first.options} == smallest - {None}


def test_the_answer_that_calls_for_least_is_offered() -> None:
    required = LeafAttribute("101610", "Contains Batteries?", is_required=True, values=BATTERIES.values)
    found = missing((required, TYPE, MATERIAL), {})
    assert [(one.attribute.id, one.because) for one in found] == [
        ("101610", "the category always asks for it"),
        ("7", "the category always asks for it"),
    ]
    assert [option.name for option in found[0].options] == ["None"]
    assert found[1].options == ()


def test_answers_that_call_for_more() -> None:
    only = LeafAttribute("101610", "Contains Batteries?", is_required=True, values=BATTERIES.values[:1])
    found = missing((only, TYPE), {})
    assert [one.attribute.id for one in found] == ["101610", "100216"]
    assert found[1].because.startswith("every answer above calls for more")
    asked = missing(ALL, chosen(a101610="1024358"))
    assert [(one.attribute.id, one.because) for one in asked] == [
        ("100216", "“Contains Batteries?” is “Batteries”"),
        ("7", "the category always asks for it"),
    ]
    assert [option.name for option in asked[0].options] == ["Alkaline"]


def test_questions_match_typed_answers_and_tell_what_must_stay_empty() -> None:
    asked = questions(
        Leaf(LEAF, ALL),
        [
            AttributeChoice("101610", (ValueChoice(None, "none"),)),
            AttributeChoice("100216", (ValueChoice(None, "Litium Ion"),)),
            AttributeChoice("7", (), ValueSource(SourceField.VENDOR)),
        ],
    )
    assert asked.missing == ()
    assert asked.required == {"7": "the category always asks for it"}
    assert [one.id for one in asked.forbidden] == ["100216"]
    assert [one.values for one in asked.matched] == [(ValueChoice("1000325", "None"),)]
    wrong = questions(Leaf(LEAF, ALL), [AttributeChoice("101610", (ValueChoice(None, "Baterries"),))])
    assert [(one.code, one.path) for one in wrong.problems] == [("ATTRIBUTE_VALUE_UNKNOWN", ("attributes", "101610"))]
    assert "Did you mean “Batteries”?" in wrong.problems[0].message
