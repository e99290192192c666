"""Attribute values: what is the same, what is suggested, and what is left to people."""

from difflib import SequenceMatcher

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.folding import words
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


some_words = st.lists(
    st.sampled_from(["red", "reddish", "dark", "blue", "xs", "box", "boxes", "a", "ab", "7"]), max_size=9
)


@given(some_words.map(" ".join), st.lists(some_words.map(" ".join), min_size=1, max_size=6))
def test_what_is_close_is_what_has_most_in_common_however_long(text: str, names: list[str]) -> None:
    """Against the ratio of all pairs, of which the matcher leaves out those that cannot be close."""
    found = match(text, [LeafValue(str(n), name) for n, name in enumerate(names)])
    if found.kind is MatchKind.EXACT or not text or text in names:
        return
    ratios = [ratio(text, name) for name in names]
    assert found.score == (round(max(ratios), 3) if max(ratios) >= CLOSE else 0.0)
    assert (found.value and int(found.value.id)) == (ratios.index(max(ratios)) if max(ratios) >= CLOSE else None)


def ratio(one: str, other: str) -> float:
    """How alike two texts are by the matcher's words; the tests' own reading of it."""
    left, right = ([{"boxes": "box"}.get(word, word) for word in words(text)] for text in (one, other))
    if [word for word in left if word == "7"] != [word for word in right if word == "7"]:
        return 0.0
    if sorted(left) == sorted(right):
        return 1.0
    return SequenceMatcher(None, " ".join(left), " ".join(right), autojunk=False).ratio()


def test_a_long_text_is_held_against_no_short_value(monkeypatch: pytest.MonkeyPatch) -> None:
    held: list[str] = []

    def spied(junk: None, one: str, other: str, *, autojunk: bool) -> SequenceMatcher[str]:
        held.append(other)
        return SequenceMatcher(junk, one, other, autojunk=autojunk)

    monkeypatch.setattr("server.domain.value_matching.SequenceMatcher", spied)
    values = [LeafValue(str(n), f"Shade {chr(97 + n % 26) * 3}{chr(97 + n // 26)}") for n in range(200)]
    assert match("Glazed by hand. " * 625, values).kind is MatchKind.NONE
    assert held == []
    assert match("Shade aab", values).kind is MatchKind.CLOSE
    assert len(held) == 200
