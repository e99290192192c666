"""What is known about each candidate leaf of one product: a matrix, rows candidates, columns ``FEATURES``."""

from dataclasses import dataclass

import numpy as np

from server.domain.recommender.columns import Places, Row, summed
from server.domain.recommender.embedding import MeaningScores
from server.domain.recommender.queries import Query
from server.domain.recommender.shop_memory import ShopMemory
from server.domain.recommender.tree_index import TreeIndex, WordScores
from server.domain.recommender.word_memory import WordMemory

BY_WORDS, BY_MEMORY = 48, 12  # candidates kept of each kind; more adds time, no accuracy

WORD_FEATURES = (
    "overlap", "overlap_share", "coverage", "whole_name", "head", "covered_head", "told", "told_share",
    "department_words", "branch_words", "name_length", "path_coverage", "parent_coverage", "parent_head",
    "above_coverage", "covered_head_anywhere", "head_above_only", "unsaid_narrowing",
)  # fmt: skip
MEMORY_FEATURES = (
    "habit", "habit_known", "habit_lead", "department_habit", "branch_habit", "confirmed_often",
    "habit_positive", "habit_of_best", "habit_and_coverage", "head_against_habit",
)  # fmt: skip
FEATURES = WORD_FEATURES + MEMORY_FEATURES
# The features that tell how far a share can be trusted.
TELLING = [FEATURES.index(name) for name in ("habit_known", "habit", "habit_lead", "path_coverage", "coverage")]


@dataclass(frozen=True, slots=True)
class Habits:
    """What the shop's memory says, spread over all leaves."""

    leaf: Row
    known: Row
    often: Row
    branch: Row
    department: Row
    leading: Places
    best: float
    second: float


def habits_of(query: Query, tree: TreeIndex, memory: ShopMemory) -> Habits:
    """Ask the three word memories."""
    size = len(tree.leaves)
    leaf, known, often = np.zeros(size), np.zeros(size), np.zeros(size)
    evidence, places = memory.leaves.evidence(query.memory), memory.leaves.columns()
    examples = memory.leaves.examples()
    alive = examples > 0
    evidence, places, examples = evidence[alive], places[alive], examples[alive]
    leaf[places], known[places], often[places] = evidence, 1.0, np.log1p(examples) / 5
    order = np.argsort(-evidence, kind="stable")
    best = [float(evidence[at]) for at in order[:2]] + [0.0, 0.0]
    branch, department = (
        _spread(memory.branches, query, tree.branch),
        _spread(memory.departments, query, tree.department),
    )
    return Habits(leaf, known, often, branch, department, places[order[:BY_MEMORY]], best[0], best[1])


def _spread(memory: WordMemory, query: Query, groups: Places) -> Row:
    values = np.zeros(int(groups.max()) + 1)
    values[memory.columns()] = memory.evidence(query.memory)
    return values[groups]


@dataclass(frozen=True, slots=True)
class Weighed:
    """Categories worth weighing, in tree order. ``leaves``: each itself or, for an inner one, its best leaf."""

    columns: Places
    leaves: Places
    features: Row


def weigh(
    query: Query, tree: TreeIndex, memory: ShopMemory, more: Places, meaning: MeaningScores | None = None
) -> Weighed:
    """Choose candidates by words and by memory (``more`` always among them) and say what is known of each."""
    scores = tree.scores(query.title, query.heads)
    told = tree.overlap(query.description)
    habits = habits_of(query, tree, memory)
    parent = tree.above[:, 0]
    rough = scores.overlap / 8 + told / 100 + (scores.coverage + scores.head)[tree.node]
    rough += 0.5 * (scores.coverage + scores.head)[parent]
    near = more if meaning is None else np.concatenate([more, meaning.nearest])
    chosen = np.unique(np.concatenate([_highest(rough, BY_WORDS), habits.leading, near])).astype(np.int32)
    by_words = _word_features(query, tree, scores, told, chosen)
    parts = [by_words, _memory_features(habits, chosen, by_words[:, 2], by_words[:, 4])]
    if meaning is not None:
        parts.append(meaning.features(chosen))
        rough = rough + 3 * meaning.path
    return Weighed(chosen, _settled(chosen, rough, tree), np.concatenate(parts, axis=1))


def _settled(chosen: Places, rough: Row, tree: TreeIndex) -> Places:
    """An inner category that the shop confirmed speaks for what is below it: of that, the leaf the words fit best."""
    leaves = chosen.copy()
    for place, column in enumerate(chosen):
        below = tree.below.get(int(column))
        if below is not None:
            leaves[place] = below[np.argmax(rough[below])]
    return leaves


def _highest(rough: Row, count: int) -> Places:
    """The places of the highest values above 0, ties to the earlier leaf, so that the answer never wavers."""
    places = np.flatnonzero(rough > 0)  # most are 0, and partition is slow on a row of ties
    if count < len(places):
        values = rough[places]
        places = places[values >= np.partition(values, -count)[-count]]
    order = np.argsort(-rough[places], kind="stable")[:count]
    return places[order].astype(np.int32)


def _word_features(query: Query, tree: TreeIndex, scores: WordScores, told: Row, chosen: Places) -> Row:
    overlap, node, above = scores.overlap[chosen], tree.node[chosen], tree.above[chosen]
    coverage, head = scores.coverage[node], scores.head[node]
    parent_coverage, parent_head = scores.coverage[above[:, 0]], scores.head[above[:, 0]]
    above_coverage, above_head = scores.coverage[above[:, 1:]].max(axis=1), scores.head[above[:, 1:]].max(axis=1)
    any_coverage, any_head = np.maximum(parent_coverage, above_coverage), np.maximum(parent_head, above_head)
    whole = overlap.sum() + 1e-9
    features = (
        overlap / 10,
        overlap / (tree.mass(query.title) + 1e-9),
        coverage,
        (coverage > 0.99).astype(np.float64),
        head,
        head * coverage,
        np.minimum(told[chosen] / 30, 1.0),
        told[chosen] / (1 + told.max(initial=0.0)),
        _share(overlap, tree.department[chosen]) / whole,
        _share(overlap, tree.branch[chosen]) / whole,
        tree.name_length[chosen],
        scores.path_coverage[chosen],
        parent_coverage,
        parent_head,
        above_coverage,
        np.maximum(coverage * head, any_coverage * any_head),
        (1 - coverage) * any_head,
        scores.unsaid[chosen],
    )
    return np.stack(features, axis=1)


def _memory_features(habits: Habits, chosen: Places, coverage: Row, head: Row) -> Row:
    leaf, known = habits.leaf[chosen], habits.known[chosen]
    positive = np.maximum(leaf, 0.0)
    leads = (known > 0) & (leaf >= habits.best)
    features = (
        leaf,
        known,
        np.where(leads, habits.best - habits.second, 0.0),
        habits.department[chosen],
        habits.branch[chosen],
        habits.often[chosen],
        positive,
        known * habits.best,
        coverage * positive,
        head * max(habits.best, 0.0),
    )
    return np.stack(features, axis=1)


def _share(values: Row, groups: Places) -> Row:
    return summed(groups, values, 0)[groups]
