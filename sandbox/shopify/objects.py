"""Products with ids and times, as the Admin API shows them: thin views over `ProductData`, so 100,000 cost little."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache

from sandbox.catalogue.products import ImageData, ProductData, VariantData

# First numbers of each kind: every id is computed from a product's place, so an id finds its object without an index.
PRODUCT, VARIANT, ITEM, MEDIA = 8_012_300_000_000, 44_100_000_000_000, 46_200_000_000_000, 33_400_000_000_000
OPTION, OPTION_VALUE, LEVEL = 10_150_000_000_000, 4_250_000_000_000, 510_000_000_000
METAFIELD, METAFIELD_STEP = 22_600_000_000_000, 512
PRODUCT_STEP, VARIANT_STEP, MEDIA_STEP, OPTION_STEP, OPTION_VALUE_STEP = 128, 4096, 1024, 4, 8192
EDITIONS = ("Classic", "Studio", "Everyday", "Heritage", "Atelier", "Compact", "Signature", "Weekend", "Essential")


def gid(kind: str, number: int | str) -> str:
    """`gid://shopify/Product/1`."""
    return f"gid://shopify/{kind}/{number}"


def iso(unix: float) -> str:
    """A Shopify DateTime: `2026-01-01T00:00:00Z`."""
    return datetime.fromtimestamp(int(unix), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(frozen=True, slots=True)
class Product:
    """A product at a place of the store. `round` is 0 as written, n for the nth synthetic repetition."""

    index: int
    round: int
    data: ProductData
    created: float
    updated: float

    @property
    def number(self) -> int:
        """The numeric id."""
        return PRODUCT + self.index * PRODUCT_STEP

    @property
    def gid(self) -> str:
        """The id."""
        return gid("Product", self.number)

    @property
    def handle(self) -> str:
        """Unique in the store."""
        return f"{self.data.handle}-{self.round + 1}" if self.round else self.data.handle

    @property
    def title(self) -> str:
        """Repetitions are told apart by an edition and a number."""
        if not self.round:
            return self.data.title
        return f"{self.data.title} {EDITIONS[self.round % len(EDITIONS)]} {self.round + 1}"

    @property
    def published(self) -> float | None:
        """When it was published, if it is."""
        return self.created if self.data.published and self.data.status == "ACTIVE" else None

    @property
    def variants(self) -> list[Variant]:
        """In position order."""
        return [Variant(self, one, position) for position, one in enumerate(self.data.variants, start=1)]

    @property
    def media(self) -> list[Picture]:
        """In position order."""
        return [Picture(self, one, position) for position, one in enumerate(self.data.images, start=1)]

    @property
    def total_inventory(self) -> int:
        """Sum over tracked variants."""
        return sum(one.quantity or 0 for one in self.data.variants if one.tracked)

    def touched(self, data: ProductData, now: float) -> Product:
        """The same product with new content."""
        return replace(self, data=data, updated=now)


@dataclass(frozen=True, slots=True)
class Variant:
    """A variant of a product at a position."""

    product: Product
    data: VariantData
    position: int

    @property
    def number(self) -> int:
        """The numeric id."""
        return VARIANT + self.product.index * VARIANT_STEP + self.data.slot

    @property
    def gid(self) -> str:
        """The id."""
        return gid("ProductVariant", self.number)

    @property
    def item_number(self) -> int:
        """The numeric id of its inventory item."""
        return ITEM + self.product.index * VARIANT_STEP + self.data.slot

    @property
    def sku(self) -> str | None:
        """Repetitions get a suffix, so that only written duplicates are duplicates."""
        sku = self.data.sku
        return f"{sku}-R{self.product.round}" if sku and self.product.round else sku

    @property
    def barcode(self) -> str | None:
        """Repetitions of a valid EAN-13 get a valid one of their own."""
        barcode = self.data.barcode
        return _another_ean(barcode, self.product.round) if barcode and self.product.round else barcode

    @property
    def title(self) -> str:
        """`Black / M`."""
        return " / ".join(self.data.options)

    @property
    def picture(self) -> Picture | None:
        """Its own picture, if it has one."""
        slot = self.data.image_slot
        return next((one for one in self.product.media if one.data.slot == slot), None) if slot else None


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a product at a position."""

    product: Product
    data: ImageData
    position: int

    @property
    def number(self) -> int:
        """The numeric id."""
        return MEDIA + self.product.index * MEDIA_STEP + self.data.slot

    def url(self, base: str, shop: str) -> str:
        """Where it can be fetched; `base` is the sandbox's own address."""
        name = f"{self.product.handle}-{self.data.slot}.{self.data.kind}"
        return f"{base}/cdn/shop/{shop}/products/{name}?v={int(self.product.created)}"


@dataclass(frozen=True, slots=True)
class Collection:
    """A collection by its handle; its place in the store gives the id."""

    index: int
    handle: str
    title: str
    updated: float

    @property
    def number(self) -> int:
        """The numeric id."""
        return 290_100_000_000 + self.index * 32

    @property
    def gid(self) -> str:
        """The id."""
        return gid("Collection", self.number)


def option_values(product: Product, axis: int) -> list[str]:
    """The values of one option in order of first use."""
    return list(dict.fromkeys(variant.options[axis] for variant in product.data.variants))


def price_range(variants: Sequence[VariantData]) -> tuple[str, str]:
    """Lowest and highest price, as written."""
    prices = sorted((one.price for one in variants), key=float)
    return prices[0], prices[-1]


@lru_cache(maxsize=4096)
def _another_ean(barcode: str, number: int) -> str:
    if len(barcode) != 13 or not barcode.isdigit() or _check_digit(barcode[:12]) != barcode[12]:
        return barcode
    other = int(hashlib.sha256(f"{barcode}/{number}".encode()).hexdigest()[:9], 16) % 10**9
    body = barcode[:3] + f"{other:09d}"
    return body + _check_digit(body)


def _check_digit(body: str) -> str:
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(body))
    return str(-total % 10)
