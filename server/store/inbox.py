"""Rows of the inbox. Deliveries name their shop in the platform's words, so none of this is scoped to a shop."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlmodel import col, delete, select, update

from server.store.session import Session
from server.tables import WebhookDelivery, WebhookSource


@dataclass(frozen=True, slots=True)
class Settled:
    """How a delivery ended, or when it is due again (``outcome`` then tells why it waits)."""

    delivery_id: UUID
    outcome: str
    due_at: datetime | None = None


async def insert_once(session: Session, *, row: WebhookDelivery) -> bool:
    """Keep a delivery; false when it is here already."""
    statement = insert(WebhookDelivery).values(**row.model_dump()).on_conflict_do_nothing()
    connection = await session.connection()
    return (await connection.execute(statement.returning(col(WebhookDelivery.id)))).first() is not None


async def has_due(session: Session, *, now: datetime) -> bool:
    """Something waits to be worked off."""
    return (await session.exec(select(WebhookDelivery.id).where(*_due(now)).limit(1))).first() is not None


async def take(
    session: Session, *, fresh: bool, amount: int, now: datetime, hidden_until: datetime
) -> list[WebhookDelivery]:
    """Up to ``amount`` due deliveries, the longest due first, hidden from others until then.

    The attempt is counted now: a delivery that kills its worker does not do so for ever.
    """
    first_time = col(WebhookDelivery.attempts) == 0
    chosen = (
        select(WebhookDelivery.id)
        .where(*_due(now), first_time if fresh else ~first_time)
        .order_by(col(WebhookDelivery.due_at), col(WebhookDelivery.id))
        .limit(amount)
        .with_for_update(skip_locked=True)
    )
    statement = (
        update(WebhookDelivery)
        .where(col(WebhookDelivery.id).in_(chosen.scalar_subquery()))
        .values(attempts=WebhookDelivery.attempts + 1, due_at=hidden_until)
        .returning(WebhookDelivery)
        .execution_options(populate_existing=True)
    )
    return list((await session.exec(statement)).scalars())


async def settle(session: Session, *, results: Sequence[Settled], now: datetime) -> None:
    """Write all results in one statement."""
    given = (
        sa.func.unnest(
            sa.bindparam("ids", [one.delivery_id for one in results], ARRAY(sa.Uuid())),
            sa.bindparam("outcomes", [one.outcome[:255] for one in results], ARRAY(sa.String())),
            sa.bindparam("dues", [one.due_at for one in results], ARRAY(sa.DateTime(timezone=True))),
        )
        .table_valued(sa.column("id", sa.Uuid()), sa.column("outcome", sa.String()), sa.column("due", sa.DateTime()))
        .render_derived(name="given")
    )
    await session.exec(
        update(WebhookDelivery)
        .where(col(WebhookDelivery.id) == given.c.id)
        .values(
            outcome=given.c.outcome,
            done_at=sa.case((given.c.due.is_(None), now), else_=sa.null()),
            due_at=sa.func.coalesce(given.c.due, col(WebhookDelivery.due_at)),
        )
        .execution_options(synchronize_session=False)
    )


async def blank(session: Session, *, source: WebhookSource, shop_ref: str) -> None:
    """Empty what is kept of a shop's deliveries; their ids stay, so that a repeat is still known."""
    theirs = (col(WebhookDelivery.source) == source, col(WebhookDelivery.shop_ref) == shop_ref)
    await session.exec(update(WebhookDelivery).where(*theirs).values(payload={}))


async def drop_done(session: Session, *, before: datetime) -> int:
    """Delete what was done before then."""
    return (await session.exec(delete(WebhookDelivery).where(col(WebhookDelivery.done_at) < before))).rowcount


def _due(now: datetime) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[bool]]:
    return col(WebhookDelivery.done_at).is_(None), col(WebhookDelivery.due_at) <= now
