"""Listings due for an edit: which shops have some, who takes them, what waits, and what a cancelled task leaves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import text

from server.store.edit_marks import WAITS_FOR_LIVE
from server.store.session import Session


@dataclass(frozen=True, slots=True)
class DueShop:
    """A TikTok shop with listings that are due."""

    shop_id: UUID
    tiktok_shop_id: UUID


_DUE_SHOPS = text("""
WITH due AS (
    SELECT listing.shop_id, listing.tiktok_shop_id, min(listing.edit_due_at) AS since FROM listing
    WHERE listing.edit_due_at <= :before AND listing.remote_id IS NOT NULL
      AND NOT EXISTS (
        SELECT FROM task_item JOIN task ON task.id = task_item.task_id
        WHERE task_item.subject_id = listing.product_id AND task_item.state IN ('QUEUED', 'RUNNING')
          AND task.finished_at IS NULL AND task.tiktok_shop_id = listing.tiktok_shop_id AND task.kind = 'EDIT')
    GROUP BY listing.shop_id, listing.tiktok_shop_id)
SELECT due.shop_id, due.tiktok_shop_id FROM due
JOIN tiktok_shop ON tiktok_shop.id = due.tiktok_shop_id AND tiktok_shop.disconnected_at IS NULL
JOIN tiktok_authorization AS granted ON granted.id = tiktok_shop.authorization_id
 AND granted.ended_at IS NULL AND granted.refresh_expires_at > :now
JOIN shop ON shop.id = due.shop_id AND shop.uninstalled_at IS NULL
CROSS JOIN LATERAL (
    SELECT count(*) AS amount, max(stopped.finished_at) AS last FROM task AS stopped
    WHERE stopped.tiktok_shop_id = due.tiktok_shop_id AND stopped.kind = 'EDIT' AND stopped.problem IS NOT NULL
      AND stopped.finished_at > greatest(granted.authorized_at, CAST(:now AS timestamptz) - interval '1 day')
      AND NOT EXISTS (
        SELECT FROM task AS ended
        WHERE ended.tiktok_shop_id = due.tiktok_shop_id AND ended.kind = 'EDIT' AND ended.problem IS NULL
          AND ended.state = 'SUCCEEDED' AND ended.finished_at > stopped.finished_at)) AS stops
WHERE stops.amount = 0
   OR stops.last <= :now - least(CAST(:pause AS interval) * power(2, stops.amount), CAST(:longest AS interval))
ORDER BY due.since LIMIT :amount
""")


async def due_shops(
    session: Session, *, before: datetime, now: datetime, pause: timedelta, longest: timedelta, amount: int
) -> list[DueShop]:
    """TikTok shops of all stores that can be called and have listings due since ``before``, the longest due first.

    Not those whose due listings all are in an open task's hands. One where edits were stopped for what concerns the
    whole shop is left alone for twice ``pause``, and twice as long each time, until it is connected anew or an edit
    works.
    """
    connection = await session.connection()
    values = {"before": before, "now": now, "pause": pause, "longest": longest, "amount": amount}
    rows = await connection.execute(_DUE_SHOPS, values)
    return [DueShop(row.shop_id, row.tiktok_shop_id) for row in rows]


_TAKE_DUE = text("""
UPDATE listing SET edit_due_at = :again
WHERE id IN (
    SELECT id FROM listing
    WHERE shop_id = :shop_id AND tiktok_shop_id = :tiktok_shop_id AND edit_due_at <= :before AND remote_id IS NOT NULL
      AND NOT EXISTS (
        SELECT FROM task_item JOIN task ON task.id = task_item.task_id
        WHERE task_item.subject_id = listing.product_id AND task_item.state IN ('QUEUED', 'RUNNING')
          AND task.finished_at IS NULL AND task.tiktok_shop_id = listing.tiktok_shop_id AND task.kind = 'EDIT')
    ORDER BY id LIMIT :amount FOR NO KEY UPDATE SKIP LOCKED)
RETURNING product_id, edit_cause
""")


async def take_due(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, before: datetime, again: datetime, amount: int
) -> dict[UUID, str]:
    """Products of due listings with the cause, at most ``amount``; nobody else takes them until ``again``.

    One that an open task is to edit is not taken: whatever changed meanwhile goes out in its turn.
    """
    values = {
        "shop_id": shop_id,
        "tiktok_shop_id": tiktok_shop_id,
        "before": before,
        "again": again,
        "amount": amount,
    }
    connection = await session.connection()
    rows = await connection.execute(_TAKE_DUE, values)
    return {row.product_id: row.edit_cause or "" for row in rows}


_REVIEWED = text("""
UPDATE listing SET edit_due_at = :now
WHERE id IN (
    SELECT id FROM listing
    WHERE shop_id = :shop_id AND tiktok_shop_id = :tiktok_shop_id AND remote_id = ANY(CAST(:remote_ids AS text[]))
      AND status = 'LIVE' AND edit_cause = :waits AND edit_due_at IS NULL
    ORDER BY id FOR NO KEY UPDATE)
""")


async def reviewed(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, remote_ids: Sequence[str], now: datetime
) -> int:
    """No version of these products of TikTok's is in review: what waited for the end of one is due.

    For listings that are on sale all the while, of which no news is told. Returns how many.
    """
    if not remote_ids:
        return 0
    values = {
        "shop_id": shop_id,
        "tiktok_shop_id": tiktok_shop_id,
        "remote_ids": list(remote_ids),
        "waits": WAITS_FOR_LIVE,
        "now": now,
    }
    connection = await session.connection()
    return (await connection.execute(_REVIEWED, values)).rowcount


_PUT_OFF_BROKEN = text("""
UPDATE listing SET edit_due_at = :again
FROM task_item JOIN task ON task.id = task_item.task_id
WHERE task.id = :task_id AND task.shop_id = :shop_id AND task.problem IS NULL
  AND task_item.chunk = :chunk AND task_item.state = 'FAILED' AND task_item.problems @> '[{"code": "INTERNAL"}]'
  AND listing.product_id = task_item.subject_id AND listing.tiktok_shop_id = task.tiktok_shop_id
  AND listing.edit_due_at = task.created_at + CAST(:lease AS interval)
""")


async def put_off_broken(
    session: Session, *, shop_id: UUID, task_id: UUID, chunk: int, lease: timedelta, again: datetime
) -> int:
    """Listings whose items broke the worker wait until ``again``, not until the ``lease`` is over; returns how many.

    Only those that the task had taken and that nothing has marked since.
    """
    values = {"shop_id": shop_id, "task_id": task_id, "chunk": chunk, "lease": lease, "again": again}
    connection = await session.connection()
    return (await connection.execute(_PUT_OFF_BROKEN, values)).rowcount


_FORGET_CANCELLED = text("""
UPDATE listing SET edit_due_at = NULL, edit_cause = NULL, edit_actor = NULL
FROM task_item JOIN task ON task.id = task_item.task_id
WHERE task.id = :task_id AND task.shop_id = :shop_id AND task.state IN ('CANCELLING', 'CANCELLED')
  AND task_item.chunk = :chunk AND task_item.state = 'SKIPPED'
  AND listing.product_id = task_item.subject_id AND listing.tiktok_shop_id = task.tiktok_shop_id
  AND (listing.edit_due_at > :now OR listing.edit_due_at <= task.created_at + CAST(:lease AS interval))
""")


async def forget_cancelled(
    session: Session, *, shop_id: UUID, task_id: UUID, chunk: int, lease: timedelta, now: datetime
) -> int:
    """Listings of a cancelled task are not due until something changes again; returns how many.

    So however old it is: the ``lease`` for which it had taken them may be over. Those of a task that was stopped become
    due again by themselves.
    """
    values = {"shop_id": shop_id, "task_id": task_id, "chunk": chunk, "lease": lease, "now": now}
    connection = await session.connection()
    return (await connection.execute(_FORGET_CANCELLED, values)).rowcount
