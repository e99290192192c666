"""Which leaf a product's own category in the store is mapped to, and what confirmed choices teach about it."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from string import ascii_lowercase, ascii_uppercase
from uuid import UUID

from server.domain.categories import CategoryRef

MIN_AGREEING = 3
"""So many products must agree on a leaf before their category is mapped to it."""

MIN_SHARE = 0.8
"""And so large a part of all the products of that category whose leaf is known."""

LONGEST_KEY = 255

_LOWER = str.maketrans(ascii_uppercase, ascii_lowercase)
_SHAPES = {
    "SHOPIFY_CATEGORY": re.compile(r"gid://shopify/TaxonomyCategory/[a-z0-9]+(-[0-9]+)*"),
    "COLLECTION": re.compile(r"gid://shopify/Collection/[0-9]+"),
}


class SourceKind(StrEnum):
    """What a store sorts its products by."""

    SHOPIFY_CATEGORY = "SHOPIFY_CATEGORY"
    PRODUCT_TYPE = "PRODUCT_TYPE"
    COLLECTION = "COLLECTION"


class MappingOrigin(StrEnum):
    """How a mapping came about. Only MANUAL takes the place of MANUAL."""

    MANUAL = "MANUAL"
    RECOMMENDED = "RECOMMENDED"
    LEARNED = "LEARNED"


@dataclass(frozen=True, slots=True)
class Source:
    """One source category. ``key`` is a product type, folded by ``type_key``, or Shopify's id of the category."""

    kind: SourceKind
    key: str


@dataclass(frozen=True, slots=True)
class Sorting:
    """How the store sorts one product."""

    product_type: str = ""
    category_id: str | None = None
    collection_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MappedLeaf:
    """The leaf that a product's source category is mapped to, and which category that was."""

    ref: CategoryRef
    source: Source
    because: str


@dataclass(frozen=True, slots=True)
class Standing:
    """A source category: how many products are in it (and below it), and which mapping holds for it.

    ``is_inherited``: the mapping is of a Shopify category above.
    """

    kind: SourceKind
    key: str
    name: str
    products: int
    mapping_id: UUID | None
    is_inherited: bool


@dataclass(frozen=True, slots=True)
class Proposal:
    """A mapping that confirmed choices speak for: ``agreeing`` of ``seen`` products of the source went to ``ref``."""

    source: Source
    ref: CategoryRef
    agreeing: int
    seen: int


def type_key(product_type: str) -> str:
    """Product types are one when only blanks around them or the case of A to Z differ, as in the database."""
    return product_type.strip(" ").translate(_LOWER)


def fault_of(source: Source) -> str | None:
    """What is wrong with a key, in a sentence for people, or nothing."""
    if not source.key or len(source.key) > LONGEST_KEY or "\0" in source.key:
        return f"The key of a source category has 1 to {LONGEST_KEY} characters."
    shape = _SHAPES.get(source.kind)
    if shape is not None and not shape.fullmatch(source.key):
        return (
            "This is Shopify's id of the category: gid://shopify/TaxonomyCategory/... or gid://shopify/Collection/..."
        )
    return None


def category_and_above(category_id: str) -> tuple[str, ...]:
    """A Shopify category and those above it, the most specific first: ids grow by ``-n`` with each level."""
    parts = category_id.split("-")
    return tuple("-".join(parts[:depth]) for depth in range(len(parts), 0, -1))


def is_sorted_in(category_id: str | None) -> bool:
    """Whether it is a category at all: Shopify's ``na`` says that the product has none."""
    return bool(category_id) and not (category_id or "").endswith("/na")


def sources_of(sorting: Sorting) -> tuple[Source, ...]:
    """All source categories of a product in the order in which their mappings are asked. The order is total.

    The Shopify category from the most specific up, then the product type, then collections by their ids.
    """
    above = category_and_above(sorting.category_id or "") if is_sorted_in(sorting.category_id) else ()
    found = [Source(SourceKind.SHOPIFY_CATEGORY, key) for key in above]
    if key := type_key(sorting.product_type):
        found.append(Source(SourceKind.PRODUCT_TYPE, key))
    found += [Source(SourceKind.COLLECTION, key) for key in sorted({*sorting.collection_ids})]
    return tuple(found)


def leaf_for(sorting: Sorting, mappings: Mapping[Source, tuple[CategoryRef, str]]) -> MappedLeaf | None:
    """The leaf of the first source category that is mapped; ``mappings`` holds leaf and name of each source."""
    for source in sources_of(sorting):
        if source in mappings:
            ref, name = mappings[source]
            return MappedLeaf(ref, source, because(source, name))
    return None


def because(source: Source, name: str) -> str:
    """Why a mapping holds for a product, for people."""
    return {
        SourceKind.SHOPIFY_CATEGORY: f"its Shopify category is in “{name}”, which is mapped",
        SourceKind.PRODUCT_TYPE: f"its product type “{name}” is mapped",
        SourceKind.COLLECTION: f"it is in the collection “{name}”, which is mapped",
    }[source.kind]


def propose(choices: Iterable[tuple[Source, CategoryRef, int]]) -> list[Proposal]:
    """What choices teach: so many products of a source went to a leaf. A tie teaches nothing: no leaf has the share."""
    votes: dict[Source, Counter[CategoryRef]] = defaultdict(Counter)
    for source, ref, amount in choices:
        votes[source][ref] += amount
    found = []
    for source, counts in votes.items():
        (ref, agreeing), seen = counts.most_common(1)[0], counts.total()
        if agreeing >= MIN_AGREEING and agreeing >= MIN_SHARE * seen:
            found.append(Proposal(source, ref, agreeing, seen))
    return found
