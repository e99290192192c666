"""The optional sentence-embedding side: any model that turns texts into unit vectors can join in."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from server.domain.recommender.columns import Places, Row
from server.domain.recommender.values import Leaf, ProductText

Vectors = NDArray[np.float32]

BY_MEANING = 20
EMBEDDING_FEATURES = ("meaning", "meaning_of_name", "meaning_lead", "likeness", "likeness_mean", "likeness_of_best")
_TOLD = 160  # characters of the description that are embedded with the title


class Embedder(Protocol):
    """A sentence model."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One row of length 1 per text."""
        ...


def text_of(product: ProductText) -> str:
    """What of a product is embedded."""
    named = f"{product.title}. {product.product_type}" if product.product_type else product.title
    return f"{named}. {product.description[:_TOLD]}" if product.description else named


class Meanings:
    """Vectors of the tree's leaves and of the confirmed examples."""

    def __init__(self, leaves: Sequence[Leaf], embedder: Embedder) -> None:
        self._embedder = embedder
        names = [leaf.path[-1] for leaf in leaves]
        paths = [" > ".join(leaf.path[-3:]) for leaf in leaves]
        self._names, self._paths = self._distinct(names), self._distinct(paths)
        self._leaves = len(leaves)
        self._examples: dict[int, list[tuple[str, NDArray[np.float32]]]] = {}

    def _distinct(self, texts: Sequence[str]) -> Vectors:
        rows = {text: row for row, text in enumerate(dict.fromkeys(texts))}
        return self._embedder.embed(list(rows))[[rows[text] for text in texts]]

    def vectors(self, products: Sequence[ProductText]) -> tuple[Vectors, Vectors]:
        """Whole text, and title alone, of each product."""
        both = self._embedder.embed([text_of(product) for product in products] + [product.title for product in products])
        return both[: len(products)], both[len(products) :]

    def add(self, example: ProductText, column: int) -> None:
        """Learn one example."""
        text = text_of(example)
        self._examples.setdefault(column, []).append((text, self._embedder.embed([text])[0]))

    def remove(self, example: ProductText, column: int) -> None:
        """Take one back."""
        text = text_of(example)
        kept = self._examples.get(column, [])
        for place, (other, _) in enumerate(kept):
            if other == text:
                del kept[place]
                return
