"""What Shopify tells of products, written in sets. Rows are given as JSON; what stands there already is not rewritten.

Rows are locked in one order everywhere (by Shopify id, then pictures by address): an import and webhooks may write the
same products at the same time.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from server.kit.json import dumps_text
from server.store.session import Session

Rows = Sequence[Mapping[str, Any]]

_REFUSED = ("22", "23", "54")
"""SQLSTATE classes that speak of the data: a bad value, a broken constraint, a value beyond a limit."""


class Unkeepable(Exception):
    """PostgreSQL cannot hold one of the values, for example a text with a NUL or a price of 20 digits."""


@dataclass(frozen=True, slots=True)
class Written:
    """Row ids by Shopify id of what was written, and those of them that had a row before.

    ``met`` counts products this import had not seen before.
    """

    ids: Mapping[str, UUID]
    older: Sequence[UUID]
    met: int


_PLAN_ANEW = text("SET LOCAL plan_cache_mode = force_custom_plan")


@asynccontextmanager
async def attempt(session: Session) -> AsyncIterator[None]:
    """Take back what the block wrote when PostgreSQL cannot hold it; ``Unkeepable`` then.

    Each statement is planned anew: a first import begins on empty tables, and a plan kept from then reads whole tables
    for each slice. For the same reason rows are looked up by ``LATERAL ... OFFSET 0``, one by one through an index:
    without statistics the planner thinks a shop has few rows and reads them all (30,000 products: half the speed).
    """
    connection = await session.connection()
    try:
        async with session.begin_nested():
            await connection.execute(_PLAN_ANEW)
            yield
    except DBAPIError as error:
        if str(getattr(error.orig, "sqlstate", ""))[:2] not in _REFUSED:
            raise
        raise Unkeepable(str(error.orig).partition("\n")[0]) from None


_PRODUCTS = text("""
INSERT INTO product (id, shop_id, remote_id, handle, title, description_html, vendor, product_type, tags, status,
                     category_id, category_name, collections, metafields, options, is_gift_card, source_created_at,
                     source_updated_at, imported_at, import_mark, deleted_at, search_text)
SELECT new.row_id, :shop_id, new.remote_id, new.handle, new.title, new.description_html, new.vendor, new.product_type,
       new.tags, new.status, new.category_id, new.category_name, new.collections, new.metafields, new.options,
       new.is_gift_card, new.source_created_at, new.source_updated_at, :read_at, CAST(:mark AS uuid), NULL,
       new.search_text
FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS new(
    row_id uuid, remote_id text, handle text, title text, description_html text, vendor text, product_type text,
    tags jsonb, status text, category_id text, category_name text, collections jsonb, metafields jsonb,
    options jsonb, is_gift_card boolean, source_created_at timestamptz, source_updated_at timestamptz, search_text text)
ORDER BY new.remote_id
ON CONFLICT (shop_id, remote_id) DO UPDATE SET
    handle = excluded.handle, title = excluded.title, description_html = excluded.description_html,
    vendor = excluded.vendor, product_type = excluded.product_type, tags = excluded.tags, status = excluded.status,
    category_id = excluded.category_id, category_name = excluded.category_name, collections = excluded.collections,
    metafields = excluded.metafields, options = excluded.options, is_gift_card = excluded.is_gift_card,
    source_created_at = excluded.source_created_at, source_updated_at = excluded.source_updated_at,
    imported_at = excluded.imported_at, import_mark = coalesce(excluded.import_mark, product.import_mark),
    deleted_at = NULL, search_text = excluded.search_text
WHERE (product.source_updated_at, product.imported_at) <= (excluded.source_updated_at, excluded.imported_at)
  AND (product.deleted_at IS NULL OR product.deleted_at <= excluded.imported_at)
RETURNING id, remote_id,
    (SELECT before.import_mark FROM product AS before WHERE before.id = product.id) IS DISTINCT FROM
        CAST(:mark AS uuid) AS met
""")

_SEEN = text("""
UPDATE product SET import_mark = :mark
WHERE id IN (SELECT id FROM product
             WHERE shop_id = :shop_id AND remote_id = ANY(CAST(:seen AS text[])) AND import_mark IS DISTINCT FROM :mark
             ORDER BY remote_id FOR NO KEY UPDATE)
""")

_UNMET = text("""
SELECT asked.id
FROM unnest(CAST(:ids AS text[])) AS asked(id)
LEFT JOIN LATERAL (SELECT id FROM product WHERE shop_id = :shop_id AND remote_id = asked.id AND import_mark = :mark
                   OFFSET 0) AS met ON true
WHERE met.id IS NULL
""")

_VARIANTS_GONE = text("""
SELECT old.id
FROM unnest(CAST(:products AS uuid[])) AS given(id)
CROSS JOIN LATERAL (SELECT id, shop_id, remote_id FROM variant WHERE product_id = given.id OFFSET 0) AS old
WHERE old.shop_id = :shop_id AND old.remote_id NOT IN (SELECT unnest(CAST(:kept AS text[])))
""")

_DROP_VARIANTS = text("DELETE FROM variant WHERE shop_id = :shop_id AND id = ANY(CAST(:ids AS uuid[]))")

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
LEFT JOIN LATERAL (SELECT * FROM variant WHERE shop_id = :shop_id AND remote_id = new.remote_id OFFSET 0) AS old ON true
WHERE old.id IS NULL
   OR (old.product_id, old.position, old.title, old.sku, old.barcode, old.price, old.compare_at_price,
       old.inventory_quantity, old.inventory_policy, old.inventory_item_id, old.tracked, old.requires_shipping,
       old.weight_value, old.weight_unit, old.selected_options, old.image_url)
      IS DISTINCT FROM
      (new.product_id, new.position, new.title, new.sku, new.barcode, new.price, new.compare_at_price,
       new.inventory_quantity, new.inventory_policy, new.inventory_item_id, new.tracked, new.requires_shipping,
       new.weight_value, new.weight_unit, new.selected_options, new.image_url)
ORDER BY new.remote_id
ON CONFLICT (shop_id, remote_id) DO UPDATE SET
    product_id = excluded.product_id, position = excluded.position, title = excluded.title, sku = excluded.sku,
    barcode = excluded.barcode, price = excluded.price, compare_at_price = excluded.compare_at_price,
    inventory_quantity = excluded.inventory_quantity, inventory_policy = excluded.inventory_policy,
    inventory_item_id = excluded.inventory_item_id, tracked = excluded.tracked,
    requires_shipping = excluded.requires_shipping, weight_value = excluded.weight_value,
    weight_unit = excluded.weight_unit, selected_options = excluded.selected_options, image_url = excluded.image_url
""")

_LOCAL_IMAGES = text("""
INSERT INTO local_image (id, shop_id, url, width, height)
SELECT new.row_id, :shop_id, new.url, new.width, new.height
FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS new(row_id uuid, url text, width int, height int)
LEFT JOIN LATERAL (SELECT id FROM local_image WHERE shop_id = :shop_id AND url = new.url OFFSET 0) AS known ON true
WHERE known.id IS NULL
ORDER BY new.url
ON CONFLICT (shop_id, url) DO NOTHING
""")

_IMAGES_GONE = text("""
SELECT old.id
FROM unnest(CAST(:products AS uuid[])) AS given(id)
CROSS JOIN LATERAL (SELECT * FROM product_image WHERE product_id = given.id OFFSET 0) AS old
WHERE old.shop_id = :shop_id
  AND (old.product_id, old.position, old.local_image_id, old.alt, coalesce(old.remote_id, '')) NOT IN (
      SELECT new.product_id, new.position, image.id, new.alt, coalesce(new.remote_id, '')
      FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS new(
          product_id uuid, url text, position int, remote_id text, alt text)
      CROSS JOIN LATERAL (SELECT id FROM local_image WHERE shop_id = :shop_id AND url = new.url OFFSET 0) AS image)
""")

_DROP_IMAGES = text("DELETE FROM product_image WHERE shop_id = :shop_id AND id = ANY(CAST(:ids AS uuid[]))")

_IMAGES = text("""
INSERT INTO product_image (id, shop_id, product_id, local_image_id, position, remote_id, alt)
SELECT new.row_id, :shop_id, new.product_id, image.id, new.position, new.remote_id, new.alt
FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS new(
    row_id uuid, product_id uuid, url text, position int, remote_id text, alt text)
CROSS JOIN LATERAL (SELECT id FROM local_image WHERE shop_id = :shop_id AND url = new.url OFFSET 0) AS image
ON CONFLICT (product_id, position) DO NOTHING
""")


async def write_products(
    session: Session, *, shop_id: UUID, rows: Rows, mark: UUID | None, read_at: datetime
) -> Written:
    """Write products as they were at ``read_at``; ``mark`` names the import that saw them.

    A product that was read later by somebody else, or was deleted since, keeps its row: it is not among the ids.
    """
    connection = await session.connection()
    values = {"shop_id": shop_id, "rows": dumps_text(rows), "mark": mark, "read_at": read_at}
    written = (await connection.execute(_PRODUCTS, values)).all()
    ids = {row.remote_id: row.id for row in written}
    proposed = {row["row_id"] for row in rows}
    older = [row.id for row in written if row.id not in proposed]
    met = sum(row.met for row in written)
    if mark is not None and len(ids) < len(rows):
        passed = [row["remote_id"] for row in rows if row["remote_id"] not in ids]
        met += await see(session, shop_id=shop_id, remote_ids=passed, mark=mark)
    return Written(ids, older, met)


async def see(session: Session, *, shop_id: UUID, remote_ids: Sequence[str], mark: UUID) -> int:
    """An import met these products although it did not write them. Returns how many it had not met before."""
    connection = await session.connection()
    return (await connection.execute(_SEEN, {"shop_id": shop_id, "seen": list(remote_ids), "mark": mark})).rowcount


async def unmet(session: Session, *, shop_id: UUID, remote_ids: Sequence[str], mark: UUID) -> set[str]:
    """Those of the products that the import has not met yet."""
    connection = await session.connection()
    rows = await connection.execute(_UNMET, {"shop_id": shop_id, "ids": list(remote_ids), "mark": mark})
    return {row.id for row in rows}


async def replace_variants(session: Session, *, shop_id: UUID, product_ids: Sequence[UUID], rows: Rows) -> None:
    """Make the variants of products exactly ``rows``; a variant that stays keeps its row.

    ``product_ids`` are those of the products that may have had others before.
    """
    connection = await session.connection()
    kept = [row["remote_id"] for row in rows]
    if product_ids:
        values = {"shop_id": shop_id, "products": list(product_ids), "kept": kept}
        if gone := (await connection.execute(_VARIANTS_GONE, values)).scalars().all():
            await connection.execute(_DROP_VARIANTS, {"shop_id": shop_id, "ids": gone})
    await connection.execute(_VARIANTS, {"shop_id": shop_id, "rows": dumps_text(rows)})


async def replace_images(session: Session, *, shop_id: UUID, product_ids: Sequence[UUID], rows: Rows) -> None:
    """Make the pictures of products exactly ``rows``. A known address keeps what we learned of its picture.

    ``product_ids`` are those of the products that may have had others before.
    """
    connection = await session.connection()
    said = dumps_text(rows)
    await connection.execute(_LOCAL_IMAGES, {"shop_id": shop_id, "rows": said})
    if product_ids:
        values = {"shop_id": shop_id, "products": list(product_ids), "rows": said}
        if gone := (await connection.execute(_IMAGES_GONE, values)).scalars().all():
            await connection.execute(_DROP_IMAGES, {"shop_id": shop_id, "ids": gone})
    await connection.execute(_IMAGES, {"shop_id": shop_id, "rows": said})
