"""The measured promise, on the labelled products where they lie beside the checkout; and the form of the benchmark."""

import gzip
import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared" / "data"


def measured(train: Path, test: Path, categories: Path) -> dict[str, float]:
    options = ["--train", str(train), "--test", str(test), "--categories", str(categories)]
    command = [sys.executable, "-m", "benchmarks.recommend", *options]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=120)
    return {name: float(value) for name, value in (line.split(" ") for line in run.stdout.splitlines())}


@pytest.mark.skipif(
    not DATA.is_dir(), reason="the labelled products (../shared/data) are not here: accuracy is not measured"
)
def test_the_promised_figures_hold_on_the_development_split() -> None:
    labelled = DATA / "labelled-products"
    figures = measured(
        labelled / "train.jsonl.gz", labelled / "dev.jsonl.gz", DATA / "shopify-taxonomy" / "categories.jsonl.gz"
    )
    assert figures["top1"] >= 0.85, figures
    assert figures["top3"] >= 0.92, figures
    assert figures["precision@50"] >= 0.97, figures
    assert figures["ece"] < 0.05, figures
    assert figures["memory_mb"] < 150, figures


def write(path: Path, rows: list[dict[str, object]]) -> Path:
    path.write_bytes(gzip.compress("\n".join(json.dumps(row) for row in rows).encode()))
    return path


def test_the_benchmark_judges_any_files_of_the_form(tmp_path: Path) -> None:
    nodes = {"r": "Home", "r-1": "Home > Drinkware", "r-1-1": "Home > Drinkware > Mugs", "r-2": "Home > Rugs"}
    categories: list[dict[str, object]] = [
        {"id": one, "parent_id": one.rpartition("-")[0] or None, "full_name": name, "is_leaf": one in {"r-1-1", "r-2"}}
        for one, name in nodes.items()
    ]
    train: list[dict[str, object]] = [
        {"title": "Quokka", "description": "", "category_id": "r-2", "accepted_ids": ["r-2"]}
    ]
    test: list[dict[str, object]] = [
        {"title": "Blue mug", "description": "", "category_id": "r-1", "accepted_ids": ["r-1"]},  # right: lies below
        {"title": "Quokka", "description": "", "category_id": "r-2", "accepted_ids": ["r-2"]},  # right: learned
        {"title": "A rug", "description": "", "category_id": "r-1", "accepted_ids": ["r-1"]},  # wrong on purpose
        {"title": "", "description": "", "category_id": "r-1", "accepted_ids": ["r-1"]},  # nothing to go by
    ]
    figures = measured(
        write(tmp_path / "train.gz", train),
        write(tmp_path / "test.gz", test),
        write(tmp_path / "categories.gz", categories),
    )
    assert list(figures) == ["top1", "top3", "precision@50", "ece", "ms_per_product", "memory_mb"]
    assert figures["top1"] == 0.5
