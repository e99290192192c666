"""What rules see of products, kept beside them: written in the transaction that writes a product, read for reasons."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, select

from server.domain.traits import Traits, number_in
from server.kit.json import dumps_text, exact
from server.store.session import Session
from server.tables import ProductTraits, Task

_WRITE = text("""
INSERT INTO product_traits (product_id, shop_id, is_gift_card, status, vendor, product_type, category, title, tags,
                            stock, prices, compare_at_prices, weights, created, updated,
                            collections, collection_ids, skus, barcodes, metafields, changed_at)
SELECT new.product_id, :shop_id, new.is_gift_card, new.status, new.vendor, new.product_type, new.category, new.title,
       new.tags, new.stock, new.prices, new.compare_at_prices, new.weights, new.created,
       new.updated, new.collections, new.collection_ids, new.skus, new.barcodes, new.metafields, :now
FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS new(
    product_id uuid, is_gift_card boolean, status text, vendor text, product_type text, category text, title text,
    tags text[], stock bigint, prices numeric[], compare_at_prices numeric[], weights numeric[], created timestamptz,
    updated timestamptz, collections text[], collection_ids text[], skus text[], barcodes text[], metafields jsonb)
LEFT JOIN LATERAL (SELECT * FROM product_traits WHERE product_id = new.product_id OFFSET 0) AS old ON true
WHERE old.product_id IS NULL
   OR (old.is_gift_card, old.status, old.vendor, old.product_type, old.category, old.title, old.tags, old.stock,
       old.prices, old.compare_at_prices, old.weights, old.created, old.updated, old.collections,
       old.collection_ids, old.skus, old.barcodes, old.metafields)
      IS DISTINCT FROM
      (new.is_gift_card, new.status, new.vendor, new.product_type, new.category, new.title, new.tags, new.stock,
       new.prices, new.compare_at_prices, new.weights, new.created, new.updated, new.collections,
       new.collection_ids, new.skus, new.barcodes, new.metafields)
ON CONFLICT (product_id) DO UPDATE SET
    is_gift_card = excluded.is_gift_card, status = excluded.status, vendor = excluded.vendor,
    product_type = excluded.product_type, category = excluded.category, title = excluded.title,
    tags = excluded.tags, stock = excluded.stock, prices = excluded.prices,
    compare_at_prices = excluded.compare_at_prices, weights = excluded.weights, created = excluded.created,
    updated = excluded.updated, collections = excluded.collections, collection_ids = excluded.collection_ids,
    skus = excluded.skus, barcodes = excluded.barcodes, metafields = excluded.metafields,
    changed_at = excluded.changed_at
""")


async def write(session: Session, *, shop_id: UUID, traits: Mapping[UUID, Traits], now: datetime) -> None:
    """What these products are like now; rows that say so already are not written again. Lock the products first."""
    connection = await session.connection()
    rows = [_row(product_id, one) for product_id, one in traits.items()]
    await connection.execute(_WRITE, {"shop_id": shop_id, "rows": dumps_text(rows), "now": now})


def _row(product_id: UUID, one: Traits) -> dict[str, Any]:
    return {
        "product_id": product_id,
        "is_gift_card": one.is_gift_card,
        "status": one.status,
        "vendor": one.vendor,
        "product_type": one.product_type,
        "category": one.category,
        "title": one.title,
        "tags": one.tags,
        "stock": one.stock,
        "prices": one.prices,
        "compare_at_prices": one.compare_at_prices,
        "weights": one.weights,
        "created": one.created,
        "updated": one.updated,
        "collections": one.collections,
        "collection_ids": one.collection_ids,
        "skus": one.skus,
        "barcodes": one.barcodes,
        "metafields": {key: _with_numbers(texts) for key, texts in one.metafields.items()},
    }


def _with_numbers(texts: Sequence[str]) -> list[object]:
    numbers = (number_in(text) for text in texts)
    return [*texts, *(exact(number) for number in numbers if number is not None)]


async def by_ids(session: Session, *, shop_id: UUID, product_ids: Sequence[UUID]) -> dict[UUID, Traits]:
    """Those of the products that the store has now."""
    statement = select(ProductTraits).where(
        ProductTraits.shop_id == shop_id, col(ProductTraits.product_id).in_(product_ids)
    )
    return {row.product_id: _traits(row) for row in await session.exec(statement)}


async def unchanged(
    session: Session, *, shop_id: UUID, product_ids: Sequence[UUID], task_id: UUID
) -> dict[UUID, Traits]:
    """Those of the products that are as they were when the task was opened, as far as rules see them."""
    changed_at = col(ProductTraits.changed_at)
    statement = (
        select(ProductTraits)
        .join(Task, (col(Task.id) == task_id) & (col(Task.shop_id) == shop_id))
        .where(ProductTraits.shop_id == shop_id, col(ProductTraits.product_id).in_(product_ids))
        .where(changed_at.is_(None) | (changed_at <= col(Task.created_at)))
    )
    return {row.product_id: _traits(row) for row in await session.exec(statement)}


def _traits(row: ProductTraits) -> Traits:
    return Traits(
        title=row.title,
        vendor=row.vendor,
        product_type=row.product_type,
        tags=tuple(row.tags),
        collections=tuple(row.collections),
        collection_ids=tuple(row.collection_ids),
        category=row.category,
        prices=tuple(row.prices),
        compare_at_prices=tuple(row.compare_at_prices),
        stock=row.stock,
        weights=tuple(row.weights),
        skus=tuple(row.skus),
        barcodes=tuple(row.barcodes),
        status=row.status,
        is_gift_card=row.is_gift_card,
        created=row.created,
        updated=row.updated,
        metafields={key: tuple(one for one in said if isinstance(one, str)) for key, said in row.metafields.items()},
    )
