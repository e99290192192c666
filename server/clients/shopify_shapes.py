"""Products as Shopify tells them, read from GraphQL nodes or export lines.

These are named tuples, not frozen dataclasses: an import makes a million of them, and a frozen dataclass of 14 fields
takes four times as long to build.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

_NO_WEIGHT: Mapping[str, Any] = {"value": None, "unit": ""}
Node = Mapping[str, Any]
"""JSON as parsed, read at this place only. What our documents ask for is there, or the answer is broken: KeyError."""


class ShopifyImage(NamedTuple):
    """A picture that is ready; sizes may be unknown."""

    id: str
    url: str
    alt: str
    width: int | None
    height: int | None


class ShopifyOption(NamedTuple):
    """An axis of variants; a product without axes has one named ``Title`` (``has_only_default_variant``)."""

    name: str
    values: tuple[str, ...]


class ShopifyVariant(NamedTuple):
    """Prices are decimal strings in the shop's currency; stock may be unknown; weight may be absent or 0."""

    id: str
    sku: str
    barcode: str
    title: str
    price: str
    compare_at_price: str | None
    inventory_policy: str
    inventory_quantity: int | None
    options: tuple[tuple[str, str], ...]
    image_url: str | None
    inventory_item_id: str
    tracked: bool
    requires_shipping: bool
    weight: Decimal | None
    weight_unit: str


class ShopifyCategory(NamedTuple):
    """A node of Shopify's standard taxonomy; not always a leaf, possibly archived."""

    id: str
    full_name: str
    is_leaf: bool
    is_archived: bool


class ShopifyCollection(NamedTuple):
    """A collection that a product is in."""

    id: str
    title: str


class ShopifyMetafield(NamedTuple):
    """A value that a merchant or an app adds to a product, as text whatever its type."""

    namespace: str
    key: str
    type: str
    value: str


class ShopifyProduct(NamedTuple):
    """One product with all its variants, in the store's order."""

    id: str
    handle: str
    title: str
    description_html: str
    vendor: str
    product_type: str
    tags: tuple[str, ...]
    status: str
    updated_at: datetime
    has_only_default_variant: bool
    is_gift_card: bool
    category: ShopifyCategory | None
    options: tuple[ShopifyOption, ...]
    images: tuple[ShopifyImage, ...]
    collections: tuple[ShopifyCollection, ...]
    variants: tuple[ShopifyVariant, ...]
    created_at: datetime | None = None
    metafields: tuple[ShopifyMetafield, ...] = ()


class Unreadable(NamedTuple):
    """A product we cannot make sense of: its id, and what stood in the way, for the log."""

    id: str
    reason: str


def read_variant(node: Node) -> ShopifyVariant:
    """From a connection's node (``media``) or an export line (``image``)."""
    item = node["inventoryItem"]
    weight = item["measurement"]["weight"] or _NO_WEIGHT
    image = node.get("image")
    return ShopifyVariant(
        node["id"],
        node["sku"] or "",
        node["barcode"] or "",
        node["title"],
        node["price"],
        node["compareAtPrice"],
        node["inventoryPolicy"],
        node["inventoryQuantity"],
        tuple([(option["name"], option["value"]) for option in node["selectedOptions"]]),
        image["url"] if image else _shown_image(node),
        item["id"],
        item["tracked"],
        item["requiresShipping"],
        _decimal(weight["value"]),
        weight["unit"],
    )


@lru_cache(maxsize=4096)
def _decimal(value: float | None) -> Decimal | None:
    """Weights repeat a lot within a store."""
    return None if value is None else Decimal(str(value))


def _shown_image(node: Node) -> str | None:
    media = node.get("media")
    return next((shown["image"]["url"] for shown in media["nodes"] if shown.get("image")), None) if media else None


def read_image(node: Node) -> ShopifyImage | None:
    """Nothing for a video, a model, or a picture still being processed."""
    image = node.get("image")
    if not image:
        return None
    return ShopifyImage(node["id"], image["url"], node.get("alt") or "", image.get("width"), image.get("height"))


def read_product(
    node: Node,
    variants: Iterable[Node],
    media: Iterable[Node],
    collections: Iterable[Node],
    metafields: Iterable[Node],
) -> ShopifyProduct:
    """The root's own fields, with its children given apart."""
    category = node["category"]
    return ShopifyProduct(
        node["id"],
        node["handle"],
        node["title"],
        node["descriptionHtml"],
        node["vendor"],
        node["productType"],
        tuple(node["tags"]),
        node["status"],
        datetime.fromisoformat(node["updatedAt"]),
        node["hasOnlyDefaultVariant"],
        node["isGiftCard"],
        _category(category) if category else None,
        tuple([_option(option) for option in node["options"]]),
        tuple([image for child in media if (image := read_image(child))]),
        tuple([ShopifyCollection(child["id"], child["title"]) for child in collections]),
        tuple([read_variant(child) for child in variants]),
        datetime.fromisoformat(node["createdAt"]),
        tuple([ShopifyMetafield(one["namespace"], one["key"], one["type"], one["value"]) for one in metafields]),
    )


def readable(
    node: Node,
    variants: Iterable[Node],
    media: Iterable[Node],
    collections: Iterable[Node],
    metafields: Iterable[Node],
) -> ShopifyProduct | Unreadable:
    """The product; one that lacks what every product has must not hold up the others."""
    try:
        return read_product(node, variants, media, collections, metafields)
    except (KeyError, TypeError, ValueError, ArithmeticError, AttributeError) as error:
        return Unreadable(str(node["id"]), f"{type(error).__name__}: {error}")


def parted(found: Iterable[ShopifyProduct | Unreadable]) -> tuple[list[ShopifyProduct], list[Unreadable]]:
    """The products, and what could not be read."""
    products: list[ShopifyProduct] = []
    unreadable: list[Unreadable] = []
    for one in found:
        if isinstance(one, Unreadable):
            unreadable.append(one)
        else:
            products.append(one)
    return products, unreadable


def _category(node: Node) -> ShopifyCategory:
    return ShopifyCategory(node["id"], node["fullName"], node["isLeaf"], node["isArchived"])


def _option(node: Node) -> ShopifyOption:
    return ShopifyOption(node["name"], tuple([value["name"] for value in node["optionValues"]]))
