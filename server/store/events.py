"""The event log: numbered without gaps under the task row's lock, so a cursor is simply the last number seen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, select

from server.domain.tasks import EventKind
from server.kit.json import dumps_text
from server.store.session import Session
from server.tables import TaskEvent


@dataclass(frozen=True, slots=True)
class NewEvent:
    """A line before it has its number."""

    kind: EventKind
    item_id: UUID | None = None
    data: dict[str, Any] | None = None


_APPEND = text("""
WITH head AS (
    UPDATE task SET seq = seq + :amount WHERE id = :task_id AND shop_id = :shop_id RETURNING seq - :amount AS base
), numbered AS (
    INSERT INTO task_event (task_id, seq, shop_id, at, kind, item_id, data)
    SELECT :task_id, head.base + line.n, :shop_id, :now, line.kind, line.item_id, coalesce(line.data, '{}'::jsonb)
    FROM head, jsonb_to_recordset(CAST(:lines AS jsonb)) AS line(n int, kind text, item_id uuid, data jsonb)
    RETURNING seq, item_id
)
UPDATE task_item SET seq = numbered.seq FROM numbered WHERE task_item.id = numbered.item_id
""")


async def append(session: Session, *, shop_id: UUID, task_id: UUID, lines: Sequence[NewEvent], now: datetime) -> None:
    """Add lines in order and mark the items they touch. Locks the task's row: numbers follow the order of commits."""
    if not lines:
        return
    rows = [{"n": n, "kind": line.kind, "item_id": line.item_id, "data": line.data} for n, line in enumerate(lines, 1)]
    connection = await session.connection()
    await connection.execute(
        _APPEND,
        {"amount": len(rows), "task_id": task_id, "shop_id": shop_id, "now": now, "lines": dumps_text(rows)},
    )


async def after(session: Session, *, shop_id: UUID, task_id: UUID, seq: int, limit: int) -> list[TaskEvent]:
    """The next lines behind ``seq``, in order."""
    statement = (
        select(TaskEvent)
        .where(TaskEvent.shop_id == shop_id, TaskEvent.task_id == task_id, TaskEvent.seq > seq)
        .order_by(col(TaskEvent.seq))
        .limit(limit)
    )
    return list(await session.exec(statement))
