"""How well each TikTok shop's products are known, and when they are swept again."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, select, update

from server.domain.linking import OnMatch
from server.kit.json import dumps_text
from server.store.session import Session
from server.tables import RemoteShelf

_MAKE = text("""
INSERT INTO remote_shelf (tiktok_shop_id, shop_id, due_at, on_match, other_hands)
SELECT id, shop_id, :now, 'LINK', '[]'::jsonb FROM tiktok_shop
WHERE id = :tiktok_shop_id AND shop_id = :shop_id
ON CONFLICT (tiktok_shop_id) DO NOTHING
""")


async def of(session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, now: datetime) -> RemoteShelf:
    """The TikTok shop's shelf, made when first asked for. The TikTok shop must be the store's."""
    values = {"shop_id": shop_id, "tiktok_shop_id": tiktok_shop_id, "now": now}
    await (await session.connection()).execute(_MAKE, values)
    statement = select(RemoteShelf).where(RemoteShelf.shop_id == shop_id, RemoteShelf.tiktok_shop_id == tiktok_shop_id)
    return (await session.exec(statement.execution_options(populate_existing=True))).one()


async def by_tiktok_shops(
    session: Session, *, shop_id: UUID, tiktok_shop_ids: Sequence[UUID]
) -> dict[UUID, RemoteShelf]:
    """Shelves by TikTok shop; one that was never looked at has none."""
    statement = select(RemoteShelf).where(
        RemoteShelf.shop_id == shop_id, col(RemoteShelf.tiktok_shop_id).in_(tiktok_shop_ids)
    )
    return {row.tiktok_shop_id: row for row in await session.exec(statement)}


async def lock(session: Session, *, shop_id: UUID, tiktok_shop_id: UUID) -> None:
    """Nobody else matches this TikTok shop until the transaction ends."""
    statement = select(RemoteShelf.tiktok_shop_id).where(
        RemoteShelf.shop_id == shop_id, RemoteShelf.tiktok_shop_id == tiktok_shop_id
    )
    await session.exec(statement.with_for_update())


async def change(session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, on_match: OnMatch) -> None:
    """What listing does with products that seem to be there already."""
    mine = (col(RemoteShelf.shop_id) == shop_id, col(RemoteShelf.tiktok_shop_id) == tiktok_shop_id)
    await session.exec(update(RemoteShelf).where(*mine).values(on_match=on_match))


async def due(session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, at: datetime) -> None:
    """Sweep again at ``at``, unless that is to happen before."""
    mine = (col(RemoteShelf.shop_id) == shop_id, col(RemoteShelf.tiktok_shop_id) == tiktok_shop_id)
    await session.exec(update(RemoteShelf).where(*mine, col(RemoteShelf.due_at) > at).values(due_at=at))


_TAKE_LOOK = text("""
UPDATE remote_shelf SET looking_chunk = :chunk_id, looking_fence = :fence
WHERE shop_id = :shop_id AND tiktok_shop_id = :tiktok_shop_id AND NOT EXISTS (
    SELECT FROM task_chunk AS looker
    WHERE looker.id = remote_shelf.looking_chunk AND looker.fence = remote_shelf.looking_fence
      AND looker.id <> :chunk_id AND looker.state = 'RUNNING' AND looker.lease_until > clock_timestamp())
RETURNING tiktok_shop_id
""")


async def take_look(session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, chunk_id: UUID, fence: int) -> bool:
    """Whether the look is this chunk's; false while another looks. It ends with the chunk's run, whatever ends that."""
    values = {"shop_id": shop_id, "tiktok_shop_id": tiktok_shop_id, "chunk_id": chunk_id, "fence": fence}
    return (await (await session.connection()).execute(_TAKE_LOOK, values)).first() is not None


async def end_look(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, chunk_id: UUID, too_much_at: datetime | None = None
) -> None:
    """The chunk looks no more; ``too_much_at``: there is more than it could read, until a whole sweep has ended."""
    mine = (col(RemoteShelf.shop_id) == shop_id, col(RemoteShelf.tiktok_shop_id) == tiktok_shop_id)
    ended = update(RemoteShelf).where(*mine, col(RemoteShelf.looking_chunk) == chunk_id)
    found = {"looking_chunk": None, "looking_fence": None}
    await session.exec(ended.values(found | ({} if too_much_at is None else {"too_much_at": too_much_at})))


_KNOWN = text("""
UPDATE remote_shelf SET
    known_at = greatest(known_at, :known_at),
    too_much_at = CASE WHEN :whole THEN NULL ELSE too_much_at END,
    swept_at = CASE WHEN :whole THEN greatest(swept_at, :known_at) ELSE swept_at END,
    due_at = CASE WHEN :whole THEN :due_at ELSE due_at END,
    other_hands = coalesce(CAST(:other_hands AS jsonb), other_hands)
WHERE shop_id = :shop_id AND tiktok_shop_id = :tiktok_shop_id
""")


async def known(
    session: Session,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    known_at: datetime,
    due_at: datetime | None = None,
    other_hands: Sequence[Mapping[str, Any]] | None = None,
) -> None:
    """Everything up to ``known_at`` is known now; with ``due_at`` because a whole sweep ended well."""
    values = {
        "shop_id": shop_id,
        "tiktok_shop_id": tiktok_shop_id,
        "known_at": known_at,
        "whole": due_at is not None,
        "due_at": due_at or known_at,
        "other_hands": None if other_hands is None else dumps_text(list(other_hands)),
    }
    await (await session.connection()).execute(_KNOWN, values)


_DUE = text("""
INSERT INTO remote_shelf (tiktok_shop_id, shop_id, due_at, on_match, other_hands)
SELECT tiktok_shop.id, tiktok_shop.shop_id, :again_at, 'LINK', '[]'::jsonb
FROM tiktok_shop
JOIN tiktok_authorization grants ON grants.id = tiktok_shop.authorization_id
JOIN shop ON shop.id = tiktok_shop.shop_id
LEFT JOIN remote_shelf shelf ON shelf.tiktok_shop_id = tiktok_shop.id
WHERE (shelf.due_at IS NULL OR shelf.due_at <= :now)
  AND tiktok_shop.disconnected_at IS NULL AND grants.ended_at IS NULL AND grants.refresh_expires_at > :now
  AND shop.uninstalled_at IS NULL
  AND NOT EXISTS (SELECT FROM task WHERE task.tiktok_shop_id = tiktok_shop.id AND task.kind = 'SWEEP'
                    AND task.finished_at IS NULL AND task.state <> 'PAUSED')
ORDER BY tiktok_shop.id LIMIT :amount
ON CONFLICT (tiktok_shop_id) DO UPDATE SET due_at = excluded.due_at WHERE remote_shelf.due_at <= :now
RETURNING tiktok_shop_id, shop_id
""")


async def take_due(session: Session, *, now: datetime, again_at: datetime, amount: int) -> list[tuple[UUID, UUID]]:
    """TikTok shops (with their stores) that are to be swept, put off to ``again_at`` for whoever looks next.

    Not scoped to a shop: those just connected are among them. Two sweeps at once never take the same one.
    """
    values = {"now": now, "again_at": again_at, "amount": amount}
    rows = await (await session.connection()).execute(_DUE, values)
    return [(row.tiktok_shop_id, row.shop_id) for row in rows]
