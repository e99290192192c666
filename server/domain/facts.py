"""What the store says about a product, as values: the only thing the rules of listing read of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from server.domain.weights import Weight


@dataclass(frozen=True, slots=True)
class VariantFacts:
    """One variant at its place in the product.

    ``options`` are (axis, value) in the store's order; ``oversells`` means that it sells without stock too.
    """

    remote_id: str
    title: str
    price: Decimal
    position: int = 0
    options: tuple[tuple[str, str], ...] = ()
    sku: str | None = None
    barcode: str | None = None
    compare_at_price: Decimal | None = None
    inventory_quantity: int | None = None
    oversells: bool = False
    tracked: bool = True
    requires_shipping: bool = True
    weight: Weight | None = None
    picture_url: str | None = None


@dataclass(frozen=True, slots=True)
class ProductFacts:
    """One product with its variants and the addresses of its pictures, both in the store's order.

    ``metafields`` maps ``namespace.key`` to ``{type, value}``, the value as Shopify's text.
    """

    id: UUID
    remote_id: str
    title: str
    currency: str
    variants: tuple[VariantFacts, ...]
    pictures: tuple[str, ...] = ()
    description_html: str = ""
    vendor: str = ""
    product_type: str = ""
    tags: tuple[str, ...] = ()
    status: str = "ACTIVE"
    is_gift_card: bool = False
    metafields: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def has_one_plain_variant(self) -> bool:
        """A product without real options: Shopify calls its only variant ``Default Title`` (Shopify fact sheet 5)."""
        return len(self.variants) == 1 and self.variants[0].options in ((), (("Title", "Default Title"),))
