"""The local recommender (capability N10): works with no platform, no network and no model."""

from server.domain.recommender.embedding import Embedder
from server.domain.recommender.recommender import Recommender
from server.domain.recommender.values import Candidate, Ground, Leaf, ProductText, Ranking, Reason

__all__ = [
    "Candidate",
    "Embedder",
    "Ground",
    "Leaf",
    "ProductText",
    "Ranking",
    "Reason",
    "Recommender",
]
