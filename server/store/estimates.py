"""What estimates are made of: how fast tasks went lately, what stands before them, and what they wait for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text

from server.store.session import Session

_RECENT = 100
"""Ends of items that tell a task's present pace."""


def _lists(task: str) -> str:
    """Creations and products put up again share the shop's day: ``server.domain.switching.counts_as_listing``."""
    return f"({task}.kind = 'LISTING' OR {task}.kind = 'STATUS' AND {task}.input ->> 'action' = 'ACTIVATE')"


_AHEAD = f"""
SELECT coalesce(sum(other.queued + other.running), 0) FROM task other
WHERE other.shop_id = task.shop_id AND other.tiktok_shop_id = task.tiktok_shop_id
  AND (CASE WHEN {_lists("task")} THEN {_lists("other")} ELSE other.kind = task.kind AND NOT {_lists("other")} END)
  AND other.finished_at IS NULL AND other.state NOT IN ('PAUSED', 'CANCELLING')
  AND (other.created_at, other.id) < (task.created_at, task.id)
"""  # noqa: S608  # put together from our own words; values are bound

_STANDING = text(f"""
SELECT task.id,
    ({_AHEAD}) AS ahead,
    (SELECT min(chunk.due_at) FROM task_chunk chunk
     WHERE chunk.task_id = task.id AND chunk.state <> 'DONE') AS due_at,
    ARRAY(SELECT ended.at FROM task_event ended
          WHERE ended.task_id = task.id AND ended.kind IN ('ITEM_SUCCEEDED', 'ITEM_FAILED', 'ITEM_SKIPPED')
          ORDER BY ended.seq DESC LIMIT :recent) AS ends
FROM task WHERE task.shop_id = :shop_id AND task.id = ANY(CAST(:ids AS uuid[])) AND task.finished_at IS NULL
""")  # noqa: S608  # put together from our own words; values are bound


@dataclass(frozen=True, slots=True)
class Prospect:
    """Items of earlier tasks of the same work and TikTok shop, when the next chunk is due, and the latest ends."""

    ahead: int
    due_at: datetime | None
    ends: tuple[datetime, ...]


async def prospects(session: Session, *, shop_id: UUID, ids: Sequence[UUID]) -> dict[UUID, Prospect]:
    """Of those of the tasks that have not ended."""
    connection = await session.connection()
    rows = await connection.execute(_STANDING, {"shop_id": shop_id, "ids": list(ids), "recent": _RECENT})
    return {row.id: Prospect(int(row.ahead), row.due_at, tuple(row.ends)) for row in rows}


_AHEAD_OF = text(f"""
SELECT ({_AHEAD}) AS ahead FROM task WHERE task.shop_id = :shop_id AND task.id = :task_id
""")  # noqa: S608  # as above


async def ahead(session: Session, *, shop_id: UUID, task_id: UUID) -> int:
    """Open items of earlier tasks of the same work and TikTok shop: they come first where there is not room for all."""
    connection = await session.connection()
    return int((await connection.execute(_AHEAD_OF, {"shop_id": shop_id, "task_id": task_id})).scalar_one())
