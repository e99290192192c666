"""What edits write to listings, in sets: what was told, where they stand, who owns what."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text

from server.domain.categories import CategoryRef
from server.domain.listings import ListingStatus
from server.domain.ownership import Ownership
from server.domain.problems import Problem, distinct
from server.domain.snapshots import Snapshot
from server.kit.json import dumps_text
from server.store.session import Session


@dataclass(frozen=True, slots=True)
class Basis:
    """What a listing was when it was looked at: news of it and words on it that came since count for more.

    ``heard`` is the newest moment of the platform's that was known of it; ``marks`` as in ``edit_marks``.
    """

    remote_id: str | None
    status: ListingStatus
    heard: datetime | None
    marks: int


@dataclass(frozen=True, slots=True)
class Told:
    """What becomes of a listing; None leaves a field as it is.

    ``problems`` replace all but those that the review found, which a new ``status`` makes an end of, and but what the
    platform remarked of the product, which ends when the product was told anew (``retold``). ``effective``: something
    was told, so the moment is noted. ``seen_elsewhere``: changes by another hand up to then were looked at.
    """

    sent: Snapshot | None = None
    problems: tuple[Problem, ...] | None = None
    status: ListingStatus | None = None
    ownership: Ownership | None = None
    category: CategoryRef | None = None
    skus: tuple[dict[str, Any], ...] | None = None
    seen_elsewhere: datetime | None = None
    effective: bool = False
    retold: bool = False


_RECORD = text("""
UPDATE listing SET
    sent = CASE
        WHEN said.sent IS NULL THEN listing.sent
        WHEN (listing.status, listing.platform_updated_at) IS DISTINCT FROM (said.was, said.heard)
        THEN said.sent || jsonb_build_object('refused', coalesce(listing.sent -> 'refused', said.sent -> 'refused'))
        ELSE said.sent END,
    sent_at = CASE WHEN said.effective THEN :now ELSE listing.sent_at END,
    last_synced_at = CASE WHEN said.effective THEN :now ELSE listing.last_synced_at END,
    status = CASE WHEN (listing.status, listing.platform_updated_at) IS DISTINCT FROM (said.was, said.heard)
        THEN listing.status ELSE coalesce(said.status, listing.status) END,
    live_since = CASE WHEN (listing.status, listing.platform_updated_at) IS DISTINCT FROM (said.was, said.heard)
        OR coalesce(said.status, listing.status) = 'LIVE' THEN listing.live_since END,
    platform_updated_at = listing.platform_updated_at + CASE
        WHEN (listing.status, listing.platform_updated_at) IS DISTINCT FROM (said.was, said.heard)
          OR coalesce(said.status, listing.status) = listing.status THEN interval '0' ELSE interval '1 second' END,
    problems = CASE WHEN said.problems IS NULL THEN listing.problems ELSE said.problems || coalesce((
        SELECT jsonb_agg(old) FROM jsonb_array_elements(listing.problems) AS old
        WHERE CASE WHEN old ->> 'code' = 'PLATFORM_NOTICE' THEN NOT said.retold
            ELSE old ->> 'code' = ANY(CAST(:standing AS text[])) AND (said.status IS NULL
              OR (listing.status, listing.platform_updated_at) IS DISTINCT FROM (said.was, said.heard)) END
        ), '[]'::jsonb) END,
    ownership = coalesce(said.ownership, listing.ownership),
    category_id = coalesce(said.category_id, listing.category_id),
    category_version = coalesce(said.category_version, listing.category_version),
    remote_skus = coalesce(said.skus, listing.remote_skus),
    elsewhere_at = CASE WHEN listing.elsewhere_at <= said.seen_elsewhere THEN NULL ELSE listing.elsewhere_at END,
    updated_at = :now
FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS said(
    id uuid, sent jsonb, problems jsonb, status text, ownership jsonb, category_id text, category_version text,
    skus jsonb, seen_elsewhere timestamptz, effective boolean, retold boolean,
    remote_id text, was text, heard timestamptz, marks int)
WHERE listing.id = said.id AND listing.shop_id = :shop_id AND listing.remote_id IS NOT DISTINCT FROM said.remote_id
  AND (said.marks IS NULL OR said.marks = listing.edit_marks)
RETURNING listing.id
""")


async def record(
    session: Session,
    *,
    shop_id: UUID,
    told: Mapping[UUID, tuple[Told, Basis]],
    unguarded: Collection[UUID] = (),
    standing: Sequence[str],
    now: datetime,
) -> set[UUID]:
    """Write where a slice's listings stand; those that were written. ``standing`` are the codes that the review found.

    A status that was heard since, and with it what the review said, goes before ours. Ours goes before what is said
    once more of the moment heard before, as of the review that failed. One of the ``unguarded``, which no intent
    kept others away from, is left alone when it was marked since: it is looked at again.
    """
    if not told:
        return set()
    rows = [_row(listing_id, *one, guarded=listing_id not in unguarded) for listing_id, one in told.items()]
    connection = await session.connection()
    values = {"shop_id": shop_id, "rows": dumps_text(rows), "standing": list(standing), "now": now}
    return {row.id for row in await connection.execute(_RECORD, values)}


def _row(listing_id: UUID, told: Told, basis: Basis, *, guarded: bool) -> dict[str, Any]:
    return {
        "id": listing_id,
        "remote_id": basis.remote_id,
        "was": basis.status,
        "heard": basis.heard,
        "marks": None if guarded else basis.marks,
        "sent": told.sent.to_json() if told.sent is not None else None,
        "problems": None if told.problems is None else [problem.to_json() for problem in distinct(told.problems)],
        "status": told.status,
        "ownership": told.ownership.to_json() if told.ownership is not None else None,
        "category_id": told.category.id if told.category else None,
        "category_version": told.category.version if told.category else None,
        "skus": None if told.skus is None else list(told.skus),
        "seen_elsewhere": told.seen_elsewhere,
        "effective": told.effective,
        "retold": told.retold,
    }


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a listing was due: the cause of its newest mark, whose word it was if anybody's, and which mark that is."""

    cause: str | None
    actor: str | None
    marks: int


_REASONS = text("""
SELECT id, edit_cause, edit_actor, edit_marks FROM listing WHERE shop_id = :shop_id AND id = ANY(CAST(:ids AS uuid[]))
""")


async def reasons(session: Session, *, shop_id: UUID, listing_ids: Sequence[UUID]) -> dict[UUID, Reason]:
    """Why these listings were due."""
    connection = await session.connection()
    rows = await connection.execute(_REASONS, {"shop_id": shop_id, "ids": list(listing_ids)})
    return {row.id: Reason(row.edit_cause, row.edit_actor, row.edit_marks) for row in rows}


_ELSEWHERE = text("""
UPDATE listing SET elsewhere_at = greatest(elsewhere_at, :at)
WHERE shop_id = :shop_id AND tiktok_shop_id = :tiktok_shop_id AND remote_id = ANY(CAST(:remote_ids AS text[]))
""")


async def changed_elsewhere(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, remote_ids: Sequence[str], at: datetime
) -> int:
    """Another hand was at these products: they are read before anything is sent. Returns how many are ours."""
    values = {"shop_id": shop_id, "tiktok_shop_id": tiktok_shop_id, "remote_ids": list(remote_ids), "at": at}
    connection = await session.connection()
    return (await connection.execute(_ELSEWHERE, values)).rowcount


_ON_PLATFORM = text("""
SELECT product_id FROM listing
WHERE shop_id = :shop_id AND tiktok_shop_id = :tiktok_shop_id AND remote_id IS NOT NULL AND status <> 'DELETED'
  AND (cardinality(CAST(:statuses AS text[])) = 0 OR status = ANY(CAST(:statuses AS text[])))
  AND (CAST(:template_id AS uuid) IS NULL OR template_id = :template_id)
ORDER BY id
""")


async def on_platform(
    session: Session,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    statuses: Sequence[ListingStatus],
    template_id: UUID | None,
) -> list[UUID]:
    """Products that stand in the TikTok shop; no statuses means all."""
    connection = await session.connection()
    values = {
        "shop_id": shop_id,
        "tiktok_shop_id": tiktok_shop_id,
        "statuses": [status.value for status in statuses],
        "template_id": template_id,
    }
    return [row.product_id for row in await connection.execute(_ON_PLATFORM, values)]


_KNOWN_PRODUCTS = text("SELECT id FROM product WHERE shop_id = :shop_id AND id = ANY(CAST(:ids AS uuid[]))")


async def known_products(session: Session, *, shop_id: UUID, product_ids: Sequence[UUID]) -> set[UUID]:
    """Those of the products that are the shop's, deleted ones too."""
    connection = await session.connection()
    rows = await connection.execute(_KNOWN_PRODUCTS, {"shop_id": shop_id, "ids": list(product_ids)})
    return {row.id for row in rows}


@dataclass(frozen=True, slots=True)
class ToldOf:
    """What a product was told, and the platform's ids of its variants."""

    sent: Snapshot
    skus: list[dict[str, Any]]


_TOLD_OF = text("""
SELECT remote_id, sent, remote_skus FROM listing
WHERE shop_id = :shop_id AND tiktok_shop_id = :tiktok_shop_id AND remote_id = ANY(CAST(:remote_ids AS text[]))
  AND sent IS NOT NULL AND elsewhere_at IS NULL
  AND NOT EXISTS (SELECT FROM intent WHERE intent.listing_id = listing.id AND intent.closed_at IS NULL)
""")


async def told_of(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, remote_ids: Sequence[str]
) -> dict[str, ToldOf]:
    """By TikTok's id; without products that are being edited, or known to have been changed elsewhere."""
    connection = await session.connection()
    values = {"shop_id": shop_id, "tiktok_shop_id": tiktok_shop_id, "remote_ids": list(remote_ids)}
    rows = await connection.execute(_TOLD_OF, values)
    return {row.remote_id: ToldOf(Snapshot.from_json(row.sent), row.remote_skus) for row in rows}
