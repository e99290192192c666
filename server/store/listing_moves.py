"""Moving listings in sets: queued by a task, at work, and where they stand afterwards."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text

from server.domain.categories import CategoryRef
from server.domain.listings import ListingOrigin, ListingStatus
from server.domain.problems import Problem, distinct
from server.domain.snapshots import Snapshot
from server.kit.ids import new_id
from server.kit.json import dumps_text
from server.store.session import Session

_QUEUE = text("""
INSERT INTO listing (id, shop_id, tiktok_shop_id, product_id, template_id, status, remote_skus, problems, generation,
                     updated_at)
SELECT new.row_id, :shop_id, :tiktok_shop_id, new.product_id, new.template_id, 'QUEUED', '[]'::jsonb, '[]'::jsonb, 1,
       :now
FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS new(row_id uuid, product_id uuid, template_id uuid)
JOIN task_item ON task_item.subject_id = new.product_id
 AND task_item.task_id = :task_id AND task_item.state = 'QUEUED'
ORDER BY new.product_id
ON CONFLICT (tiktok_shop_id, product_id) DO UPDATE SET
    status = 'QUEUED', template_id = excluded.template_id, problems = excluded.problems,
    generation = listing.generation + CASE WHEN listing.status = 'DELETED' THEN 1 ELSE 0 END,
    remote_id = NULL, remote_skus = excluded.remote_skus, live_since = NULL, platform_updated_at = NULL,
    updated_at = excluded.updated_at
WHERE (listing.remote_id IS NULL OR listing.status = 'DELETED')
  AND (listing.status IN ('NOT_SYNCED', 'SYNC_FAILED', 'DELETED')
    OR (listing.status IN ('QUEUED', 'SYNCING') AND NOT EXISTS (
        SELECT FROM task_item other JOIN task ON task.id = other.task_id
        WHERE other.subject_id = listing.product_id AND other.task_id <> :task_id
          AND other.state IN ('QUEUED', 'RUNNING') AND task.finished_at IS NULL
          AND task.tiktok_shop_id = listing.tiktok_shop_id AND task.kind = 'LISTING')))
""")


async def queue(
    session: Session,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    task_id: UUID,
    templates: Mapping[UUID, UUID | None],
    now: datetime,
) -> int:
    """Listings of a task's products (by product id) are queued, made where there are none; returns how many.

    One that is on the platform, or in another task's hands, stays as it is: its item finds that out in its turn, and
    gives it this template then.
    """
    rows = [
        {"row_id": new_id(), "product_id": product_id, "template_id": template_id}
        for product_id, template_id in templates.items()
    ]
    values = {
        "shop_id": shop_id,
        "tiktok_shop_id": tiktok_shop_id,
        "task_id": task_id,
        "rows": dumps_text(rows),
        "now": now,
    }
    connection = await session.connection()
    return (await connection.execute(_QUEUE, values)).rowcount


_REVIVE = text("""
UPDATE listing SET
    status = 'QUEUED', generation = generation + 1, remote_id = NULL, remote_skus = '[]'::jsonb, problems = '[]'::jsonb,
    live_since = NULL, platform_updated_at = NULL, updated_at = :now
WHERE shop_id = :shop_id AND id = ANY(CAST(:ids AS uuid[])) AND status = 'DELETED'
""")


async def revive(session: Session, *, shop_id: UUID, listing_ids: Sequence[UUID], now: datetime) -> None:
    """Listings whose products were deleted on the platform after they were queued: their next life has its own key."""
    connection = await session.connection()
    await connection.execute(_REVIVE, {"shop_id": shop_id, "ids": list(listing_ids), "now": now})


_WITH_TEMPLATES = text("""
UPDATE listing SET template_id = new.template_id, updated_at = :now
FROM unnest(CAST(:ids AS uuid[]), CAST(:templates AS uuid[])) AS new(id, template_id)
WHERE listing.shop_id = :shop_id AND listing.id = new.id AND listing.template_id IS DISTINCT FROM new.template_id
""")


async def give_templates(
    session: Session, *, shop_id: UUID, templates: Mapping[UUID, UUID | None], now: datetime
) -> None:
    """Listings (by their ids) are made with these templates, or with none."""
    connection = await session.connection()
    values = {"shop_id": shop_id, "ids": list(templates), "templates": list(templates.values()), "now": now}
    await connection.execute(_WITH_TEMPLATES, values)


_SYNCING = text("""
UPDATE listing SET status = 'SYNCING', updated_at = :now
WHERE shop_id = :shop_id AND id = ANY(CAST(:ids AS uuid[]))
""")


async def mark_syncing(session: Session, *, shop_id: UUID, listing_ids: Sequence[UUID], now: datetime) -> None:
    """A worker has these in hand."""
    connection = await session.connection()
    await connection.execute(_SYNCING, {"shop_id": shop_id, "ids": list(listing_ids), "now": now})


@dataclass(frozen=True, slots=True)
class ListedAs:
    """What the platform made of a product. ``sent`` is what it was told, as far as we know.

    ``told_at`` is the time of the news that say where it stands: of a product that was read.
    """

    remote_id: str
    skus: tuple[dict[str, Any], ...]
    category: CategoryRef
    origin: ListingOrigin = ListingOrigin.CREATED
    sent: Snapshot | None = None
    told_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ListingMove:
    """Where a listing stands after an attempt. ``next_generation``: the used key is done with, nothing was made."""

    listing_id: UUID
    status: ListingStatus
    problems: tuple[Problem, ...] = ()
    listed: ListedAs | None = None
    next_generation: bool = False


_RECORD = text("""
UPDATE listing SET
    status = said.status,
    problems = said.problems,
    generation = listing.generation + said.step,
    remote_id = coalesce(said.remote_id, listing.remote_id),
    remote_skus = coalesce(said.remote_skus, listing.remote_skus),
    category_id = coalesce(said.category_id, listing.category_id),
    category_version = coalesce(said.category_version, listing.category_version),
    origin = coalesce(said.origin, listing.origin),
    sent = CASE WHEN said.remote_id IS NULL THEN listing.sent ELSE said.sent END,
    sent_at = CASE WHEN said.remote_id IS NULL THEN listing.sent_at ELSE :now END,
    ownership = CASE WHEN said.remote_id IS NULL THEN listing.ownership ELSE listing.ownership - 'held' END,
    elsewhere_at = CASE WHEN said.remote_id IS NULL THEN listing.elsewhere_at END,
    edit_due_at = CASE WHEN said.remote_id IS NOT NULL AND said.sent IS NULL THEN :now ELSE listing.edit_due_at END,
    last_synced_at = CASE WHEN said.remote_id IS NULL THEN listing.last_synced_at ELSE :now END,
    platform_updated_at = coalesce(said.told_at, listing.platform_updated_at),
    live_since = CASE WHEN said.status = 'LIVE' THEN said.told_at ELSE listing.live_since END,
    updated_at = :now
FROM jsonb_to_recordset(CAST(:rows AS jsonb))
     AS said(id uuid, status text, problems jsonb, step int, remote_id text, remote_skus jsonb, category_id text,
             category_version text, origin text, sent jsonb, told_at timestamptz)
WHERE listing.id = said.id AND listing.shop_id = :shop_id
""")


async def record(session: Session, *, shop_id: UUID, moves: Sequence[ListingMove], now: datetime) -> None:
    """Write where a slice's listings stand, in one statement.

    One that was found again, so that nobody knows for sure what was sent, is due to be compared and edited.
    """
    if not moves:
        return
    rows = [_row(move) for move in moves]
    connection = await session.connection()
    await connection.execute(_RECORD, {"shop_id": shop_id, "rows": dumps_text(rows), "now": now})


def _row(move: ListingMove) -> dict[str, Any]:
    listed = move.listed
    return {
        "id": move.listing_id,
        "status": move.status,
        "problems": [problem.to_json() for problem in distinct(move.problems)],
        "step": int(move.next_generation),
        "remote_id": listed.remote_id if listed else None,
        "remote_skus": list(listed.skus) if listed else None,
        "category_id": listed.category.id if listed else None,
        "category_version": listed.category.version if listed else None,
        "origin": listed.origin if listed else None,
        "sent": listed.sent.to_json() if listed and listed.sent else None,
        "told_at": listed.told_at if listed else None,
    }


_SETTLE = text("""
UPDATE listing SET
    status = CASE WHEN task_item.state = 'FAILED' OR lost.id IS NOT NULL THEN 'SYNC_FAILED' ELSE 'NOT_SYNCED' END,
    problems = task_item.problems || CASE WHEN lost.id IS NULL THEN '[]'::jsonb ELSE CAST(:lost AS jsonb) END,
    updated_at = :now
FROM task_item
JOIN listing mine ON mine.product_id = task_item.subject_id AND mine.tiktok_shop_id = :tiktok_shop_id
LEFT JOIN intent lost ON lost.listing_id = mine.id AND lost.closed_at IS NULL AND lost.kind = 'CREATE'
WHERE task_item.task_id = :task_id AND task_item.shop_id = :shop_id AND task_item.chunk = :chunk
  AND task_item.state IN ('SKIPPED', 'FAILED')
  AND listing.id = mine.id AND listing.status IN ('QUEUED', 'SYNCING')
  AND NOT EXISTS (
        SELECT FROM task_item other JOIN task ON task.id = other.task_id
        WHERE other.subject_id = listing.product_id AND other.task_id <> :task_id
          AND other.state IN ('QUEUED', 'RUNNING') AND task.finished_at IS NULL
          AND task.tiktok_shop_id = listing.tiktok_shop_id AND task.kind = 'LISTING')
""")


async def settle(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, task_id: UUID, chunk: int, lost: Problem, now: datetime
) -> int:
    """Listings of items that ended without their turn (cancelled, stopped) are not at work any more; how many.

    ``lost`` is told of those with a creation whose answer never came: they failed, as far as anybody knows.
    """
    values = {
        "shop_id": shop_id,
        "tiktok_shop_id": tiktok_shop_id,
        "task_id": task_id,
        "chunk": chunk,
        "lost": dumps_text([lost.to_json()]),
        "now": now,
    }
    connection = await session.connection()
    return (await connection.execute(_SETTLE, values)).rowcount
