"""Tasks that are really opened and really worked off, slice by slice, as a worker does."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlmodel import col, select

from server.deps import Deps
from server.domain.problems import Problem
from server.domain.runs import Claim, ItemResult
from server.domain.tasks import ItemState, TaskKind
from server.kit.ids import new_id, to_gid
from server.services import runs, tasks
from server.tables import Task, TaskChunk, TaskEvent

LEASE = timedelta(seconds=60)


@dataclass
class Play:
    """One listing task and its only chunk."""

    deps: Deps
    shop_id: UUID
    task: Task
    claim: Claim | None = None

    @property
    def gid(self) -> str:
        return to_gid("Task", self.task.id)

    async def begin(self) -> None:
        async with self.deps.database.write() as session:
            chunk = (await session.exec(select(TaskChunk.id).where(col(TaskChunk.task_id) == self.task.id))).one()
            self.claim = await runs.claim(
                session, self.deps.feed, chunk_id=chunk, worker="test", lease=LEASE, now=self.deps.clock()
            )

    async def slice(self, amount: int, *, state: ItemState = ItemState.SUCCEEDED) -> None:
        """Take the next items and end them."""
        assert self.claim is not None
        problems = (Problem("TITLE_EMPTY", ("title",), "No title."),) if state is ItemState.FAILED else ()
        async with self.deps.database.write() as session:
            held = await runs.hold(session, claim=self.claim, lease=LEASE)
            taken = await runs.take(
                session, self.deps.feed, claim=self.claim, held=held, amount=amount, now=self.deps.clock()
            )
        assert len(taken) == amount
        async with self.deps.database.write() as session:
            results = [ItemResult(item.id, state, problems) for item in taken]
            await runs.record(session, self.deps.feed, claim=self.claim, results=results, now=self.deps.clock())

    async def finish(self) -> None:
        assert self.claim is not None
        async with self.deps.database.write() as session:
            await runs.release(
                session, self.deps.feed, claim=self.claim, again_at=None, crashes=0, now=self.deps.clock()
            )

    async def log(self) -> list[tuple[str, str]]:
        """Cursor and kind of every line."""
        async with self.deps.database.read() as session:
            statement = select(TaskEvent).where(col(TaskEvent.task_id) == self.task.id).order_by(col(TaskEvent.seq))
            return [(str(row.seq), str(row.kind)) for row in await session.exec(statement)]


async def open_play(deps: Deps, shop_id: UUID, items: int, *, key: str | None = None) -> Play:
    async with deps.database.write() as session:
        task = await tasks.open_task(
            session,
            deps.queue,
            deps.feed,
            shop_id=shop_id,
            kind=TaskKind.LISTING,
            tiktok_shop_id=None,
            input={},
            started_by="user:42",
            idempotency_key=key,
            subject_ids=[new_id() for _ in range(items)],
            now=deps.clock(),
        )
    return Play(deps, shop_id, task)
