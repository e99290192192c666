"""Intents: written before an effect outside, closed when its outcome is known; at most one open for a listing."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text

from server.kit.ids import new_id
from server.kit.json import dumps_text
from server.store.session import Session

CREATE = "CREATE"
EDIT = "EDIT"


@dataclass(frozen=True, slots=True)
class OpenIntent:
    """An effect whose outcome nobody knows. ``owner_works``: another worker may be at it this moment.

    ``wanted`` is what an edit was about to tell.
    """

    listing_id: UUID
    item_id: UUID
    key: str
    opened_at: datetime
    owner_works: bool
    kind: str = CREATE
    wanted: dict[str, Any] | None = None


_OWNED = """
FROM intent
JOIN task_item ON task_item.id = intent.item_id
JOIN task ON task.id = task_item.task_id
"""
_OWNER_WORKS = "(task_item.state IN ('QUEUED', 'RUNNING') AND task.finished_at IS NULL)"

STANDS_IN_THE_WAY = f"""EXISTS (
    SELECT {_OWNED} WHERE intent.listing_id = listing.id AND intent.closed_at IS NULL
       AND (intent.kind <> 'EDIT' OR {_OWNER_WORKS}))"""
"""Of a ``listing`` that is to stand for another product: one may be created for it, or it is being edited.

An edit that nobody goes on with is moot then.
"""

_OPEN = text(f"""
SELECT intent.listing_id, intent.item_id, intent.key, intent.opened_at, intent.kind, intent.wanted,
       {_OWNER_WORKS} AS owner_works
{_OWNED}
WHERE intent.shop_id = :shop_id AND intent.listing_id = ANY(CAST(:ids AS uuid[])) AND intent.closed_at IS NULL
""")


async def open_of(session: Session, *, shop_id: UUID, listing_ids: Sequence[UUID]) -> dict[UUID, OpenIntent]:
    """The open intents of these listings."""
    connection = await session.connection()
    rows = await connection.execute(_OPEN, {"shop_id": shop_id, "ids": list(listing_ids)})
    return {
        row.listing_id: OpenIntent(
            row.listing_id, row.item_id, row.key, row.opened_at, bool(row.owner_works), row.kind, row.wanted
        )
        for row in rows
    }


@dataclass(frozen=True, slots=True)
class NewIntent:
    """What is about to be asked of the platform, and with which key; ``wanted`` is what an edit will tell."""

    listing_id: UUID
    item_id: UUID
    key: str
    kind: str = CREATE
    wanted: dict[str, Any] | None = None


_WRITE = text("""
INSERT INTO intent (id, shop_id, listing_id, item_id, kind, key, wanted, opened_at)
SELECT new.row_id, :shop_id, new.listing_id, new.item_id, new.kind, new.key, new.wanted, :now
FROM jsonb_to_recordset(CAST(:rows AS jsonb))
     AS new(row_id uuid, listing_id uuid, item_id uuid, kind text, key text, wanted jsonb)
""")


async def write(session: Session, *, shop_id: UUID, intents: Sequence[NewIntent], now: datetime) -> None:
    """Open intents. The listings are locked and have none open, so a conflict is a fault of ours and fails loudly."""
    if not intents:
        return
    rows = [
        {
            "row_id": new_id(),
            "listing_id": one.listing_id,
            "item_id": one.item_id,
            "kind": one.kind,
            "key": one.key,
            "wanted": one.wanted,
        }
        for one in intents
    ]
    connection = await session.connection()
    await connection.execute(_WRITE, {"shop_id": shop_id, "rows": dumps_text(rows), "now": now})


_TAKE_OVER = text("""
UPDATE intent SET item_id = new.item_id
FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS new(listing_id uuid, item_id uuid)
WHERE intent.shop_id = :shop_id AND intent.listing_id = new.listing_id AND intent.closed_at IS NULL
""")


async def take_over(session: Session, *, shop_id: UUID, owners: Mapping[UUID, UUID]) -> None:
    """Open intents whose items ended without an answer now belong to these items: listing id to item id."""
    if not owners:
        return
    rows = [{"listing_id": listing_id, "item_id": item_id} for listing_id, item_id in owners.items()]
    connection = await session.connection()
    await connection.execute(_TAKE_OVER, {"shop_id": shop_id, "rows": dumps_text(rows)})


_RENEW = text("""
UPDATE intent SET item_id = new.item_id, wanted = new.wanted
FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS new(listing_id uuid, item_id uuid, wanted jsonb)
WHERE intent.shop_id = :shop_id AND intent.listing_id = new.listing_id AND intent.closed_at IS NULL
""")


async def renew(session: Session, *, shop_id: UUID, owners: Mapping[UUID, tuple[UUID, dict[str, Any]]]) -> None:
    """Open intents of interrupted edits now belong to these items, which tell this: by listing."""
    if not owners:
        return
    rows = [
        {"listing_id": listing_id, "item_id": item_id, "wanted": wanted}
        for listing_id, (item_id, wanted) in owners.items()
    ]
    connection = await session.connection()
    await connection.execute(_RENEW, {"shop_id": shop_id, "rows": dumps_text(rows)})


@dataclass(frozen=True, slots=True)
class ClosedIntent:
    """What became of an intent."""

    listing_id: UUID
    outcome: str
    request_id: str | None = None


_CLOSE = text("""
UPDATE intent SET closed_at = :now, outcome = said.outcome, request_id = left(said.request_id, 128)
FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS said(listing_id uuid, outcome text, request_id text)
WHERE intent.shop_id = :shop_id AND intent.listing_id = said.listing_id AND intent.closed_at IS NULL
""")


async def close(session: Session, *, shop_id: UUID, closed: Collection[ClosedIntent], now: datetime) -> None:
    """Close the open intents of these listings."""
    if not closed:
        return
    rows = [{"listing_id": one.listing_id, "outcome": one.outcome, "request_id": one.request_id} for one in closed]
    connection = await session.connection()
    await connection.execute(_CLOSE, {"shop_id": shop_id, "rows": dumps_text(rows), "now": now})


_OPEN_IN_CHUNK = text("""
SELECT count(*) AS open, array_agg(task_item.id) FILTER (WHERE intent.id IS NOT NULL AND due) AS interrupted,
       min(task_item.due_at) FILTER (WHERE intent.id IS NOT NULL AND NOT due) AS next_due
FROM task_item LEFT JOIN intent ON intent.item_id = task_item.id AND intent.closed_at IS NULL
CROSS JOIN LATERAL (SELECT task_item.due_at IS NULL OR task_item.due_at <= :now AS due) AS look
WHERE task_item.shop_id = :shop_id AND task_item.task_id = :task_id AND task_item.chunk = :chunk
  AND task_item.state IN ('QUEUED', 'RUNNING')
""")


@dataclass(frozen=True, slots=True)
class OpenItems:
    """A chunk's open items: how many; those due with an open intent; and when the next such item is due."""

    amount: int
    interrupted: tuple[UUID, ...]
    next_due: datetime | None


async def open_in_chunk(session: Session, *, shop_id: UUID, task_id: UUID, chunk: int, now: datetime) -> OpenItems:
    """What is left of a chunk, and for what of it the platform is to be asked before anything is repeated."""
    connection = await session.connection()
    values = {"shop_id": shop_id, "task_id": task_id, "chunk": chunk, "now": now}
    row = (await connection.execute(_OPEN_IN_CHUNK, values)).one()
    return OpenItems(row.open, tuple(row.interrupted or ()), row.next_due)
