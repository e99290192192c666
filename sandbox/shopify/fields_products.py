"""Fields of products, variants, pictures and stock: `TABLE[type][field](object, context, arguments)`."""

import html
import re
from collections.abc import Mapping
from typing import cast

from sandbox.shopify import objects
from sandbox.shopify.context import Args, Context, Resolver
from sandbox.shopify.objects import Picture, Product, Variant, gid, iso
from sandbox.shopify.taxonomy import category

TAG = re.compile(r"<(script|style)\b.*?</\1\s*>|<[^>]*>", re.IGNORECASE | re.DOTALL)
LOCATION = 72_100_400_001
MIME = {"jpg": "image/jpeg", "png": "image/png", "webp": "image/webp", "gif": "image/gif"}


def plain(text: str, truncate: object = None) -> str:
    """The text of a description without its tags."""
    words = " ".join(html.unescape(TAG.sub(" ", text)).split())
    return words[:truncate] if isinstance(truncate, int) else words


def image_of(picture: Picture, context: Context) -> dict[str, object]:
    """An `Image`."""
    url = picture.url(context.base, context.shop.domain)
    data = picture.data
    return {
        "id": gid("ImageSource", picture.number + 7),
        "url": url,
        "src": url,
        "originalSrc": url,
        "width": data.width or None,
        "height": data.height or None,
        "altText": data.alt,
        "thumbhash": None,
    }


def metafields_of(product: Product) -> list[dict[str, object]]:
    """Every `Metafield`, in the order in which they were written."""
    return [
        {
            "__typename": "Metafield",
            "id": gid("Metafield", number),
            "legacyResourceId": str(number),
            "namespace": one.namespace,
            "key": one.key,
            "type": one.type,
            "value": one.value,
            "createdAt": iso(product.created),
            "updatedAt": iso(product.updated),
        }
        for number, one in enumerate(
            product.data.metafields, start=objects.METAFIELD + product.index * objects.METAFIELD_STEP
        )
    ]


def _metafield(product: Product, _context: Context, args: Args) -> dict[str, object] | None:
    """One by its key; the namespace may stand before it with a dot."""
    wanted = f"{args['namespace']}.{args['key']}" if args.get("namespace") else args["key"]
    return next((one for one in metafields_of(product) if f"{one['namespace']}.{one['key']}" == wanted), None)


def options_of(product: Product) -> list[dict[str, object]]:
    """Every `ProductOption` with its values in order of first use."""
    return [_option(product, axis, name) for axis, name in enumerate(product.data.options)]


def _option(product: Product, axis: int, name: str) -> dict[str, object]:
    values = objects.option_values(product, axis)
    first = objects.OPTION_VALUE + product.index * objects.OPTION_VALUE_STEP + axis * 2048
    return {
        "id": gid("ProductOption", objects.OPTION + product.index * objects.OPTION_STEP + axis),
        "name": name,
        "position": axis + 1,
        "values": values,
        "linkedMetafield": None,
        "optionValues": [
            {
                "id": gid("ProductOptionValue", first + place),
                "name": value,
                "hasVariants": True,
                "linkedMetafieldValue": None,
                "swatch": None,
            }
            for place, value in enumerate(values)
        ],
    }


def selected_options(variant: Variant) -> list[dict[str, object]]:
    """`SelectedOption` for each option; the option value's own object is made only when asked for."""
    pairs = zip(variant.product.data.options, variant.data.options, strict=True)
    return [
        {"name": name, "value": value, "variant": variant, "axis": axis} for axis, (name, value) in enumerate(pairs)
    ]


def _option_value(selected: Mapping[str, object], _context: Context, _args: Args) -> object | None:
    variant, axis = cast("Variant", selected["variant"]), cast("int", selected["axis"])
    values = cast("list[Mapping[str, object]]", options_of(variant.product)[axis]["optionValues"])
    return next((one for one in values if one["name"] == selected["value"]), None)


def money(amount: str, context: Context) -> dict[str, str]:
    """A `MoneyV2` in the shop's currency."""
    return {"amount": amount, "currencyCode": context.shop.profile.currency}


def _prices(product: Product, context: Context, _args: Args) -> dict[str, object]:
    low, high = objects.price_range(product.data.variants)
    return {"minVariantPrice": money(low, context), "maxVariantPrice": money(high, context)}


def _weight(variant: Variant, _context: Context, _args: Args) -> dict[str, object]:
    data = variant.data
    weight = None if data.weight is None else {"value": float(data.weight), "unit": data.weight_unit}
    return {"id": gid("InventoryItemMeasurement", variant.item_number), "weight": weight}


def exact(number: int) -> dict[str, object]:
    """A `Count`, exact up to 25,000 (Shopify fact sheet 3.4)."""
    limit = 25_000
    return {"count": min(number, limit + 1), "precision": "EXACT" if number <= limit else "AT_LEAST"}


def _online_url(product: Product, context: Context, _args: Args) -> str | None:
    return f"https://{context.shop.domain}/products/{product.handle}" if product.published else None


def _in_collection(product: Product, context: Context, args: Args) -> bool:
    collections = context.shop.store.collections
    return any(collections[handle].gid == args.get("id") for handle in product.data.collections)


def _available(variant: Variant) -> bool:
    data = variant.data
    return data.continue_selling or not data.tracked or (data.quantity or 0) > 0


PRODUCT: Mapping[str, Resolver] = {
    "id": lambda product, _c, _a: product.gid,
    "legacyResourceId": lambda product, _c, _a: str(product.number),
    "handle": lambda product, _c, _a: product.handle,
    "title": lambda product, _c, _a: product.title,
    "descriptionHtml": lambda product, _c, _a: product.data.html,
    "bodyHtml": lambda product, _c, _a: product.data.html,
    "description": lambda product, _c, args: plain(product.data.html, args.get("truncateAt")),
    "vendor": lambda product, _c, _a: product.data.vendor,
    "productType": lambda product, _c, _a: product.data.product_type,
    "tags": lambda product, _c, _a: sorted(product.data.tags),
    "status": lambda product, _c, _a: product.data.status,
    "category": lambda product, _c, _a: category(product.data.category),
    "createdAt": lambda product, _c, _a: iso(product.created),
    "updatedAt": lambda product, _c, _a: iso(product.updated),
    "publishedAt": lambda product, _c, _a: iso(product.published) if product.published else None,
    "hasOnlyDefaultVariant": lambda product, _c, _a: product.data.has_only_default_variant,
    "hasOutOfStockVariants": lambda product, _c, _a: any((one.quantity or 0) <= 0 for one in product.data.variants),
    "isGiftCard": lambda product, _c, _a: product.data.gift_card,
    "requiresSellingPlan": lambda _product, _c, _a: False,
    "productComponentsCount": lambda _product, _c, _a: exact(0),
    "options": lambda product, _c, args: options_of(product)[: args.get("first")],
    "variantsCount": lambda product, _c, _a: exact(len(product.data.variants)),
    "totalVariants": lambda product, _c, _a: len(product.data.variants),
    "mediaCount": lambda product, _c, _a: exact(len(product.data.images)),
    "featuredMedia": lambda product, _c, _a: next(iter(product.media), None),
    "featuredImage": lambda product, context, _a: next((image_of(one, context) for one in product.media), None),
    "priceRangeV2": _prices,
    "totalInventory": lambda product, _c, _a: product.total_inventory,
    "tracksInventory": lambda product, _c, _a: any(one.tracked for one in product.data.variants),
    "onlineStoreUrl": _online_url,
    "onlineStorePreviewUrl": _online_url,
    "seo": lambda product, _c, _a: {"title": product.data.seo_title, "description": product.data.seo_description},
    "templateSuffix": lambda _product, _c, _a: None,
    "inCollection": _in_collection,
    "metafield": _metafield,
    "defaultCursor": lambda product, _c, _a: str(product.number),
}
VARIANT: Mapping[str, Resolver] = {
    "id": lambda variant, _c, _a: variant.gid,
    "legacyResourceId": lambda variant, _c, _a: str(variant.number),
    "title": lambda variant, _c, _a: variant.title,
    "displayName": lambda variant, _c, _a: f"{variant.product.title} - {variant.title}",
    "sku": lambda variant, _c, _a: variant.sku,
    "barcode": lambda variant, _c, _a: variant.barcode,
    "price": lambda variant, _c, _a: variant.data.price,
    "compareAtPrice": lambda variant, _c, _a: variant.data.compare_at,
    "position": lambda variant, _c, _a: variant.position,
    "inventoryPolicy": lambda variant, _c, _a: "CONTINUE" if variant.data.continue_selling else "DENY",
    "inventoryQuantity": lambda variant, _c, _a: variant.data.quantity,
    "sellableOnlineQuantity": lambda variant, _c, _a: max(0, variant.data.quantity or 0),
    "availableForSale": lambda variant, _c, _a: _available(variant),
    "taxable": lambda variant, _c, _a: variant.data.taxable,
    "selectedOptions": lambda variant, _c, _a: selected_options(variant),
    "product": lambda variant, _c, _a: variant.product,
    "inventoryItem": lambda variant, _c, _a: {"variant": variant, "__typename": "InventoryItem"},
    "image": lambda variant, context, _a: image_of(variant.picture, context) if variant.picture else None,
    "requiresComponents": lambda _variant, _c, _a: False,
    "showUnitPrice": lambda _variant, _c, _a: False,
    "unitPriceMeasurement": lambda _variant, _c, _a: None,
    "metafield": lambda _variant, _c, _a: None,
    "createdAt": lambda variant, _c, _a: iso(variant.product.created),
    "updatedAt": lambda variant, _c, _a: iso(variant.product.updated),
    "defaultCursor": lambda variant, _c, _a: str(variant.number),
}
SELECTED: Mapping[str, Resolver] = {
    "name": lambda selected, _c, _a: selected["name"],
    "value": lambda selected, _c, _a: selected["value"],
    "optionValue": _option_value,
}
ITEM: Mapping[str, Resolver] = {
    "id": lambda item, _c, _a: gid("InventoryItem", item["variant"].item_number),
    "legacyResourceId": lambda item, _c, _a: str(item["variant"].item_number),
    "sku": lambda item, _c, _a: item["variant"].sku,
    "tracked": lambda item, _c, _a: item["variant"].data.tracked,
    "requiresShipping": lambda item, _c, _a: item["variant"].data.requires_shipping,
    "measurement": lambda item, context, args: _weight(item["variant"], context, args),
    "countryCodeOfOrigin": lambda item, _c, _a: item["variant"].data.country,
    "harmonizedSystemCode": lambda _item, _c, _a: None,
    "unitCost": lambda item, context, _a: (
        money(item["variant"].data.cost, context) if item["variant"].data.cost else None
    ),
    "createdAt": lambda item, _c, _a: iso(item["variant"].product.created),
    "updatedAt": lambda item, _c, _a: iso(item["variant"].product.updated),
}
PICTURE: Mapping[str, Resolver] = {
    "id": lambda picture, _c, _a: gid("MediaImage", picture.number),
    "alt": lambda picture, _c, _a: picture.data.alt,
    "mediaContentType": lambda _picture, _c, _a: "IMAGE",
    "status": lambda _picture, _c, _a: "READY",
    "fileStatus": lambda _picture, _c, _a: "READY",
    "mediaErrors": lambda _picture, _c, _a: [],
    "mediaWarnings": lambda _picture, _c, _a: [],
    "mimeType": lambda picture, _c, _a: MIME.get(picture.data.kind),
    "image": lambda picture, context, _a: image_of(picture, context),
    "preview": lambda picture, context, _a: {"image": image_of(picture, context), "status": "READY"},
    "originalSource": lambda picture, context, _a: {
        "url": picture.url(context.base, context.shop.domain),
        "fileSize": 20_000 + picture.data.width * picture.data.height // 12,
    },
    "createdAt": lambda picture, _c, _a: iso(picture.product.created),
    "updatedAt": lambda picture, _c, _a: iso(picture.product.updated),
}
