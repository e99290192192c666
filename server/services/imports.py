"""The store's catalogue, page by page into our rows."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from server.clients.shopify_shapes import ShopifyProduct, ShopifyVariant
from server.domain.tasks import TaskKind
from server.domain.text import search_text
from server.feed import Feed
from server.kit.ids import new_id
from server.queue import Queue
from server.services import tasks
from server.store import products
from server.store.session import Session
from server.tables import Task


async def start(
    session: Session,
    queue: Queue,
    feed: Feed,
    *,
    shop_id: UUID,
    started_by: str,
    idempotency_key: str | None,
    now: datetime,
) -> Task:
    """Open the task that reads the whole catalogue anew."""
    return await tasks.open_task(
        session,
        queue,
        feed,
        shop_id=shop_id,
        kind=TaskKind.IMPORT,
        tiktok_shop_id=None,
        input={},
        started_by=started_by,
        idempotency_key=idempotency_key,
        subject_ids=None,
        now=now,
    )


async def keep(session: Session, *, shop_id: UUID, page: Sequence[ShopifyProduct], mark: UUID, now: datetime) -> int:
    """Write a page of products with their variants and pictures; writing it twice changes nothing. Returns how many."""
    latest = {product.id: product for product in page}
    rows = [_product_row(product) for product in latest.values()]
    ids = await products.upsert(session, shop_id=shop_id, rows=rows, mark=mark, now=now)
    variants = [
        _variant_row(ids[product.id], position, variant)
        for product in latest.values()
        for position, variant in enumerate(product.variants)
    ]
    images = [row for product in latest.values() for row in _image_rows(ids[product.id], product)]
    touched = list(ids.values())
    await products.replace_variants(session, shop_id=shop_id, product_ids=touched, rows=variants)
    await products.replace_images(session, shop_id=shop_id, product_ids=touched, rows=images)
    return len(ids)


async def finish(session: Session, *, shop_id: UUID, mark: UUID, began: datetime, now: datetime) -> int:
    """After the last page: what a whole import did not meet is deleted in the store. Returns how many."""
    return await products.mark_unseen_deleted(session, shop_id=shop_id, mark=mark, began=began, now=now)


def _product_row(product: ShopifyProduct) -> dict[str, Any]:
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
        "collections": [{"id": collection} for collection in product.collection_ids],
        "options": []
        if product.has_only_default_variant
        else [_option(name, values) for name, values in product.options],
        "is_gift_card": product.is_gift_card,
        "source_updated_at": product.updated_at,
        "search_text": search_text(product.title, product.vendor, product.product_type, *product.tags),
    }


def _option(name: str, values: Sequence[str]) -> dict[str, Any]:
    return {"name": name, "values": values}


def _variant_row(product_id: UUID, position: int, variant: ShopifyVariant) -> dict[str, Any]:
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


def _image_rows(product_id: UUID, product: ShopifyProduct) -> list[dict[str, Any]]:
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
