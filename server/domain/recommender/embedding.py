"""The optional sentence-embedding side: any model that turns texts into unit vectors can join in."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from server.domain.recommender.columns import Places, Row, summed
from server.domain.recommender.values import Leaf, ProductText

Vectors = NDArray[np.float32]

BY_MEANING, BY_MEMORY = 20, 8  # candidates added because their meaning is near
MEANING_FEATURES = (
    "meaning",
    "meaning_of_name",
    "meaning_lag",
    "likeness",
    "likeness_mean",
    "likeness_lag",
    "likeness_of_best",
)
_TOLD = 160  # characters of the description embedded with the title
_BLOCK = 256  # products weighed at once: 256 x 10,000 similarities are 10 MB


class Embedder(Protocol):
    """A sentence model."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One row of length 1 per text."""
        ...


def leaf_texts(leaves: Iterable[Leaf]) -> list[str]:
    """What of leaves is embedded, each text once: their names, and their names with the one above."""
    found = list(leaves)
    return list(dict.fromkeys([*map(_name_of, found), *map(_path_of, found)]))


def _name_of(leaf: Leaf) -> str:
    return leaf.path[-1]


def _path_of(leaf: Leaf) -> str:
    return " ".join(reversed(leaf.path[-2:]))


def text_of(product: ProductText) -> str:
    """What of a product is embedded."""
    named = f"{product.title}. {product.product_type}" if product.product_type else product.title
    return f"{named}. {product.description[:_TOLD]}" if product.description else named


@dataclass(frozen=True, slots=True)
class MeaningScores:
    """Cosines of one product with every leaf's path and name, and with each leaf's confirmed products (0: none)."""

    path: Row
    name: Row
    likeness: Row
    likeness_mean: Row
    nearest: Places

    def features(self, chosen: Places) -> Row:
        """The columns ``MEANING_FEATURES`` of some leaves."""
        path, likeness = self.path[chosen], self.likeness[chosen]
        best = float(self.likeness.max(initial=0.0))
        columns = (
            path,
            self.name[chosen],
            path - self.path.max(),
            likeness,
            self.likeness_mean[chosen],
            np.where(likeness > 0, likeness - best, 0.0),
            np.where(likeness > 0, best, 0.0),
        )
        return np.stack(columns, axis=1)


class Meanings:
    """Vectors of the tree's leaves (4 ms each to make, 3 kB each to keep) and of the confirmed examples."""

    def __init__(self, leaves: Sequence[Leaf], embedder: Embedder) -> None:
        self._embedder = embedder
        self._names = self._embedded([_name_of(leaf) for leaf in leaves])
        self._paths = self._embedded([_path_of(leaf) for leaf in leaves])
        self._examples: list[tuple[str, int]] = []
        self._known: dict[str, NDArray[np.float32]] = {}

    def add(self, example: ProductText, column: int) -> None:
        """Learn one example; its vector is made when next asked for, together with others."""
        self._examples.append((text_of(example), column))

    def remove(self, example: ProductText, column: int) -> None:
        """Take one back."""
        entry = (text_of(example), column)
        if entry in self._examples:
            self._examples.remove(entry)
            if all(text != entry[0] for text, _ in self._examples):
                self._known.pop(entry[0], None)

    def scores(self, products: Sequence[ProductText]) -> Iterator[MeaningScores]:
        """One per product, in order."""
        examples, columns = self._example_vectors(), np.array([column for _, column in self._examples], dtype=np.int32)
        for start in range(0, len(products), _BLOCK):
            vectors = self._embedder.embed([text_of(product) for product in products[start : start + _BLOCK]])
            paths, names, past = vectors @ self._paths.T, vectors @ self._names.T, vectors @ examples.T
            for path, name, like in zip(paths, names, past, strict=True):
                yield _scores(path.astype(np.float64), name.astype(np.float64), like.astype(np.float64), columns)

    def _example_vectors(self) -> Vectors:
        missing = list(dict.fromkeys(text for text, _ in self._examples if text not in self._known))
        if missing:
            self._known.update(zip(missing, self._embedder.embed(missing), strict=True))
        rows = [self._known[text] for text, _ in self._examples]
        return np.stack(rows) if rows else np.zeros((0, self._paths.shape[1]), dtype=np.float32)

    def _embedded(self, texts: Sequence[str]) -> Vectors:
        rows = {text: row for row, text in enumerate(dict.fromkeys(texts))}
        return self._embedder.embed(list(rows))[[rows[text] for text in texts]]


def _scores(path: Row, name: Row, like: Row, columns: Places) -> MeaningScores:
    likeness, counts = np.zeros(len(path)), np.bincount(columns, minlength=len(path))
    np.maximum.at(likeness, columns, like)
    mean = summed(columns, like, len(path)) / np.maximum(counts, 1)
    near, past = path + name, np.argsort(-likeness, kind="stable")[:BY_MEMORY]
    nearest = np.argsort(-near, kind="stable")[:BY_MEANING]
    return MeaningScores(
        path, name, likeness, mean, np.concatenate([nearest, past[likeness[past] > 0]]).astype(np.int32)
    )
