"""The recommender's vocabulary: leaves and products in, ranked candidates with reasons out."""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Leaf:
    """A category that may be recommended. ``path`` runs from root to own name; its length says nothing."""

    id: str
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProductText:
    """What a product says about itself. ``source_category`` is any stable name or id of the category it comes from."""

    title: str
    description: str = ""
    product_type: str = ""
    vendor: str = ""
    tags: tuple[str, ...] = ()
    source_category: str = ""


class Ground(StrEnum):
    """What kind of evidence speaks for a leaf."""

    WORDS = "WORDS"  # words of the product that stand in the leaf's path, or mean the same
    HABIT = "HABIT"  # words that confirmed products of this leaf share
    PAST_PRODUCT = "PAST_PRODUCT"  # the confirmed product most like this one
    SAME_PRODUCT = "SAME_PRODUCT"  # the very same title was confirmed for this leaf
    SOURCE_CATEGORY = "SOURCE_CATEGORY"  # confirmed products of the same source category or type went here
    MAPPING = "MAPPING"  # the product's source category is mapped to the leaf


@dataclass(frozen=True, slots=True)
class Reason:
    """One piece of evidence: the product's own words, or the title or category name it rests on."""

    ground: Ground
    words: tuple[str, ...] = ()
    example: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One leaf with the probability, between 0 and 1, that it is right."""

    leaf_id: str
    probability: float
    because: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Ranking:
    """Candidates, most probable first; probabilities add up to at most 1. Empty when nothing speaks for any leaf."""

    candidates: tuple[Candidate, ...] = ()
