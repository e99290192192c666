"""How the store sorts its products: source categories with their counts, and the mapping in force for each."""

from collections.abc import Sequence
from typing import Any, cast
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, Text, Uuid, text
from sqlmodel import select
from sqlmodel.sql.expression import Select

from server.domain.mappings import Sorting, SourceKind, Standing
from server.domain.paging import Page, PageArgs
from server.store.paging import paginate
from server.store.session import Session

MAX_WORDS = 12
"""Words of a search that are looked at."""

_STANDING = text("""
WITH direct AS (
    SELECT 'PRODUCT_TYPE' AS kind, lower(btrim(product_type) COLLATE "C") COLLATE "default" AS key,
           btrim(product_type) AS name
    FROM product WHERE shop_id = :shop_id AND deleted_at IS NULL AND btrim(product_type) <> ''
    UNION ALL
    SELECT 'SHOPIFY_CATEGORY', category_id, coalesce(category_name, category_id)
    FROM product WHERE shop_id = :shop_id AND deleted_at IS NULL AND category_id <> '' AND category_id NOT LIKE '%/na'
    UNION ALL
    SELECT 'COLLECTION', entry->>'id', entry->>'id'
    FROM product, jsonb_array_elements(collections) AS entry
    WHERE shop_id = :shop_id AND deleted_at IS NULL AND entry->>'id' <> ''
), source AS (
    SELECT kind, key, min(name COLLATE "C") COLLATE "default" AS name, count(*) AS products
    FROM direct GROUP BY kind, key
), counted AS (
    SELECT kind, key, products FROM source WHERE kind <> 'SHOPIFY_CATEGORY'
    UNION ALL
    SELECT kind, array_to_string(parts[1:depth], '-'), CAST(sum(products) AS bigint)
    FROM source, string_to_array(key, '-') AS parts, generate_series(1, cardinality(parts)) AS depth
    WHERE kind = 'SHOPIFY_CATEGORY' GROUP BY 1, 2
), mapping AS (
    SELECT id, CAST(kind AS text) AS kind, key, name FROM category_mapping
    WHERE shop_id = :shop_id AND tiktok_shop_id = :tiktok_shop_id
), place AS (
    SELECT kind, key, coalesce(source.name, mapping.name) AS name FROM source FULL JOIN mapping USING (kind, key)
)
SELECT place.kind, place.key, place.name, coalesce(counted.products, 0) AS products,
       -coalesce(counted.products, 0) AS fewer, (place.kind || ':' || place.key) COLLATE "C" AS place,
       force.id AS mapping_id, coalesce(force.key <> place.key, false) AS is_inherited
FROM place LEFT JOIN counted USING (kind, key) LEFT JOIN LATERAL (
    SELECT mapping.id, mapping.key FROM mapping
    WHERE mapping.kind = place.kind AND (mapping.key = place.key
        OR (place.kind = 'SHOPIFY_CATEGORY' AND starts_with(place.key, mapping.key || '-')))
    ORDER BY length(mapping.key) DESC LIMIT 1
) AS force ON true
""")

_SORTINGS = text("""
SELECT id, product_type, category_id, collections FROM product
WHERE shop_id = :shop_id AND id = ANY(CAST(:ids AS uuid[]))
""")


async def page(
    session: Session,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    mapped: bool | None,
    kinds: Sequence[SourceKind],
    search: str | None,
    args: PageArgs,
) -> Page[Standing]:
    """Every source category of the store and every mapped one, those with most products first; one statement."""
    standing = (
        _STANDING.bindparams(shop_id=shop_id, tiktok_shop_id=tiktok_shop_id)
        .columns(
            kind=Text, key=Text, name=Text, products=BigInteger, fewer=BigInteger, place=Text, mapping_id=Uuid,
            is_inherited=Boolean,
        )
        .subquery("standing")
    )  # fmt: skip
    at = standing.c
    counts = (at.products, at.fewer, at.place, at.mapping_id, at.is_inherited)
    statement = cast("Select[Any]", select(at.kind, at.key, at.name).add_columns(*counts))
    if mapped is not None:
        statement = statement.where(at.mapping_id.is_not(None) if mapped else at.mapping_id.is_(None))
    if kinds:
        statement = statement.where(at.kind.in_(kinds))
    for word in (search or "").replace("\0", " ").split()[:MAX_WORDS]:
        statement = statement.where(at.name.icontains(word, autoescape=True))
    found = await paginate(session, statement, keys=(at.fewer, at.place), args=args)
    rows = [
        Standing(SourceKind(row.kind), row.key, row.name, row.products, row.mapping_id, row.is_inherited)
        for row in found.nodes
    ]
    return Page(rows, found.cursors, found.has_next, found.has_previous, found.total)


async def sortings(session: Session, *, shop_id: UUID, product_ids: Sequence[UUID]) -> dict[UUID, Sorting]:
    """How the store sorts these products, deleted ones too."""
    connection = await session.connection()
    rows = await connection.execute(_SORTINGS, {"shop_id": shop_id, "ids": list(product_ids)})
    return {
        row.id: Sorting(row.product_type, row.category_id, tuple(entry["id"] for entry in row.collections))
        for row in rows
    }
