"""Working off webhooks: taken in sets, each applied by itself, all settled in one statement."""

from collections.abc import Sequence

import anyio
import structlog

from server.clients.errors import Upstream, UpstreamKind
from server.deps import Deps, Session
from server.services import inbox, inbox_topics, tiktok_shops
from server.services.inbox_topics import Bench, Done, Failed, Look, Outcome, ProductToRead
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
        await _look_at_all(deps, await _work_off(deps, taken))
        handled += len(taken)


async def _work_off(deps: Deps, taken: Sequence[WebhookDelivery]) -> list[tuple[WebhookDelivery, Look]]:
    """One transaction for the set; a delivery that fails takes back only its own part of it.

    Returns those that want a look at the platform; they are not settled yet.
    """
    now = deps.clock()
    outcomes: list[tuple[WebhookDelivery, Outcome]] = []
    looks: list[tuple[WebhookDelivery, Look]] = []
    async with deps.database.write() as session:
        bench = Bench(session, deps.queue, deps.feed, now)
        for row in taken:
            match await _apply(session, bench, row):
                case Look() as look:
                    looks.append((row, look))
                case outcome:
                    outcomes.append((row, outcome))
        await inbox.settle(session, outcomes=outcomes, now=now)
    return looks


async def _apply(session: Session, bench: Bench, row: WebhookDelivery) -> Outcome | Look:
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

    async def one(row: WebhookDelivery, look: Look) -> None:
        async with places:
            await _look(deps, row, look)

    async with anyio.create_task_group() as group:
        for row, look in looks:
            group.start_soon(one, row, look)


async def _look(deps: Deps, row: WebhookDelivery, look: Look) -> None:
    """Call (no transaction), record, settle."""
    outcome: Outcome = Done("ignored")
    for asked in look.products:
        try:
            outcome = await _read(deps, asked)
        except Exception as error:  # noqa: BLE001 - one broken delivery must not hold up the others
            outcome = _failed(row, error)
    async with deps.database.write() as session:
        await inbox.settle(session, outcomes=[(row, outcome)], now=deps.clock())


async def _read(deps: Deps, asked: ProductToRead) -> Outcome:
    source = tiktok_shops.token_source(
        deps.database,
        deps.vault,
        deps.tiktok,
        shop_id=asked.shop_id,
        tiktok_shop_id=asked.tiktok_shop_id,
        clock=deps.clock,
    )
    try:
        product = await deps.tiktok.products.get(source, asked.remote_id)
    except Upstream as error:
        again = error.kind in (UpstreamKind.RETRYABLE, UpstreamKind.PLATFORM_LIMIT)
        return Failed(error.code) if again else Done(f"ignored: {error.code}")
    async with deps.database.write() as session:
        bench = Bench(session, deps.queue, deps.feed, deps.clock())
        return await inbox_topics.saw(bench, asked=asked, product=product)
