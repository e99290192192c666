"""The optional sentence model of this process: loaded when first needed, asked once for each category name there is."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import anyio

from server.domain.recommender import Leaf
from server.domain.recommender.embedding import Vectors, leaf_texts
from server.domain.recommender.kept_vectors import KnownFirst, digest, packed
from server.domain.recommender.minilm import MiniLm, check
from server.store import leaf_vectors
from server.store.session import Database

_BLOCK = 256
"""Names embedded between two commits, about a second: what a stopped worker loses."""


@dataclass(slots=True)
class SentenceModel:
    """all-MiniLM-L6-v2, loaded by the first text: processes that never rank never hold it."""

    name: str
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _loaded: MiniLm | None = None

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One row of length 1 per text; one caller at a time."""
        with self._lock:
            self._loaded = self._loaded or MiniLm()
            return self._loaded.embed(texts)


def sentence_model(wanted: Literal["none", "minilm"]) -> SentenceModel | None:
    """The model that the setting names; ``ModelMissing`` when it is wanted and not installed."""
    if wanted == "none":
        return None
    check()
    return SentenceModel("all-MiniLM-L6-v2-int8")


async def with_leaves(database: Database, model: SentenceModel, leaves: Sequence[Leaf], slot: anyio.Lock) -> KnownFirst:
    """The model with the vectors of these leaves at hand; those that nobody made yet are made and kept.

    ``slot``: of the chunks of a process that start together, one makes them and the others find them made.
    """
    texts = {digest(text): text for text in leaf_texts(leaves)}
    async with slot:
        async with database.read() as session:
            known = await leaf_vectors.known(session, model=model.name, digests=list(texts))
        missing = [one for one in texts if one not in known]
        for start in range(0, len(missing), _BLOCK):
            block = missing[start : start + _BLOCK]
            vectors = await anyio.to_thread.run_sync(model.embed, [texts[one] for one in block])
            made = dict(zip(block, packed(vectors), strict=True))
            async with database.write() as session:
                await leaf_vectors.save(session, model=model.name, vectors=made)
            known |= made
    return KnownFirst(known, model)
