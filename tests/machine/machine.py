"""Short words for what the tests do with the task machine."""

from datetime import timedelta
from uuid import UUID

from sqlmodel import col, select

from server.deps import Deps
from server.domain.runs import Claim
from server.domain.tasks import TaskKind
from server.kit.ids import new_id
from server.services import runs, tasks
from server.tables import Task, TaskChunk

LEASE = timedelta(seconds=30)


class Machine:
    """Short words for what the tests do with the machine."""

    def __init__(self, deps: Deps, shop_id: UUID) -> None:
        self.deps = deps
        self.shop_id = shop_id

    async def open(self, amount: int | None, *, key: str | None = None, kind: TaskKind = TaskKind.LISTING) -> Task:
        async with self.deps.database.write() as session:
            return await tasks.open_task(
                session,
                self.deps.queue,
                self.deps.feed,
                shop_id=self.shop_id,
                kind=kind,
                tiktok_shop_id=None,
                input={},
                started_by="test",
                idempotency_key=key,
                subject_ids=None if amount is None else [new_id() for _ in range(amount)],
                now=self.deps.clock(),
            )

    async def chunks(self, task: Task) -> list[UUID]:
        async with self.deps.database.read() as session:
            rows = await session.exec(
                select(TaskChunk.id).where(TaskChunk.task_id == task.id).order_by(col(TaskChunk.position))
            )
            return list(rows)

    async def claim(self, chunk_id: UUID, *, lease: timedelta = LEASE, worker: str = "w1") -> Claim | None:
        async with self.deps.database.write() as session:
            return await runs.claim(
                session, self.deps.feed, chunk_id=chunk_id, worker=worker, lease=lease, now=self.deps.clock()
            )

    async def task(self, task: Task) -> Task:
        async with self.deps.database.read() as session:
            return await tasks.get(session, shop_id=self.shop_id, task_id=task.id)

    async def log(self, task: Task) -> list[tuple[int, str]]:
        async with self.deps.database.read() as session:
            lines = await tasks.events_after(session, shop_id=self.shop_id, task_id=task.id, after=0, limit=10_000)
            return [(line.seq, line.kind) for line in lines]
