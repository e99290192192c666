"""The store's products: as written, repeated to any size without being held, and what changed since."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import cast
from zlib import crc32

from sandbox.catalogue.products import ProductData, product_from_json
from sandbox.shopify.dumping import product_to_json
from sandbox.shopify.objects import (
    ITEM,
    MEDIA,
    MEDIA_STEP,
    PRODUCT,
    PRODUCT_STEP,
    VARIANT,
    VARIANT_STEP,
    Collection,
    Picture,
    Product,
    Variant,
)

EPOCH = 1_756_684_800  # 2025-09-01: the first product of the store
GAP = 97  # seconds between two products
REPEATED_VARIANTS = 100
SPREAD = 200 * 86_400  # the newest untouched change lies this long after its product's beginning, at most


class Store:
    """Products by place (`index`); `size` places come from the written ones, later places were added by hand."""

    def __init__(self, written: Sequence[ProductData], size: int | None = None) -> None:
        self._written = tuple(written)
        # Products with very many variants stand there once, so that 100,000 products mean about 300,000 variants.
        self._repeated = tuple(one for one in self._written if len(one.variants) <= REPEATED_VARIANTS) or self._written
        self._handles = {one.handle: index for index, one in enumerate(self._written)}
        self._repeats = {one.handle: index for index, one in enumerate(self._repeated)}
        self._added: dict[str, int] = {}  # of products added or given another handle
        self.size = size if size is not None and self._written else len(self._written)
        self._changed: dict[int, Product | None] = {}
        self._next = self.size
        self._orders: dict[str, list[int]] = {}
        handles = dict.fromkeys(handle for product in self._written for handle in product.collections)
        self.collections = {handle: _collection(n, handle) for n, handle in enumerate(handles)}

    def get(self, index: int) -> Product | None:
        """The product at a place, unless deleted or never there."""
        if index in self._changed:
            return self._changed[index]
        if not 0 <= index < self.size:
            return None
        created, updated = EPOCH + index * GAP, self._written_updated(index)
        if index < len(self._written):
            return Product(index, 0, self._written[index], created, updated)
        round_, base = divmod(index - len(self._written), len(self._repeated))
        return Product(index, round_ + 1, self._repeated[base], created, updated)

    def indexes(self) -> Iterator[int]:
        """Every living place in id order."""
        return (index for index in range(self._next) if self._changed.get(index, self) is not None)

    def __iter__(self) -> Iterator[Product]:
        for index in range(self._next):
            product = self.get(index)
            if product is not None:
                yield product

    def count(self) -> int:
        """How many products there are."""
        return self._next - sum(1 for product in self._changed.values() if product is None)

    def updated(self, index: int) -> float:
        """When the product at a living place changed last, without making the product."""
        changed = self._changed.get(index)
        return changed.updated if changed else self._written_updated(index)

    def order(self, key: str) -> list[int]:
        """Living places sorted by `ID`, `UPDATED_AT`, `CREATED_AT`, `TITLE`, ...; kept until something changes."""
        if key not in self._orders:
            self._orders[key] = self._sorted(key)
        return self._orders[key]

    def product(self, number: int) -> Product | None:
        """By numeric id."""
        index, rest = divmod(number - PRODUCT, PRODUCT_STEP)
        return self.get(index) if not rest else None

    def variant(self, number: int, first: int = VARIANT) -> Variant | None:
        """By numeric id of a variant, or of an inventory item with `first=ITEM`."""
        index, slot = divmod(number - first, VARIANT_STEP)
        product = self.get(index)
        return next((one for one in product.variants if one.data.slot == slot), None) if product else None

    def item(self, number: int) -> Variant | None:
        """The variant of an inventory item's numeric id."""
        return self.variant(number, ITEM)

    def picture(self, number: int) -> Picture | None:
        """By numeric id of a media object."""
        index, slot = divmod(number - MEDIA, MEDIA_STEP)
        product = self.get(index)
        return next((one for one in product.media if one.data.slot == slot), None) if product else None

    def by_handle(self, handle: str) -> Product | None:
        """By handle; the repetition number at its end leads to the place."""
        stem, _, number = handle.rpartition("-")
        places = [self._added[handle]] if handle in self._added else []
        places += [self._handles[handle]] if handle in self._handles else []
        if number.isdigit() and int(number) > 1 and stem in self._repeats:
            places.append(len(self._written) + (int(number) - 2) * len(self._repeated) + self._repeats[stem])
        found = (self.get(index) for index in places)
        return next((one for one in found if one is not None and one.handle == handle), None)

    def members(self, handle: str) -> Iterator[Product]:
        """The products of a collection in id order."""
        return (product for product in self if handle in product.data.collections)

    def put(self, product: Product) -> None:
        """Keep a changed product."""
        self._changed[product.index] = product
        self._added[product.handle] = product.index
        self._learn_collections(product.data)
        self._orders.clear()

    def add(self, data: ProductData, now: float) -> Product:
        """A new product at a new place."""
        product = Product(self._next, 0, data, now, now)
        self._next += 1
        self.put(product)
        return product

    def remove(self, index: int) -> None:
        """Delete; the place stays empty."""
        self._changed[index] = None
        self._orders.clear()

    def copy(self) -> Store:
        """The store as it is now; later changes do not show in it."""
        other = Store(self._written, self.size)
        other._changed, other._added, other._next = dict(self._changed), dict(self._added), self._next
        other.collections = dict(self.collections)
        return other

    def dump(self) -> dict[str, object]:
        """What changed since the start (the rest follows from the configuration)."""
        changed = [
            [
                index,
                None
                if one is None
                else {
                    "data": product_to_json(one.data),
                    "created": one.created,
                    "updated": one.updated,
                    "round": one.round,
                },
            ]
            for index, one in self._changed.items()
        ]
        return {"next": self._next, "changed": changed}

    def load(self, dumped: Mapping[str, object]) -> None:
        """From the state file."""
        self._next = cast("int", dumped["next"])
        self._orders.clear()
        self._changed = {}
        for index, one in cast("list[tuple[int, dict[str, object] | None]]", dumped["changed"]):
            if one is None:
                self._changed[index] = None
                continue
            data = product_from_json(cast("Mapping[str, object]", one["data"]))
            created, updated = cast("float", one["created"]), cast("float", one["updated"])
            product = Product(index, cast("int", one["round"]), data, created, updated)
            self._changed[index], self._added[product.handle] = product, index
            self._learn_collections(data)

    def sort_value(self, index: int, key: str) -> object:
        """What a living place is sorted by; ties go by place."""
        if key == "UPDATED_AT":
            return self.updated(index)
        product = self.get(index) if key in TEXT_KEYS else None
        return TEXT_KEYS[key](product) if product else index

    def _sorted(self, key: str) -> list[int]:
        places = list(self.indexes())
        values = {index: self.sort_value(index, key) for index in places}
        places.sort(key=lambda index: (values[index], index))
        return places

    @staticmethod
    def _written_updated(index: int) -> float:
        return EPOCH + index * GAP + crc32(index.to_bytes(8, "big")) % SPREAD

    def _learn_collections(self, data: ProductData) -> None:
        for handle in data.collections:
            if handle not in self.collections:
                self.collections[handle] = _collection(len(self.collections), handle)


def _collection(number: int, handle: str) -> Collection:
    return Collection(number, handle, handle.replace("-", " ").title(), EPOCH)


TEXT_KEYS: Mapping[str, Callable[[Product], str]] = {
    "TITLE": lambda product: product.title.lower(),
    "VENDOR": lambda product: product.data.vendor.lower(),
    "PRODUCT_TYPE": lambda product: product.data.product_type.lower(),
    "INVENTORY_TOTAL": lambda product: f"{product.total_inventory + 10**12:015d}",
}
