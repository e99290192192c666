"""How the store sorts its products: source categories with their counts, and the mapping in force for each."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, cast
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, Text, Uuid, text
from sqlmodel import col, func, select
from sqlmodel.sql.expression import Select

from server.domain.mappings import Source, SourceKind, Standing
from server.domain.paging import Page, PageArgs
from server.kit.json import dumps_text
from server.store.paging import paginate
from server.store.session import Session
from server.tables import Product

MAX_WORDS = 12
"""Words of a search that are looked at."""

_STANDING = text("""
WITH tally AS MATERIALIZED (
    SELECT grouping(product_type) = 0 AS of_type, grouping(category_id) = 0 AS of_category, product_type, category_id,
           category_name, collections, count(*) AS products
    FROM product WHERE shop_id = :shop_id AND deleted_at IS NULL
    GROUP BY GROUPING SETS ((product_type), (category_id, category_name), (collections))
), direct AS (
    SELECT 'PRODUCT_TYPE' AS kind, lower(btrim(product_type) COLLATE "C") COLLATE "default" AS key,
           btrim(product_type) AS name, products
    FROM tally WHERE of_type AND btrim(product_type) <> ''
    UNION ALL
    SELECT 'SHOPIFY_CATEGORY', category_id, category_name, products
    FROM tally WHERE of_category AND category_id <> '' AND category_id NOT LIKE '%/na'
    UNION ALL
    SELECT 'COLLECTION', entry->>'id', nullif(entry->>'title', ''), products
    FROM tally, jsonb_array_elements(collections) AS entry
    WHERE NOT of_type AND NOT of_category AND entry->>'id' <> ''
), source AS (
    SELECT kind, key, coalesce(min(name COLLATE "C") COLLATE "default", key) AS name, sum(products) AS products
    FROM direct GROUP BY kind, key
), counted AS (
    SELECT kind, key, products FROM source WHERE kind <> 'SHOPIFY_CATEGORY'
    UNION ALL
    SELECT kind, array_to_string(parts[1:depth], '-'), sum(products)
    FROM source, string_to_array(key, '-') AS parts, generate_series(1, cardinality(parts)) AS depth
    WHERE kind = 'SHOPIFY_CATEGORY' GROUP BY 1, 2
), mapping AS (
    SELECT id, CAST(kind AS text) AS kind, key, name FROM category_mapping
    WHERE shop_id = :shop_id AND tiktok_shop_id = :tiktok_shop_id
), place AS (
    SELECT kind, key, coalesce(source.name, mapping.name) AS name FROM source FULL JOIN mapping USING (kind, key)
), upwards AS (
    SELECT kind, key, key AS above FROM place WHERE kind <> 'SHOPIFY_CATEGORY'
    UNION ALL
    SELECT kind, key, array_to_string(parts[1:depth], '-')
    FROM place, string_to_array(key, '-') AS parts, generate_series(1, cardinality(parts)) AS depth
    WHERE kind = 'SHOPIFY_CATEGORY'
), force AS (
    SELECT DISTINCT ON (upwards.kind, upwards.key) upwards.kind, upwards.key, mapping.id,
           above <> upwards.key AS inherits
    FROM upwards JOIN mapping ON mapping.kind = upwards.kind AND mapping.key = upwards.above
    ORDER BY upwards.kind, upwards.key, length(above) DESC
)
SELECT place.kind, place.key, place.name, CAST(coalesce(counted.products, 0) AS bigint) AS products,
       CAST(-coalesce(counted.products, 0) AS bigint) AS fewer, (place.kind || ':' || place.key) COLLATE "C" AS place,
       force.id AS mapping_id, coalesce(force.inherits, false) AS is_inherited
FROM place LEFT JOIN counted USING (kind, key) LEFT JOIN force USING (kind, key)
""")
"""One pass over the products, grouped three ways at once; all the rest works on source categories, which are few."""

_IN_SOURCES = text("""
WITH wanted AS (
    SELECT kind, key FROM jsonb_to_recordset(CAST(:sources AS jsonb)) AS wanted(kind text, key text)
), sorting AS (
    SELECT id, source_updated_at, 'PRODUCT_TYPE' AS kind,
           lower(btrim(product_type) COLLATE "C") COLLATE "default" AS key
    FROM product WHERE shop_id = :shop_id AND deleted_at IS NULL AND :of_type
    UNION ALL
    SELECT id, source_updated_at, 'SHOPIFY_CATEGORY', array_to_string(parts[1:depth], '-')
    FROM product, string_to_array(category_id, '-') AS parts, generate_series(1, cardinality(parts)) AS depth
    WHERE shop_id = :shop_id AND deleted_at IS NULL AND category_id <> '' AND :of_category
    UNION ALL
    SELECT id, source_updated_at, 'COLLECTION', entry->>'id' FROM product, jsonb_array_elements(collections) AS entry
    WHERE shop_id = :shop_id AND deleted_at IS NULL AND :of_collection
), placed AS (
    SELECT kind, key, id, row_number() OVER (PARTITION BY kind, key ORDER BY source_updated_at DESC, id) AS place
    FROM sorting JOIN wanted USING (kind, key)
)
SELECT kind, key, id FROM placed
WHERE CASE WHEN CAST(:listed_in AS uuid) IS NULL THEN place <= :most ELSE EXISTS (
    SELECT FROM listing WHERE listing.product_id = placed.id AND listing.tiktok_shop_id = CAST(:listed_in AS uuid)
        AND listing.remote_id IS NOT NULL) END
ORDER BY kind, key, place
""")

A_SOURCE = 50
"""Products of a source category that tell what it holds."""


async def latest_products(
    session: Session, *, shop_id: UUID, sources: Sequence[Source], amount: int = A_SOURCE
) -> dict[Source, list[UUID]]:
    """The products of each of these source categories, those that changed last first, at most so many of each."""
    connection = await session.connection()
    values = {"shop_id": shop_id, "listed_in": None, "most": amount, **_of(sources)}
    found: dict[Source, list[UUID]] = {source: [] for source in sources}
    for row in await connection.execute(_IN_SOURCES, values):
        found[Source(SourceKind(row.kind), row.key)].append(row.id)
    return found


async def listed_products(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, sources: Sequence[Source]
) -> list[UUID]:
    """The products of these source categories that are on TikTok Shop."""
    connection = await session.connection()
    values = {"shop_id": shop_id, "listed_in": tiktok_shop_id, "most": 0, **_of(sources)}
    return list({row.id for row in await connection.execute(_IN_SOURCES, values)})


def _of(sources: Sequence[Source]) -> dict[str, object]:
    kinds = {one.kind for one in sources}
    return {
        "sources": dumps_text([{"kind": one.kind, "key": one.key} for one in sources]),
        "of_type": SourceKind.PRODUCT_TYPE in kinds,
        "of_category": SourceKind.SHOPIFY_CATEGORY in kinds,
        "of_collection": SourceKind.COLLECTION in kinds,
    }


async def product_ids(session: Session, *, shop_id: UUID) -> list[UUID]:
    """All products that the store has now."""
    statement = select(Product.id).where(Product.shop_id == shop_id, col(Product.deleted_at).is_(None))
    return list(await session.exec(statement))


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
    found = await _counted_page(session, statement, args)
    rows = [
        Standing(SourceKind(row.kind), row.key, row.name, row.products, row.mapping_id, row.is_inherited)
        for row in found.nodes
    ]
    return Page(rows, found.cursors, found.has_next, found.has_previous, found.total)


async def _counted_page(session: Session, statement: "Select[Any]", args: PageArgs) -> Page[Any]:
    """The page with its total, which the same statement counts: a second one would count the products once more."""
    whole = statement.add_columns(func.count().over().label("total")).subquery("whole")
    keys = (whole.c.fewer, whole.c.place)
    found = await paginate(session, cast("Select[Any]", select(*whole.c)), keys=keys, args=replace(args, total=False))
    if not args.total or found.nodes:
        return replace(found, total=found.nodes[0].total if args.total else None)
    return await paginate(session, cast("Select[Any]", select(*whole.c)), keys=keys, args=args)
