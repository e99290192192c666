"""Reading a store's products anew because webhooks spoke of them: each once, however many spoke."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

import anyio
import structlog

from server.clients.errors import Upstream, UpstreamKind
from server.clients.shopify import ShopifyProduct, Unreadable
from server.deps import Deps, Session
from server.services import imports, inbox, shops
from server.services.inbox_topics import Done, Failed, Outcome, Reread
from server.tables import WebhookDelivery
from workers.import_log import tell_refused

log = structlog.get_logger()

_SLICE = 25
"""Products read and kept at a time: the deliveries behind them are settled long before others may take them."""

_TRIES = 4
"""After so many the rest is left to an import."""

_PASSING = (UpstreamKind.RETRYABLE, UpstreamKind.PLATFORM_LIMIT)

Deliveries = Mapping[str, Sequence[WebhookDelivery]]
Answer = ShopifyProduct | Unreadable | Upstream | None


async def reread(deps: Deps, wanted: Sequence[tuple[WebhookDelivery, Reread]]) -> None:
    """Call (no transaction), then keep and settle in one; a worker that dies in between leaves all to the next."""
    by_shop: defaultdict[UUID, defaultdict[str, list[WebhookDelivery]]] = defaultdict(lambda: defaultdict(list))
    for row, asked in wanted:
        by_shop[asked.shop_id][asked.remote_id].append(row)
    for shop_id, by_product in by_shop.items():
        ids = sorted(by_product)
        for at in range(0, len(ids), _SLICE):
            await _slice(deps, shop_id, {remote_id: by_product[remote_id] for remote_id in ids[at : at + _SLICE]})


async def _slice(deps: Deps, shop_id: UUID, deliveries: Deliveries) -> None:
    try:
        read_at = deps.clock()
        answers = await _read(deps, shop_id, list(deliveries))
        async with deps.database.write() as session:
            await _keep(deps, session, shop_id, deliveries, answers, read_at)
    except Exception as error:
        log.exception("inbox.reread_failed", shop=str(shop_id))
        failed = Failed(f"{type(error).__name__}: {str(error).partition(chr(10))[0]}")
        async with deps.database.write() as session:
            rows = [(row, failed) for one in deliveries.values() for row in one]
            await inbox.settle(session, outcomes=rows, now=deps.clock())


async def _read(deps: Deps, shop_id: UUID, ids: Sequence[str]) -> dict[str, Answer]:
    access = shops.shopify_access(deps.database, deps.vault, deps.shopify, shop_id=shop_id, clock=deps.clock)
    places = anyio.CapacityLimiter(deps.settings.worker_calls)
    answers: dict[str, Answer] = {}

    async def one(remote_id: str) -> None:
        async with places:
            try:
                answers[remote_id] = await deps.shopify.product(access, remote_id)
            except Upstream as error:
                answers[remote_id] = error

    async with anyio.create_task_group() as group:
        for remote_id in ids:
            group.start_soon(one, remote_id)
    return answers


async def _keep(
    deps: Deps,
    session: Session,
    shop_id: UUID,
    deliveries: Deliveries,
    answers: Mapping[str, Answer],
    read_at: datetime,
) -> None:
    now = deps.clock()
    kept = await imports.touch(
        session,
        deps.queue,
        deps.feed,
        shop_id=shop_id,
        found=[answer for answer in answers.values() if isinstance(answer, ShopifyProduct)],
        gone=[remote_id for remote_id, answer in answers.items() if answer is None],
        read_at=read_at,
        now=now,
    )
    unreadable = [answer for answer in answers.values() if isinstance(answer, Unreadable)]
    tell_refused([*unreadable, *kept.refused])
    told: dict[str, Answer] = {**answers, **{one.id: one for one in kept.refused}}
    outcomes = [(row, _outcome(told[remote_id], row)) for remote_id, rows in deliveries.items() for row in rows]
    left = [row.received_at for row, outcome in outcomes if outcome is _LEFT]
    if left:
        await imports.cover(session, deps.queue, deps.feed, shop_id=shop_id, since=max(left), now=now)
    await inbox.settle(session, outcomes=outcomes, now=now)


_LEFT = Done("left to an import")


def _outcome(answer: Answer, row: WebhookDelivery) -> Outcome:
    match answer:
        case None:
            return Done("gone")
        case Unreadable(_, reason):
            return Done(f"refused: {reason}")
        case Upstream() if answer.kind not in _PASSING:
            return Done(f"ignored: {answer.code}")
        case Upstream():
            return Failed(answer.code) if row.attempts < _TRIES else _LEFT
        case _:
            return Done("kept")
