"""Products of the store and on TikTok Shop that share something they can be recognized by."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, select

from server.domain.linking import BLANKS, LONGEST_KEY, SHORTEST_CODE, StoreProduct, StoreVariant
from server.store.intents import STANDS_IN_THE_WAY
from server.store.session import Session
from server.tables import Product, Variant

KEYS = """
    SELECT product.id AS product_id, 'x:' || product.remote_id AS key FROM product
    WHERE product.shop_id = :shop_id AND product.deleted_at IS NULL {of_product}
    UNION ALL
    SELECT variant.product_id, keys.key FROM variant
    JOIN product ON product.id = variant.product_id AND product.deleted_at IS NULL,
    LATERAL (VALUES
        ('v:' || variant.remote_id, 3),
        ('s:' || btrim(variant.sku, :blanks), 3),
        ('b:' || ltrim(regexp_replace(variant.barcode, '[^0-9]', '', 'g'), '0'), 2 + :shortest_code)
    ) AS keys(key, shortest)
    WHERE variant.shop_id = :shop_id AND length(keys.key) BETWEEN keys.shortest AND :longest_key {of_variant}
"""
"""The same keys as ``domain.linking.keys_of_product``: a property test holds the two together."""

LIMITS = {"blanks": BLANKS, "shortest_code": SHORTEST_CODE, "longest_key": LONGEST_KEY}
"""What ``KEYS`` is told of the rules."""

_MATCHES = """
SELECT DISTINCT keys.product_id, remote_product.id AS remote_row
FROM ({keys}) AS keys
JOIN remote_key ON remote_key.tiktok_shop_id = :tiktok_shop_id AND remote_key.key = keys.key
JOIN remote_product ON remote_product.id = remote_key.remote_product_id
 AND remote_product.shop_id = :shop_id AND remote_product.status NOT IN ('DELETED', 'FREEZE')
WHERE NOT EXISTS (SELECT FROM listing WHERE listing.tiktok_shop_id = :tiktok_shop_id
                    AND listing.remote_id = remote_product.remote_id AND listing.status <> 'DELETED')
  AND NOT EXISTS (SELECT FROM listing WHERE listing.tiktok_shop_id = :tiktok_shop_id
                    AND listing.product_id = keys.product_id
                    AND (listing.status NOT IN ('NOT_SYNCED', 'SYNC_FAILED', 'DELETED', 'QUEUED')
                         OR (listing.remote_id IS NOT NULL AND listing.status <> 'DELETED')
                         OR (listing.status <> 'SYNC_FAILED' AND {stands_in_the_way})))
"""
_ALL = text(_MATCHES.format(keys=KEYS.format(of_product="", of_variant=""), stands_in_the_way=STANDS_IN_THE_WAY))
_SOME = text(
    _MATCHES.format(
        keys=KEYS.format(
            of_product="AND product.id = ANY(CAST(:product_ids AS uuid[]))",
            of_variant="AND variant.product_id = ANY(CAST(:product_ids AS uuid[]))",
        ),
        stands_in_the_way=STANDS_IN_THE_WAY,
    )
)


@dataclass(frozen=True, slots=True)
class Met:
    """A product of the store and a row of the mirror that share a key; neither stands in a listing's way."""

    product_id: UUID
    remote_row: UUID


async def met(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, product_ids: Sequence[UUID] | None = None
) -> list[Met]:
    """Products that are not on TikTok Shop through us, with what stands there and no listing stands for.

    All of the store's, or these. What a worker is about to create this moment is left out.
    """
    values: dict[str, object] = {"shop_id": shop_id, "tiktok_shop_id": tiktok_shop_id, **LIMITS}
    statement = _ALL
    if product_ids is not None:
        statement, values = _SOME, values | {"product_ids": list(product_ids)}
    rows = await (await session.connection()).execute(statement, values)
    return [Met(row.product_id, row.remote_row) for row in rows]


async def products(session: Session, *, shop_id: UUID, ids: Collection[UUID]) -> list[StoreProduct]:
    """Products as the rules of linking read them."""
    named = select(Product.id, Product.remote_id).where(Product.shop_id == shop_id, col(Product.id).in_(ids))
    found = dict(list(await session.exec(named)))
    variants: defaultdict[UUID, list[StoreVariant]] = defaultdict(list)
    of_them = (
        select(Variant.product_id, Variant.remote_id, Variant.sku, Variant.barcode)
        .where(Variant.shop_id == shop_id, col(Variant.product_id).in_(ids))
        .order_by(col(Variant.product_id), col(Variant.position))
    )
    for product_id, remote_id, sku, barcode in await session.exec(of_them):
        variants[product_id].append(StoreVariant(remote_id, sku or "", barcode or ""))
    return [StoreProduct(row_id, remote_id, tuple(variants[row_id])) for row_id, remote_id in found.items()]


_TASK_PRODUCTS = text("""
SELECT subject_id FROM task_item
WHERE task_id = :task_id AND shop_id = :shop_id AND chunk = :chunk AND state IN ('QUEUED', 'RUNNING')
""")


async def open_subjects(session: Session, *, shop_id: UUID, task_id: UUID, chunk: int) -> list[UUID]:
    """What a chunk still has to do."""
    values = {"shop_id": shop_id, "task_id": task_id, "chunk": chunk}
    rows = await (await session.connection()).execute(_TASK_PRODUCTS, values)
    return [row.subject_id for row in rows]
