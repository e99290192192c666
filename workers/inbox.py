"""Working off webhooks: taken in sets, each applied by itself, all settled in one statement."""

from collections.abc import Sequence

import structlog

from server.deps import Deps, Session
from server.services import inbox, inbox_topics
from server.services.inbox_topics import Bench, Failed, Outcome
from server.tables import WebhookDelivery

log = structlog.get_logger()


async def run_inbox(deps: Deps) -> int:
    """Work until nothing is due; returns how many deliveries were handled. Two at once never take the same one."""
    handled = 0
    while True:
        async with deps.database.write() as session:
            taken = await inbox.take(session, now=deps.clock())
        if not taken:
            return handled
        await _work_off(deps, taken)
        handled += len(taken)


async def _work_off(deps: Deps, taken: Sequence[WebhookDelivery]) -> None:
    """One transaction for the set; a delivery that fails takes back only its own part of it."""
    now = deps.clock()
    async with deps.database.write() as session:
        bench = Bench(session, deps.queue, deps.feed, now)
        outcomes = [(row, await _apply(session, bench, row)) for row in taken]
        await inbox.settle(session, outcomes=outcomes, now=now)


async def _apply(session: Session, bench: Bench, row: WebhookDelivery) -> Outcome:
    if inbox.is_worn_out(row):
        return Failed("no worker survived it")
    try:
        async with session.begin_nested():
            return await inbox_topics.apply(bench, row)
    except Exception as error:
        log.exception("inbox.failed", delivery=str(row.id), source=row.source, topic=row.topic, attempt=row.attempts)
        return Failed(f"{type(error).__name__}: {str(error).partition(chr(10))[0]}")
