"""The tree as an inverted index: which leaves' paths and names hold a product's words."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from server.domain.recommender.columns import Columns, Entries, Places, Row, summed
from server.domain.recommender.lexicon import NARROWING
from server.domain.recommender.values import Leaf
from server.domain.recommender.words import content, joined

_ALTERNATIVES = re.compile(r"\s*(?:&|,|/|\band\b|\bor\b|\()\s*")
_NAME, _PARENT, _ANCESTOR = 1.0, 0.5, 0.2  # what a word in the leaf's own name, in its parent's, higher up, is worth

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WordScores:
    """How a product's words meet the tree: three values per leaf, two per node (and a 0 at the end for "no node")."""

    overlap: Row  # rare words count more, words in the leaf's own name most
    path_coverage: Row  # share of the whole path's words that the product says
    unsaid: Row  # words of the path that narrow it to a host or trade ("horse", "replacement") and that nobody said
    coverage: Row  # share of the node's own name that the product says
    head: Row  # whether the name's head noun is the thing the title names


def alternatives(name: str) -> list[list[str]]:
    """The names in a name: "Blushes & Bronzers" is two, each a list of words."""
    pieces = [content(piece) for piece in _ALTERNATIVES.split(name)]
    return [piece for piece in pieces if piece] or [content(name) or [name.casefold()]]


class TreeIndex:
    """Built once per tree, read-only afterwards. Leaves are columns 0..n-1 in the order given."""

    def __init__(self, leaves: Sequence[Leaf]) -> None:
        self.leaves = tuple(leaves)
        nodes = _nodes(leaves)
        terms = {node: _terms(node[-1]) for node in nodes}
        spread: dict[str, int] = {}
        for found in terms.values():
            for term in found:
                spread[term] = spread.get(term, 0) + 1
        self.idf = {term: math.log(1 + len(nodes) / (1 + count)) for term, count in spread.items()}
        self._rarest = math.log(1 + len(nodes) / 2)
        self._paths = Columns(self._path_entries(terms))
        self._path_mass = np.array([sum(map(self._weight, _path_words(leaf.path))) or 1.0 for leaf in leaves])
        self._narrowing = Columns(_narrowing_entries(leaves))
        self._narrow = np.array([float(len(NARROWING & _path_words(leaf.path))) for leaf in leaves])
        pieces = [(index, piece) for index, node in enumerate(nodes) for piece in alternatives(node[-1])]
        self._names = Columns(self._name_entries([piece for _, piece in pieces]))
        self._pieces = len(pieces)
        self._first_piece = np.searchsorted(np.array([index for index, _ in pieces]), np.arange(len(nodes)))
        self.node, self.above = _lineage(leaves, nodes)
        self.below = _below(leaves)
        self.department = _group([leaf.path[:1] for leaf in leaves])
        self.branch = _group([leaf.path[:2] for leaf in leaves])
        self.name_length = np.log(np.array([1 + len(content(leaf.path[-1])) for leaf in leaves], dtype=np.float64))

    def scores(self, title: Mapping[str, float], heads: Mapping[str, float]) -> WordScores:
        """Score every leaf and node against weighted terms and likely head nouns."""
        said = {term: min(weight, 1.0) for term, weight in title.items()}
        places, _, mass = self._paths.gather(said)
        path_coverage = summed(places, mass, len(self.leaves)) / self._path_mass
        places, shares, _ = self._names.gather(said)
        coverage = self._best_piece(summed(places, shares, self._pieces))
        places, _, heading = self._names.gather(heads)
        head = self._best_piece(summed(places, heading, self._pieces))
        places, narrowed, _ = self._narrowing.gather(said)
        unsaid = self._narrow - summed(places, narrowed, len(self.leaves))
        return WordScores(self.overlap(title), path_coverage, unsaid, coverage, head)

    def overlap(self, terms: Mapping[str, float]) -> Row:
        """Weighted overlap of each leaf's path with terms (a description's, say)."""
        places, weights, _ = self._paths.gather(terms)
        return summed(places, weights, len(self.leaves))

    def mass(self, terms: Mapping[str, float]) -> float:
        """The overlap a leaf would reach whose own name held all these terms."""
        return math.fsum(self.idf.get(term, 0.0) * weight for term, weight in terms.items())

    def shared(self, terms: Mapping[str, float], leaf: Leaf) -> list[str]:
        """The terms that stand in the leaf's path, most telling first."""
        there = {term for name in leaf.path for term in _terms(name)}
        return sorted(there & terms.keys(), key=lambda term: (-terms[term] * self._weight(term), term))

    def _weight(self, term: str) -> float:
        return self.idf.get(term, self._rarest)

    def _best_piece(self, pieces: Row) -> Row:
        return np.append(np.maximum.reduceat(pieces, self._first_piece), 0.0)

    def _path_entries(self, terms: Mapping[Path, frozenset[str]]) -> Entries:
        entries: Entries = {}
        for column, leaf in enumerate(self.leaves):
            weights: dict[str, float] = {}
            depth = len(leaf.path)
            for end in range(1, depth + 1):
                weight = _NAME if end == depth else _PARENT if end == depth - 1 else _ANCESTOR
                for term in terms[leaf.path[:end]]:
                    weights[term] = max(weights.get(term, 0.0), weight)
            single = _path_words(leaf.path)
            for term, weight in weights.items():
                rarity = self.idf[term]
                entries.setdefault(term, []).append((column, weight * rarity, rarity if term in single else 0.0))
        return entries

    def _name_entries(self, pieces: Sequence[Sequence[str]]) -> Entries:
        entries: Entries = {}
        for column, piece in enumerate(pieces):
            unique = dict.fromkeys(piece)
            whole = math.fsum(map(self._weight, unique))
            for term in unique:
                head = 1.0 if term == piece[-1] else 0.0
                entries.setdefault(term, []).append((column, self._weight(term) / whole, head))
            if len(piece) > 1:  # "eyeliner" is the head of "Eye Liners" too
                entries.setdefault(piece[-2] + piece[-1], []).append((column, 0.0, 1.0))
        return entries


def _terms(name: str) -> frozenset[str]:
    sequence = content(name)
    return frozenset((*sequence, *joined(sequence)))


def _narrowing_entries(leaves: Sequence[Leaf]) -> Entries:
    entries: Entries = {}
    for column, leaf in enumerate(leaves):
        for word in NARROWING & _path_words(leaf.path):
            entries.setdefault(word, []).append((column, 1.0, 0.0))
    return entries


def _path_words(path: Path) -> frozenset[str]:
    return frozenset(word for name in path for word in content(name))


def _nodes(leaves: Sequence[Leaf]) -> dict[Path, int]:
    """Every node on the way to a leaf, with a number."""
    paths = {leaf.path[:end]: None for leaf in leaves for end in range(1, len(leaf.path) + 1)}
    return {path: index for index, path in enumerate(paths)}


def _lineage(leaves: Sequence[Leaf], nodes: Mapping[Path, int]) -> tuple[Places, Places]:
    """Each leaf's own node, and a row of the nodes above it, nearest first, filled up with "no node"."""
    deepest = max(len(leaf.path) for leaf in leaves)
    above = np.full((len(leaves), max(deepest - 1, 2)), len(nodes), dtype=np.int32)
    for column, leaf in enumerate(leaves):
        ends = range(len(leaf.path) - 1, 0, -1)
        above[column, : len(ends)] = [nodes[leaf.path[:end]] for end in ends]
    return np.array([nodes[leaf.path] for leaf in leaves], dtype=np.int32), above


def _below(leaves: Sequence[Leaf]) -> dict[int, Places]:
    """For each given category with others given below it: the columns of those below with none below themselves."""
    column = {leaf.path: place for place, leaf in enumerate(leaves)}
    inner: dict[int, list[int]] = {}
    for place, leaf in enumerate(leaves):
        for end in range(1, len(leaf.path)):
            if leaf.path[:end] in column:
                inner.setdefault(column[leaf.path[:end]], []).append(place)
    return {
        above: np.array([place for place in places if place not in inner], dtype=np.int32)
        for above, places in inner.items()
    }


def _group(keys: Sequence[Path]) -> Places:
    numbers: dict[Path, int] = {}
    return np.array([numbers.setdefault(key, len(numbers)) for key in keys], dtype=np.int32)
