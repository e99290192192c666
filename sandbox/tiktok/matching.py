"""Finds the leaf whose words a title uses: deterministic, by an index of words over one tree."""

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache

from sandbox.catalogue.tree import Category, Tree

WORD = re.compile(r"[^\W_]+")
SMALL = frozenset(
    {
        *("a", "an", "and", "by", "for", "from", "in", "of", "on", "or", "other", "others", "the", "to", "with"),
        *("set", "new", "pack", "piece", "pieces", "pcs"),
    }
)
LEAF_WORD, PARENT_WORD, HINT = 6, 1, 2


def words(text: str) -> list[str]:
    """Lower-case words without the smallest ones, plurals cut to one form."""
    return [_stem(word) for word in WORD.findall(text.casefold()) if word not in SMALL]


def _stem(word: str) -> str:
    for ending, instead in (("ies", "y"), ("sses", "ss"), ("ches", "ch"), ("shes", "sh"), ("xes", "x"), ("s", "")):
        if word.endswith(ending) and len(word) > len(ending) + 2 and not word.endswith("ss"):
            return word[: -len(ending)] + instead
    return word


Index = dict[str, list[tuple[int, int]]]


@lru_cache(maxsize=8)
def _index(tree: Tree) -> tuple[list[Category], Index, list[int]]:
    """Leaves, word -> (leaf, weight), and how many words each leaf's name has."""
    leaves = tree.leaves()
    index: Index = defaultdict(list)
    lengths = []
    for number, leaf in enumerate(leaves):
        path = tree.path(leaf.id)
        own = set(words(leaf.name))
        above = {word for parent in path[:-1] for word in words(parent.name)} - own
        lengths.append(len(own))
        for word in own:
            index[word].append((number, LEAF_WORD))
        for word in above:
            index[word].append((number, PARENT_WORD))
    return leaves, index, lengths


def ranked(tree: Tree, title: str, hints: Iterable[str] = ()) -> list[Category]:
    """Leaves that share a word of their own name with the title or a hint, best first.

    A word in the title counts double a word in a hint; among equals the leaf with the fewer other words wins, then
    the one that stands earlier in the tree.
    """
    leaves, index, lengths = _index(tree)
    scores: dict[int, int] = defaultdict(int)
    hits: dict[int, int] = defaultdict(int)
    in_title = set(words(title))
    in_hints = {word for hint in hints for word in words(hint)} - in_title
    for word, factor in [(word, HINT) for word in sorted(in_title)] + [(word, 1) for word in sorted(in_hints)]:
        for number, weight in index.get(word, ()):
            scores[number] += weight * factor
            hits[number] += weight == LEAF_WORD
    matched = [number for number in scores if hits[number]]
    matched.sort(key=lambda number: (-scores[number], lengths[number] - hits[number], number))
    return [leaves[number] for number in matched]
