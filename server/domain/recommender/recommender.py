"""Ranks leaf categories for products from words, the shop's confirmed choices and, where given, a sentence model."""

from collections.abc import Sequence

import numpy as np

from server.domain.recommender.blending import calibrated, softmax
from server.domain.recommender.columns import Places
from server.domain.recommender.explaining import Told, reasons
from server.domain.recommender.features import TELLING, Weighed, weigh
from server.domain.recommender.queries import query_of
from server.domain.recommender.shop_memory import ShopMemory
from server.domain.recommender.tree_index import TreeIndex
from server.domain.recommender.values import Candidate, Leaf, ProductText, Ranking
from server.domain.recommender.weights import SAME_TITLE, SOURCE_CATEGORY, WITHOUT_MODEL


class Recommender:
    """One tree and one shop's memory. Learning takes one example at a time and shows at once; nothing is retrained."""

    def __init__(self, leaves: Sequence[Leaf]) -> None:
        self._tree = TreeIndex(leaves)
        self._column = {leaf.id: column for column, leaf in enumerate(self._tree.leaves)}
        self._memory = ShopMemory(self._tree)
        self._weights = np.array(WITHOUT_MODEL.weights)

    @classmethod
    def build(cls, leaves: Sequence[Leaf]) -> "Recommender":
        """Index a tree's leaves (about 0.5 s for 10,000)."""
        return cls(leaves)

    def learn(self, example: ProductText, leaf_id: str) -> bool:
        """Take in a confirmed choice; False, and nothing learned, when the tree has no such leaf."""
        column = self._column.get(leaf_id)
        if column is None:
            return False
        self._memory.add(example, query_of(example), column)
        return True

    def forget(self, example: ProductText, leaf_id: str) -> bool:
        """Take back one ``learn`` of the same example; False when there was none."""
        column = self._column.get(leaf_id)
        return column is not None and self._memory.remove(example, query_of(example), column)

    def rank(self, products: Sequence[ProductText], limit: int = 3) -> list[Ranking]:
        """One ranking per product, in order, with at most ``limit`` candidates each."""
        return [self._rank(product, limit) for product in products]

    def cases(self, product: ProductText) -> Weighed:
        """The candidates of a product with their features: what the tuning script fits the constants to."""
        return weigh(query_of(product), self._tree, self._memory, np.zeros(0, dtype=np.int32))

    def families(self, columns: Places) -> Places:
        """The parent node of each column: siblings share it."""
        return np.asarray(self._tree.above[columns, 0])

    def leaf_at(self, column: int) -> Leaf:
        """The leaf of a column."""
        return self._tree.leaves[column]

    def _rank(self, product: ProductText, limit: int) -> Ranking:
        query = query_of(product)
        mapped, same = self._memory.mapped(product), self._memory.same_title(product.title)
        confirmed = np.array([*mapped, *([] if same is None else [same])], dtype=np.int32)
        weighed = weigh(query, self._tree, self._memory, confirmed)
        if not len(weighed.columns):
            return Ranking()
        scores = weighed.features @ self._weights
        for column, firmness in mapped.items():
            scores[np.searchsorted(weighed.columns, column)] += SOURCE_CATEGORY * firmness
        if same is not None:
            scores[np.searchsorted(weighed.columns, same)] += SAME_TITLE
        probabilities = calibrated(
            softmax(scores), self.families(weighed.columns), weighed.features[:, TELLING], WITHOUT_MODEL.curve
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
