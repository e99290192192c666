"""What a merchant wrote, matched to the values a platform offers: the same, nearly the same, or not there."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from server.domain.leaves import LeafValue
from server.domain.text import words

CLOSE = 0.8
"""How alike two texts must be, 0 to 1, before one is suggested for the other."""


class MatchKind(StrEnum):
    """How well a text fits. Only EXACT may be sent without asking."""

    EXACT = "EXACT"
    CLOSE = "CLOSE"
    NONE = "NONE"


@dataclass(frozen=True, slots=True)
class ValueMatch:
    """The offered value that fits best, with its likeness from 0 to 1; no value for NONE."""

    kind: MatchKind
    value: LeafValue | None = None
    score: float = 0.0


def match(text: str, allowed: Sequence[LeafValue]) -> ValueMatch:
    """The value for a text. Case, accents, punctuation and blanks do not count for EXACT; plurals make it CLOSE.

    Of several values that fit equally well the first is taken; two that are EXACT are only CLOSE, for people to choose.
    """
    wanted = _plain(text)
    if not wanted:
        return ValueMatch(MatchKind.NONE)
    same = [value for value in allowed if _plain(value.name) == wanted]
    if same:
        literal = [value for value in same if value.name.strip() == text.strip()]
        if len(same) == 1 or len(literal) == 1:
            return ValueMatch(MatchKind.EXACT, (literal or same)[0], 1.0)
        return ValueMatch(MatchKind.CLOSE, same[0], 1.0)
    best = max(allowed, key=lambda value: _likeness(wanted, _plain(value.name)), default=None)
    score = 0.0 if best is None else _likeness(wanted, _plain(best.name))
    return ValueMatch(MatchKind.CLOSE, best, round(score, 3)) if score >= CLOSE else ValueMatch(MatchKind.NONE)


def _plain(text: str) -> str:
    return " ".join(words(text.replace("_", " ")))


def _likeness(one: str, other: str) -> float:
    """1 for the same words in another order or number; numbers must agree, since 100 is not nearly 1000."""
    left, right = _singular(one), _singular(other)
    if _numbers(left) != _numbers(right):
        return 0.0
    if sorted(left) == sorted(right):
        return 1.0
    return SequenceMatcher(None, " ".join(left), " ".join(right), autojunk=False).ratio()


def _singular(text: str) -> list[str]:
    """English plurals, roughly; good enough because both sides are treated alike."""
    return [_one(word) for word in text.split()]


def _one(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return f"{word[:-3]}y"
    if len(word) > 4 and word.endswith(("ches", "shes", "sses", "xes")):
        return word[:-2]
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def _numbers(text: Sequence[str]) -> list[str]:
    return [word for word in text if any(letter.isdigit() for letter in word)]
