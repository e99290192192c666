"""The mirror of what stands on TikTok Shop: written page by page, and what a whole sweep did not meet goes."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, func, select

from server.domain.paging import Page, PageArgs
from server.kit.ids import new_id
from server.kit.json import dumps_text
from server.store.paging import paginate
from server.store.session import Session
from server.tables import Listing, RemoteProduct


async def known(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, remote_ids: Sequence[str]
) -> dict[str, RemoteProduct]:
    """Those of the products that the mirror has, by TikTok's id."""
    statement = select(RemoteProduct).where(
        RemoteProduct.shop_id == shop_id,
        RemoteProduct.tiktok_shop_id == tiktok_shop_id,
        col(RemoteProduct.remote_id).in_(remote_ids),
    )
    rows = await session.exec(statement.execution_options(populate_existing=True))
    return {row.remote_id: row for row in rows}


async def by_ids(session: Session, *, shop_id: UUID, ids: Sequence[UUID]) -> dict[UUID, RemoteProduct]:
    """Those of the rows that are the shop's."""
    rows = await session.exec(
        select(RemoteProduct).where(RemoteProduct.shop_id == shop_id, col(RemoteProduct.id).in_(ids))
    )
    return {row.id: row for row in rows}


async def page(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, linked: bool | None, args: PageArgs
) -> Page[RemoteProduct]:
    """Products on TikTok Shop, the newest there first; ``linked`` tells whether a listing stands for them."""
    statement = select(RemoteProduct).where(
        RemoteProduct.shop_id == shop_id, RemoteProduct.tiktok_shop_id == tiktok_shop_id
    )
    if linked is not None:
        stands_for = select(Listing.id).where(
            col(Listing.tiktok_shop_id) == col(RemoteProduct.tiktok_shop_id),
            col(Listing.remote_id) == col(RemoteProduct.remote_id),
        )
        statement = statement.where(stands_for.exists() if linked else ~stands_for.exists())
    keys = (col(RemoteProduct.source_created_at), col(RemoteProduct.id))
    return await paginate(session, statement, keys=keys, args=args, descending=True)


_WRITE = text("""
INSERT INTO remote_product (id, shop_id, tiktok_shop_id, remote_id, title, status, external_product_id, skus,
                            category_id, category_version, source_created_at, source_updated_at, details_of, seen_at,
                            sweep_mark)
SELECT new.row_id, :shop_id, :tiktok_shop_id, new.remote_id, new.title, new.status, new.external_product_id, new.skus,
       new.category_id, new.category_version, new.source_created_at, new.source_updated_at, new.details_of, :now,
       CAST(:mark AS uuid)
FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS new(row_id uuid, remote_id text, title text, status text,
     external_product_id text, skus jsonb, category_id text, category_version text, source_created_at timestamptz,
     source_updated_at timestamptz, details_of timestamptz)
ORDER BY new.remote_id
ON CONFLICT (tiktok_shop_id, remote_id) DO UPDATE SET
    title = excluded.title, status = excluded.status, external_product_id = excluded.external_product_id,
    skus = excluded.skus, category_id = excluded.category_id, category_version = excluded.category_version,
    source_updated_at = excluded.source_updated_at, details_of = excluded.details_of, seen_at = excluded.seen_at,
    sweep_mark = coalesce(excluded.sweep_mark, remote_product.sweep_mark)
RETURNING id, remote_id
""")


async def write(
    session: Session,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    rows: Sequence[Mapping[str, Any]],
    mark: UUID | None,
    now: datetime,
) -> dict[str, UUID]:
    """New and changed products, whole; returns their row ids by TikTok's id."""
    if not rows:
        return {}
    values = {
        "shop_id": shop_id,
        "tiktok_shop_id": tiktok_shop_id,
        "rows": dumps_text([{"row_id": new_id(), **row} for row in rows]),
        "mark": mark,
        "now": now,
    }
    connection = await session.connection()
    return {row.remote_id: row.id for row in await connection.execute(_WRITE, values)}


_KEYS = text("""
WITH new AS MATERIALIZED (
    SELECT row_id, key FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS new(row_id uuid, keys jsonb),
           jsonb_array_elements_text(new.keys) AS key
), old AS (
    DELETE FROM remote_key WHERE tiktok_shop_id = :tiktok_shop_id AND remote_product_id = ANY(CAST(:ids AS uuid[]))
      AND NOT EXISTS (SELECT FROM new WHERE new.row_id = remote_key.remote_product_id AND new.key = remote_key.key)
)
INSERT INTO remote_key (remote_product_id, tiktok_shop_id, key)
SELECT new.row_id, :tiktok_shop_id, new.key FROM new
JOIN remote_product ON remote_product.id = new.row_id AND remote_product.shop_id = :shop_id
ON CONFLICT DO NOTHING
""")


async def replace_keys(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, keys: Mapping[UUID, frozenset[str]]
) -> None:
    """What these rows are recognized by from now on."""
    if not keys:
        return
    values = {
        "shop_id": shop_id,
        "tiktok_shop_id": tiktok_shop_id,
        "ids": list(keys),
        "rows": dumps_text([{"row_id": row_id, "keys": sorted(found)} for row_id, found in keys.items()]),
    }
    connection = await session.connection()
    await connection.execute(_KEYS, values)


_SEE = text("""
UPDATE remote_product SET seen_at = :now, sweep_mark = coalesce(CAST(:mark AS uuid), sweep_mark)
WHERE id IN (SELECT id FROM remote_product
             WHERE shop_id = :shop_id AND tiktok_shop_id = :tiktok_shop_id
               AND remote_id = ANY(CAST(:remote_ids AS text[]))
             ORDER BY remote_id FOR UPDATE)
""")


async def see(
    session: Session,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    remote_ids: Sequence[str],
    mark: UUID | None,
    now: datetime,
) -> None:
    """They are still there, unchanged."""
    values = {
        "shop_id": shop_id,
        "tiktok_shop_id": tiktok_shop_id,
        "remote_ids": list(remote_ids),
        "mark": mark,
        "now": now,
    }
    connection = await session.connection()
    await connection.execute(_SEE, values)


_FORGET = text("""
DELETE FROM remote_product
WHERE shop_id = :shop_id AND tiktok_shop_id = :tiktok_shop_id AND sweep_mark IS DISTINCT FROM :mark
  AND seen_at < :began
""")


async def forget_unseen(session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, mark: UUID, began: datetime) -> int:
    """What a whole sweep did not meet is not there any more; returns how many."""
    values = {"shop_id": shop_id, "tiktok_shop_id": tiktok_shop_id, "mark": mark, "began": began}
    connection = await session.connection()
    return (await connection.execute(_FORGET, values)).rowcount


async def forget(session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, remote_ids: Sequence[str]) -> None:
    """These were deleted on TikTok Shop."""
    statement = text("""
        DELETE FROM remote_product WHERE shop_id = :shop_id AND tiktok_shop_id = :tiktok_shop_id
          AND remote_id = ANY(CAST(:remote_ids AS text[]))
    """)
    values = {"shop_id": shop_id, "tiktok_shop_id": tiktok_shop_id, "remote_ids": list(remote_ids)}
    connection = await session.connection()
    await connection.execute(statement, values)


async def count(session: Session, *, shop_id: UUID, tiktok_shop_id: UUID) -> int:
    """How many products the mirror has."""
    statement = select(func.count()).where(
        RemoteProduct.shop_id == shop_id, RemoteProduct.tiktok_shop_id == tiktok_shop_id
    )
    return (await session.exec(statement)).one()


_UNSEEN = text("""
SELECT listing.remote_id FROM listing
LEFT JOIN remote_product ON remote_product.tiktok_shop_id = listing.tiktok_shop_id
 AND remote_product.remote_id = listing.remote_id AND remote_product.sweep_mark = :mark
WHERE listing.shop_id = :shop_id AND listing.tiktok_shop_id = :tiktok_shop_id AND listing.remote_id > :after
  AND listing.status <> 'DELETED' AND remote_product.id IS NULL
  AND (listing.last_synced_at IS NULL OR listing.last_synced_at < :before)
ORDER BY listing.remote_id LIMIT :amount
""")


async def unseen_listings(
    session: Session,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    mark: UUID,
    before: datetime,
    after: str,
    amount: int,
) -> list[str]:
    """TikTok's ids of listings that the sweep did not meet although they were there before it, behind ``after``."""
    values = {
        "shop_id": shop_id,
        "tiktok_shop_id": tiktok_shop_id,
        "mark": mark,
        "before": before,
        "after": after,
        "amount": amount,
    }
    connection = await session.connection()
    return [row.remote_id for row in await connection.execute(_UNSEEN, values)]
