"""Webhook payloads in Shopify's REST shape (Shopify fact sheet 2.4)."""

from collections.abc import Mapping

from sandbox.shopify.fields_products import options_of
from sandbox.shopify.objects import Picture, Product, Variant, gid, iso
from sandbox.shopify.shops import Shop
from sandbox.shopify.taxonomy import category

FULL_VARIANTS = 100
UNITS = {"GRAMS": "g", "KILOGRAMS": "kg", "OUNCES": "oz", "POUNDS": "lb"}


def product_payload(product: Product, shop: Shop, base: str) -> dict[str, object]:
    """`products/create` and `products/update`: full variants for the first 100, ids of all."""
    data, node = product.data, category(product.data.category)
    variants = product.variants
    return {
        "id": product.number,
        "admin_graphql_api_id": product.gid,
        "title": product.title,
        "body_html": data.html,
        "vendor": data.vendor,
        "product_type": data.product_type,
        "handle": product.handle,
        "tags": ", ".join(sorted(data.tags)),
        "status": data.status.lower(),
        "created_at": iso(product.created),
        "updated_at": iso(product.updated),
        "published_at": iso(product.published) if product.published else None,
        "template_suffix": None,
        "published_scope": "web",
        "options": [_option(product, option) for option in options_of(product)],
        "variants": [_variant(one) for one in variants[:FULL_VARIANTS]],
        "variant_gids": [
            {"admin_graphql_api_id": one.gid, "updated_at": iso(product.updated)} for one in reversed(variants)
        ],
        "images": [_image(one, shop, base) for one in product.media],
        "image": next((_image(one, shop, base) for one in product.media), None),
        "media": [_media(one) for one in product.media],
        "has_variants_that_requires_components": False,
        "category": node and {"admin_graphql_api_id": node.gid, "name": node.name, "full_name": node.full_name},
    }


def deleted_payload(product: Product) -> dict[str, object]:
    """`products/delete` tells the id alone."""
    return {"id": product.number}


def item_payload(variant: Variant) -> dict[str, object]:
    """`inventory_items/update`, where weight lives."""
    data = variant.data
    return {
        "id": variant.item_number,
        "admin_graphql_api_id": gid("InventoryItem", variant.item_number),
        "sku": variant.sku,
        "created_at": iso(variant.product.created),
        "updated_at": iso(variant.product.updated),
        "requires_shipping": data.requires_shipping,
        "cost": data.cost,
        "country_code_of_origin": data.country,
        "province_code_of_origin": None,
        "harmonized_system_code": None,
        "tracked": data.tracked,
        "country_harmonized_system_codes": [],
        "weight_value": data.weight or 0.0,
        "weight_unit": UNITS[data.weight_unit],
    }


def level_payload(variant: Variant, location: int, level: str) -> dict[str, object]:
    """`inventory_levels/update`: no product id in it."""
    return {
        "inventory_item_id": variant.item_number,
        "location_id": location,
        "available": variant.data.quantity if variant.data.tracked else None,
        "updated_at": iso(variant.product.updated),
        "admin_graphql_api_id": level,
    }


def shop_payload(shop: Shop) -> dict[str, object]:
    """`shop/update` and `app/uninstalled`."""
    profile = shop.profile
    return {
        "id": shop.number,
        "name": profile.name,
        "email": profile.email,
        "domain": shop.domain,
        "myshopify_domain": shop.domain,
        "country": profile.country,
        "country_code": profile.country,
        "currency": profile.currency,
        "iana_timezone": profile.timezone,
        "weight_unit": UNITS[profile.weight_unit],
        "plan_name": profile.plan.lower(),
        "plan_display_name": profile.plan,
        "primary_locale": "en",
        "customer_email": profile.email,
    }


def _option(product: Product, option: Mapping[str, object]) -> dict[str, object]:
    return {
        "id": int(str(option["id"]).rsplit("/", 1)[-1]),
        "product_id": product.number,
        "name": option["name"],
        "position": option["position"],
        "values": option["values"],
    }


def _variant(variant: Variant) -> dict[str, object]:
    data, product = variant.data, variant.product
    values = [*data.options, None, None, None]
    return {
        "id": variant.number,
        "admin_graphql_api_id": variant.gid,
        "product_id": product.number,
        "title": variant.title,
        "price": data.price,
        "compare_at_price": data.compare_at,
        "sku": variant.sku,
        "barcode": variant.barcode,
        "position": variant.position,
        "inventory_policy": "continue" if data.continue_selling else "deny",
        "inventory_item_id": variant.item_number,
        "inventory_quantity": data.quantity or 0,
        "old_inventory_quantity": data.quantity or 0,
        "option1": values[0],
        "option2": values[1],
        "option3": values[2],
        "taxable": data.taxable,
        "image_id": variant.picture.number if variant.picture else None,
        "created_at": iso(product.created),
        "updated_at": iso(product.updated),
    }


def _image(picture: Picture, shop: Shop, base: str) -> dict[str, object]:
    data = picture.data
    return {
        "id": picture.number,
        "admin_graphql_api_id": gid("ProductImage", picture.number),
        "product_id": picture.product.number,
        "position": picture.position,
        "alt": data.alt,
        "width": data.width,
        "height": data.height,
        "src": picture.url(base, shop.domain),
        "variant_ids": [one.number for one in picture.product.variants if one.data.image_slot == data.slot],
        "created_at": iso(picture.product.created),
        "updated_at": iso(picture.product.updated),
    }


def _media(picture: Picture) -> dict[str, object]:
    return {
        "id": picture.number,
        "admin_graphql_api_id": gid("MediaImage", picture.number),
        "product_id": picture.product.number,
        "position": picture.position,
        "alt": picture.data.alt,
        "status": "READY",
        "media_content_type": "IMAGE",
    }
