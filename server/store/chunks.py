"""Chunks: claimed, held by a lease and given back. Leases run on the database's clock, which all workers share."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import JSONB

from server.domain.runs import Claim, Held
from server.domain.tasks import TaskKind, TaskState
from server.kit.ids import new_id
from server.kit.json import dumps_text
from server.store.session import Session

_INSERT = text("""
INSERT INTO task_chunk (id, task_id, shop_id, position, state, fence, due_at, sent_at, crashes, checkpoint)
SELECT new.id, :task_id, :shop_id, new.n - 1, 'QUEUED', 0, :now, :now, 0, '{}'::jsonb
FROM unnest(CAST(:ids AS uuid[])) WITH ORDINALITY AS new(id, n)
""")


async def insert_many(session: Session, *, shop_id: UUID, task_id: UUID, amount: int, now: datetime) -> list[UUID]:
    """So many chunks, due at once and marked as sent: the caller sends their jobs after the commit."""
    ids = [new_id() for _ in range(amount)]
    connection = await session.connection()
    await connection.execute(_INSERT, {"task_id": task_id, "shop_id": shop_id, "ids": ids, "now": now})
    return ids


_CLAIM = text("""
UPDATE task_chunk AS chunk SET
    state = 'RUNNING', fence = chunk.fence + 1, worker = :worker, lease_until = clock_timestamp() + :lease,
    crashes = chunk.crashes + CASE chunk.state WHEN 'RUNNING' THEN 1 ELSE 0 END
FROM task
WHERE chunk.id = :chunk_id AND task.id = chunk.task_id
  AND task.state IN ('QUEUED', 'RUNNING', 'WAITING', 'CANCELLING')
  AND ((chunk.state = 'QUEUED' AND chunk.due_at <= :now)
       OR (chunk.state = 'RUNNING' AND chunk.lease_until < clock_timestamp()))
RETURNING chunk.task_id, chunk.shop_id, chunk.position, chunk.fence, chunk.crashes, chunk.outages, chunk.checkpoint,
          task.tiktok_shop_id, task.kind, task.input
""").columns(checkpoint=JSONB(), input=JSONB())


async def claim(session: Session, *, chunk_id: UUID, worker: str, lease: timedelta, now: datetime) -> Claim | None:
    """Take a chunk that is due or whose holder fell silent, which counts as a crash. One statement: one worker wins."""
    connection = await session.connection()
    values = {"chunk_id": chunk_id, "worker": worker, "lease": lease, "now": now}
    row = (await connection.execute(_CLAIM, values)).one_or_none()
    if row is None:
        return None
    return Claim(
        chunk_id=chunk_id,
        task_id=row.task_id,
        shop_id=row.shop_id,
        tiktok_shop_id=row.tiktok_shop_id,
        kind=TaskKind(row.kind),
        input=row.input,
        position=row.position,
        fence=row.fence,
        crashes=row.crashes,
        outages=row.outages,
        checkpoint=row.checkpoint,
    )


_HOLD = text("""
UPDATE task_chunk AS chunk SET lease_until = clock_timestamp() + :lease
FROM task
WHERE chunk.id = :chunk_id AND chunk.shop_id = :shop_id AND chunk.fence = :fence AND chunk.state = 'RUNNING'
  AND task.id = chunk.task_id
RETURNING task.state, task.problem IS NOT NULL AS stopped
""")


async def hold(session: Session, *, shop_id: UUID, chunk_id: UUID, fence: int, lease: timedelta) -> Held | None:
    """Renew the lease and learn how the task stands; nothing when the chunk is no longer ours."""
    connection = await session.connection()
    values = {"chunk_id": chunk_id, "shop_id": shop_id, "fence": fence, "lease": lease}
    row = (await connection.execute(_HOLD, values)).one_or_none()
    return None if row is None else Held(state=TaskState(row.state), stopped=row.stopped)


_RELEASE = text("""
UPDATE task_chunk SET
    state = CAST(:state AS varchar), due_at = coalesce(CAST(:due_at AS timestamptz), due_at), lease_until = NULL,
    worker = NULL, sent_at = NULL, crashes = :crashes, outages = :outages
WHERE id = :chunk_id AND shop_id = :shop_id AND fence = :fence
""")


async def release(
    session: Session,
    *,
    shop_id: UUID,
    chunk_id: UUID,
    fence: int,
    due_at: datetime | None,
    crashes: int,
    outages: int,
) -> None:
    """Give the chunk back: done when nothing is due any more, else queued until ``due_at``."""
    values = {
        "chunk_id": chunk_id,
        "shop_id": shop_id,
        "fence": fence,
        "state": "DONE" if due_at is None else "QUEUED",
        "due_at": due_at,
        "crashes": crashes,
        "outages": outages,
    }
    connection = await session.connection()
    await connection.execute(_RELEASE, values)


async def forgive(session: Session, *, shop_id: UUID, chunk_id: UUID) -> None:
    """The run got somewhere: what broke off before it does not count any more, should it be killed now."""
    connection = await session.connection()
    statement = text("UPDATE task_chunk SET crashes = 0, outages = 0 WHERE id = :chunk_id AND shop_id = :shop_id")
    await connection.execute(statement, {"chunk_id": chunk_id, "shop_id": shop_id})


async def save(session: Session, *, shop_id: UUID, chunk_id: UUID, checkpoint: Mapping[str, Any]) -> None:
    """Where a story without items goes on after an interruption."""
    connection = await session.connection()
    statement = text(
        "UPDATE task_chunk SET checkpoint = CAST(:made AS jsonb) WHERE id = :chunk_id AND shop_id = :shop_id"
    )
    await connection.execute(statement, {"made": dumps_text(checkpoint), "chunk_id": chunk_id, "shop_id": shop_id})


@dataclass(frozen=True, slots=True)
class Standing:
    """A task's chunks that are not done: how many, how many in hand, and when the next is due."""

    open: int
    running: int
    next_due: datetime | None


_STANDING = text("""
SELECT count(*) AS open, count(*) FILTER (WHERE state = 'RUNNING') AS running,
       min(due_at) FILTER (WHERE state = 'QUEUED') AS next_due
FROM task_chunk WHERE task_id = :task_id AND shop_id = :shop_id AND state <> 'DONE'
""")


async def standing(session: Session, *, shop_id: UUID, task_id: UUID) -> Standing:
    """What is left of a task; read it under the task's lock."""
    connection = await session.connection()
    row = (await connection.execute(_STANDING, {"task_id": task_id, "shop_id": shop_id})).one()
    return Standing(open=row.open, running=row.running, next_due=row.next_due)


@dataclass(frozen=True, slots=True)
class DueChunk:
    """A chunk whose job is to be sent; ``position`` counts the task's chunks from 0."""

    chunk_id: UUID
    fence: int
    position: int


_WAKE = text("""
UPDATE task_chunk SET due_at = :now, sent_at = CAST(:sent_at AS timestamptz)
WHERE id IN (SELECT id FROM task_chunk WHERE task_id = :task_id AND shop_id = :shop_id AND state = 'QUEUED'
             FOR UPDATE SKIP LOCKED)
RETURNING id, fence, position
""")


async def wake(session: Session, *, shop_id: UUID, task_id: UUID, now: datetime, sent: bool = True) -> list[DueChunk]:
    """Make all waiting chunks of a task due at once; returns what to send (``sent``), or leaves that to the sweep.

    A chunk that is being claimed this moment is passed over: its new holder sees the task's state by itself.
    """
    connection = await session.connection()
    values = {"task_id": task_id, "shop_id": shop_id, "now": now, "sent_at": now if sent else None}
    rows = await connection.execute(_WAKE, values)
    return [DueChunk(row.id, row.fence, row.position) for row in rows]


_WAITS_FOR_EXPORT = text("""
SELECT task.id FROM task_chunk JOIN task ON task.id = task_chunk.task_id
WHERE task.shop_id = :shop_id AND task.kind = 'IMPORT' AND task.finished_at IS NULL
  AND task_chunk.checkpoint ->> 'operation' = :operation
""")


async def waiting_for_export(session: Session, *, shop_id: UUID, operation: str) -> UUID | None:
    """The unfinished import whose export this is."""
    connection = await session.connection()
    row = (await connection.execute(_WAITS_FOR_EXPORT, {"shop_id": shop_id, "operation": operation})).first()
    return None if row is None else row.id


_FORGOTTEN = text("""
UPDATE task_chunk SET sent_at = :now
WHERE id IN (
    SELECT chunk.id FROM task_chunk AS chunk JOIN task ON task.id = chunk.task_id
    WHERE task.state IN ('QUEUED', 'RUNNING', 'WAITING', 'CANCELLING')
      AND ((chunk.state = 'QUEUED' AND chunk.due_at <= :now AND (chunk.sent_at IS NULL OR chunk.sent_at < :stale))
           OR (chunk.state = 'RUNNING' AND chunk.lease_until < clock_timestamp()
               AND (chunk.sent_at IS NULL OR chunk.sent_at < chunk.lease_until OR chunk.sent_at < :stale)))
    ORDER BY chunk.due_at LIMIT :amount
    FOR UPDATE OF chunk SKIP LOCKED
)
RETURNING id, fence, position
""")


async def forgotten(session: Session, *, now: datetime, stale: datetime, amount: int) -> list[DueChunk]:
    """Chunks of all shops that are due and unsent, sent long ago and never taken, or held by a silent worker."""
    connection = await session.connection()
    rows = await connection.execute(_FORGOTTEN, {"now": now, "stale": stale, "amount": amount})
    return [DueChunk(row.id, row.fence, row.position) for row in rows]
