"""Values of attributes on their way: each once, not too long, and problems that name who said them."""

from server.domain.drafting import build
from server.domain.findings import Findings
from server.domain.layers import Layer
from server.domain.leaves import Leaf, LeafAttribute
from server.domain.template_content import AttributeChoice, ValueChoice
from server.domain.validators.attributes import Offered, attributes
from server.domain.value_sources import SourceField, ValueSource
from tests.domain.drafting import codes, content
from tests.domain.factories import LEAF, a_frame, facts
from tests.domain.test_requirements import ALL, choice


def told(*choices: AttributeChoice, layer: Layer | None = None) -> list[tuple[str, str]]:
    """Codes and sentences for answers that stand in a layer."""
    found = Findings()
    layers = {one.id: layer for one in choices} if layer else None
    attributes(choices, Offered.of(ALL), found, layers=layers)
    return [(one.code, one.message) for one in found.problems if one.path[1] != "7"]


def test_the_same_value_is_sent_once() -> None:
    found = Findings()
    oak = (ValueChoice(None, "Oak"), ValueChoice(None, "oak "), ValueChoice(None, "Brass"))
    batteries = (ValueChoice("1024358"), ValueChoice(None, "batteries"))
    sent, _ = attributes(
        [choice("101610", *batteries), choice("100216", ValueChoice("1024363")), choice("7", *oak)],
        Offered.of(ALL),
        found,
    )
    assert found.problems == []
    assert [one.values for one in sent] == [
        (ValueChoice("1024358"),),
        (ValueChoice("1024363"),),
        (ValueChoice(None, "Oak"), ValueChoice(None, "Brass")),
    ]


def test_a_text_may_have_2000_characters() -> None:
    found = Findings()
    texts = (ValueChoice(None, "o" * 2000), ValueChoice(None, "p" * 2001))
    attributes([choice("7", *texts)], Offered.of(ALL), found)
    assert [(one.code, one.path, one.message) for one in found.problems] == [
        (
            "ATTRIBUTE_TEXT_TOO_LONG",
            ("attributes", "7"),
            "In the answers: “Material” takes texts of 2,000 characters, not of 2,001. Shorten it.",
        )
    ]


def test_text_is_taken_where_nothing_is_offered() -> None:
    author = LeafAttribute("8", "Author", is_required=True)
    assert author.takes_text
    found = Findings()
    sent, _ = attributes([choice("8", ValueChoice(None, "A. Reed"))], Offered.of([author]), found)
    assert (sent, found.problems) == ((choice("8", ValueChoice(None, "A. Reed")),), [])


def test_problems_name_who_said_it() -> None:
    unknown, coal = choice("9", ValueChoice("1")), choice("101610", ValueChoice(None, "Coal"))
    uncalled = choice("100216", ValueChoice("1024361"))
    assert told(unknown, layer=Layer.OVERRIDE) == [
        (
            "ATTRIBUTE_UNKNOWN",
            "The category has no attribute 9, so it was left out. Remove it from the product's own settings.",
        )
    ]
    assert told(coal, layer=Layer.SHOP_DEFAULTS) == [
        (
            "ATTRIBUTE_VALUE_UNKNOWN",
            "In the shop's defaults: “Contains Batteries?” does not offer “Coal”. "
            "Choose one it offers, such as Batteries, None.",
        )
    ]
    assert told(uncalled, layer=Layer.BLOCK) == [
        (
            "ATTRIBUTE_NOT_CALLED_FOR",
            "“Battery Type” must stay empty because of another answer, so it was left out. "
            "Remove it from the template's block.",
        )
    ]
    both = choice("101610", ValueChoice("1000325"), ValueChoice("1024358"))
    assert told(both)[0] == (
        "ATTRIBUTE_TOO_MANY_VALUES",
        "“Contains Batteries?” takes one value, and 2 stand in the answers. Keep one.",
    )


def written(text: str) -> dict[str, dict[str, str]]:
    return {"custom.ingredients": {"type": "multi_line_text_field", "value": text}}


def test_a_text_of_the_store_that_is_too_long_says_so() -> None:
    text = LeafAttribute("8", "Ingredients")
    source = AttributeChoice("8", (), ValueSource(SourceField.METAFIELD, "custom.ingredients"))
    made = a_frame(content(attributes=(source,)), Leaf(LEAF, (text,)))
    fitting = build(made, facts(metafields=written("w" * 2000)))
    assert (codes(fitting), fitting.draft is not None) == ([], True)
    built = build(made, facts(metafields=written("w" * 2001)))
    assert built.draft is not None
    assert built.draft.attributes == ()
    assert [(one.code, one.message) for one in built.problems] == [
        (
            "ATTRIBUTE_TEXT_TOO_LONG",
            "“Ingredients” was left out: “Ingredients” takes texts of 2,000 characters, not of 2,001. "
            "Enter another value in the store, or a fallback in the template.",
        )
    ]
