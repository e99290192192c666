"""What a task is about."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select

from server.store.session import Session
from server.tables import TaskItem


async def among(session: Session, *, shop_id: UUID, task_id: UUID, ids: Sequence[UUID]) -> frozenset[UUID]:
    """Those of ``ids`` that the task has an item for."""
    statement = select(TaskItem.subject_id).where(
        col(TaskItem.shop_id) == shop_id, col(TaskItem.task_id) == task_id, col(TaskItem.subject_id).in_(ids)
    )
    return frozenset(await session.exec(statement))
