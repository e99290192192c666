"""What a merchant wrote, matched to the values a platform offers: the same, nearly the same, or not there."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from functools import cached_property

from server.domain.folding import words
from server.domain.leaves import LeafValue

CLOSE = 0.8
"""How alike two texts must be, 0 to 1, before one is suggested for the other."""


class MatchKind(StrEnum):
    """How well a text fits. What may be sent without asking says ``ValueMatch.is_certain``."""

    EXACT = "EXACT"
    CLOSE = "CLOSE"
    NONE = "NONE"


@dataclass(frozen=True, slots=True)
class ValueMatch:
    """The offered value that fits best, with its likeness from 0 to 1; no value for NONE.

    ``is_certain``: it can be meant and nothing else, so it may be sent: EXACT, or alone in having the same words.
    """

    kind: MatchKind
    value: LeafValue | None = None
    score: float = 0.0
    is_certain: bool = False


class Matcher:
    """The values of one attribute, made ready once for any number of texts; answers are remembered."""

    _REMEMBERED = 4096

    def __init__(self, allowed: Sequence[LeafValue]) -> None:
        self.ids = {value.id: value for value in allowed}
        self._plain = [(_plain(value.name), value) for value in allowed]
        self._same: dict[str, list[LeafValue]] = {}
        self._answers: dict[str, ValueMatch] = {}
        for name, value in self._plain:
            self._same.setdefault(name, []).append(value)

    @cached_property
    def _singular(self) -> list[tuple["_Said", LeafValue]]:
        """Made when first a text is none of the values."""
        return [(_Said.of(name), value) for name, value in self._plain]

    def match(self, text: str) -> ValueMatch:
        """The value for a text. Case, accents, punctuation and blanks do not count for EXACT; plurals make it CLOSE.

        Of several values that fit equally well the first is taken; two that are EXACT are only CLOSE, for people to
        choose.
        """
        found = self._answers.get(text)
        if found is None:
            if len(self._answers) >= self._REMEMBERED:
                self._answers.clear()
            found = self._answers[text] = self._match(text)
        return found

    def _match(self, text: str) -> ValueMatch:
        wanted = _plain(text)
        if not wanted:
            return ValueMatch(MatchKind.NONE)
        if same := self._same.get(wanted):
            literal = [value for value in same if value.name.strip() == text.strip()]
            if len(same) == 1 or len(literal) == 1:
                return ValueMatch(MatchKind.EXACT, (literal or same)[0], 1.0, is_certain=True)
            return ValueMatch(MatchKind.CLOSE, same[0], 1.0)
        said = _Said.of(wanted)
        scores = [(_likeness(said, name), value) for name, value in self._singular]
        score, best = max(scores, key=lambda scored: scored[0], default=(0.0, None))
        if best is None or score < CLOSE:
            return ValueMatch(MatchKind.NONE)
        alone = score == 1.0 and sum(one == score for one, _ in scores) == 1
        return ValueMatch(MatchKind.CLOSE, best, round(score, 3), is_certain=alone)


def match(text: str, allowed: Sequence[LeafValue]) -> ValueMatch:
    """The value for one text: see ``Matcher.match``."""
    return Matcher(allowed).match(text)


def _plain(text: str) -> str:
    return " ".join(words(text.replace("_", " ")))


@dataclass(frozen=True, slots=True)
class _Said:
    """A plain text made ready to be held against others: its words as singulars, also sorted, and the numbers.

    English plurals, roughly; good enough because both sides are treated alike.
    """

    joined: str
    by_name: tuple[str, ...]
    numbers: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> "_Said":
        said = [_one(word) for word in text.split()]
        numbers = tuple(word for word in said if any(letter.isdigit() for letter in word))
        return cls(" ".join(said), tuple(sorted(said)), numbers)


def _likeness(one: _Said, other: _Said) -> float:
    """1 for the same words in another order or number; numbers must agree, since 100 is not nearly 1000.

    0 too where the lengths alone keep them from being ``CLOSE``: a long text held against hundreds of short values
    would take longer than all that is checked besides.
    """
    if one.numbers != other.numbers:
        return 0.0
    if one.by_name == other.by_name:
        return 1.0
    shorter, longer = sorted((len(one.joined), len(other.joined)))
    if 2.0 * shorter / (shorter + longer) < CLOSE:
        return 0.0
    return SequenceMatcher(None, one.joined, other.joined, autojunk=False).ratio()


def _one(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return f"{word[:-3]}y"
    if len(word) > 4 and word.endswith(("ches", "shes", "sses", "xes")):
        return word[:-2]
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
