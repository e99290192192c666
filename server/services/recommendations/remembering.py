"""The local recommenders of this process: one a kept tree, and what the TikTok shop's confirmed choices taught it."""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import anyio

from server.domain.candidates import LocalCandidate, Place
from server.domain.categories import CategoryRef, CategoryVersion
from server.domain.category_tree import TreeNode
from server.domain.recommender import Leaf, ProductText, Ranking, Recommender
from server.domain.recommender.kept_vectors import KnownFirst
from server.services.recommendations.meanings import SentenceModel, with_leaves
from server.services.recommendations.rows import product_text
from server.store import categories, confirmed_choices
from server.store.confirmed_choices import ChoiceRow, Mark
from server.store.session import Database
from server.tables import CategoryTree

CANDIDATES = 5
"""Leaves kept of each ranking."""
_MOST_KEPT = 12
"""Recommenders in memory at once; the one unused for longest goes."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """One remembered choice; ``settles`` unless a mapping said it."""

    text: ProductText
    leaf: str
    settles: bool


@dataclass(slots=True)
class _Kept:
    """Used in worker threads under its own lock; ``stamp`` tells one state of the tree from another."""

    stamp: tuple[datetime, int]
    places: dict[str, Place]
    recommender: Recommender | None
    mark: Mark | None = None
    learned: dict[UUID, Lesson] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def learn(self, mark: Mark, choices: Sequence[ChoiceRow]) -> None:
        """Take over what changed among the confirmed choices, one example at a time."""
        if self.recommender is None:
            return
        said = {row.product_id: Lesson(product_text(row), row.leaf_id, row.settles) for row in choices}
        for product_id, one in list(self.learned.items()):
            if said.get(product_id) != one:
                self.recommender.forget(one.text, one.leaf, settles=one.settles)
                del self.learned[product_id]
        for product_id, one in said.items():
            if product_id not in self.learned and self.recommender.learn(one.text, one.leaf, settles=one.settles):
                self.learned[product_id] = one
        self.mark = mark

    def rank(self, texts: Sequence[ProductText]) -> list[Ranking]:
        """One ranking a text."""
        return [Ranking() for _ in texts] if self.recommender is None else self.recommender.rank(texts, CANDIDATES)


_shelf: OrderedDict[UUID, _Kept] = OrderedDict()
_shelf_lock = threading.Lock()
_workshop = threading.Lock()
"""Chunks that start together wait for one to build what all of them need."""
_embedding = anyio.Lock()


@dataclass(frozen=True, slots=True)
class Ranked:
    """Our own candidates, a tuple for each text, and the state of the tree they stand in (none: no tree is kept)."""

    candidates: tuple[tuple[LocalCandidate, ...], ...]
    tree_fetched_at: datetime | None


async def rank(
    database: Database,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    version: CategoryVersion,
    texts: Sequence[ProductText],
    model: SentenceModel | None = None,
) -> Ranked:
    """Rank the kept tree's leaves for each text. Choices confirmed a moment ago count already."""
    where = {"shop_id": shop_id, "tiktok_shop_id": tiktok_shop_id}
    async with database.read() as session:
        tree = await categories.tree_of(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, version=version)
        if tree is None:
            return Ranked(((),) * len(texts), None)
        kept = _kept(tree)
        nodes = await categories.nodes_of(session, shop_id=shop_id, tree_id=tree.id) if kept is None else None
        mark = await confirmed_choices.mark(session, **where, version=version)
        knows = kept is not None and kept.mark == mark
        choices = None if knows else await confirmed_choices.all_of(session, **where, version=version)
    if kept is None:
        places = _places(tree, nodes or ())
        leaves = [Leaf(leaf_id, place.path) for leaf_id, place in places.items()]
        embedder = await with_leaves(database, model, leaves, _embedding) if model and leaves else None
        kept = await anyio.to_thread.run_sync(_built, tree, places, leaves, embedder)
    return await anyio.to_thread.run_sync(_ranked, kept, tree, mark, choices, texts)


def _stamp(tree: CategoryTree) -> tuple[datetime, int]:
    return tree.fetched_at, tree.nodes


def _kept(tree: CategoryTree) -> _Kept | None:
    with _shelf_lock:
        kept = _shelf.get(tree.id)
        if kept is None or kept.stamp != _stamp(tree):
            return None
        _shelf.move_to_end(tree.id)
        return kept


def _ranked(
    kept: _Kept, tree: CategoryTree, mark: Mark, choices: Sequence[ChoiceRow] | None, texts: Sequence[ProductText]
) -> Ranked:
    """In a thread: it takes a few milliseconds a product, and more with a sentence model."""
    with kept.lock:
        if choices is not None and kept.mark != mark:
            kept.learn(mark, choices)
        rankings = kept.rank(texts)
    return Ranked(tuple(_candidates(kept, ranking) for ranking in rankings), tree.fetched_at)


def _places(tree: CategoryTree, nodes: Sequence[TreeNode]) -> dict[str, Place]:
    return {
        node.id: Place(CategoryRef(node.id, tree.version), node.path, node.permissions)
        for node in nodes
        if node.is_leaf
    }


def _built(tree: CategoryTree, places: dict[str, Place], leaves: Sequence[Leaf], embedder: KnownFirst | None) -> _Kept:
    """In a thread: half a second for 10,000 leaves."""
    with _workshop:
        if (kept := _kept(tree)) is not None:
            return kept
        kept = _Kept(_stamp(tree), places, Recommender.build(leaves, embedder) if leaves else None)
        if embedder is not None:
            embedder.forget()
        _put(tree.id, kept)
        return kept


def _put(tree_id: UUID, kept: _Kept) -> None:
    with _shelf_lock:
        _shelf[tree_id] = kept
        _shelf.move_to_end(tree_id)
        while len(_shelf) > _MOST_KEPT:
            _shelf.popitem(last=False)


def _candidates(kept: _Kept, ranking: Ranking) -> tuple[LocalCandidate, ...]:
    return tuple(LocalCandidate(kept.places[one.leaf_id], one.probability, one.because) for one in ranking.candidates)
