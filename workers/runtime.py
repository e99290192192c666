"""Around every story: claim, lease and heartbeat, one transaction a step, and a true end whatever happens."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import anyio
import structlog

from server.deps import Deps, Session
from server.domain.problems import Problem
from server.domain.runs import Claim, Held, ItemResult, LeaseLost
from server.domain.tasks import MAX_ATTEMPTS, ItemState, TaskKind, TaskState, backoff
from server.services import runs
from server.tables import TaskItem
from workers.faults import MAX_CRASHES, MAX_SILENCES, Fault, fault_of, our_fault, tell

log = structlog.get_logger()


_SUSPECTS = 100
"""As many items as any story takes at once, so one of the first so many broke the runs before."""


class ChunkRun:
    """A chunk in this worker's hands, as a story sees it."""

    def __init__(self, deps: Deps, claim: Claim, stopping: asyncio.Event) -> None:
        self.deps = deps
        self.claim = claim
        self._stopping = stopping
        self._lease = timedelta(seconds=deps.settings.lease_seconds)
        self._held: dict[int, Held] = {}
        self.crashes, self.outages = claim.crashes, claim.outages
        self._singles = _SUSPECTS if claim.crashes > 1 else 0
        self.again_at: datetime | None = None

    def now(self) -> datetime:
        """The present moment."""
        return self.deps.clock()

    @asynccontextmanager
    async def step(self) -> AsyncIterator[Session]:
        """One transaction that still owns the chunk, committed at the end. ``LeaseLost`` ends the run."""
        async with self.deps.database.write() as session:
            self._held[id(session)] = await runs.hold(session, claim=self.claim, lease=self._lease)
            try:
                yield session
            finally:
                del self._held[id(session)]

    async def take(self, session: Session, limit: int, *, only: Sequence[UUID] | None = None) -> list[TaskItem]:
        """The next open items, marked running; of ``only`` these, if given. None: nothing more to do now, return.

        After two crashes in a row the next come one by one: the item that breaks the run shall do so alone.
        """
        if self._stopping.is_set():
            return []
        if self._singles:
            self._singles, limit = self._singles - 1, 1
        held = self._held[id(session)]
        return await runs.take(
            session, self.deps.feed, claim=self.claim, held=held, amount=limit, only=only, now=self.now()
        )

    async def record(self, session: Session, results: Sequence[ItemResult]) -> None:
        """Write where the items stand now."""
        await runs.record(session, self.deps.feed, claim=self.claim, results=results, now=self.now())
        if results:
            await self._got_somewhere(session)

    async def _got_somewhere(self, session: Session) -> None:
        if self.crashes or self.outages:
            await runs.forgive(session, claim=self.claim)
        self.crashes = self.outages = 0

    async def save(
        self,
        session: Session,
        *,
        checkpoint: Mapping[str, Any],
        added: int = 0,
        succeeded: int = 0,
        skipped: int = 0,
        failed: int = 0,
    ) -> None:
        """Progress of a story without items, and where it goes on after an interruption."""
        await runs.save(
            session,
            self.deps.feed,
            claim=self.claim,
            checkpoint=checkpoint,
            added=added,
            succeeded=succeeded,
            skipped=skipped,
            failed=failed,
            now=self.now(),
        )
        await self._got_somewhere(session)

    async def stop(self, session: Session, problem: Problem) -> None:
        """End the whole task with a problem of its own; record known outcomes first."""
        await runs.stop(session, self.deps.feed, claim=self.claim, problem=problem, now=self.now())

    def is_ending(self, session: Session) -> bool:
        """The task is being cancelled, paused or was stopped, or this worker ends: a story without items returns.

        One that is only interrupted goes on later from its checkpoint.
        """
        held = self._held[id(session)]
        if held.stopped or held.state is TaskState.CANCELLING:
            return True
        if held.state in runs.WORKING and not self._stopping.is_set():
            return False
        self.again_at = self.now()
        return True

    def is_cancelled(self, session: Session) -> bool:
        """The task ends for good: cancelled or stopped. What it left running elsewhere is of no use any more."""
        held = self._held[id(session)]
        return held.stopped or held.state is TaskState.CANCELLING

    def retry(self, item: TaskItem, problem: Problem, retry_after: float | None = None) -> ItemResult:
        """Try the item again after a pause, or let it fail when its attempts are used up."""
        attempts = item.attempts + 1
        if attempts >= MAX_ATTEMPTS:
            return ItemResult(item.id, ItemState.FAILED, (problem,))
        jitter = random.random()  # noqa: S311 - spreads retries, guards nothing
        wait = backoff(attempts, retry_after=retry_after, jitter=jitter)
        return ItemResult(item.id, ItemState.QUEUED, (problem,), due_at=self.now() + wait)


async def _leaves_nothing(_run: ChunkRun, _session: Session) -> None:
    """Most stories have nothing to tidy behind items that ended without their turn."""


@dataclass(frozen=True, slots=True)
class Story:
    """What is done with a chunk; and, in its last transaction, what its ended items leave to be put right."""

    play: Callable[[ChunkRun], Awaitable[None]]
    settle: Callable[[ChunkRun, Session], Awaitable[None]] = _leaves_nothing


async def play(
    deps: Deps, stories: Mapping[TaskKind, Story], *, chunk_id: UUID, worker: str, stopping: asyncio.Event
) -> None:
    """Run one chunk to where it can go now. Returns quietly when the chunk is another's or not due."""
    lease = timedelta(seconds=deps.settings.lease_seconds)
    async with deps.database.write() as session:
        claim = await runs.claim(session, deps.feed, chunk_id=chunk_id, worker=worker, lease=lease, now=deps.clock())
    if claim is None:
        return
    run = ChunkRun(deps, claim, stopping)
    with structlog.contextvars.bound_contextvars(task=str(claim.task_id), chunk=claim.position, fence=claim.fence):
        with anyio.CancelScope() as ours:
            heart = asyncio.create_task(_beat(run, ours))
            try:
                await _tell(run, stories[claim.kind])
            except LeaseLost:
                log.info("chunk.lost")
            finally:
                heart.cancel()
                with suppress(asyncio.CancelledError):
                    await heart


async def _tell(run: ChunkRun, story: Story) -> None:
    """The story itself, then the release; a fault becomes a later try or, in the end, an item's or the task's end."""
    fault, in_hand = _given_up(run), list(run.claim.lost)
    if fault is None:
        try:
            await story.play(run)
        except LeaseLost:
            raise
        except Exception as error:  # noqa: BLE001 - the edge of the worker: logged, and the chunk gets a true end
            tell(error)
            fault, in_hand = fault_of(error, crashes=run.crashes, outages=run.outages), []
    async with run.step() as session:
        if fault is not None:
            in_hand = await runs.put_back(session, run.deps.feed, claim=run.claim, now=run.now()) or in_hand
            await _come_to_terms(run, session, fault, in_hand)
        await story.settle(run, session)
        await runs.release(
            session,
            run.deps.feed,
            claim=run.claim,
            again_at=run.again_at,
            crashes=run.crashes,
            outages=run.outages,
            now=run.now(),
        )


def _given_up(run: ChunkRun) -> Fault | None:
    """What silenced its workers again and again is not tried once more: the item it was, or else the task."""
    alone = len(run.claim.lost) == 1
    if run.crashes < (MAX_CRASHES if alone else MAX_SILENCES):
        return None
    return Fault(our_fault(), run.crashes, run.outages, may_be_one_item=alone)


async def _come_to_terms(run: ChunkRun, session: Session, fault: Fault, in_hand: Sequence[UUID]) -> None:
    """Come back later, or end what cannot be done: one item if it alone was in hand, else the task."""
    run.crashes, run.outages = fault.crashes, fault.outages
    if fault.again_in is not None:
        run.again_at = run.now() + fault.again_in
    elif fault.may_be_one_item and len(in_hand) == 1:
        items = await run.take(session, 1, only=in_hand)
        await run.record(session, [ItemResult(item.id, ItemState.FAILED, (fault.problem,)) for item in items])
        run.again_at = None
    else:
        await run.stop(session, fault.problem)


async def _beat(run: ChunkRun, ours: anyio.CancelScope) -> None:
    """Renew the lease while the story waits for the platform. Once it is lost, what is under way is broken off."""
    lease = timedelta(seconds=run.deps.settings.lease_seconds)
    while True:
        await asyncio.sleep(lease.total_seconds() / 3)
        try:
            async with run.deps.database.write() as session:
                await runs.hold(session, claim=run.claim, lease=lease)
        except LeaseLost:
            log.info("chunk.lost")
            ours.cancel()
            return
        except Exception as error:  # noqa: BLE001 - a database that restarts must not end the heart
            log.warning("chunk.heartbeat_missed", error=str(error))
