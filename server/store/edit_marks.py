"""Marking listings that are to be edited because the store, a template or the merchant changed something."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text

from server.kit.json import dumps_text
from server.store.listing_edits import Basis
from server.store.session import Session

WAITS_FOR_LIVE = "WAITS_FOR_LIVE"
"""The cause of a listing whose edit waits until the product is on sale."""

_MARK = text("""
UPDATE listing SET
    edit_due_at = least(edit_due_at, :now), edit_marks = edit_marks + 1, edit_cause = :cause,
    edit_actor = left(CAST(:actor AS text), 128)
WHERE id IN (
    SELECT id FROM listing
    WHERE shop_id = :shop_id AND product_id = ANY(CAST(:product_ids AS uuid[]))
      AND (CAST(:tiktok_shop_id AS uuid) IS NULL OR tiktok_shop_id = :tiktok_shop_id)
      AND status NOT IN ('NOT_SYNCED', 'SYNC_FAILED', 'DELETED')
    ORDER BY id FOR NO KEY UPDATE)
""")

_MARK_TEMPLATES = text("""
UPDATE listing SET
    edit_due_at = least(edit_due_at, :now), edit_marks = edit_marks + 1, edit_cause = :cause,
    edit_actor = left(CAST(:actor AS text), 128)
WHERE id IN (
    SELECT listing.id FROM listing
    LEFT JOIN template_assignment AS given
      ON given.tiktok_shop_id = listing.tiktok_shop_id AND given.product_id = listing.product_id
    WHERE listing.shop_id = :shop_id
      AND coalesce(given.template_id, listing.template_id) = ANY(CAST(:template_ids AS uuid[]))
      AND listing.status NOT IN ('NOT_SYNCED', 'SYNC_FAILED', 'DELETED')
    ORDER BY listing.id FOR NO KEY UPDATE OF listing)
""")


async def mark_products(
    session: Session,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID | None,
    product_ids: Sequence[UUID],
    cause: str,
    actor: str | None = None,
    now: datetime,
) -> int:
    """Listings of these products are due, in one TikTok shop or in all; ``actor`` caused it. Returns how many."""
    if not product_ids:
        return 0
    values = {
        "shop_id": shop_id,
        "tiktok_shop_id": tiktok_shop_id,
        "product_ids": list(product_ids),
        "cause": cause,
        "actor": actor,
        "now": now,
    }
    connection = await session.connection()
    return (await connection.execute(_MARK, values)).rowcount


async def mark_templates(
    session: Session,
    *,
    shop_id: UUID,
    template_ids: Sequence[UUID],
    cause: str,
    actor: str,
    now: datetime,
) -> int:
    """Listings made with these templates, or whose products were given to them since, are due; returns how many."""
    if not template_ids:
        return 0
    values = {"shop_id": shop_id, "template_ids": list(template_ids), "cause": cause, "actor": actor, "now": now}
    connection = await session.connection()
    return (await connection.execute(_MARK_TEMPLATES, values)).rowcount


_MARK_REMOTE = text("""
UPDATE listing SET
    edit_due_at = least(edit_due_at, :now), edit_marks = edit_marks + 1, edit_cause = :cause,
    edit_actor = NULL
WHERE id IN (
    SELECT id FROM listing
    WHERE shop_id = :shop_id AND tiktok_shop_id = :tiktok_shop_id AND remote_id = ANY(CAST(:remote_ids AS text[]))
    ORDER BY id FOR NO KEY UPDATE)
""")


async def mark_remote(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, remote_ids: Sequence[str], cause: str, now: datetime
) -> int:
    """Listings of these products of TikTok's are due; returns how many."""
    values = {
        "shop_id": shop_id,
        "tiktok_shop_id": tiktok_shop_id,
        "remote_ids": list(remote_ids),
        "cause": cause,
        "now": now,
    }
    connection = await session.connection()
    return (await connection.execute(_MARK_REMOTE, values)).rowcount


_MARK_STORE = text("""
UPDATE listing SET
    edit_due_at = least(edit_due_at, :now), edit_marks = edit_marks + 1, edit_cause = :cause,
    edit_actor = NULL
WHERE id IN (
    SELECT listing.id FROM listing JOIN product ON product.id = listing.product_id
    WHERE listing.shop_id = :shop_id AND product.shop_id = :shop_id
      AND (product.remote_id = ANY(CAST(:remote_ids AS text[])) OR product.deleted_at = CAST(:gone_at AS timestamptz))
      AND listing.status NOT IN ('NOT_SYNCED', 'SYNC_FAILED', 'DELETED')
    ORDER BY listing.id FOR NO KEY UPDATE OF listing)
""")


async def mark_store(
    session: Session, *, shop_id: UUID, remote_ids: Sequence[str], gone_at: datetime | None, cause: str, now: datetime
) -> int:
    """Listings of the store's products, by Shopify's ids, and of all that it lost at ``gone_at``, are due."""
    values = {
        "shop_id": shop_id,
        "remote_ids": list(remote_ids),
        "gone_at": gone_at,
        "cause": cause,
        "now": now,
    }
    connection = await session.connection()
    return (await connection.execute(_MARK_STORE, values)).rowcount


_NEWER = text("""
SELECT said.id FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS said(id text, at timestamptz)
JOIN product ON product.shop_id = :shop_id AND product.remote_id = said.id
WHERE product.source_updated_at < said.at OR product.deleted_at IS NOT NULL
""")


async def newer(session: Session, *, shop_id: UUID, told: Mapping[str, datetime]) -> list[str]:
    """Those of the store's products, by Shopify's ids, of which we hold something older. New ones are not there."""
    rows = [{"id": remote_id, "at": at} for remote_id, at in told.items()]
    connection = await session.connection()
    found = await connection.execute(_NEWER, {"shop_id": shop_id, "rows": dumps_text(rows)})
    return [row.id for row in found]


@dataclass(frozen=True, slots=True)
class Seen:
    """A listing before it is worked on: how often it was marked, and the template it was listed with."""

    marks: int
    template_id: UUID | None


_SEEN = text("""
SELECT product_id, edit_marks, template_id FROM listing
WHERE shop_id = :shop_id AND tiktok_shop_id = :tiktok_shop_id AND product_id = ANY(CAST(:product_ids AS uuid[]))
""")


async def seen(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, product_ids: Sequence[UUID]
) -> dict[UUID, Seen]:
    """By product. Read this before anything else: a mark that comes while the rest is read counts as a later one."""
    connection = await session.connection()
    values = {"shop_id": shop_id, "tiktok_shop_id": tiktok_shop_id, "product_ids": list(product_ids)}
    return {row.product_id: Seen(row.edit_marks, row.template_id) for row in await connection.execute(_SEEN, values)}


@dataclass(frozen=True, slots=True)
class Worked:
    """A listing that was worked on, so having been ``seen``. ``due_at`` when it is to be looked at again."""

    listing_id: UUID
    seen: Basis
    due_at: datetime | None = None
    cause: str | None = None


_WORKED = text("""
UPDATE listing SET
    edit_due_at = CASE
        WHEN listing.edit_marks <> said.marks THEN :now
        WHEN said.cause = :waits AND listing.status = 'LIVE'
         AND (listing.status, listing.platform_updated_at) IS DISTINCT FROM (said.was, said.heard) THEN :now
        ELSE said.due_at END,
    edit_cause = CASE WHEN listing.edit_marks = said.marks THEN said.cause ELSE listing.edit_cause END,
    edit_actor = CASE WHEN listing.edit_marks <> said.marks OR said.due_at IS NOT NULL OR said.cause IS NOT NULL
        THEN listing.edit_actor END
FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS said(
    id uuid, marks int, was text, heard timestamptz, due_at timestamptz, cause text)
WHERE listing.id = said.id AND listing.shop_id = :shop_id
""")


async def worked(session: Session, *, shop_id: UUID, done: Sequence[Worked], now: datetime) -> None:
    """Marks that were seen are done with; a listing that was marked again since stays due, at once.

    So does one that was to wait for the sale, of which we heard since that it is on sale: nobody will say it again.
    """
    if not done:
        return
    rows = [
        {
            "id": one.listing_id,
            "marks": one.seen.marks,
            "was": one.seen.status,
            "heard": one.seen.heard,
            "due_at": one.due_at,
            "cause": one.cause,
        }
        for one in done
    ]
    connection = await session.connection()
    values = {"shop_id": shop_id, "rows": dumps_text(rows), "now": now, "waits": WAITS_FOR_LIVE}
    await connection.execute(_WORKED, values)


_MARK_SHOP = text("""
UPDATE listing SET
    edit_due_at = least(edit_due_at, :now), edit_marks = edit_marks + 1, edit_cause = :cause,
    edit_actor = left(CAST(:actor AS text), 128)
WHERE id IN (
    SELECT id FROM listing
    WHERE shop_id = :shop_id AND tiktok_shop_id = :tiktok_shop_id
      AND status NOT IN ('NOT_SYNCED', 'SYNC_FAILED', 'DELETED')
    ORDER BY id FOR NO KEY UPDATE)
""")


async def mark_shop(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, cause: str, actor: str, now: datetime
) -> int:
    """All listings of a TikTok shop are due; returns how many."""
    values = {"shop_id": shop_id, "tiktok_shop_id": tiktok_shop_id, "cause": cause, "actor": actor, "now": now}
    connection = await session.connection()
    return (await connection.execute(_MARK_SHOP, values)).rowcount
