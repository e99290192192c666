"""Decisions of listing and edit tasks with what they were made of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, select

from server.store.session import Session
from server.tables import Decision, DecisionFrame


@dataclass(frozen=True, slots=True)
class KeptFrame:
    """What products have in common, under the digest of its body."""

    digest: str
    body: bytes


@dataclass(frozen=True, slots=True)
class KeptDecision:
    """One item's decision."""

    item_id: UUID
    frame_digest: str
    product: bytes
    decided: bytes


_FRAMES = text("""
INSERT INTO decision_frame (task_id, digest, shop_id, body)
SELECT :task_id, new.digest, :shop_id, new.body
FROM unnest(CAST(:digests AS text[]), CAST(:bodies AS bytea[])) AS new(digest, body)
ORDER BY new.digest
ON CONFLICT (task_id, digest) DO NOTHING
""")

_DECISIONS = text("""
INSERT INTO decision (item_id, task_id, shop_id, at, frame_digest, product, decided, shape)
SELECT new.item_id, :task_id, :shop_id, :now, new.frame, new.product, new.decided, :shape
FROM unnest(CAST(:items AS uuid[]), CAST(:frames AS text[]), CAST(:products AS bytea[]), CAST(:decided AS bytea[]))
     AS new(item_id, frame, product, decided)
ON CONFLICT (item_id) DO UPDATE SET
    at = excluded.at, frame_digest = excluded.frame_digest, product = excluded.product, decided = excluded.decided,
    shape = excluded.shape, outcome = NULL
""")

_OUTCOMES = text("""
UPDATE decision SET outcome = new.outcome
FROM unnest(CAST(:items AS uuid[]), CAST(:outcomes AS bytea[])) AS new(item_id, outcome)
WHERE decision.item_id = new.item_id AND decision.shop_id = :shop_id AND decision.shape = :shape
""")


async def keep_frames(session: Session, *, shop_id: UUID, task_id: UUID, frames: Sequence[KeptFrame]) -> None:
    """Write what decisions of the task share; what is there already stays."""
    connection = await session.connection()
    shared = {"digests": [one.digest for one in frames], "bodies": [one.body for one in frames]}
    await connection.execute(_FRAMES, {"shop_id": shop_id, "task_id": task_id} | shared)


async def keep(
    session: Session,
    *,
    shop_id: UUID,
    task_id: UUID,
    shape: int,
    frames: Sequence[KeptFrame],
    decisions: Sequence[KeptDecision],
    now: datetime,
) -> None:
    """Write decisions and the frames they share; those of an earlier attempt give way, with what came of them."""
    if not decisions:
        return
    await keep_frames(session, shop_id=shop_id, task_id=task_id, frames=frames)
    rows = {
        "items": [one.item_id for one in decisions],
        "frames": [one.frame_digest for one in decisions],
        "products": [one.product for one in decisions],
        "decided": [one.decided for one in decisions],
    }
    connection = await session.connection()
    task = {"shop_id": shop_id, "task_id": task_id, "shape": shape, "now": now}
    await connection.execute(_DECISIONS, task | rows)


async def keep_outcomes(session: Session, *, shop_id: UUID, shape: int, outcomes: Mapping[UUID, bytes]) -> None:
    """Add what came of decisions, by item; of one that was not kept nothing is written."""
    if not outcomes:
        return
    connection = await session.connection()
    rows = {"items": list(outcomes), "outcomes": list(outcomes.values())}
    await connection.execute(_OUTCOMES, {"shop_id": shop_id, "shape": shape} | rows)


async def page(
    session: Session, *, shop_id: UUID, task_id: UUID, after: UUID | None, amount: int
) -> Sequence[Decision]:
    """A task's decisions in the order of their items."""
    statement = select(Decision).where(Decision.shop_id == shop_id, Decision.task_id == task_id)
    if after is not None:
        statement = statement.where(col(Decision.item_id) > after)
    return (await session.exec(statement.order_by(col(Decision.item_id)).limit(amount))).all()


async def frames(session: Session, *, shop_id: UUID, task_id: UUID, digests: Sequence[str]) -> dict[str, bytes]:
    """Frames by digest."""
    statement = select(DecisionFrame).where(
        DecisionFrame.shop_id == shop_id, DecisionFrame.task_id == task_id, col(DecisionFrame.digest).in_(digests)
    )
    return {row.digest: row.body for row in await session.exec(statement)}


async def has_frame(session: Session, *, shop_id: UUID, task_id: UUID, digest: str) -> bool:
    """Whether the task keeps a frame of that name."""
    statement = select(DecisionFrame.digest).where(
        DecisionFrame.shop_id == shop_id, DecisionFrame.task_id == task_id, DecisionFrame.digest == digest
    )
    return (await session.exec(statement)).first() is not None


_DROP = text("""
WITH old AS (DELETE FROM decision WHERE at < :before RETURNING item_id), frames AS (
    DELETE FROM decision_frame USING task
    WHERE task.id = decision_frame.task_id AND task.created_at < :before
      AND NOT EXISTS (SELECT FROM decision WHERE decision.task_id = task.id AND decision.at >= :before))
SELECT count(*) FROM old
""")


async def drop_old(session: Session, *, before: datetime) -> int:
    """Forget decisions made before, with the frames that none is left of; returns how many."""
    connection = await session.connection()
    return int((await connection.execute(_DROP, {"before": before})).scalar_one())
