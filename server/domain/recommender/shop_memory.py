"""A shop's confirmed choices: word habits per leaf and branch, source categories, titles, and examples."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from server.domain.recommender.queries import Query
from server.domain.recommender.tree_index import TreeIndex
from server.domain.recommender.values import ProductText
from server.domain.recommender.word_memory import WordMemory
from server.domain.recommender.words import folded

_LOOKED_THROUGH = 40  # latest examples of a leaf searched for the one most like a product
_DOUBT = 0.5  # a source category seen once speaks with 1 / (1 + _DOUBT)


@dataclass(slots=True)
class ShopMemory:
    """Learns and forgets single examples; their order matters only where titles repeat (the last one wins)."""

    tree: TreeIndex
    leaves: WordMemory = field(default_factory=WordMemory)
    branches: WordMemory = field(default_factory=WordMemory)
    departments: WordMemory = field(default_factory=WordMemory)
    _mapped: dict[str, dict[int, int]] = field(default_factory=dict)
    _titles: dict[str, list[int]] = field(default_factory=dict)
    _examples: dict[int, list[tuple[str, frozenset[str]]]] = field(default_factory=dict)

    def add(self, example: ProductText, query: Query, column: int, *, settles: bool = True) -> None:
        """Learn that the example's leaf is ``column``; whether that settles products of the very same title."""
        self._count(query, column, 1)
        for key in mapping_keys(example):
            counts = self._mapped.setdefault(key, {})
            counts[column] = counts.get(column, 0) + 1
        if settles:
            self._titles.setdefault(folded(example.title), []).append(column)
        self._examples.setdefault(column, []).append((example.title, frozenset(query.title_words)))

    def remove(self, example: ProductText, query: Query, column: int, *, settles: bool = True) -> bool:
        """Take one such example back; False when it was never learned."""
        kept = self._examples.get(column, [])
        entry = (example.title, frozenset(query.title_words))
        if entry not in kept:
            return False
        kept.remove(entry)
        self._count(query, column, -1)
        for key in mapping_keys(example):
            counts = self._mapped.get(key, {})
            if column in counts:
                counts[column] -= 1
                if not counts[column]:
                    del counts[column]
        if settles:
            titles = self._titles[folded(example.title)]
            del titles[len(titles) - 1 - titles[::-1].index(column)]
        return True

    def mapped(self, product: ProductText) -> Mapping[int, float]:
        """How firmly the product's source category or type has gone to each leaf, 0 to 1."""
        firm: dict[int, float] = {}
        for key in mapping_keys(product):
            counts = self._mapped.get(key, {})
            seen = sum(counts.values()) + _DOUBT
            for column, count in counts.items():
                firm[column] = max(firm.get(column, 0.0), count / seen)
        return firm

    def same_title(self, title: str) -> int | None:
        """The leaf last confirmed for this very title."""
        columns = self._titles.get(folded(title))
        return columns[-1] if columns and title.strip() else None

    def most_like(self, query: Query, column: int) -> str:
        """The title of the leaf's recent example that shares most words with the product; empty if none does."""
        wanted = frozenset(query.title_words)
        best, found = 0.0, ""
        for title, words in reversed(self._examples.get(column, [])[-_LOOKED_THROUGH:]):
            likeness = len(wanted & words) / (1 + len(wanted | words))
            if likeness > best:
                best, found = likeness, title
        return found

    def _count(self, query: Query, column: int, times: int) -> None:
        self.leaves.add(query.memory, column, times)
        self.branches.add(query.memory, int(self.tree.branch[column]), times)
        self.departments.add(query.memory, int(self.tree.department[column]), times)


def mapping_keys(product: ProductText) -> list[str]:
    """What a shop sorts by: the source category, and the product type."""
    named = (("category", product.source_category), ("type", product.product_type))
    return [f"{kind}:{folded(value).strip()}" for kind, value in named if value.strip()]
