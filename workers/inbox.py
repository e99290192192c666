"""Working off webhooks: taken in sets, each applied by itself, all settled in one statement."""

from collections.abc import Sequence
from dataclasses import dataclass

import anyio
import structlog

from server.deps import Deps, Session
from server.services import inbox, inbox_topics
from server.services.inbox_topics import Bench, Done, Failed, Look, Outcome, Reading, Reread
from server.tables import WebhookDelivery
from workers.product_news import look
from workers.rereading import reread

log = structlog.get_logger()


@dataclass(slots=True)
class InboxDoor:
    """One worker works webhooks off in one place only: a hundred thousand of them must not keep all tasks waiting."""

    deps: Deps
    is_open: bool = False
    rang: bool = False

    async def ring(self) -> None:
        """Work off what is due; while that is being done already, what rings now is looked at afterwards."""
        self.rang = True
        if self.is_open:
            return
        self.is_open = True
        try:
            while self.rang:
                self.rang = False
                await run_inbox(self.deps)
        finally:
            self.is_open = False


async def run_inbox(deps: Deps) -> int:
    """Work until nothing is due; returns how many deliveries were handled. Two at once never take the same one."""
    handled = 0
    while True:
        async with deps.database.write() as session:
            taken = await inbox.take(session, now=deps.clock())
        if not taken:
            return handled
        readings = await _work_off(deps, taken)
        await reread(deps, [(row, wanted) for row, wanted in readings if isinstance(wanted, Reread)])
        await _look_at_all(deps, [(row, wanted) for row, wanted in readings if isinstance(wanted, Look)])
        handled += len(taken)


async def _work_off(deps: Deps, taken: Sequence[WebhookDelivery]) -> list[tuple[WebhookDelivery, Reading]]:
    """One transaction for the set; a delivery that fails takes back only its own part of it.

    Returns those that want a look at a platform; they are not settled yet.
    """
    now = deps.clock()
    outcomes: list[tuple[WebhookDelivery, Outcome]] = []
    readings: list[tuple[WebhookDelivery, Reading]] = []
    async with deps.database.write() as session:
        bench = Bench(session, deps.queue, deps.feed, now)
        await inbox.hold_listings(session, deliveries=taken)
        for row in taken:
            match await _apply(session, bench, row):
                case Look() | Reread() as wanted:
                    readings.append((row, wanted))
                case outcome:
                    outcomes.append((row, outcome))
        await inbox.settle(session, outcomes=outcomes, now=now)
    return readings


async def _apply(session: Session, bench: Bench, row: WebhookDelivery) -> Outcome | Reading:
    if inbox.is_worn_out(row):
        return Failed("no worker survived it")
    try:
        async with session.begin_nested():
            return await inbox_topics.apply(bench, row)
    except Exception as error:  # noqa: BLE001 - one broken delivery must not hold up the others
        return _failed(row, error)


def _failed(row: WebhookDelivery, error: Exception) -> Failed:
    log.error("inbox.failed", source=row.source, topic=row.topic, attempt=row.attempts, exc_info=error)
    return Failed(f"{type(error).__name__}: {str(error).partition(chr(10))[0]}")


async def _look_at_all(deps: Deps, looks: Sequence[tuple[WebhookDelivery, Look]]) -> None:
    """Several at once; a worker that dies meanwhile leaves them to the next attempt."""
    places = anyio.CapacityLimiter(deps.settings.worker_calls)

    async def one(row: WebhookDelivery, wanted: Look) -> None:
        async with places:
            await _look(deps, row, wanted)

    async with anyio.create_task_group() as group:
        for row, wanted in looks:
            group.start_soon(one, row, wanted)


async def _look(deps: Deps, row: WebhookDelivery, wanted: Look) -> None:
    """One store's listing that could not be looked at brings the delivery back, whatever became of the others'."""
    outcome: Outcome = Done("ignored")
    for asked in wanted.products:
        try:
            answer = await look(deps, asked)
        except Exception as error:  # noqa: BLE001 - one broken delivery must not hold up the others
            answer = _failed(row, error)
        outcome = outcome if isinstance(outcome, Failed) else answer
    async with deps.database.write() as session:
        await inbox.settle(session, outcomes=[(row, outcome)], now=deps.clock())
