"""Judges the local recommender on labelled products.

``python -m benchmarks.recommend --train FILE --test FILE --categories FILE [--model] [--by-source]``

Files are gzipped JSON lines. Products: title, description, category_id, accepted_ids (a prediction is right when it is
one of these or lies below one). Categories: id, parent_id, full_name, is_leaf. The train file's labels are learned as
confirmed choices; the test file is read only to be judged. Prints one ``name value`` a line.
"""

import argparse
import gzip
import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.memory import peak_mb
from server.domain.recommender import Embedder, Leaf, ProductText, Ranking, Recommender
from server.domain.recommender.lexicon import MEANS, Lexicon
from server.domain.recommender.minilm import MiniLm

BATCH = 100
BINS = 10
Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Row:
    """One labelled product."""

    product: ProductText
    category_id: str
    accepted: frozenset[str]
    source: str


@dataclass(frozen=True, slots=True)
class Tree:
    """All categories of a file: what lies above each, and the leaves that may be recommended."""

    ancestors: Mapping[str, frozenset[str]]
    paths: Mapping[str, tuple[str, ...]]
    leaf_ids: frozenset[str]

    def leaves(self, confirmed: Sequence[str]) -> list[Leaf]:
        """The tree's leaves, and the inner nodes that labels name: learned from, never recommended."""
        wanted = self.leaf_ids | set(confirmed)
        return [Leaf(category, path) for category, path in self.paths.items() if category in wanted]

    def is_right(self, predicted: str, row: Row) -> bool:
        """One of the accepted ids, or below one."""
        return bool(row.accepted & (self.ancestors[predicted] | {predicted}))


def lines(path: Path) -> Iterator[dict[str, object]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            if line.strip():
                yield json.loads(line)


def text(record: Mapping[str, object], name: str) -> str:
    value = record.get(name)
    return value if isinstance(value, str) else ""


def names(record: Mapping[str, object], name: str) -> tuple[str, ...]:
    value = record.get(name)
    return tuple(str(one) for one in value) if isinstance(value, list) else ()


def read_rows(path: Path) -> list[Row]:
    """Labelled products; fields beyond title and description are used when present."""
    return [
        Row(
            ProductText(
                title=text(record, "title"),
                description=text(record, "description"),
                product_type=text(record, "product_type"),
                vendor=text(record, "vendor"),
                tags=names(record, "tags"),
                source_category=text(record, "source_category"),
            ),
            text(record, "category_id"),
            frozenset(names(record, "accepted_ids") or (text(record, "category_id"),)),
            text(record, "source"),
        )
        for record in lines(path)
    ]


def read_tree(path: Path) -> Tree:
    """Ancestors follow ``parent_id``; a leaf is what the file calls one, whatever its depth."""
    records = list(lines(path))
    parents = {text(record, "id"): text(record, "parent_id") for record in records}
    paths = {text(record, "id"): tuple(text(record, "full_name").split(" > ")) for record in records}
    inner = frozenset(parents.values())
    leaf_ids = frozenset(
        text(record, "id") for record in records if record.get("is_leaf", text(record, "id") not in inner)
    )
    return Tree({category: lineage(category, parents) for category in parents}, paths, leaf_ids)


def lineage(category: str, parents: Mapping[str, str]) -> frozenset[str]:
    """Everything above a category; a loop in the file ends the walk."""
    above: set[str] = set()
    while (category := parents.get(category, "")) and category not in above:
        above.add(category)
    return frozenset(above)


def trained(tree: Tree, rows: Sequence[Row], embedder: Embedder | None = None, lexicon: Lexicon = MEANS) -> Recommender:
    """A recommender that has seen the rows' labels as confirmed choices."""
    recommender = Recommender.build(tree.leaves([row.category_id for row in rows]), embedder, lexicon)
    for row in rows:
        recommender.learn(row.product, row.category_id)
    recommender.rank([row.product for row in rows[:1]])  # vectors of what was learned are made at the first use
    return recommender


def judge(rankings: Sequence[Ranking], rows: Sequence[Row], tree: Tree) -> dict[str, float]:
    """Accuracy, precision of the surer half, and expected calibration error over ten equal bins of probability."""
    right = np.array([is_right_at(ranking, row, tree, 1) for ranking, row in zip(rankings, rows, strict=True)])
    near = np.array([is_right_at(ranking, row, tree, 3) for ranking, row in zip(rankings, rows, strict=True)])
    sure = np.array([ranking.candidates[0].probability if ranking.candidates else 0.0 for ranking in rankings])
    half = np.argsort(-sure, kind="stable")[: max(len(rows) // 2, 1)]
    return {
        "top1": float(right.mean()),
        "top3": float(near.mean()),
        "precision@50": float(right[half].mean()),
        "ece": calibration_error(sure, right),
    }


def is_right_at(ranking: Ranking, row: Row, tree: Tree, count: int) -> bool:
    """Whether one of the first ``count`` candidates is right."""
    return any(tree.is_right(candidate.leaf_id, row) for candidate in ranking.candidates[:count])


def calibration_error(sure: Numbers, right: Numbers) -> float:
    """Mean distance between stated probability and share of right answers, bins weighted by their size."""
    bins = np.minimum((sure * BINS).astype(int), BINS - 1)
    gaps = [abs(sure[bins == one].sum() - right[bins == one].sum()) for one in range(BINS)]
    return float(sum(gaps) / len(sure))


def timed(recommender: Recommender, rows: Sequence[Row]) -> tuple[list[Ranking], float]:
    """Rankings, and milliseconds a product in batches, reasons included."""
    products = [row.product for row in rows]
    began = time.perf_counter()
    rankings = [
        ranking
        for start in range(0, len(products), BATCH)
        for ranking in recommender.rank(products[start : start + BATCH], 3)
    ]
    return rankings, (time.perf_counter() - began) * 1000 / len(products)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("--train", "--test", "--categories"):
        parser.add_argument(name, type=Path, required=True)
    parser.add_argument("--model", action="store_true", help="add the sentence-embedding backend")
    parser.add_argument(
        "--by-source", action="store_true", help="also print top1 and top3 of each source of the test file"
    )
    options = parser.parse_args()
    tree, test = read_tree(options.categories), read_rows(options.test)
    recommender = trained(tree, read_rows(options.train), MiniLm() if options.model else None)
    rankings, milliseconds = timed(recommender, test)
    peak = peak_mb()
    for name, value in judge(rankings, test, tree).items():
        print(f"{name} {value:.4f}")
    print(f"ms_per_product {milliseconds:.3f}")
    print(f"memory_mb {peak:.0f}")
    if options.by_source:
        for source in sorted({row.source for row in test}):
            kept = [at for at, row in enumerate(test) if row.source == source]
            found = judge([rankings[at] for at in kept], [test[at] for at in kept], tree)
            print(f"{source}.top1 {found['top1']:.4f}\n{source}.top3 {found['top3']:.4f}\n{source}.rows {len(kept)}")


if __name__ == "__main__":
    main()
