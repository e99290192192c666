"""A product as Shopify tells it, as rows of ours."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any
from uuid import UUID

from server.clients.shopify_shapes import ShopifyProduct, ShopifyVariant
from server.domain.folding import search_text
from server.domain.metafields import texts_of
from server.domain.traits import Traits, number_in
from server.domain.weights import shopify_weight
from server.kit.ids import new_id

_MOST_METAFIELDS = 50
_LONGEST_METAFIELD = 10_000
_MOST_ENTRIES = 50
_LONGEST_ENTRY = 1_000


def product_row(product: ShopifyProduct) -> dict[str, Any]:
    """The product alone, with a row id for when it is new."""
    category = product.category
    return {
        "row_id": new_id(),
        "remote_id": product.id,
        "handle": product.handle,
        "title": product.title,
        "description_html": product.description_html,
        "vendor": product.vendor,
        "product_type": product.product_type,
        "tags": product.tags,
        "status": product.status,
        "category_id": None if category is None else category.id,
        "category_name": None if category is None else category.full_name,
        "collections": [{"id": one.id, "title": one.title} for one in product.collections],
        "metafields": metafields_of(product),
        "options": []
        if product.has_only_default_variant
        else [_option(name, values) for name, values in product.options],
        "is_gift_card": product.is_gift_card,
        "source_created_at": product.created_at,
        "source_updated_at": product.updated_at,
        "search_text": search_text(product.title, product.vendor, product.product_type, *product.tags),
    }


def _option(name: str, values: Sequence[str]) -> dict[str, Any]:
    return {"name": name, "values": values}


def variant_row(product_id: UUID, position: int, variant: ShopifyVariant) -> dict[str, Any]:
    """One variant in its place."""
    return {
        "row_id": new_id(),
        "product_id": product_id,
        "remote_id": variant.id,
        "position": position,
        "title": variant.title,
        "sku": variant.sku or None,
        "barcode": variant.barcode or None,
        "price": variant.price,
        "compare_at_price": variant.compare_at_price,
        "inventory_quantity": variant.inventory_quantity,
        "inventory_policy": variant.inventory_policy,
        "inventory_item_id": variant.inventory_item_id or None,
        "tracked": variant.tracked,
        "requires_shipping": variant.requires_shipping,
        "weight_value": variant.weight,
        "weight_unit": variant.weight_unit or None,
        "selected_options": [{"name": name, "value": value} for name, value in variant.options],
        "image_url": variant.image_url,
    }


def image_rows(product_id: UUID, product: ShopifyProduct) -> list[dict[str, Any]]:
    """The product's own pictures first, then variants' pictures that are not among them."""
    rows: dict[str, dict[str, Any]] = {}
    own = [(image.url, image.id, image.alt, image.width, image.height) for image in product.images]
    extra = [(variant.image_url, None, "", None, None) for variant in product.variants if variant.image_url]
    for url, remote_id, alt, width, height in [*own, *extra]:
        if url is None or url in rows:
            continue
        place = {"row_id": new_id(), "product_id": product_id, "position": len(rows)}
        rows[url] = place | {"url": url, "remote_id": remote_id, "alt": alt, "width": width, "height": height}
    return list(rows.values())


def traits_of(product: ShopifyProduct) -> Traits:
    """What template rules see of the product."""
    variants = product.variants
    counted = [one.inventory_quantity for one in variants if one.tracked and one.inventory_quantity is not None]
    weights = (_grams(one.weight, one.weight_unit) for one in variants)
    return Traits(
        title=product.title,
        vendor=product.vendor,
        product_type=product.product_type,
        tags=product.tags,
        collections=tuple([one.title for one in product.collections]),
        collection_ids=tuple([one.id for one in product.collections]),
        category=None if product.category is None else product.category.id,
        prices=_numbers(one.price for one in variants),
        compare_at_prices=_numbers(one.compare_at_price for one in variants),
        stock=sum(counted) if counted else None,
        weights=tuple([grams for grams in weights if grams is not None]),
        skus=tuple([one.sku for one in variants]),
        barcodes=tuple([one.barcode for one in variants]),
        status=product.status,
        is_gift_card=product.is_gift_card,
        created=product.created_at,
        updated=product.updated_at,
        metafields={key: _looked_at(said) for key, said in metafields_of(product).items()},
    )


def metafields_of(product: ShopifyProduct) -> dict[str, dict[str, str]]:
    """``{type, value}`` by ``namespace.key``: the first 50, without values of more than 10,000 characters."""
    return {
        f"{one.namespace}.{one.key}": {"type": one.type, "value": one.value}
        for one in product.metafields[:_MOST_METAFIELDS]
        if len(one.value) <= _LONGEST_METAFIELD
    }


def _looked_at(metafield: Mapping[str, str]) -> tuple[str, ...]:
    """What rules see of one: at most 50 entries, the first 1,000 characters of each."""
    return tuple([text[:_LONGEST_ENTRY] for text in texts_of(metafield)[:_MOST_ENTRIES]])


@lru_cache(maxsize=4096)
def _grams(value: Decimal | None, unit: str) -> Decimal | None:
    weight = shopify_weight(value, unit)
    return None if weight is None else weight.grams


def _numbers(said: Iterable[str | None]) -> tuple[Decimal, ...]:
    found = (number_in(one or "") for one in said)
    return tuple([number for number in found if number is not None])
