"""Opening, reading and steering tasks. The work itself is in ``services.runs``."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from server.domain.paging import Page, PageArgs
from server.domain.tasks import TASK_MOVES, EventKind, ItemState, TaskKind, TaskState
from server.feed import Feed
from server.kit.errors import Conflict, Invalid, NotFound
from server.queue import Job, JobName, Queue
from server.services.runs import ring_after_commit
from server.store import chunks, events, items, tasks
from server.store.chunks import DueChunk
from server.store.events import NewEvent
from server.store.session import Session, after_commit
from server.tables import Task, TaskEvent, TaskItem

CHUNK_SIZE = 100
"""Items a chunk: seconds of work, so a lost worker costs little, and under 10 us of the machine's own an item."""

RESEND_AFTER = timedelta(seconds=3)
"""A job that was sent and not taken for so long is sent again: Redis may have been emptied."""

_SWEEP_AMOUNT = 1000


async def open_task(
    session: Session,
    queue: Queue,
    feed: Feed,
    *,
    shop_id: UUID,
    kind: TaskKind,
    tiktok_shop_id: UUID | None,
    input: Mapping[str, Any],  # noqa: A002 - the API's own word for what a task was asked to do
    started_by: str,
    idempotency_key: str | None,
    subject_ids: Sequence[UUID] | None,
    templates: Mapping[UUID, UUID | None] | None = None,
    retry_of: UUID | None = None,
    now: datetime,
) -> Task:
    """Write a task with its chunks and items, and send its jobs once that is committed.

    The same idempotency key answers with the task it made before. No subjects means one chunk without items.
    ``templates`` are those with which subjects are listed, whatever becomes of their listings meanwhile.
    """
    _check_key(idempotency_key)
    task = Task(
        shop_id=shop_id,
        tiktok_shop_id=tiktok_shop_id,
        kind=kind,
        input=dict(input),
        idempotency_key=idempotency_key,
        started_by=started_by,
        retry_of=retry_of,
        total=len(subject_ids or ()),
        queued=len(subject_ids or ()),
        created_at=now,
    )
    if not await tasks.insert_once(session, shop_id=shop_id, task=task):
        return await _started_before(session, shop_id=shop_id, kind=kind, key=idempotency_key)
    amount = 1
    if subject_ids is not None:
        amount = await items.insert_many(
            session,
            shop_id=shop_id,
            task_id=task.id,
            subject_ids=subject_ids,
            templates=templates or {},
            chunk_size=CHUNK_SIZE,
        )
    made = await chunks.insert_many(session, shop_id=shop_id, task_id=task.id, amount=amount, now=now)
    await _log(session, feed, task, NewEvent(EventKind.TASK_CREATED, data={"total": task.total}), now)
    if not made:
        await _move(session, feed, task, TaskState.SUCCEEDED, now)
    send_after_commit(session, queue, [DueChunk(chunk_id, 0, at) for at, chunk_id in enumerate(made)])
    return await get(session, shop_id=shop_id, task_id=task.id)


def send_after_commit(session: Session, queue: Queue, due: Sequence[DueChunk]) -> None:
    """Send the chunks' jobs when the rows are really there. The fence in the id makes sending twice harmless."""
    jobs = [
        Job(JobName.CHUNK, f"{one.chunk_id}:{one.fence}", (("chunk_id", str(one.chunk_id)),), place=one.position)
        for one in due
    ]
    after_commit(session, lambda: queue.send(jobs))


async def sweep(session: Session, queue: Queue, *, now: datetime) -> int:
    """Send what was forgotten, for all shops: this alone survives a Redis that lost everything."""
    due = await chunks.forgotten(session, now=now, stale=now - RESEND_AFTER, amount=_SWEEP_AMOUNT)
    send_after_commit(session, queue, due)
    return len(due)


async def cancel(session: Session, queue: Queue, feed: Feed, *, shop_id: UUID, task_id: UUID, now: datetime) -> Task:
    """Ask a task to end. What is under way is finished, the rest is skipped; cancelling twice changes nothing."""
    task, due = await _steered(session, shop_id=shop_id, task_id=task_id, now=now)
    if task.state not in (TaskState.CANCELLING, TaskState.CANCELLED):
        await _move(session, feed, task, TaskState.CANCELLING, now)
    send_after_commit(session, queue, due)
    return await get(session, shop_id=shop_id, task_id=task_id)


async def pause(session: Session, feed: Feed, *, shop_id: UUID, task_id: UUID, now: datetime) -> Task:
    """Take no further item until ``resume``; what is under way is finished. Pausing twice changes nothing."""
    task = await _locked(session, shop_id=shop_id, task_id=task_id)
    if task.state is not TaskState.PAUSED:
        await _move(session, feed, task, TaskState.PAUSED, now)
    return await get(session, shop_id=shop_id, task_id=task_id)


async def resume(session: Session, queue: Queue, feed: Feed, *, shop_id: UUID, task_id: UUID, now: datetime) -> Task:
    """Go on with a paused task; a task that is not paused is left as it is, if it has not ended."""
    task, due = await _steered(session, shop_id=shop_id, task_id=task_id, now=now)
    if task.state is TaskState.PAUSED:
        await _move(session, feed, task, TaskState.QUEUED, now)
    elif task.state.is_final:
        raise Conflict(f"The task has ended ({task.state}): start a new one.", field=("id",))
    send_after_commit(session, queue, due)
    return await get(session, shop_id=shop_id, task_id=task_id)


async def get(session: Session, *, shop_id: UUID, task_id: UUID) -> Task:
    """One task; ``NotFound`` when the shop has no such task."""
    task = await tasks.get(session, shop_id=shop_id, task_id=task_id)
    if task is None:
        raise NotFound("There is no such task in this shop.", field=("id",))
    return task


async def shop_of(session: Session, *, task_id: UUID) -> UUID | None:
    """Whose task it is, for an operator who has only its id; nothing when there is none."""
    return await tasks.shop_of(session, task_id=task_id)


async def by_ids(session: Session, *, shop_id: UUID, ids: Sequence[UUID]) -> dict[UUID, Task]:
    """Those of the tasks that are the shop's."""
    return await tasks.by_ids(session, shop_id=shop_id, ids=ids)


async def by_key(session: Session, *, shop_id: UUID, key: str) -> list[Task]:
    """The tasks, one of a kind at most, that were started with this idempotency key; ``Invalid`` as ``known``."""
    _check_key(key)
    return await tasks.all_by_key(session, shop_id=shop_id, key=key)


async def known(session: Session, *, shop_id: UUID, kind: TaskKind, key: str | None) -> Task | None:
    """The task that this idempotency key made before; ``Invalid`` for a key that cannot be one."""
    _check_key(key)
    return None if key is None else await tasks.by_key(session, shop_id=shop_id, kind=kind, key=key)


async def page(
    session: Session,
    *,
    shop_id: UUID,
    kinds: Sequence[TaskKind] = (),
    states: Sequence[TaskState] = (),
    args: PageArgs,
) -> Page[Task]:
    """The shop's tasks, newest first; no kinds or states means all."""
    return await tasks.page(session, shop_id=shop_id, kinds=kinds, states=states, args=args)


async def items_page(
    session: Session, *, shop_id: UUID, task_id: UUID, states: Sequence[ItemState] = (), args: PageArgs
) -> Page[TaskItem]:
    """A task's items in their order."""
    return await items.page(session, shop_id=shop_id, task_id=task_id, states=states, args=args)


async def items_by_ids(session: Session, *, shop_id: UUID, ids: Sequence[UUID]) -> dict[UUID, TaskItem]:
    """Those of the items that are the shop's."""
    return await items.by_ids(session, shop_id=shop_id, ids=ids)


async def events_after(session: Session, *, shop_id: UUID, task_id: UUID, after: int, limit: int) -> list[TaskEvent]:
    """The event log behind ``after``, in order, at most ``limit`` lines."""
    return await events.after(session, shop_id=shop_id, task_id=task_id, seq=after, limit=limit)


@dataclass(frozen=True, slots=True)
class Progress:
    """A task as it stands, the log lines behind the reader's cursor, the items they touch, and the new cursor.

    ``lagged``: more lines are waiting; read on at once with the new cursor.
    """

    task: Task
    events: list[TaskEvent]
    items: list[TaskItem]
    cursor: int
    lagged: bool


async def progress(session: Session, *, shop_id: UUID, task_id: UUID, after: int | None, limit: int = 500) -> Progress:
    """One look at a task. Without a cursor: only where it stands now, and the cursor to go on from."""
    task = await get(session, shop_id=shop_id, task_id=task_id)
    if after is None:
        return Progress(task, [], [], task.seq, lagged=False)
    lines = await events.after(session, shop_id=shop_id, task_id=task_id, seq=after, limit=limit)
    touched = await items.by_ids(
        session, shop_id=shop_id, ids=list({line.item_id for line in lines if line.item_id is not None})
    )
    cursor = lines[-1].seq if lines else after
    ordered = sorted(touched.values(), key=lambda item: item.position)
    return Progress(task, lines, ordered, cursor, lagged=cursor < task.seq)


def _check_key(key: str | None) -> None:
    if key is not None and (not 0 < len(key) <= 128 or "\0" in key):
        raise Invalid(
            "An idempotency key has 1 to 128 characters, none of them NUL.", field=("input", "idempotencyKey")
        )


async def _started_before(session: Session, *, shop_id: UUID, kind: TaskKind, key: str | None) -> Task:
    before = await known(session, shop_id=shop_id, kind=kind, key=key)
    if before is None:
        raise Conflict("The task was not started: try again.")
    return before


async def _locked(session: Session, *, shop_id: UUID, task_id: UUID) -> Task:
    task = await tasks.get(session, shop_id=shop_id, task_id=task_id, lock=True)
    if task is None:
        raise NotFound("There is no such task in this shop.", field=("id",))
    return task


async def _steered(session: Session, *, shop_id: UUID, task_id: UUID, now: datetime) -> tuple[Task, list[DueChunk]]:
    """A task locked after its chunks, which are due at once now (locks: chunks first, then the task)."""
    due = await chunks.wake(session, shop_id=shop_id, task_id=task_id, now=now)
    return await _locked(session, shop_id=shop_id, task_id=task_id), due


async def _move(session: Session, feed: Feed, task: Task, state: TaskState, now: datetime) -> None:
    if state not in TASK_MOVES[task.state]:
        raise Conflict(f"A task that is {task.state} cannot become {state}.", field=("id",))
    await tasks.move(session, shop_id=task.shop_id, task_id=task.id, state=state, now=now)
    await _log(session, feed, task, NewEvent(EventKind.TASK_STATE, data={"state": state}), now)


async def _log(session: Session, feed: Feed, task: Task, line: NewEvent, now: datetime) -> None:
    await events.append(session, shop_id=task.shop_id, task_id=task.id, lines=[line], now=now)
    ring_after_commit(session, feed, shop_id=task.shop_id, task_id=task.id)
