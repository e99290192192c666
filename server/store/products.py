"""Products and variants: written by the page in a handful of statements, read in sets."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, func, select

from server.domain.paging import Page, PageArgs
from server.domain.text import words
from server.kit.json import dumps_text
from server.store.paging import paginate
from server.store.session import Session
from server.tables import Product, Variant

_PRODUCTS = text("""
INSERT INTO product (id, shop_id, remote_id, handle, title, description_html, vendor, product_type, tags, status,
                     category_id, category_name, collections, options, is_gift_card, source_updated_at, imported_at,
                     import_mark, deleted_at, search_text)
SELECT new.row_id, :shop_id, new.remote_id, new.handle, new.title, new.description_html, new.vendor, new.product_type,
       new.tags, new.status, new.category_id, new.category_name, new.collections, new.options, new.is_gift_card,
       new.source_updated_at, :now, :mark, NULL, new.search_text
FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS new(
    row_id uuid, remote_id text, handle text, title text, description_html text, vendor text, product_type text,
    tags jsonb, status text, category_id text, category_name text, collections jsonb, options jsonb,
    is_gift_card boolean, source_updated_at timestamptz, search_text text)
ON CONFLICT (shop_id, remote_id) DO UPDATE SET
    handle = excluded.handle, title = excluded.title, description_html = excluded.description_html,
    vendor = excluded.vendor, product_type = excluded.product_type, tags = excluded.tags, status = excluded.status,
    category_id = excluded.category_id, category_name = excluded.category_name, collections = excluded.collections,
    options = excluded.options, is_gift_card = excluded.is_gift_card, source_updated_at = excluded.source_updated_at,
    imported_at = excluded.imported_at, import_mark = excluded.import_mark, deleted_at = NULL,
    search_text = excluded.search_text
RETURNING id, remote_id
""")

_VARIANTS = text("""
INSERT INTO variant (id, shop_id, product_id, remote_id, position, title, sku, barcode, price, compare_at_price,
                     inventory_quantity, inventory_policy, inventory_item_id, tracked, requires_shipping, weight_value,
                     weight_unit, selected_options, image_url)
SELECT new.row_id, :shop_id, new.product_id, new.remote_id, new.position, new.title, new.sku, new.barcode, new.price,
       new.compare_at_price, new.inventory_quantity, new.inventory_policy, new.inventory_item_id, new.tracked,
       new.requires_shipping, new.weight_value, new.weight_unit, new.selected_options, new.image_url
FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS new(
    row_id uuid, product_id uuid, remote_id text, position int, title text, sku text, barcode text, price numeric,
    compare_at_price numeric, inventory_quantity int, inventory_policy text, inventory_item_id text, tracked boolean,
    requires_shipping boolean, weight_value double precision, weight_unit text, selected_options jsonb, image_url text)
ON CONFLICT (shop_id, remote_id) DO UPDATE SET
    product_id = excluded.product_id, position = excluded.position, title = excluded.title, sku = excluded.sku,
    barcode = excluded.barcode, price = excluded.price, compare_at_price = excluded.compare_at_price,
    inventory_quantity = excluded.inventory_quantity, inventory_policy = excluded.inventory_policy,
    inventory_item_id = excluded.inventory_item_id, tracked = excluded.tracked,
    requires_shipping = excluded.requires_shipping, weight_value = excluded.weight_value,
    weight_unit = excluded.weight_unit, selected_options = excluded.selected_options, image_url = excluded.image_url
""")

_VARIANTS_GONE = text("""
DELETE FROM variant WHERE shop_id = :shop_id AND product_id = ANY(CAST(:products AS uuid[]))
  AND NOT (remote_id = ANY(CAST(:kept AS text[])))
""")

_LOCAL_IMAGES = text("""
INSERT INTO local_image (id, shop_id, url, width, height)
SELECT new.row_id, :shop_id, new.url, new.width, new.height
FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS new(row_id uuid, url text, width int, height int)
ON CONFLICT (shop_id, url) DO NOTHING
""")

_IMAGES_GONE = text("""
DELETE FROM product_image WHERE shop_id = :shop_id AND product_id = ANY(CAST(:products AS uuid[]))
""")

_IMAGES = text("""
INSERT INTO product_image (id, shop_id, product_id, local_image_id, position, remote_id, alt)
SELECT new.row_id, :shop_id, new.product_id, local_image.id, new.position, new.remote_id, new.alt
FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS new(
    row_id uuid, product_id uuid, url text, position int, remote_id text, alt text)
JOIN local_image ON local_image.shop_id = :shop_id AND local_image.url = new.url
""")

_GONE = text("""
UPDATE product SET deleted_at = :now
WHERE shop_id = :shop_id AND deleted_at IS NULL AND import_mark IS DISTINCT FROM :mark AND imported_at < :began
""")


async def upsert(
    session: Session, *, shop_id: UUID, rows: Sequence[Mapping[str, Any]], mark: UUID, now: datetime
) -> dict[str, UUID]:
    """Write products as they are now; answers their row ids by Shopify id. ``mark`` names the import that saw them."""
    connection = await session.connection()
    values = {"shop_id": shop_id, "rows": dumps_text(rows), "mark": mark, "now": now}
    return {row.remote_id: row.id for row in await connection.execute(_PRODUCTS, values)}


async def replace_variants(
    session: Session, *, shop_id: UUID, product_ids: Sequence[UUID], rows: Sequence[Mapping[str, Any]]
) -> None:
    """Make the variants of these products exactly ``rows``; a variant that stays keeps its row."""
    connection = await session.connection()
    kept = [row["remote_id"] for row in rows]
    await connection.execute(_VARIANTS_GONE, {"shop_id": shop_id, "products": list(product_ids), "kept": kept})
    await connection.execute(_VARIANTS, {"shop_id": shop_id, "rows": dumps_text(rows)})


async def replace_images(
    session: Session, *, shop_id: UUID, product_ids: Sequence[UUID], rows: Sequence[Mapping[str, Any]]
) -> None:
    """Make the pictures of these products exactly ``rows``. A known address keeps what we learned of its picture."""
    connection = await session.connection()
    said = dumps_text(rows)
    await connection.execute(_LOCAL_IMAGES, {"shop_id": shop_id, "rows": said})
    await connection.execute(_IMAGES_GONE, {"shop_id": shop_id, "products": list(product_ids)})
    await connection.execute(_IMAGES, {"shop_id": shop_id, "rows": said})


async def mark_unseen_deleted(session: Session, *, shop_id: UUID, mark: UUID, began: datetime, now: datetime) -> int:
    """Products a whole import did not meet are gone in the store; returns how many."""
    connection = await session.connection()
    values = {"shop_id": shop_id, "mark": mark, "began": began, "now": now}
    return (await connection.execute(_GONE, values)).rowcount


async def page(
    session: Session, *, shop_id: UUID, search: str | None, statuses: Sequence[str], args: PageArgs
) -> Page[Product]:
    """The store's products in the order they came, without deleted ones; ``search`` wants all its words' beginnings."""
    statement = select(Product).where(Product.shop_id == shop_id, col(Product.deleted_at).is_(None))
    for word in words(search or ""):
        statement = statement.where(col(Product.search_text).contains(f" {word}", autoescape=True))
    if statuses:
        statement = statement.where(col(Product.status).in_(statuses))
    return await paginate(session, statement, keys=(col(Product.id),), args=args)


async def by_ids(session: Session, *, shop_id: UUID, ids: Sequence[UUID]) -> dict[UUID, Product]:
    """Those of the products that are the shop's, deleted ones too."""
    rows = await session.exec(select(Product).where(Product.shop_id == shop_id, col(Product.id).in_(ids)))
    return {row.id: row for row in rows}


async def variants_of(session: Session, *, shop_id: UUID, product_ids: Sequence[UUID]) -> dict[UUID, list[Variant]]:
    """The variants of each product, in the store's order."""
    statement = (
        select(Variant)
        .where(Variant.shop_id == shop_id, col(Variant.product_id).in_(product_ids))
        .order_by(col(Variant.product_id), col(Variant.position))
    )
    found: dict[UUID, list[Variant]] = {product_id: [] for product_id in product_ids}
    for row in await session.exec(statement):
        found[row.product_id].append(row)
    return found


async def count(session: Session, *, shop_id: UUID) -> int:
    """How many products the store has now."""
    statement = select(func.count()).where(Product.shop_id == shop_id, col(Product.deleted_at).is_(None))
    return (await session.exec(statement)).one()
