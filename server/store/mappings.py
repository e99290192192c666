"""Mappings of source categories: written in sets, read by source or by product."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete as delete_statement
from sqlalchemy import text, tuple_
from sqlmodel import col, select

from server.domain.categories import CategoryRef, CategoryVersion
from server.domain.mappings import MappedLeaf, MappingOrigin, Source, SourceKind, because
from server.kit.ids import new_id
from server.kit.json import dumps_text
from server.store.session import Session
from server.tables import CategoryMapping

_UPSERT = text("""
INSERT INTO category_mapping (id, shop_id, tiktok_shop_id, kind, key, name, category_id, category_version, origin,
                              set_by, agreeing, seen, created_at, updated_at)
SELECT new.row_id, :shop_id, :tiktok_shop_id, new.kind, new.key, new.name, new.category_id, new.category_version,
       :origin, :set_by, new.agreeing, new.seen, :now, :now
FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS new(
    row_id uuid, kind text, key text, name text, category_id text, category_version text, agreeing int, seen int)
ON CONFLICT (tiktok_shop_id, kind, key) DO UPDATE SET
    name = excluded.name, category_id = excluded.category_id, category_version = excluded.category_version,
    origin = excluded.origin, set_by = excluded.set_by, agreeing = excluded.agreeing, seen = excluded.seen,
    updated_at = excluded.updated_at
WHERE (excluded.origin = 'MANUAL' OR category_mapping.origin <> 'MANUAL')
    AND (category_mapping.category_id, category_mapping.category_version, category_mapping.origin,
         category_mapping.agreeing, category_mapping.seen)
    IS DISTINCT FROM (excluded.category_id, excluded.category_version, excluded.origin, excluded.agreeing,
                      excluded.seen)
RETURNING id
""")
"""A mapping that is as it was is not written, so that repeating a request changes nothing, not even its date."""

_NAMES = text("""
SELECT 'PRODUCT_TYPE' AS kind, lower(btrim(product_type) COLLATE "C") COLLATE "default" AS key,
       min(btrim(product_type) COLLATE "C") AS name
FROM product WHERE shop_id = :shop_id AND lower(btrim(product_type) COLLATE "C") = ANY(CAST(:keys AS text[]))
GROUP BY 1, 2
UNION ALL
SELECT 'SHOPIFY_CATEGORY', array_to_string(parts[1:depth], '-'),
       min(array_to_string((string_to_array(category_name, ' > '))[1:depth], ' > '))
FROM product, string_to_array(category_id, '-') AS parts, generate_series(1, cardinality(parts)) AS depth
WHERE shop_id = :shop_id AND category_name <> ''
    AND array_to_string(parts[1:depth], '-') = ANY(CAST(:keys AS text[]))
GROUP BY 1, 2
""")
"""What people call the keys. A Shopify category's full name has as many parts as its id has levels."""

_LEAVES = text("""
WITH chosen AS (
    SELECT id, product_type, category_id, collections FROM product
    WHERE shop_id = :shop_id AND id = ANY(CAST(:ids AS uuid[]))
), source AS (
    SELECT id, 1 AS asked, -depth AS place, 'SHOPIFY_CATEGORY' AS kind, array_to_string(parts[1:depth], '-') AS key
    FROM chosen, string_to_array(category_id, '-') AS parts, generate_series(1, cardinality(parts)) AS depth
    WHERE category_id <> '' AND category_id NOT LIKE '%/na'
    UNION ALL
    SELECT id, 2, 0, 'PRODUCT_TYPE', lower(btrim(product_type) COLLATE "C") COLLATE "default" FROM chosen
    UNION ALL
    SELECT id, 3, 0, 'COLLECTION', entry->>'id' FROM chosen, jsonb_array_elements(collections) AS entry
)
SELECT DISTINCT ON (source.id) source.id, mapping.kind, mapping.key, mapping.name, mapping.category_id,
       mapping.category_version
FROM source JOIN category_mapping AS mapping ON mapping.kind = source.kind AND mapping.key = source.key
WHERE mapping.shop_id = :shop_id AND mapping.tiktok_shop_id = :tiktok_shop_id
    AND mapping.category_version = ANY(CAST(:versions AS text[]))
ORDER BY source.id, source.asked, source.place, mapping.key COLLATE "C"
""")
"""The order is that of ``domain.mappings.sources_of``; a test holds the two together."""


@dataclass(frozen=True, slots=True)
class NewMapping:
    """A mapping to write; ``agreeing`` of ``seen`` for learned ones."""

    source: Source
    name: str
    ref: CategoryRef
    agreeing: int | None = None
    seen: int | None = None


async def upsert(
    session: Session,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    mappings: Sequence[NewMapping],
    origin: MappingOrigin,
    set_by: str,
    now: datetime,
) -> set[UUID]:
    """Write mappings, one for each source, in one statement; answers the rows that are new or changed."""
    values = {
        "shop_id": shop_id,
        "tiktok_shop_id": tiktok_shop_id,
        "rows": dumps_text([_row(one) for one in sorted(mappings, key=lambda one: (one.source.kind, one.source.key))]),
        "origin": origin,
        "set_by": set_by[:128],
        "now": now,
    }
    connection = await session.connection()
    return {row.id for row in await connection.execute(_UPSERT, values)}


def _row(one: NewMapping) -> dict[str, object]:
    return {
        "row_id": new_id(),
        "kind": one.source.kind,
        "key": one.source.key,
        "name": one.name,
        "category_id": one.ref.id,
        "category_version": one.ref.version,
        "agreeing": one.agreeing,
        "seen": one.seen,
    }


async def names(session: Session, *, shop_id: UUID, sources: Sequence[Source]) -> dict[Source, str]:
    """What the store calls these source categories, as far as it has products in them."""
    connection = await session.connection()
    rows = await connection.execute(_NAMES, {"shop_id": shop_id, "keys": [source.key for source in sources]})
    return {Source(SourceKind(row.kind), row.key): row.name for row in rows}


async def by_sources(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, sources: Sequence[Source]
) -> dict[Source, CategoryMapping]:
    """The mappings of exactly these source categories."""
    key = tuple_(col(CategoryMapping.kind), col(CategoryMapping.key))
    statement = (
        select(CategoryMapping)
        .where(
            CategoryMapping.shop_id == shop_id,
            CategoryMapping.tiktok_shop_id == tiktok_shop_id,
            key.in_([(source.kind, source.key) for source in sources]),
        )
        .execution_options(populate_existing=True)
    )
    return {Source(row.kind, row.key): row for row in await session.exec(statement)}


async def by_ids(session: Session, *, shop_id: UUID, ids: Sequence[UUID]) -> dict[UUID, CategoryMapping]:
    """Those of the mappings that are the shop's."""
    statement = select(CategoryMapping).where(CategoryMapping.shop_id == shop_id, col(CategoryMapping.id).in_(ids))
    return {row.id: row for row in await session.exec(statement)}


async def of_tiktok_shop(session: Session, *, shop_id: UUID, tiktok_shop_id: UUID) -> list[CategoryMapping]:
    """All mappings of a TikTok shop, by source."""
    statement = (
        select(CategoryMapping)
        .where(CategoryMapping.shop_id == shop_id, CategoryMapping.tiktok_shop_id == tiktok_shop_id)
        .order_by(col(CategoryMapping.kind), col(CategoryMapping.key).collate("C"))
    )
    return list(await session.exec(statement))


async def delete(session: Session, *, shop_id: UUID, mapping_id: UUID) -> bool:
    """Remove a mapping; whether there was one."""
    mine = (col(CategoryMapping.id) == mapping_id, col(CategoryMapping.shop_id) == shop_id)
    gone = await session.exec(delete_statement(CategoryMapping).where(*mine))
    return gone.rowcount == 1


async def leaves(
    session: Session,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    product_ids: Sequence[UUID],
    versions: Collection[CategoryVersion] | None,
) -> Mapping[UUID, MappedLeaf]:
    """The leaf that each product is mapped to, in one of these trees (none named: in any); who has none is left out.

    The most specific Shopify category goes before the product type, that before collections by id.
    """
    values = {
        "shop_id": shop_id,
        "tiktok_shop_id": tiktok_shop_id,
        "ids": list(product_ids),
        "versions": sorted(CategoryVersion if versions is None else versions),
    }
    connection = await session.connection()
    found = {}
    for row in await connection.execute(_LEAVES, values):
        source = Source(SourceKind(row.kind), row.key)
        ref = CategoryRef(row.category_id, CategoryVersion(row.category_version))
        found[row.id] = MappedLeaf(ref, source, because(source, row.name))
    return found
