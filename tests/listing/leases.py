"""Leases run on the database's own clock: instead of waiting, a test says that a holder has been silent too long."""

from datetime import timedelta

from sqlmodel import col, func, update

from server.deps import Deps
from server.domain.tasks import ChunkState
from server.tables import Task, TaskChunk


async def lapse(deps: Deps, task: Task) -> None:
    """Every chunk of the task that somebody holds may be taken by the next worker."""
    async with deps.database.write() as session:
        held = (col(TaskChunk.task_id) == task.id, col(TaskChunk.state) == ChunkState.RUNNING)
        silent = func.clock_timestamp() - timedelta(seconds=1)
        done = await session.exec(update(TaskChunk).where(*held).values(lease_until=silent))
    assert done.rowcount > 0, "nobody holds a chunk of the task"
