"""Task rows. Whoever changes one locks it first, and locks its chunk before it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, func, select, update

from server.domain.paging import Page, PageArgs
from server.domain.problems import Problem
from server.domain.tasks import TaskKind, TaskState
from server.store.paging import paginate
from server.store.session import Session
from server.tables import Task


async def insert_once(session: Session, *, shop_id: UUID, task: Task) -> bool:
    """Write a new task; false when one with the same kind and idempotency key is there already."""
    values = task.model_dump() | {"shop_id": shop_id}
    statement = insert(Task).values(**values).on_conflict_do_nothing().returning(col(Task.id))
    connection = await session.connection()
    return (await connection.execute(statement)).first() is not None


async def by_key(session: Session, *, shop_id: UUID, kind: TaskKind, key: str) -> Task | None:
    """The task that was started with this idempotency key."""
    statement = select(Task).where(Task.shop_id == shop_id, Task.kind == kind, Task.idempotency_key == key)
    return (await session.exec(statement)).first()


async def all_by_key(session: Session, *, shop_id: UUID, key: str) -> list[Task]:
    """The tasks of any kind that were started with this idempotency key."""
    return list(await session.exec(select(Task).where(Task.shop_id == shop_id, Task.idempotency_key == key)))


async def get(session: Session, *, shop_id: UUID, task_id: UUID, lock: bool = False) -> Task | None:
    """One task of the shop as it stands now; with ``lock`` nobody else moves it until the transaction ends.

    The lock leaves the key alone, so checks of foreign keys pass it. With a full ``FOR UPDATE`` sessions waiting for
    the same row were found in deadlock (two workers, 3,000 items: 63 a second instead of 1,850; measured 2026-11-21).
    """
    statement = (
        select(Task).where(Task.shop_id == shop_id, Task.id == task_id).execution_options(populate_existing=True)
    )
    return (await session.exec(statement.with_for_update(key_share=True) if lock else statement)).first()


async def shop_of(session: Session, *, task_id: UUID) -> UUID | None:
    """Whose task it is, for an operator who has only its id."""
    return (await session.exec(select(Task.shop_id).where(Task.id == task_id))).first()


async def by_ids(session: Session, *, shop_id: UUID, ids: Sequence[UUID]) -> dict[UUID, Task]:
    """Those of the tasks that are the shop's."""
    rows = await session.exec(select(Task).where(Task.shop_id == shop_id, col(Task.id).in_(ids)))
    return {row.id: row for row in rows}


async def page(
    session: Session, *, shop_id: UUID, kinds: Sequence[TaskKind], states: Sequence[TaskState], args: PageArgs
) -> Page[Task]:
    """The shop's tasks, newest first; no kinds or states means all."""
    statement = select(Task).where(Task.shop_id == shop_id)
    if kinds:
        statement = statement.where(col(Task.kind).in_(kinds))
    if states:
        statement = statement.where(col(Task.state).in_(states))
    return await paginate(session, statement, keys=(col(Task.created_at), col(Task.id)), args=args, descending=True)


async def move(
    session: Session,
    *,
    shop_id: UUID,
    task_id: UUID,
    state: TaskState,
    now: datetime,
    problem: Problem | None = None,
) -> None:
    """Put a locked task into ``state``; an end state also notes the time."""
    values: dict[str, Any] = {"state": state}
    if state.is_final:
        values["finished_at"] = now
    if problem is not None:
        values["problem"] = problem.to_json()
    await session.exec(update(Task).where(col(Task.shop_id) == shop_id, col(Task.id) == task_id).values(**values))


async def begin(session: Session, *, shop_id: UUID, task_id: UUID, now: datetime) -> None:
    """A worker takes a locked task up: it runs; note when it first did."""
    began = func.coalesce(col(Task.started_at), now)
    values = {"state": TaskState.RUNNING, "attempts": Task.attempts + 1, "started_at": began}
    await session.exec(update(Task).where(col(Task.shop_id) == shop_id, col(Task.id) == task_id).values(**values))


async def count(
    session: Session,
    *,
    shop_id: UUID,
    task_id: UUID,
    total: int = 0,
    queued: int = 0,
    running: int = 0,
    succeeded: int = 0,
    skipped: int = 0,
    failed: int = 0,
) -> None:
    """Add to the counts of a locked task; the three ends are only ever given positive numbers."""
    values = {
        "total": Task.total + total,
        "queued": Task.queued + queued,
        "running": Task.running + running,
        "succeeded": Task.succeeded + succeeded,
        "skipped": Task.skipped + skipped,
        "failed": Task.failed + failed,
    }
    await session.exec(update(Task).where(col(Task.shop_id) == shop_id, col(Task.id) == task_id).values(**values))
