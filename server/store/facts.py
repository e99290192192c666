"""What the rules of listing read of products: a handful of plain statements for a whole slice."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text

from server.store.session import Session

_PRODUCTS = text("""
SELECT id, remote_id, title, description_html, vendor, product_type, tags, status, is_gift_card, deleted_at,
       metafields
FROM product WHERE shop_id = :shop_id AND id = ANY(CAST(:ids AS uuid[]))
""")

_VARIANTS = text("""
SELECT product_id, remote_id, position, title, sku, barcode, price, compare_at_price, inventory_quantity,
       inventory_policy, tracked, requires_shipping, weight_value, weight_unit, selected_options, image_url
FROM variant WHERE shop_id = :shop_id AND product_id = ANY(CAST(:ids AS uuid[])) ORDER BY product_id, position, id
""")

_PICTURES = text("""
SELECT product_image.product_id, local_image.url FROM product_image
JOIN local_image ON local_image.id = product_image.local_image_id
WHERE product_image.shop_id = :shop_id AND product_image.product_id = ANY(CAST(:ids AS uuid[]))
ORDER BY product_image.product_id, product_image.position
""")


@dataclass(frozen=True, slots=True)
class ProductRows:
    """One product as its rows tell it."""

    product: Row[Any]
    variants: Sequence[Row[Any]]
    pictures: Sequence[str]


async def read(session: Session, *, shop_id: UUID, product_ids: Sequence[UUID]) -> Mapping[UUID, ProductRows]:
    """Products with variants and picture addresses, in the store's order; deleted ones too."""
    values = {"shop_id": shop_id, "ids": list(product_ids)}
    connection = await session.connection()
    products = (await connection.execute(_PRODUCTS, values)).all()
    variants: dict[UUID, list[Row[Any]]] = defaultdict(list)
    for row in await connection.execute(_VARIANTS, values):
        variants[row.product_id].append(row)
    pictures: dict[UUID, list[str]] = defaultdict(list)
    for row in await connection.execute(_PICTURES, values):
        pictures[row.product_id].append(row.url)
    return {row.id: ProductRows(row, variants[row.id], pictures[row.id]) for row in products}
