"""The columns of Shopify's product CSV in both header generations (Shopify fact sheet 8)."""

import re
from collections.abc import Iterable, Mapping

# What a column means -> its names, current generation first. Compared without regard to case.
NAMES: Mapping[str, tuple[str, ...]] = {
    "handle": ("URL handle", "Handle"),
    "title": ("Title",),
    "html": ("Description", "Body (HTML)", "Body HTML"),
    "vendor": ("Vendor",),
    "category": ("Product category",),
    "type": ("Type",),
    "tags": ("Tags",),
    "published": ("Published on online store", "Published"),
    "status": ("Status",),
    **{
        key: (f"Option{n} {word}",)
        for n in (1, 2, 3)
        for word, key in (("name", f"option{n}_name"), ("value", f"option{n}_value"))
    },
    "sku": ("SKU", "Variant SKU"),
    "barcode": ("Barcode", "Variant Barcode"),
    "price": ("Price", "Variant Price"),
    "compare_at": ("Compare-at price", "Variant Compare At Price"),
    "cost": ("Cost per item",),
    "taxable": ("Charge tax", "Variant Taxable"),
    "tracker": ("Inventory tracker", "Variant Inventory Tracker"),
    "quantity": ("Inventory quantity", "Variant Inventory Qty"),
    "policy": ("Continue selling when out of stock", "Variant Inventory Policy"),
    "grams": ("Weight value (grams)", "Variant Grams"),
    "weight_unit": ("Weight unit for display", "Variant Weight Unit"),
    "ships": ("Requires shipping", "Variant Requires Shipping"),
    "image": ("Product image URL", "Image Src"),
    "image_position": ("Image position",),
    "image_alt": ("Image alt text",),
    "variant_image": ("Variant image URL", "Variant Image"),
    "gift_card": ("Gift card",),
    "seo_title": ("SEO title",),
    "seo_description": ("SEO description",),
}
# Columns of which one says that a row holds a variant rather than a further picture.
OF_A_VARIANT = ("option1_value", "sku", "price", "quantity", "grams", "barcode")


METAFIELD = re.compile(r".*\(product\.metafields\.([\w-]+)\.([\w-]+)\)")
"""`Material (product.metafields.custom.material)`."""


def metafield_places(header: Iterable[str]) -> list[tuple[int, str, str]]:
    """The columns of metafields: place, namespace, key."""
    found = ((place, METAFIELD.fullmatch(name.strip())) for place, name in enumerate(header))
    return [(place, match[1], match[2]) for place, match in found if match]


def places(header: Iterable[str]) -> dict[str, int]:
    """Where each known meaning stands; the current generation's name wins when a file has both."""
    found = {name.strip().lower(): place for place, name in reversed(list(enumerate(header)))}
    return {
        meaning: next(found[name.lower()] for name in names if name.lower() in found)
        for meaning, names in NAMES.items()
        if any(name.lower() in found for name in names)
    }
