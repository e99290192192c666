"""What rules see of a product: few values, texts folded, so that a match needs no whole product."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import lru_cache

_NUMBER = re.compile(r"-?(\d{1,18}(\.\d{0,18})?|\.\d{1,18})", re.ASCII)
_ABSENT = "na"


@lru_cache(maxsize=16_384)
def folded(text: str) -> str:
    """Equal for texts that differ in case, in the spelling of accents, or in blanks around them.

    Remembered, as are numbers: a store's tags, vendors and prices repeat, and an import folds a million of them.
    """
    if text.isascii():
        return text.lower().strip()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", text).casefold()).strip()


@lru_cache(maxsize=4096)
def number_in(text: str) -> Decimal | None:
    """The text as a number when it is a plain decimal of at most 18 digits before and after the point."""
    return Decimal(text) if _NUMBER.fullmatch(text) else None


def taxonomy_id(said: str | None) -> str | None:
    """``aa-1-2`` of ``gid://shopify/TaxonomyCategory/aa-1-2``; nothing for none and for Shopify's ``na``."""
    found = folded((said or "").rpartition("/")[2])
    return None if found in ("", _ABSENT) else found


def _each(texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found for text in texts if (found := folded(text))))


@dataclass(frozen=True, slots=True)
class Traits:
    """A product as rules see it. Texts are folded when it is made, each value stands once.

    Prices are in the store's currency, ``weights`` in grams; ``stock`` is the sum over the variants whose stock the
    store counts. ``category`` is the bare id of Shopify's taxonomy. ``metafields`` are texts by ``namespace.key``.
    """

    title: str
    vendor: str = ""
    product_type: str = ""
    tags: tuple[str, ...] = ()
    collections: tuple[str, ...] = ()
    collection_ids: tuple[str, ...] = ()
    category: str | None = None
    prices: tuple[Decimal, ...] = ()
    compare_at_prices: tuple[Decimal, ...] = ()
    stock: int | None = None
    weights: tuple[Decimal, ...] = ()
    skus: tuple[str, ...] = ()
    barcodes: tuple[str, ...] = ()
    status: str = "ACTIVE"
    is_gift_card: bool = False
    created: datetime | None = None
    updated: datetime | None = None
    metafields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("title", "vendor", "product_type", "status"):
            object.__setattr__(self, name, folded(getattr(self, name)))
        for name in ("tags", "collections", "collection_ids", "skus", "barcodes"):
            if texts := getattr(self, name):
                object.__setattr__(self, name, _each(texts))
        for name in ("prices", "compare_at_prices", "weights"):
            object.__setattr__(self, name, tuple(sorted(set(getattr(self, name)))))
        object.__setattr__(self, "category", taxonomy_id(self.category))
        if self.metafields:
            said = {key: _each(texts) for key, texts in self.metafields.items()}
            object.__setattr__(self, "metafields", {key: texts for key, texts in said.items() if texts})
