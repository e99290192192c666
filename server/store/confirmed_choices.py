"""The categories that were confirmed for products: what the recommender of a TikTok shop has to remember."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlmodel import func, select

from server.domain.categories import CategoryRef, CategoryVersion
from server.domain.confirmed import ChoiceSource, Confirmed
from server.domain.mappings import Source, SourceKind
from server.kit.ids import new_id
from server.kit.json import dumps_text
from server.store.session import Session
from server.tables import ConfirmedChoice

Vote = tuple[Source, CategoryRef, int]


@dataclass(frozen=True, slots=True)
class Mark:
    """Changes whenever the choices of a TikTok shop do."""

    amount: int
    latest: datetime | None


async def mark(session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, version: CategoryVersion) -> Mark:
    """Where the choices in one tree stand."""
    statement = select(func.count(), func.max(ConfirmedChoice.confirmed_at)).where(
        ConfirmedChoice.shop_id == shop_id,
        ConfirmedChoice.tiktok_shop_id == tiktok_shop_id,
        ConfirmedChoice.category_version == version,
    )
    amount, latest = (await session.exec(statement)).one()
    return Mark(amount, latest)


A_LEAF = 200
"""Choices of a leaf that are remembered, the latest: more tell little that is new, and memory has an end."""

_ALL = text("""
WITH kept AS (
    SELECT id, product_id, category_id, confirmed_at, source <> 'MAPPING' AS settles,
           row_number() OVER (PARTITION BY category_id ORDER BY source = 'MAPPING', confirmed_at DESC, id DESC) AS place
    FROM confirmed_choice
    WHERE shop_id = :shop_id AND tiktok_shop_id = :tiktok_shop_id AND category_version = :version
)
SELECT kept.product_id, kept.category_id AS leaf_id, kept.settles, product.title, left(product.description_html, 8000)
           AS description_html, product.vendor, product.product_type, product.tags, product.category_id
FROM kept JOIN product ON product.id = kept.product_id
WHERE kept.place <= :most
ORDER BY kept.confirmed_at, kept.id
""")


@dataclass(frozen=True, slots=True)
class ChoiceRow:
    """A remembered choice with the words of its product; ``settles`` unless a mapping said it."""

    product_id: UUID
    leaf_id: str
    settles: bool
    title: str
    description_html: str
    vendor: str
    product_type: str
    tags: Sequence[str]
    category_id: str | None


async def all_of(session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, version: CategoryVersion) -> list[ChoiceRow]:
    """The choices to remember in one tree with their products' texts, oldest first; ``A_LEAF`` of a leaf at most."""
    connection = await session.connection()
    values = {"shop_id": shop_id, "tiktok_shop_id": tiktok_shop_id, "version": version, "most": A_LEAF}
    return [ChoiceRow(*row) for row in await connection.execute(_ALL, values)]


_CONFIRM = text("""
INSERT INTO confirmed_choice (id, shop_id, tiktok_shop_id, product_id, category_id, category_version, source,
                              confirmed_at, confirmed_by)
SELECT new.row_id, :shop_id, :tiktok_shop_id, new.product_id, new.category_id, new.category_version, new.source,
       :now, :by
FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS new(
    row_id uuid, product_id uuid, category_id text, category_version text, source text)
JOIN product ON product.id = new.product_id AND product.shop_id = :shop_id
ORDER BY new.product_id
ON CONFLICT (tiktok_shop_id, product_id) DO UPDATE SET
    category_id = excluded.category_id, category_version = excluded.category_version, source = excluded.source,
    confirmed_at = excluded.confirmed_at, confirmed_by = excluded.confirmed_by
WHERE (excluded.source <> 'MAPPING' OR confirmed_choice.source = 'MAPPING')
    AND (confirmed_choice.source = 'MAPPING' OR confirmed_choice.confirmed_at <= excluded.confirmed_at)
    AND (confirmed_choice.category_id, confirmed_choice.category_version, confirmed_choice.source)
    IS DISTINCT FROM (excluded.category_id, excluded.category_version, excluded.source)
RETURNING product_id
""")
"""The latest wins, and a mapping only over a mapping. What is said again is not written, so nothing is learned anew."""


async def confirm(
    session: Session,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    choices: Iterable[Confirmed],
    by: str,
    now: datetime,
) -> set[UUID]:
    """From now on these are the categories of their products, one each; answers the products whose choice changed."""
    rows = [
        {
            "row_id": new_id(),
            "product_id": one.product_id,
            "category_id": one.ref.id,
            "category_version": one.ref.version,
            "source": one.source,
        }
        for one in choices
    ]
    values = {"shop_id": shop_id, "tiktok_shop_id": tiktok_shop_id, "rows": dumps_text(rows), "by": by, "now": now}
    connection = await session.connection()
    return {row.product_id for row in await connection.execute(_CONFIRM, values)}


_WITHDRAW = text("""
DELETE FROM confirmed_choice
WHERE shop_id = :shop_id AND tiktok_shop_id = :tiktok_shop_id AND product_id = ANY(CAST(:ids AS uuid[]))
    AND source = ANY(CAST(:sources AS text[]))
""")


async def withdraw(
    session: Session,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    product_ids: Sequence[UUID],
    sources: Collection[ChoiceSource] = tuple(ChoiceSource),
) -> None:
    """Forget what was confirmed for these products in one of these ways."""
    values = {"shop_id": shop_id, "tiktok_shop_id": tiktok_shop_id, "ids": list(product_ids), "sources": list(sources)}
    await (await session.connection()).execute(_WITHDRAW, values)


_VOTES = text("""
WITH source AS (
    SELECT confirmed_choice.product_id, confirmed_choice.category_id AS leaf_id, kind, key
    FROM confirmed_choice JOIN product ON product.id = confirmed_choice.product_id,
        LATERAL (VALUES ('SHOPIFY_CATEGORY', product.category_id),
                        ('PRODUCT_TYPE', lower(btrim(product.product_type) COLLATE "C") COLLATE "default")
        ) AS sorting(kind, key)
    WHERE confirmed_choice.shop_id = :shop_id AND confirmed_choice.tiktok_shop_id = :tiktok_shop_id
        AND confirmed_choice.category_version = :version AND confirmed_choice.source <> 'MAPPING'
        AND key <> '' AND key NOT LIKE '%/na'
), touched AS (
    SELECT DISTINCT kind, key FROM source WHERE product_id = ANY(CAST(:ids AS uuid[]))
)
SELECT kind, key, leaf_id, count(*) AS amount FROM source JOIN touched USING (kind, key) GROUP BY 1, 2, 3
""")
"""A product speaks for its type and its own Shopify category. Not for those above, which hold other things too, and
not for collections: "Sale" says nothing of what things are."""


async def votes(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, product_ids: Sequence[UUID], version: CategoryVersion
) -> list[Vote]:
    """What all choices in one tree say about the source categories of these products, mappings' own words left out."""
    where = {"shop_id": shop_id, "tiktok_shop_id": tiktok_shop_id, "version": version, "ids": list(product_ids)}
    connection = await session.connection()
    return [
        (Source(SourceKind(row.kind), row.key), CategoryRef(row.leaf_id, version), row.amount)
        for row in await connection.execute(_VOTES, where)
    ]


_UNTEACH = text("""
DELETE FROM confirmed_choice USING product, jsonb_to_recordset(CAST(:sources AS jsonb)) AS mapped(kind text, key text)
WHERE confirmed_choice.shop_id = :shop_id AND confirmed_choice.tiktok_shop_id = :tiktok_shop_id
    AND confirmed_choice.source = 'MAPPING' AND product.id = confirmed_choice.product_id
    AND CASE mapped.kind
        WHEN 'SHOPIFY_CATEGORY' THEN starts_with(product.category_id || '-', mapped.key || '-')
        WHEN 'PRODUCT_TYPE' THEN lower(btrim(product.product_type) COLLATE "C") = mapped.key COLLATE "C"
        ELSE product.collections @> jsonb_build_array(jsonb_build_object('id', mapped.key)) END
""")


async def withdraw_mapped(session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, sources: Sequence[Source]) -> None:
    """Forget what mappings taught about the products of these source categories."""
    said = dumps_text([{"kind": one.kind, "key": one.key} for one in sources])
    values = {"shop_id": shop_id, "tiktok_shop_id": tiktok_shop_id, "sources": said}
    await (await session.connection()).execute(_UNTEACH, values)
