"""Attribute values: what is the same, what is suggested, and what is left to people."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.leaves import LeafValue
from server.domain.value_matching import CLOSE, MatchKind, match

COLOURS = [
    LeafValue(str(n), name) for n, name in enumerate(["Red", "Crème", "Dark Blue", "100% Cotton", "Battery", "XS"])
]


@pytest.mark.parametrize(
    ("text", "kind", "name"),
    [
        ("Red", MatchKind.EXACT, "Red"),
        (" red ", MatchKind.EXACT, "Red"),
        ("CREME", MatchKind.EXACT, "Crème"),
        ("dark-blue", MatchKind.EXACT, "Dark Blue"),
        ("100 % cotton", MatchKind.EXACT, "100% Cotton"),
        ("batteries", MatchKind.CLOSE, "Battery"),
        ("blue dark", MatchKind.CLOSE, "Dark Blue"),
        ("Dark Bleu", MatchKind.CLOSE, "Dark Blue"),
        ("1000% cotton", MatchKind.NONE, None),
        ("90% cotton", MatchKind.NONE, None),
        ("green", MatchKind.NONE, None),
        ("S", MatchKind.NONE, None),
        ("!?", MatchKind.NONE, None),
        ("", MatchKind.NONE, None),
    ],
)
def test_texts_are_matched(text: str, kind: MatchKind, name: str | None) -> None:
    found = match(text, COLOURS)
    assert (found.kind, found.value.name if found.value else None) == (kind, name)


def test_two_values_that_read_the_same_are_left_to_people() -> None:
    twins = [LeafValue("1", "T-shirt"), LeafValue("2", "T shirt")]
    assert match("t_shirt", twins[:1]).kind is MatchKind.EXACT
    assert match("t.shirt", twins).kind is MatchKind.CLOSE
    literal = match("T shirt", twins)
    assert (literal.kind, literal.value) == (MatchKind.EXACT, twins[1])


def test_nothing_offered_fits_nothing() -> None:
    assert match("red", []).kind is MatchKind.NONE


@given(st.text(max_size=30), st.lists(st.text(max_size=30), max_size=6))
def test_an_answer_is_always_whole(text: str, names: list[str]) -> None:
    values = [LeafValue(str(n), name) for n, name in enumerate(names)]
    found = match(text, values)
    assert (found.value is None) is (found.kind is MatchKind.NONE)
    assert found.value is None or (found.value in values and CLOSE <= found.score <= 1)
    assert found == match(text, values)
