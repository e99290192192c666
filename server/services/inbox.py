"""The inbox of webhooks: each genuine one kept once before it is answered, and worked off later."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from server.services.inbox_topics import Done, Later, Outcome
from server.store import inbox as store
from server.store import remote_listings
from server.store.inbox import Settled
from server.store.session import Session
from server.tables import WebhookDelivery, WebhookSource

MAX_ATTEMPTS = 10
"""A delivery that failed so often is parked with its reason, for people to look at."""

HIDDEN = timedelta(seconds=30)
"""A worker that dies with deliveries in hand costs them this much."""

KEPT = timedelta(days=30)
"""Longer than either platform repeats a delivery (16 hours and 7 days)."""

QUIET = timedelta(seconds=2)
"""A change of a product waits so long: orders and stock moves come in bursts, and one look tells of all of them."""

_BATCH = 100
_WAITS = (1, 2, 4, 8, 15, 30, 60, 300, 1800)
"""Seconds to the next attempt: our own record of what a webhook speaks about may be a moment behind."""


async def receive(
    session: Session,
    *,
    source: WebhookSource,
    delivery_id: str,
    shop_ref: str,
    topic: str,
    payload: Mapping[str, Any],
    triggered_at: datetime | None,
    now: datetime,
) -> bool:
    """Keep a delivery whose signature was checked; false when it came before. Whatever its topic, it is kept."""
    row = WebhookDelivery(
        source=source,
        delivery_id=delivery_id,
        shop_ref=shop_ref,
        topic=topic,
        payload=worth_keeping(source, topic, payload),
        triggered_at=triggered_at,
        received_at=now,
        due_at=now + QUIET if _is_of_a_product(source, topic) else now,
    )
    return await store.insert_once(session, row=row)


def worth_keeping(source: WebhookSource, topic: str, payload: Mapping[str, Any]) -> dict[str, Any]:
    """The part of a payload we will look at: products are read anew by id, and of customers we hold nothing."""
    if source is WebhookSource.SHOPIFY and topic.startswith("customers/"):
        return {}
    if _is_of_a_product(source, topic):
        return {name: payload[name] for name in ("id", "admin_graphql_api_id", "updated_at") if name in payload}
    return dict(payload)


def _is_of_a_product(source: WebhookSource, topic: str) -> bool:
    return source is WebhookSource.SHOPIFY and topic.startswith("products/")


async def has_due(session: Session, *, now: datetime) -> bool:
    """Something waits: a job lost with Redis is sent again."""
    return await store.has_due(session, now=now)


async def take(session: Session, *, now: datetime) -> list[WebhookDelivery]:
    """The next deliveries for this worker, oldest news of a shop first; none when nothing is due.

    First attempts come in sets, repeated ones singly, so that one that kills its worker harms no neighbour.
    """
    until = now + HIDDEN
    rows = await store.take(session, fresh=True, amount=_BATCH, now=now, hidden_until=until)
    if not rows:
        rows = await store.take(session, fresh=False, amount=1, now=now, hidden_until=until)
    return sorted(rows, key=lambda row: (row.shop_ref, row.triggered_at or row.received_at, row.id))


async def hold_listings(session: Session, *, deliveries: Sequence[WebhookDelivery]) -> None:
    """Lock what these speak of before any of them is applied, in the order in which everybody locks listings.

    Applied one after the other they would lock it in the order of the news, against each other and against tasks.
    """
    told = [row for row in deliveries if row.source is WebhookSource.TIKTOK]
    await remote_listings.lock(
        session,
        tiktok_remote_ids=sorted({row.shop_ref for row in told}),
        remote_ids=sorted({str(row.payload["product_id"]) for row in told if row.payload.get("product_id")}),
    )


async def settle(session: Session, *, outcomes: Sequence[tuple[WebhookDelivery, Outcome]], now: datetime) -> None:
    """Write what became of taken deliveries."""
    await store.settle(session, results=[_settled(row, outcome, now) for row, outcome in outcomes], now=now)


def _settled(row: WebhookDelivery, outcome: Outcome, now: datetime) -> Settled:
    match outcome:
        case Done(text):
            return Settled(row.id, text)
        case Later(reason, tries) if row.attempts < tries:
            return Settled(row.id, reason, now + timedelta(seconds=_WAITS[min(row.attempts, len(_WAITS)) - 1]))
        case Later(reason):
            return Settled(row.id, f"ignored: {reason}")
        case _ if row.attempts < MAX_ATTEMPTS:
            due = now + timedelta(seconds=_WAITS[min(row.attempts, len(_WAITS)) - 1])
            return Settled(row.id, f"failed: {outcome.reason}", due)
        case _:
            return Settled(row.id, f"parked: {outcome.reason}")


def is_worn_out(row: WebhookDelivery) -> bool:
    """Taken too often without an end: it kills whoever works on it."""
    return row.attempts > MAX_ATTEMPTS


async def forget_old(session: Session, *, now: datetime) -> int:
    """Delete deliveries done long ago; returns how many."""
    return await store.drop_done(session, before=now - KEPT)
