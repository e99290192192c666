"""Traces that another connector, or a person, works in the same TikTok shop."""

from uuid import UUID

from sqlalchemy import text

from server.domain.linking import Trace, TraceKind
from server.store.session import Session

_STRANGER = """
    remote_product.shop_id = :shop_id AND remote_product.tiktok_shop_id = :tiktok_shop_id
    AND NOT EXISTS (SELECT FROM listing WHERE listing.tiktok_shop_id = :tiktok_shop_id
                      AND listing.remote_id = remote_product.remote_id)
"""
_WITH_STRANGERS = """
WITH traces AS (
    SELECT 'CREATED_SINCE_CONNECTING' AS kind, remote_product.remote_id FROM remote_product
    JOIN tiktok_shop ON tiktok_shop.id = remote_product.tiktok_shop_id
    WHERE {stranger} AND remote_product.source_created_at > tiktok_shop.connected_at
    UNION ALL
    SELECT 'FOREIGN_EXTERNAL_ID', remote_product.remote_id FROM remote_product
    WHERE {stranger} AND remote_product.external_product_id <> ''
      AND NOT EXISTS (SELECT FROM product WHERE product.shop_id = :shop_id
                        AND product.remote_id = remote_product.external_product_id)
    UNION ALL
    SELECT DISTINCT 'TWIN_SKU', remote_product.remote_id FROM remote_product
    JOIN remote_key ON remote_key.remote_product_id = remote_product.id AND remote_key.key LIKE 's:%'
    JOIN remote_key AS twin ON twin.tiktok_shop_id = :tiktok_shop_id AND twin.key = remote_key.key
     AND twin.remote_product_id <> remote_product.id
    JOIN remote_product AS other ON other.id = twin.remote_product_id
    JOIN listing ON listing.tiktok_shop_id = :tiktok_shop_id AND listing.remote_id = other.remote_id
    WHERE {stranger}
)
SELECT kind, count(*) AS amount, (array_agg(remote_id ORDER BY remote_id DESC))[1:5] AS examples
FROM traces GROUP BY kind ORDER BY kind
"""
_TRACES = text(_WITH_STRANGERS.format(stranger=_STRANGER))


async def traces(session: Session, *, shop_id: UUID, tiktok_shop_id: UUID) -> list[Trace]:
    """What the mirror shows; the newest products as examples."""
    values = {"shop_id": shop_id, "tiktok_shop_id": tiktok_shop_id}
    rows = await (await session.connection()).execute(_TRACES, values)
    return [Trace(TraceKind(row.kind), row.amount, tuple(row.examples)) for row in rows]
