"""A product as weighted terms: the title's opening clause counts most, the description least."""

from collections.abc import Container, Mapping
from dataclasses import dataclass

from server.domain.recommender.lexicon import MODIFIERS, Lexicon
from server.domain.recommender.values import ProductText
from server.domain.recommender.words import content, joined, opening_clause

OPENING = 1.0
LATER = 0.55
TYPE = 1.4
TAG = 0.4
SOURCE = 0.8
SAME_MEANING, KNOWN_TOO = 0.85, 0.3  # a synonym's weight where the tree lacks the word, and where it has it
MODIFIER = 0.5
DESCRIPTION_READ = 500  # characters; what stands later in a description is usage, care, delivery


@dataclass(frozen=True, slots=True)
class Query:
    """Terms with weights. ``origin`` tells which of the product's words a term that means the same was read from."""

    title: Mapping[str, float]
    heads: Mapping[str, float]
    description: Mapping[str, float]
    origin: Mapping[str, str]
    memory: tuple[tuple[str, float], ...]
    title_words: tuple[str, ...]


class Reader:
    """Reads products for one tree: a word the tree knows needs its synonyms less than one it does not."""

    def __init__(self, lexicon: Lexicon, vocabulary: Container[str]) -> None:
        self._means = {
            term: (KNOWN_TOO if term in vocabulary else SAME_MEANING, tuple(m for m in meant if m in vocabulary))
            for term, meant in lexicon.items()
        }

    def read(self, product: ProductText) -> Query:
        """Every part of the recommender works from this."""
        opening = content(opening_clause(product.title))
        title, product_type = content(product.title), content(product.product_type)
        weights: dict[str, float] = {}
        origin: dict[str, str] = {}
        for sequence, weight in (
            (opening, OPENING),
            (title, LATER),
            (product_type, TYPE),
            (content(" , ".join(product.tags)), TAG),
            (content(product.source_category.rpartition(">")[2]), SOURCE),
        ):
            self._weigh(sequence, weight, weights, origin)
        heads = _heads(opening, product_type, origin)
        told = content(product.description[:DESCRIPTION_READ])
        description: dict[str, float] = {}
        self._weigh(told, 1.0, description, {})
        return Query(weights, heads, description, origin, _memory_terms(product, title, told), tuple(title))

    def _weigh(self, sequence: list[str], weight: float, weights: dict[str, float], origin: dict[str, str]) -> None:
        for term in (*sequence, *joined(sequence)):
            weights[term] = max(weights.get(term, 0.0), weight * MODIFIER if term in MODIFIERS else weight)
            share, meant = self._means.get(term, (0.0, ()))
            for other in meant:
                if weights.get(other, 0.0) < weight * share:
                    weights[other] = weight * share
                    origin.setdefault(other, term)


def _heads(opening: list[str], product_type: list[str], origin: Mapping[str, str]) -> dict[str, float]:
    """How likely each word names the thing itself: the later in the opening clause, the likelier."""
    heads: dict[str, float] = {}
    for whole, top in ((opening, 1.0), (product_type, 1.2)):
        sequence = [word for word in whole if word not in MODIFIERS] or whole
        for back, word in enumerate(reversed(sequence)):
            heads[word] = max(heads.get(word, 0.0), top * 0.8**back)
        for back, pair in enumerate(reversed(joined(sequence))):
            heads[pair] = max(heads.get(pair, 0.0), top * 0.8**back)
    for other, word in origin.items():
        if word in heads:
            heads[other] = max(heads.get(other, 0.0), heads[word])
    return heads


def _memory_terms(product: ProductText, title: list[str], told: list[str]) -> tuple[tuple[str, float], ...]:
    """Terms for the shop's memory: title and type weigh double, the vendor is a term of its own."""
    weights: dict[str, float] = {}
    for sequence, weight in ((title, 2.0), (content(product.product_type), 2.0), (told, 1.0)):
        for term in sequence:
            weights[term] = min(weights.get(term, 0.0) + weight, 4.0)
    for tag in product.tags:
        weights.setdefault("tag:" + tag.casefold(), 1.0)
    if product.vendor:
        weights["vendor:" + product.vendor.casefold()] = 1.0
    return tuple(sorted(weights.items()))
