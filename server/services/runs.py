"""What a worker does with a chunk: claim it, take items, record them, give it back, each call in one transaction.

Locks are taken in one order everywhere: the chunk, then its task, then items.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from server.domain.problems import Problem
from server.domain.runs import Claim, Held, ItemResult, LeaseLost
from server.domain.tasks import ITEM_EVENTS, Counts, EventKind, ItemState, TaskState, end_state
from server.feed import Feed
from server.store import chunks, events, items, slices, tasks
from server.store.events import NewEvent
from server.store.session import Session, after_commit
from server.tables import Task, TaskItem

WORKING = (TaskState.RUNNING, TaskState.WAITING)
"""States in which items are taken."""

WAITING_AFTER = timedelta(seconds=1)
"""A task whose next attempt is further away than this is shown as waiting."""


def ring_after_commit(session: Session, feed: Feed, *, shop_id: UUID, task_id: UUID) -> None:
    """Once committed, tell whoever watches the task or the shop."""

    async def ring() -> None:
        await feed.ring((f"task:{task_id}", f"shop:{shop_id}"))

    after_commit(session, ring)


async def claim(
    session: Session, feed: Feed, *, chunk_id: UUID, worker: str, lease: timedelta, now: datetime
) -> Claim | None:
    """Take a chunk, or nothing when another worker has it or it is not due. What a lost holder left is opened again."""
    mine = await chunks.claim(session, chunk_id=chunk_id, worker=worker, lease=lease, now=now)
    if mine is None:
        return None
    task = await _locked(session, mine)
    lost, lines = await _opened_again(session, mine, "WORKER_LOST")
    if task.state in (TaskState.QUEUED, TaskState.WAITING):
        await tasks.begin(session, shop_id=mine.shop_id, task_id=mine.task_id, now=now)
        lines.append(NewEvent(EventKind.TASK_STATE, data={"state": TaskState.RUNNING}))
    await _log(session, feed, mine, lines, now)
    return replace(mine, lost=tuple(lost))


async def put_back(session: Session, feed: Feed, *, claim: Claim, now: datetime) -> list[UUID]:
    """What a run that broke off has in hand is open again; answers these items."""
    await _locked(session, claim)
    left, lines = await _opened_again(session, claim, "BROKE_OFF")
    if left:
        await _log(session, feed, claim, lines, now)
    return left


async def _opened_again(session: Session, claim: Claim, cause: str) -> tuple[list[UUID], list[NewEvent]]:
    left = await items.put_back(session, shop_id=claim.shop_id, task_id=claim.task_id, chunk=claim.position)
    if left:
        await tasks.count(session, shop_id=claim.shop_id, task_id=claim.task_id, queued=len(left), running=-len(left))
    return left, [NewEvent(EventKind.ITEM_RETRY, item_id, {"cause": cause}) for item_id in left]


async def forgive(session: Session, *, claim: Claim) -> None:
    """The run got somewhere: earlier crashes and outages do not count any more."""
    await chunks.forgive(session, shop_id=claim.shop_id, chunk_id=claim.chunk_id)


async def hold(session: Session, *, claim: Claim, lease: timedelta) -> Held:
    """Renew the lease at the start of each transaction of a run. ``LeaseLost`` when the chunk has a new holder."""
    held = await chunks.hold(session, shop_id=claim.shop_id, chunk_id=claim.chunk_id, fence=claim.fence, lease=lease)
    if held is None:
        raise LeaseLost
    return held


async def take(
    session: Session,
    feed: Feed,
    *,
    claim: Claim,
    held: Held,
    amount: int,
    only: Sequence[UUID] | None = None,
    now: datetime,
) -> list[TaskItem]:
    """The next open items (of ``only`` these), now running. None while the task is paused.

    Of a cancelled or stopped task they end.
    """
    if held.stopped or held.state is TaskState.CANCELLING:
        await _close(session, feed, claim, (ItemState.QUEUED,), now)
        return []
    if held.state not in WORKING:
        return []
    where = {"shop_id": claim.shop_id, "task_id": claim.task_id}
    taken = await slices.take(session, **where, chunk=claim.position, amount=amount, only=only, now=now)
    if taken:
        ring_after_commit(session, feed, shop_id=claim.shop_id, task_id=claim.task_id)
    return taken


async def record(session: Session, feed: Feed, *, claim: Claim, results: Sequence[ItemResult], now: datetime) -> None:
    """Write where running items stand: states, counts and events in one go, seen by watchers after the commit."""
    if not results:
        return
    moved = await slices.record(session, shop_id=claim.shop_id, task_id=claim.task_id, results=results, now=now)
    if moved != len(results):
        raise LeaseLost
    ring_after_commit(session, feed, shop_id=claim.shop_id, task_id=claim.task_id)


async def save(
    session: Session,
    feed: Feed,
    *,
    claim: Claim,
    checkpoint: Mapping[str, Any],
    added: int,
    succeeded: int,
    skipped: int,
    failed: int,
    now: datetime,
) -> None:
    """Progress of a story without items: so many subjects were added to the total, and so many ended."""
    await chunks.save(session, shop_id=claim.shop_id, chunk_id=claim.chunk_id, checkpoint=checkpoint)
    await _locked(session, claim)
    ended = {"succeeded": succeeded, "skipped": skipped, "failed": failed}
    await tasks.count(session, shop_id=claim.shop_id, task_id=claim.task_id, total=added, **ended)
    data = {"added": added, **ended}
    await _log(session, feed, claim, [NewEvent(EventKind.TASK_PROGRESS, data=data)], now)


async def release(
    session: Session,
    feed: Feed,
    *,
    claim: Claim,
    again_at: datetime | None,
    crashes: int,
    outages: int = 0,
    now: datetime,
) -> None:
    """Give the chunk back: done when no item is open and the story asks for nothing more. The last ends the task.

    What was asked of the task meanwhile is seen here, under its lock: a cancelled one does not wait for anything.
    """
    task = await _locked(session, claim)
    left, due_at = await items.left(
        session, shop_id=claim.shop_id, task_id=claim.task_id, chunk=claim.position, now=now
    )
    due = max(filter(None, (due_at if left else None, again_at)), default=None)
    if due is not None and (task.state is TaskState.CANCELLING or task.problem is not None):
        due = now
    await chunks.release(
        session,
        shop_id=claim.shop_id,
        chunk_id=claim.chunk_id,
        fence=claim.fence,
        due_at=due,
        crashes=crashes,
        outages=outages,
    )
    await _settle(session, feed, claim, task, now)


async def stop(session: Session, feed: Feed, *, claim: Claim, problem: Problem, now: datetime) -> None:
    """What the whole task needs is gone (an authorization, a setting): its open items fail with the same problem.

    Record known outcomes first. Other workers finish what they have in hand and close their own chunks.
    """
    task = await _locked(session, claim)
    if task.problem is None:
        await tasks.move(
            session, shop_id=claim.shop_id, task_id=claim.task_id, state=task.state, now=now, problem=problem
        )
        data = {"state": task.state, "problem": problem.to_json()}
        await _log(session, feed, claim, [NewEvent(EventKind.TASK_STATE, data=data)], now)
        await chunks.wake(session, shop_id=claim.shop_id, task_id=claim.task_id, now=now, sent=False)
    await _close(session, feed, claim, (ItemState.QUEUED, ItemState.RUNNING), now)


async def _settle(session: Session, feed: Feed, claim: Claim, task: Task, now: datetime) -> None:
    """After a chunk was given back: does the task end, or wait?"""
    standing = await chunks.standing(session, shop_id=claim.shop_id, task_id=claim.task_id)
    state = _next_state(task, standing, now)
    if state is task.state:
        return
    await tasks.move(session, shop_id=claim.shop_id, task_id=claim.task_id, state=state, now=now)
    await _log(session, feed, claim, [NewEvent(EventKind.TASK_STATE, data={"state": state})], now)


def _next_state(task: Task, standing: chunks.Standing, now: datetime) -> TaskState:
    if task.state.is_final:
        return task.state
    if standing.open == 0:
        counts = Counts(task.total, task.queued, task.running, task.succeeded, task.skipped, task.failed)
        cancelling = task.state is TaskState.CANCELLING
        return end_state(counts, cancelling=cancelling, stopped=task.problem is not None)
    waits = standing.running == 0 and standing.next_due is not None and standing.next_due > now + WAITING_AFTER
    return TaskState.WAITING if waits and task.state is TaskState.RUNNING else task.state


async def _close(session: Session, feed: Feed, claim: Claim, open_states: Sequence[ItemState], now: datetime) -> None:
    """End the chunk's open items: failed when the task has a problem, else skipped because it was cancelled."""
    task = await _locked(session, claim)
    state = ItemState.SKIPPED if task.problem is None else ItemState.FAILED
    closed: Counter[str] = Counter()
    lines: list[NewEvent] = []
    for open_state in open_states:
        ids = await items.close_open(
            session,
            shop_id=claim.shop_id,
            task_id=claim.task_id,
            chunk=claim.position,
            open_state=open_state,
            state=state,
            problems=[] if task.problem is None else [task.problem],
            now=now,
        )
        closed[open_state.lower()] = -len(ids)
        closed[state.lower()] += len(ids)
        cause = {"cause": "CANCELLED"} if task.problem is None else {"problems": [task.problem["code"]]}
        lines += [NewEvent(ITEM_EVENTS[state], item_id, cause) for item_id in ids]
    await tasks.count(session, shop_id=claim.shop_id, task_id=claim.task_id, **closed)
    await _log(session, feed, claim, lines, now)


async def _locked(session: Session, claim: Claim) -> Task:
    task = await tasks.get(session, shop_id=claim.shop_id, task_id=claim.task_id, lock=True)
    if task is None:
        raise LeaseLost
    return task


async def _log(session: Session, feed: Feed, claim: Claim, lines: Sequence[NewEvent], now: datetime) -> None:
    await events.append(session, shop_id=claim.shop_id, task_id=claim.task_id, lines=lines, now=now)
    ring_after_commit(session, feed, shop_id=claim.shop_id, task_id=claim.task_id)
