"""Ranks leaf categories for products from words, the shop's confirmed choices and, where given, a sentence model."""

from collections.abc import Iterator, Sequence
from itertools import repeat

import numpy as np

from server.domain.recommender.blending import calibrated, softmax
from server.domain.recommender.columns import Places
from server.domain.recommender.embedding import Embedder, Meanings, MeaningScores
from server.domain.recommender.explaining import Told, reasons
from server.domain.recommender.features import TELLING, Weighed, weigh
from server.domain.recommender.lexicon import MEANS, Lexicon
from server.domain.recommender.queries import Reader
from server.domain.recommender.shop_memory import ShopMemory
from server.domain.recommender.tree_index import TreeIndex
from server.domain.recommender.values import Candidate, Leaf, ProductText, Ranking
from server.domain.recommender.weights import SAME_TITLE, SOURCE_CATEGORY, WITH_MODEL, WITHOUT_MODEL


class Recommender:
    """One tree and one shop's memory. Learning takes one example at a time and shows at once; nothing is retrained."""

    def __init__(self, leaves: Sequence[Leaf], embedder: Embedder | None = None, lexicon: Lexicon = MEANS) -> None:
        self._tree = TreeIndex(leaves)
        self._column = {leaf.id: column for column, leaf in enumerate(self._tree.leaves)}
        self._reader = Reader(lexicon, self._tree.idf)
        self._memory = ShopMemory(self._tree)
        self._meanings = Meanings(leaves, embedder) if embedder else None
        self._blend = WITH_MODEL if embedder else WITHOUT_MODEL
        self._weights = np.array(self._blend.weights)

    @classmethod
    def build(cls, leaves: Sequence[Leaf], embedder: Embedder | None = None, lexicon: Lexicon = MEANS) -> "Recommender":
        """Index a tree (0.5 s for 10,000 leaves; with a sentence model about a minute, for it reads every name).

        Leaves are what may be recommended. A category with others of the list below it is never recommended itself:
        learned from, it speaks for what is below it, as the choices of a shop do whose old leaf was split.
        """
        return cls(leaves, embedder, lexicon)

    def learn(self, example: ProductText, leaf_id: str, *, settles: bool = True) -> bool:
        """Take in a confirmed choice; False, and nothing learned, when the tree has no such leaf.

        ``settles``: it was said of the product itself, so its very title is decided; not what a mapping says of many.
        """
        column = self._column.get(leaf_id)
        if column is None:
            return False
        self._memory.add(example, self._reader.read(example), column, settles=settles)
        if self._meanings:
            self._meanings.add(example, column)
        return True

    def forget(self, example: ProductText, leaf_id: str, *, settles: bool = True) -> bool:
        """Take back one ``learn`` of the same example in the same way; False when there was none."""
        column = self._column.get(leaf_id)
        if column is None or not self._memory.remove(example, self._reader.read(example), column, settles=settles):
            return False
        if self._meanings:
            self._meanings.remove(example, column)
        return True

    def rank(self, products: Sequence[ProductText], limit: int = 3) -> list[Ranking]:
        """One ranking per product, in order, with at most ``limit`` candidates each."""
        return [self._rank(product, meaning, limit) for product, meaning in self._with_meaning(products)]

    def cases(self, products: Sequence[ProductText]) -> list[Weighed]:
        """The candidates of products with their features: what the tuning script fits the constants to."""
        nothing = np.zeros(0, dtype=np.int32)
        return [
            weigh(self._reader.read(product), self._tree, self._memory, nothing, meaning)
            for product, meaning in self._with_meaning(products)
        ]

    def _with_meaning(self, products: Sequence[ProductText]) -> Iterator[tuple[ProductText, MeaningScores | None]]:
        meanings = self._meanings.scores(products) if self._meanings else repeat(None)
        return zip(products, meanings, strict=False)

    def families(self, columns: Places) -> Places:
        """The parent node of each column: siblings share it."""
        return np.asarray(self._tree.above[columns, 0])

    def leaf_at(self, column: int) -> Leaf:
        """The leaf of a column."""
        return self._tree.leaves[column]

    def _rank(self, product: ProductText, meaning: MeaningScores | None, limit: int) -> Ranking:
        query = self._reader.read(product)
        mapped, same = self._memory.mapped(product), self._memory.same_title(product.title)
        confirmed = np.array([*mapped, *([] if same is None else [same])], dtype=np.int32)
        weighed = weigh(query, self._tree, self._memory, confirmed, meaning)
        if not len(weighed.columns):
            return Ranking()
        scores = weighed.features @ self._weights
        for column, firmness in mapped.items():
            scores[np.searchsorted(weighed.columns, column)] += SOURCE_CATEGORY * firmness
        if same is not None:
            scores[np.searchsorted(weighed.columns, same)] += SAME_TITLE
        probabilities = calibrated(
            softmax(scores), self.families(weighed.columns), weighed.features[:, TELLING], self._blend.curve
        )
        kept: dict[int, tuple[int, float]] = {}  # leaf -> the category it stands for, its probability
        for at in np.lexsort((weighed.columns, -scores)):
            leaf, column = int(weighed.leaves[at]), int(weighed.columns[at])
            first, so_far = kept.get(leaf, (column, 0.0))
            kept[leaf] = (first, so_far + float(probabilities[at]))
        best = sorted(kept.items(), key=lambda item: -item[1][1])[:limit]
        told = Told.of(product, query)
        return Ranking(tuple(self._candidate(told, leaf, *found) for leaf, found in best))

    def _candidate(self, told: Told, leaf: int, column: int, probability: float) -> Candidate:
        because = reasons(told, leaf, column, self._tree, self._memory)
        return Candidate(self._tree.leaves[leaf].id, probability, because)
