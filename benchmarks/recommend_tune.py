"""Fits the recommender's constants.

``python -m benchmarks.recommend_tune --train FILE --dev FILE --categories FILE [--model]``

Weights: softmax regression over each dev product's candidates with the whole train file as memory, so that memory and
words are weighed as on products never seen. Curve: logistic regression on predictions by weights that did not see the
product, with and without the lexicon's entries made after looking at dev errors, because new products hold words nobody
looked for. Prints the cross-validated figures, then the constants for ``weights.py``.
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.recommend import Row, Tree, calibration_error, read_rows, read_tree, trained
from server.domain.recommender import Recommender
from server.domain.recommender.blending import calibrated, signs, softmax
from server.domain.recommender.embedding import MEANING_FEATURES
from server.domain.recommender.features import FEATURES, TELLING
from server.domain.recommender.lexicon import FIRST_WRITTEN, MEANS
from server.domain.recommender.minilm import MiniLm

Matrix = NDArray[np.float64]
FOLDS = 5
RIDGE = 0.01
NEWTON_STEPS = 30


@dataclass(frozen=True, slots=True)
class Case:
    """One product's candidates: features, which are right, their parents, what the curve looks at."""

    features: Matrix
    right: NDArray[np.bool_]
    family: NDArray[np.int32]
    telling: Matrix
    source: str


def cases_of(recommender: Recommender, rows: Sequence[Row], tree: Tree) -> list[Case]:
    """What the recommender weighs for each row, and which of it is right."""
    cases = []
    for row, weighed in zip(rows, recommender.cases([row.product for row in rows]), strict=True):
        right = [tree.is_right(recommender.leaf_at(int(leaf)).id, row) for leaf in weighed.leaves]
        family = recommender.families(weighed.columns)
        cases.append(Case(weighed.features, np.array(right), family, weighed.features[:, TELLING], row.source))
    return cases


def fit_weights(cases: Sequence[Case], steps: int = 400) -> Matrix:
    """Most likely weights under a small ridge; gradient ascent with momentum over all cases at once."""
    useful = [case for case in cases if case.right.any()]
    stacked = np.concatenate([case.features for case in useful])
    right = np.concatenate([case.right for case in useful])
    scale = stacked.std(axis=0) + 1e-9
    stacked = stacked / scale
    starts = np.cumsum([0] + [len(case.right) for case in useful[:-1]])
    owner = np.repeat(np.arange(len(useful)), [len(case.right) for case in useful])
    weights = np.zeros(stacked.shape[1])
    first, second = np.zeros_like(weights), np.zeros_like(weights)
    for step in range(1, steps + 1):
        scores = stacked @ weights
        raised = np.exp(scores - np.maximum.reduceat(scores, starts)[owner])
        share = raised / np.add.reduceat(raised, starts)[owner]
        hit = raised * right
        target = hit / (np.add.reduceat(hit, starts)[owner] + 1e-12)
        slope = (share - target) @ stacked / len(useful) + RIDGE * weights
        first, second = 0.9 * first + 0.1 * slope, 0.99 * second + 0.01 * slope**2
        weights -= 0.08 * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.99**step)) + 1e-8) / (1 + step / 150)
    return np.asarray(weights / scale)


def fit_curve(cases: Sequence[Case], shares: Sequence[Matrix]) -> Matrix:
    """Logistic regression of "the best candidate is right" by Newton's method."""
    seen = np.array(
        [
            signs(share, case.family, case.telling)[int(np.argmax(share))]
            for case, share in zip(cases, shares, strict=True)
        ]
    )
    right = np.array(
        [case.right[int(np.argmax(share))] for case, share in zip(cases, shares, strict=True)], dtype=np.float64
    )
    curve = np.zeros(seen.shape[1])
    for _ in range(NEWTON_STEPS):
        sure = 1 / (1 + np.exp(-(seen @ curve)))
        bend = (seen * (sure * (1 - sure))[:, None]).T @ seen + 0.5 * np.eye(len(curve))
        curve = curve - np.linalg.solve(bend, seen.T @ (sure - right) + 0.5 * curve)
    return curve


def report(cases: Sequence[Case], shares: Sequence[Matrix], curves: Sequence[Matrix]) -> None:
    """Cross-validated figures, all and by source."""
    rows = []
    for case, share, curve in zip(cases, shares, curves, strict=True):
        order = np.argsort(-share, kind="stable")
        sure = calibrated(share, case.family, case.telling, [float(value) for value in curve])
        rows.append((case.right[order[0]], case.right[order[:3]].any(), case.right.any(), sure[order[0]]))
    figures = np.array(rows, dtype=np.float64)
    sources = np.array([case.source for case in cases])
    for source in ["all", *sorted(set(sources))]:
        kept = figures if source == "all" else figures[sources == source]
        half = kept[np.argsort(-kept[:, 3], kind="stable")][: max(len(kept) // 2, 1)]
        shown = zip(("top1", "top3", "reachable"), kept[:, :3].mean(axis=0), strict=True)
        figure = " ".join(f"{name} {value:.4f}" for name, value in shown)
        error = calibration_error(kept[:, 3], kept[:, 0])
        print(f"{source:18s} {len(kept):4d} {figure} precision@50 {half[:, 0].mean():.4f} ece {error:.4f}")


def cross_validated(cases: Sequence[Case], repeats: int = 3) -> tuple[list[Case], list[Matrix], list[Matrix]]:
    """Shares by weights, and curves, that did not see the case; repeated over shuffles."""
    seen: list[Case] = []
    shares: list[Matrix] = []
    curves: list[Matrix] = []
    for repeat in range(repeats):
        fold = np.random.default_rng(repeat).permutation(len(cases)) % FOLDS
        found = [np.zeros(0)] * len(cases)
        for one in range(FOLDS):
            weights = fit_weights([case for case, at in zip(cases, fold, strict=True) if at != one])
            for place in np.flatnonzero(fold == one).tolist():
                found[place] = softmax(cases[place].features @ weights)
        by_fold = [
            fit_curve(
                [case for case, at in zip(cases, fold, strict=True) if at != one],
                [share for share, at in zip(found, fold, strict=True) if at != one],
            )
            for one in range(FOLDS)
        ]
        seen += cases
        shares += found
        curves += [by_fold[at] for at in fold]
    return seen, shares, curves


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("--train", "--dev", "--categories"):
        parser.add_argument(name, type=Path, required=True)
    parser.add_argument("--model", action="store_true", help="fit the constants used with the sentence model")
    options = parser.parse_args()
    tree, dev = read_tree(options.categories), read_rows(options.dev)
    model = MiniLm() if options.model else None
    seen: list[Case] = []
    shares: list[Matrix] = []
    for title, lexicon in (("words chosen before looking at dev", FIRST_WRITTEN), ("all words", MEANS)):
        recommender = trained(tree, read_rows(options.train), model, lexicon)
        cases = cases_of(recommender, dev, tree)
        judged, found, curves = cross_validated(cases)
        print(f"== {title}")
        report(judged, found, curves)
        seen += judged
        shares += found
    names = FEATURES + (MEANING_FEATURES if options.model else ())
    weights = "".join(f"    {weight:.3f},  # {name}\n" for name, weight in zip(names, fit_weights(cases), strict=True))
    print(f"weights=(\n{weights}),")
    print(f"curve=({', '.join(f'{value:.3f}' for value in fit_curve(seen, shares))}),")


if __name__ == "__main__":
    main()
