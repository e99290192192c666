"""The sentence model in the services: names are embedded once, kept, and found again by the next process."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import anyio
import numpy as np
import pytest
from sqlmodel import func, select

from server.domain.recommender import Leaf, Recommender
from server.domain.recommender.embedding import Vectors, leaf_texts
from server.domain.recommender.kept_vectors import KnownFirst, digest, packed, unpacked
from server.services.recommendations import meanings
from server.services.recommendations.meanings import SentenceModel, sentence_model, with_leaves
from server.tables import LeafVector
from tests.recommending.conftest import Advisor

LEAVES = [Leaf("1", ("Home", "Mugs")), Leaf("2", ("Home", "Bowls")), Leaf("3", ("Art", "Bowls"))]


@dataclass
class Counting(SentenceModel):
    """Vectors that depend on the text alone; what was asked is noted."""

    asked: list[str] = field(default_factory=list)

    def embed(self, texts: Sequence[str]) -> Vectors:
        self.asked += texts
        rows = np.array([np.frombuffer(digest(text), dtype=np.uint8) for text in texts], dtype=np.float32)
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


def test_vectors_are_kept_nearly_as_they_were() -> None:
    made = Counting("test").embed(["mug", "bowl"])
    assert np.allclose(unpacked(packed(made)), made, atol=1e-3)
    known = KnownFirst({digest("mug"): packed(made)[0]}, model := Counting("test"))
    assert np.allclose(known.embed(["bowl", "mug"]), made[::-1], atol=1e-3)
    assert model.asked == ["bowl"]


async def test_names_are_embedded_once_whoever_asks(advisor: Advisor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meanings, "_BLOCK", 2)
    database, slot = advisor.deps.database, anyio.Lock()
    first, later = Counting("test"), Counting("test")
    await with_leaves(database, first, LEAVES, slot)
    assert (
        sorted(first.asked) == sorted(leaf_texts(LEAVES)) == ["Bowls", "Bowls Art", "Bowls Home", "Mugs", "Mugs Home"]
    )
    embedder = await with_leaves(database, later, [*LEAVES, Leaf("4", ("Home", "Jugs"))], slot)
    assert sorted(later.asked) == ["Jugs", "Jugs Home"]
    Recommender.build(LEAVES, embedder)
    assert len(later.asked) == 2
    async with database.read() as session:
        assert (await session.exec(select(func.count()).select_from(LeafVector))).one() == 7


async def test_chunks_that_start_together_embed_once(advisor: Advisor) -> None:
    model, slot = Counting("test"), anyio.Lock()
    async with anyio.create_task_group() as chunks:
        for _ in range(3):
            chunks.start_soon(with_leaves, advisor.deps.database, model, LEAVES, slot)
    assert len(model.asked) == 5


def test_no_model_is_the_default() -> None:
    assert sentence_model("none") is None
