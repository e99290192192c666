"""Items of a task, always moved in sets: one statement for a slice, never one for an item."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, select

from server.domain.paging import Page, PageArgs
from server.domain.tasks import ItemState
from server.kit.ids import new_id
from server.kit.json import dumps_text
from server.store.paging import paginate
from server.store.session import Session
from server.tables import TaskItem

_INSERT = text("""
INSERT INTO task_item (id, task_id, shop_id, position, chunk, subject_id, state, attempts, problems, seq, template_id)
SELECT new.id, :task_id, :shop_id, new.n - 1, (new.n - 1) / :chunk_size, new.subject_id, 'QUEUED', 0, '[]'::jsonb, 0,
       new.template_id
FROM unnest(CAST(:ids AS uuid[]), CAST(:subjects AS uuid[]), CAST(:templates AS uuid[])) WITH ORDINALITY
     AS new(id, subject_id, template_id, n)
""")


async def insert_many(
    session: Session,
    *,
    shop_id: UUID,
    task_id: UUID,
    subject_ids: Sequence[UUID],
    templates: Mapping[UUID, UUID | None],
    chunk_size: int,
) -> int:
    """One item a subject, with the template settled for it if any, cut into chunks; how many chunks that made."""
    ids = [new_id() for _ in subject_ids]
    connection = await session.connection()
    values = {
        "task_id": task_id,
        "shop_id": shop_id,
        "chunk_size": chunk_size,
        "ids": ids,
        "subjects": list(subject_ids),
        "templates": [templates.get(one) for one in subject_ids] if templates else [],
    }
    await connection.execute(_INSERT, values)
    return -(-len(ids) // chunk_size)


_PUT_BACK = text("""
UPDATE task_item SET state = 'QUEUED', due_at = NULL
WHERE task_id = :task_id AND shop_id = :shop_id AND chunk = :chunk AND state = 'RUNNING'
RETURNING id
""")


async def put_back(session: Session, *, shop_id: UUID, task_id: UUID, chunk: int) -> list[UUID]:
    """Items that a lost worker left ``RUNNING`` are open again; their intents tell what it may have done."""
    connection = await session.connection()
    rows = await connection.execute(_PUT_BACK, {"task_id": task_id, "shop_id": shop_id, "chunk": chunk})
    return [row.id for row in rows]


_CLOSE_OPEN = text("""
UPDATE task_item SET
    state = CAST(:state AS varchar), problems = CAST(:problems AS jsonb), due_at = NULL, finished_at = :now
WHERE task_id = :task_id AND shop_id = :shop_id
  AND chunk = :chunk AND state = CAST(:open AS varchar)
RETURNING id
""")


async def close_open(
    session: Session,
    *,
    shop_id: UUID,
    task_id: UUID,
    chunk: int,
    open_state: ItemState,
    state: ItemState,
    problems: list[dict[str, Any]],
    now: datetime,
) -> list[UUID]:
    """End every item of a chunk that stands in ``open_state`` the same way: the task was cancelled or stopped."""
    values = {
        "task_id": task_id,
        "shop_id": shop_id,
        "chunk": chunk,
        "open": str(open_state),
        "state": str(state),
        "problems": dumps_text(problems),
        "now": now,
    }
    connection = await session.connection()
    return [row.id for row in await connection.execute(_CLOSE_OPEN, values)]


_LEFT = text("""
SELECT count(*) AS amount, min(coalesce(due_at, :now)) AS due_at FROM task_item
WHERE task_id = :task_id AND shop_id = :shop_id AND chunk = :chunk AND state IN ('QUEUED', 'RUNNING')
""")


async def left(
    session: Session, *, shop_id: UUID, task_id: UUID, chunk: int, now: datetime
) -> tuple[int, datetime | None]:
    """How many items of a chunk are still open, and when the first of them is due."""
    connection = await session.connection()
    values = {"task_id": task_id, "shop_id": shop_id, "chunk": chunk, "now": now}
    row = (await connection.execute(_LEFT, values)).one()
    return row.amount, row.due_at


async def page(
    session: Session, *, shop_id: UUID, task_id: UUID, states: Sequence[ItemState], args: PageArgs
) -> Page[TaskItem]:
    """A task's items in their order; no states means all."""
    statement = select(TaskItem).where(TaskItem.shop_id == shop_id, TaskItem.task_id == task_id)
    if states:
        statement = statement.where(col(TaskItem.state).in_(states))
    return await paginate(session, statement, keys=(col(TaskItem.position),), args=args)


async def by_ids(session: Session, *, shop_id: UUID, ids: Sequence[UUID]) -> dict[UUID, TaskItem]:
    """Those of the items that are the shop's."""
    rows = await session.exec(select(TaskItem).where(TaskItem.shop_id == shop_id, col(TaskItem.id).in_(ids)))
    return {row.id: row for row in rows}
