"""Connections inside objects. `LISTS` gives the whole list (a bulk operation walks it), the tables give a page."""

from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from typing import cast

from sandbox.shopify import fields_shop
from sandbox.shopify.context import Args, Context, Resolver
from sandbox.shopify.fields_products import LOCATION, image_of, metafields_of
from sandbox.shopify.objects import LEVEL as LEVEL_NUMBER
from sandbox.shopify.objects import Collection, Picture, Product, Variant, gid, iso
from sandbox.shopify.paging import MAX_PAGE, MAX_SINGLE_PRODUCT_VARIANTS, page_of

Lister = Callable[..., Iterable[object]]


def _collections(product: Product, context: Context) -> list[Collection]:
    return [context.shop.store.collections[handle] for handle in product.data.collections]


def _pictures(variant: Variant, _context: Context) -> list[Picture]:
    return [variant.picture] if variant.picture else []


def _levels(item: Mapping[str, object], context: Context) -> list[dict[str, object]]:
    variant = cast("Variant", item["variant"])
    if not variant.data.tracked:
        return []
    return [
        {"item": item, "variant": variant, "location": fields_shop.location(context), "__typename": "InventoryLevel"}
    ]


def level_id(variant: Variant) -> str:
    """An inventory level's id carries its item (Shopify fact sheet 2.4)."""
    number = LEVEL_NUMBER + LOCATION % 1_000_000
    return f"{gid('InventoryLevel', number)}?inventory_item_id={variant.item_number}"


def _quantities(level: Mapping[str, object], _context: Context, args: Args) -> list[dict[str, object]]:
    variant = cast("Variant", level["variant"])
    names, quantity = cast("list[str]", args["names"]), variant.data.quantity or 0
    known = {"available": quantity, "on_hand": quantity, "committed": 0, "incoming": 0, "reserved": 0}
    return [
        {"id": f"{level_id(variant)}&name={name}", "name": name, "quantity": known[name], "updatedAt": None}
        for name in names
        if name in known
    ]


LISTS: Mapping[tuple[str, str], Lister] = {
    ("Product", "variants"): lambda product, _c: product.variants,
    ("Product", "media"): lambda product, _c: product.media,
    ("Product", "images"): lambda product, context: [image_of(one, context) for one in product.media],
    ("Product", "collections"): _collections,
    ("Product", "metafields"): lambda product, _c: metafields_of(product),
    ("ProductVariant", "media"): _pictures,
    ("ProductVariant", "metafields"): lambda _variant, _c: [],
    ("InventoryItem", "inventoryLevels"): _levels,
    ("Collection", "products"): lambda one, context: context.shop.store.members(one.handle),
}


def _paged(owner: str, field: str, single: int = MAX_PAGE) -> Resolver:
    """A page of a list; `single` is the limit where one product was asked for, not a list of them."""
    lister = LISTS[owner, field]

    def resolve(source: object, context: Context, args: Args) -> object:
        limit = MAX_PAGE if context.lists_products else single
        return page_of(list(islice(lister(source, context), 30_000)), args, limit=limit)

    return resolve


PRODUCT: Mapping[str, Resolver] = {
    "variants": _paged("Product", "variants", MAX_SINGLE_PRODUCT_VARIANTS),
    **{field: _paged("Product", field) for field in ("media", "images", "collections", "metafields")},
}
VARIANT: Mapping[str, Resolver] = {field: _paged("ProductVariant", field) for field in ("media", "metafields")}
ITEM: Mapping[str, Resolver] = {
    "inventoryLevels": _paged("InventoryItem", "inventoryLevels"),
    "variant": lambda item, _c, _a: item["variant"],
}
COLLECTION: Mapping[str, Resolver] = {"products": _paged("Collection", "products")}
LEVEL: Mapping[str, Resolver] = {
    "id": lambda level, _c, _a: level_id(level["variant"]),
    "isActive": lambda _level, _c, _a: True,
    "item": lambda level, _c, _a: level["item"],
    "location": lambda level, _c, _a: level["location"],
    "quantities": _quantities,
    "createdAt": lambda level, _c, _a: iso(level["variant"].product.created),
    "updatedAt": lambda level, _c, _a: iso(level["variant"].product.updated),
}
