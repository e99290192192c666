"""Which products of the store stand on TikTok Shop already: certain pairs, and pairs that a person must decide.

A pair is told by its evidence. It is certain only if nothing rivals it, so the order of looking never matters.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

_GID = "gid://shopify/Product/"
LONGEST_KEY = 255
"""Longer ones are of no use: the mirror does not keep them."""
SHORTEST_CODE = 7
BLANKS = "".join(
    map(chr, (*range(9, 14), *range(28, 33), 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x205F,
              0x3000))
)  # fmt: skip
"""What Python takes for blank at the ends of a text, named, so that SQL takes the same."""


class Evidence(StrEnum):
    """Why two products may be the same, strongest first."""

    EXTERNAL_ID = "EXTERNAL_ID"
    ALL_SKUS = "ALL_SKUS"
    EXTERNAL_NUMBER = "EXTERNAL_NUMBER"
    EXTERNAL_SKU_ID = "EXTERNAL_SKU_ID"
    SOME_SKUS = "SOME_SKUS"
    BARCODE = "BARCODE"


class LinkConflict(StrEnum):
    """Why a pair is not certain."""

    SEVERAL_PRODUCTS = "SEVERAL_PRODUCTS"
    SEVERAL_REMOTES = "SEVERAL_REMOTES"
    PARTIAL_SKUS = "PARTIAL_SKUS"
    WEAK_EVIDENCE = "WEAK_EVIDENCE"


class LinkState(StrEnum):
    """What was decided about a pair."""

    PENDING = "PENDING"
    LINKED = "LINKED"
    UNLINKED = "UNLINKED"
    """It was linked and a person took it apart: never linked by itself again."""
    REJECTED = "REJECTED"
    """A person said that these are two different products."""


class OnMatch(StrEnum):
    """What listing does with a product that seems to be on TikTok Shop already."""

    LINK = "LINK"
    HOLD = "HOLD"
    CREATE = "CREATE"


class TraceKind(StrEnum):
    """A trace of another hand in the TikTok shop (capabilities L22, N14): what our own work never leaves behind."""

    CREATED_SINCE_CONNECTING = "CREATED_SINCE_CONNECTING"
    FOREIGN_EXTERNAL_ID = "FOREIGN_EXTERNAL_ID"
    TWIN_SKU = "TWIN_SKU"


@dataclass(frozen=True, slots=True)
class Trace:
    """``amount`` products on TikTok Shop that no listing stands for; ``examples`` are TikTok's ids, newest first."""

    kind: TraceKind
    amount: int
    examples: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """The form kept in rows."""
        return {"kind": self.kind, "amount": self.amount, "examples": list(self.examples)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Trace":
        """Read back what ``to_json`` wrote."""
        return cls(TraceKind(data["kind"]), data["amount"], tuple(data["examples"]))


@dataclass(frozen=True, slots=True)
class StoreVariant:
    """One variant, as far as it can be recognized."""

    remote_id: str
    sku: str = ""
    barcode: str = ""


@dataclass(frozen=True, slots=True)
class StoreProduct:
    """A product of the store; ``remote_id`` is Shopify's global id."""

    id: UUID
    remote_id: str
    variants: tuple[StoreVariant, ...]


@dataclass(frozen=True, slots=True)
class RemoteSku:
    """One SKU on TikTok Shop."""

    id: str
    seller_sku: str = ""
    external_sku_id: str = ""
    identifier: str = ""


@dataclass(frozen=True, slots=True)
class Remote:
    """A product on TikTok Shop."""

    remote_id: str
    external_product_id: str
    skus: tuple[RemoteSku, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two products that may be one."""

    product_id: UUID
    remote_id: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A pair with what speaks for it and against it; ``conflicts`` is empty for a certain one."""

    pair: Pair
    evidence: tuple[Evidence, ...]
    conflicts: tuple[LinkConflict, ...] = ()


@dataclass(frozen=True, slots=True)
class Matching:
    """``certain`` pairs share no product; ``open`` ones wait for a person."""

    certain: tuple[Candidate, ...]
    open: tuple[Candidate, ...]


def same_sku(sku: str) -> str:
    """A seller SKU without the blanks around it."""
    return sku.strip(BLANKS)


def same_code(barcode: str) -> str:
    """A GTIN in the form in which EAN, UPC and GTIN-14 of one article are equal; nothing for what is too short."""
    digits = "".join(letter for letter in barcode if letter in "0123456789").lstrip("0")
    return digits if len(digits) >= SHORTEST_CODE else ""


def keys_of_product(product: StoreProduct) -> frozenset[str]:
    """Everything the product may be recognized by. The store's SQL makes the same keys (``store.link_matches``)."""
    found = {f"x:{product.remote_id}"}
    for variant in product.variants:
        found |= {f"v:{variant.remote_id}", f"s:{same_sku(variant.sku)}", f"b:{same_code(variant.barcode)}"}
    return _useful(found)


def keys_of_remote(remote: Remote) -> frozenset[str]:
    """The same of a product on TikTok Shop; a bare number may be a Shopify product's."""
    external = remote.external_product_id.strip()
    found = {f"x:{_GID}{external}" if external.isdecimal() else f"x:{external}"}
    for sku in remote.skus:
        found |= {f"v:{sku.external_sku_id}", f"s:{same_sku(sku.seller_sku)}", f"b:{same_code(sku.identifier)}"}
    return _useful(found)


def _useful(keys: Iterable[str]) -> frozenset[str]:
    return frozenset(key for key in keys if 2 < len(key) <= LONGEST_KEY)


def match(products: Collection[StoreProduct], remotes: Collection[Remote], refused: Collection[Pair] = ()) -> Matching:
    """Pair products with what stands on TikTok Shop. ``refused`` pairs count for nothing.

    An external id that names one product and stands on one remote decides by itself; after those are set aside, equal
    SKUs decide where neither side has any other candidate.
    """
    found = _evidence(products, remotes, frozenset(refused))
    decided = _unrivalled({pair: seen for pair, seen in found.items() if Evidence.EXTERNAL_ID in seen})
    rest = _without(found, decided)
    by_skus = {pair for pair in _unrivalled(rest) if Evidence.ALL_SKUS in rest[pair]}
    left = _without(rest, by_skus)
    products_left, remotes_left = _counts(left)
    return Matching(
        certain=tuple(Candidate(pair, found[pair]) for pair in _ordered(decided | by_skus)),
        open=tuple(
            Candidate(
                pair, left[pair], _conflicts(left[pair], remotes_left[pair.remote_id], products_left[pair.product_id])
            )
            for pair in _ordered(left)
        ),
    )


def _ordered(pairs: Iterable[Pair]) -> list[Pair]:
    return sorted(pairs, key=lambda pair: (pair.product_id, pair.remote_id))


def _evidence(
    products: Collection[StoreProduct], remotes: Collection[Remote], refused: frozenset[Pair]
) -> dict[Pair, tuple[Evidence, ...]]:
    by_key: defaultdict[str, list[StoreProduct]] = defaultdict(list)
    for product in products:
        for key in keys_of_product(product):
            by_key[key].append(product)
    found = {}
    for remote in remotes:
        met = {product.id: product for key in keys_of_remote(remote) for product in by_key.get(key, ())}
        for product in met.values():
            pair = Pair(product.id, remote.remote_id)
            if pair not in refused and (seen := evidence(product, remote)):
                found[pair] = seen
    return found


def evidence(product: StoreProduct, remote: Remote) -> tuple[Evidence, ...]:
    """What speaks for the two being the same, strongest first; nothing when nothing does."""
    seen = set()
    external = remote.external_product_id.strip()
    if external and external == product.remote_id:
        seen.add(Evidence.EXTERNAL_ID)
    elif external.isdecimal() and f"{_GID}{external}" == product.remote_id:
        seen.add(Evidence.EXTERNAL_NUMBER)
    ours = [same_sku(variant.sku) for variant in product.variants]
    theirs = [same_sku(sku.seller_sku) for sku in remote.skus]
    if ours and all(ours) and len(set(ours)) == len(ours) and sorted(ours) == sorted(theirs):
        seen.add(Evidence.ALL_SKUS)
    elif {sku for sku in ours if sku} & {sku for sku in theirs if sku}:
        seen.add(Evidence.SOME_SKUS)
    if {variant.remote_id for variant in product.variants} & {sku.external_sku_id for sku in remote.skus}:
        seen.add(Evidence.EXTERNAL_SKU_ID)
    codes = {same_code(variant.barcode) for variant in product.variants} - {""}
    if codes & {same_code(sku.identifier) for sku in remote.skus}:
        seen.add(Evidence.BARCODE)
    return tuple(kind for kind in Evidence if kind in seen)


def _unrivalled(pairs: Mapping[Pair, object]) -> set[Pair]:
    """Pairs neither side of which stands in another one."""
    products, remotes = _counts(pairs)
    return {pair for pair in pairs if products[pair.product_id] == 1 and remotes[pair.remote_id] == 1}


def _counts(pairs: Iterable[Pair]) -> tuple[Mapping[UUID, int], Mapping[str, int]]:
    products: defaultdict[UUID, int] = defaultdict(int)
    remotes: defaultdict[str, int] = defaultdict(int)
    for pair in pairs:
        products[pair.product_id] += 1
        remotes[pair.remote_id] += 1
    return products, remotes


def _without(pairs: Mapping[Pair, tuple[Evidence, ...]], decided: Collection[Pair]) -> dict[Pair, tuple[Evidence, ...]]:
    products, remotes = {pair.product_id for pair in decided}, {pair.remote_id for pair in decided}
    return {
        pair: seen for pair, seen in pairs.items() if pair.product_id not in products and pair.remote_id not in remotes
    }


def _conflicts(seen: tuple[Evidence, ...], products: int, remotes: int) -> tuple[LinkConflict, ...]:
    found = []
    if products > 1:
        found.append(LinkConflict.SEVERAL_PRODUCTS)
    if remotes > 1:
        found.append(LinkConflict.SEVERAL_REMOTES)
    if Evidence.SOME_SKUS in seen:
        found.append(LinkConflict.PARTIAL_SKUS)
    if not {Evidence.EXTERNAL_ID, Evidence.ALL_SKUS, Evidence.SOME_SKUS} & set(seen):
        found.append(LinkConflict.WEAK_EVIDENCE)
    return tuple(found)
