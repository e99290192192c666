"""Words sellers use for what category trees call otherwise: hand-written, brand-free, about language, not one tree.

One line a group: the seller's words (commas between), " = ", then the words a tree uses. A phrase is one term.
"""

from collections.abc import Mapping

from server.domain.recommender.lexicon import apparel, beauty, electronics, home, leisure, provisions, second_look
from server.domain.recommender.lexicon.qualifiers import MODIFIERS, NARROWING
from server.domain.recommender.words import content, joined

__all__ = ["FIRST_WRITTEN", "MEANS", "MODIFIERS", "NARROWING", "Lexicon", "read"]

Lexicon = Mapping[str, tuple[str, ...]]


def read(*texts: str) -> Lexicon:
    """Each term (a word, or words joined) -> the tree's terms: each word and each pair of words."""
    means: dict[str, dict[str, None]] = {}
    for line in "\n".join(texts).split("\n"):
        said, _, meant = line.partition(" = ")
        targets = [content(target) for target in meant.split(",")]
        terms = [term for target in targets for term in (*target, *joined(target))]
        for phrase in said.split(","):
            sequence = content(phrase)
            if sequence and len(sequence) == len(phrase.split()):  # "carry on" must not become "carry"
                key = "".join(sequence)
                means.setdefault(key, {}).update(dict.fromkeys(term for term in terms if term != key))
    return {term: tuple(found) for term, found in means.items()}


_FIRST = tuple(module.TEXT for module in (apparel, home, beauty, electronics, leisure, provisions))

FIRST_WRITTEN: Lexicon = read(*_FIRST)  # before any look at errors: what the tuning script measures honestly
MEANS: Lexicon = read(*_FIRST, second_look.TEXT)
