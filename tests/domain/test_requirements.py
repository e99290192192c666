"""The cascade of conditional attributes, also against a brute-force reading of the same rules."""

from hypothesis import given
from hypothesis import strategies as some

from server.domain.findings import Findings
from server.domain.leaves import Condition, Leaf, LeafAttribute, LeafCertification, LeafRules, LeafValue
from server.domain.requirements import Chosen, demand, met
from server.domain.template_content import AttributeChoice, TemplateContent, ValueChoice
from server.domain.validators.attributes import Offered, attributes
from server.domain.validators.compliance import compliance
from tests.domain.factories import LEAF

BATTERIES = LeafAttribute(
    "101610", "Contains Batteries?", values=(LeafValue("1024358", "Batteries"), LeafValue("1000325", "None"))
)
TYPE = LeafAttribute(
    "100216",
    "Battery Type",
    values=(LeafValue("1024361", "Lithium Ion"), LeafValue("1024363", "Alkaline")),
    conditions=(Condition("101610", "1024358"),),
)
HOURS = LeafAttribute(
    "101624", "Watt hours", is_number=True, conditions=(Condition("100216", "1024361"), Condition("100216", "9"))
)
MATERIAL = LeafAttribute("7", "Material", is_required=True, is_customizable=True, is_multiple=True)
COLOR = LeafAttribute("100000", "Color", is_sales=True, is_required=True)
ALL = (BATTERIES, TYPE, HOURS, MATERIAL, COLOR)


def chosen(**values: str) -> Chosen:
    return {name.removeprefix("a"): frozenset({value}) for name, value in values.items()}


def test_the_cascade_goes_as_far_as_the_answers() -> None:
    assert demand(ALL, {}).required == {"7": "the category always asks for it"}
    first = demand(ALL, chosen(a101610="1024358"))
    assert first.required["100216"] == "“Contains Batteries?” is “Batteries”"
    assert first.missing(chosen(a101610="1024358")) == ("100216", "7")
    both = chosen(a101610="1024358", a100216="1024361")
    assert demand(ALL, both).missing(both) == ("101624", "7")
    assert demand(ALL, chosen(a101610="1000325")).missing({}) == ("7",)


def test_what_nothing_calls_for_falls_away_with_its_children() -> None:
    answers = chosen(a101610="1000325", a100216="1024361", a101624="x")
    assert demand(ALL, answers).surplus == {"100216", "101624"}


ids = some.sampled_from(["1", "2", "3", "4"])
rules = some.lists(
    some.builds(
        lambda number, needed, when: LeafAttribute(number, number, is_required=needed, conditions=tuple(when)),
        ids,
        some.booleans(),
        some.lists(some.builds(Condition, ids, some.sampled_from(["x", "y"])), max_size=2),
    ),
    max_size=4,
    unique_by=lambda one: one.id,
)
answers = some.dictionaries(ids, some.frozensets(some.sampled_from(["x", "y"])), max_size=4)


@given(rules, answers)
def test_equal_to_brute_force(offered: list[LeafAttribute], given_answers: dict[str, frozenset[str]]) -> None:
    """The kept answers are the largest set in which each is called for by the others."""
    known = {one.id: one for one in offered}
    candidates = [one for one in given_answers if one in known]
    best: frozenset[str] = frozenset()
    for mask in range(1 << len(candidates)):
        kept = {one: given_answers[one] for at, one in enumerate(candidates) if mask >> at & 1}
        stands = all(
            known[one].is_required or not known[one].conditions or met(known[one].conditions, kept) for one in kept
        )
        if stands and len(kept) > len(best):
            best = frozenset(kept)
    solved = demand(offered, given_answers)
    assert solved.surplus == frozenset(candidates) - best
    kept = {one: given_answers[one] for one in best}
    assert set(solved.required) == {one.id for one in offered if one.is_required or met(one.conditions, kept)}


def choice(attribute_id: str, *values: ValueChoice) -> AttributeChoice:
    return AttributeChoice(attribute_id, values)


def test_values_are_matched_to_the_platforms_ids() -> None:
    found = Findings()
    sent, _ = attributes(
        [
            choice("101610", ValueChoice(None, " batteries ")),
            choice("100216", ValueChoice("1024361")),
            choice("101624", ValueChoice(None, "12.5")),
            choice("7", ValueChoice(None, "Oak"), ValueChoice(None, "Brass")),
        ],
        Offered.of(ALL),
        found,
    )
    assert found.problems == []
    assert [one.values[0].id for one in sent] == ["1024358", "1024361", None, None]
    assert sent[0].values[0].name == "Batteries"


def test_what_is_wrong_with_attributes() -> None:
    found = Findings()
    sent, _ = attributes(
        [
            choice("101610", ValueChoice(None, "Coal")),
            choice("101624", ValueChoice(None, "lots")),
            choice("9", ValueChoice("1")),
            choice("100000", ValueChoice("1")),
        ],
        Offered.of(ALL),
        found,
    )
    assert [(one.code, one.path) for one in found.problems] == [
        ("ATTRIBUTE_UNKNOWN", ("attributes", "9")),
        ("ATTRIBUTE_UNKNOWN", ("attributes", "100000")),
        ("ATTRIBUTE_VALUE_UNKNOWN", ("attributes", "101610")),
        ("ATTRIBUTE_NOT_CALLED_FOR", ("attributes", "101624")),
        ("ATTRIBUTE_REQUIRED", ("attributes", "7")),
    ]
    assert "such as Batteries, None" in found.problems[2].message
    assert [one.id for one in sent] == ["101610"]
    assert [one.code for one in found.warnings] == [
        "ATTRIBUTE_UNKNOWN",
        "ATTRIBUTE_UNKNOWN",
        "ATTRIBUTE_NOT_CALLED_FOR",
    ]


def test_one_value_only() -> None:
    found = Findings()
    attributes(
        [choice("101610", ValueChoice("1024358"), ValueChoice("1000325")), choice("7", ValueChoice(None, "Oak"))],
        Offered.of(ALL),
        found,
    )
    assert "ATTRIBUTE_TOO_MANY_VALUES" in [one.code for one in found.problems]


def test_papers() -> None:
    papers = LeafRules(
        certifications=(
            LeafCertification("1", "Hazmat sheet", conditions=(Condition("101610", "1024358"),)),
            LeafCertification("2", "Licence", is_required=True, needs_expiry=True),
        ),
        size_chart_required=True,
        manufacturer_required=True,
        responsible_person_required=True,
        fees_required=("PFAND",),
    )
    found = Findings()
    compliance(TemplateContent(), [choice("101610", ValueChoice("1024358"))], papers, found)
    assert [one.code for one in found.problems] == [
        "CERTIFICATION_REQUIRED",
        "CERTIFICATION_REQUIRED",
        "SIZE_CHART_REQUIRED",
        "MANUFACTURER_REQUIRED",
        "RESPONSIBLE_PERSON_REQUIRED",
        "FEE_REQUIRED",
    ]


def test_a_leaf_survives_its_row() -> None:
    leaf = Leaf(
        LEAF,
        ALL,
        LeafRules((LeafCertification("2", "Licence", True, True, (Condition("1", "2"),)),), fees_required=("PFAND",)),
    )
    assert Leaf.from_json(LEAF, leaf.attributes_json(), leaf.rules_json()) == leaf
