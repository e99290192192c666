"""Pairs that may be one product, and what was decided about them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, select

from server.domain.linking import Candidate, LinkState, Pair
from server.domain.paging import Page, PageArgs
from server.kit.ids import new_id
from server.kit.json import dumps_text
from server.store.paging import paginate
from server.store.session import Session
from server.tables import LinkProposal


async def by_ids(session: Session, *, shop_id: UUID, ids: Sequence[UUID]) -> dict[UUID, LinkProposal]:
    """Those of the proposals that are the shop's."""
    rows = await session.exec(
        select(LinkProposal).where(LinkProposal.shop_id == shop_id, col(LinkProposal.id).in_(ids))
    )
    return {row.id: row for row in rows}


async def page(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, states: Sequence[LinkState], args: PageArgs
) -> Page[LinkProposal]:
    """A TikTok shop's pairs in the order in which they were first found; no states means all."""
    statement = select(LinkProposal).where(
        LinkProposal.shop_id == shop_id, LinkProposal.tiktok_shop_id == tiktok_shop_id
    )
    if states:
        statement = statement.where(col(LinkProposal.state).in_(states))
    return await paginate(session, statement, keys=(col(LinkProposal.id),), args=args)


async def decided_apart(session: Session, *, shop_id: UUID, tiktok_shop_id: UUID) -> set[Pair]:
    """Pairs that people took apart or refused."""
    statement = select(LinkProposal.product_id, LinkProposal.remote_id).where(
        LinkProposal.shop_id == shop_id,
        LinkProposal.tiktok_shop_id == tiktok_shop_id,
        col(LinkProposal.state).in_((LinkState.UNLINKED, LinkState.REJECTED)),
    )
    return {Pair(product_id, remote_id) for product_id, remote_id in await session.exec(statement)}


async def of_products(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, product_ids: Sequence[UUID]
) -> list[LinkProposal]:
    """All pairs of these products, decided or not."""
    statement = select(LinkProposal).where(
        LinkProposal.shop_id == shop_id,
        LinkProposal.tiktok_shop_id == tiktok_shop_id,
        col(LinkProposal.product_id).in_(product_ids),
    )
    return list(await session.exec(statement.order_by(col(LinkProposal.id))))


_DECIDE = text("""
INSERT INTO link_proposal (id, shop_id, tiktok_shop_id, product_id, remote_id, state, evidence, conflicts, decided_by,
                           created_at, decided_at)
SELECT new.row_id, :shop_id, :tiktok_shop_id, new.product_id, new.remote_id, :state, new.evidence, new.conflicts,
       left(:by, 128), :now, :now
FROM jsonb_to_recordset(CAST(:rows AS jsonb))
     AS new(row_id uuid, product_id uuid, remote_id text, evidence jsonb, conflicts jsonb)
ORDER BY new.product_id, new.remote_id
ON CONFLICT (tiktok_shop_id, product_id, remote_id) DO UPDATE SET
    state = excluded.state, decided_by = excluded.decided_by, decided_at = excluded.decided_at,
    evidence = CASE WHEN excluded.evidence = '[]'::jsonb THEN link_proposal.evidence ELSE excluded.evidence END,
    conflicts = excluded.conflicts
""")


async def decide(
    session: Session,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    candidates: Sequence[Candidate],
    state: LinkState,
    by: str,
    now: datetime,
) -> None:
    """Note a decision about pairs, found before or not."""
    if not candidates:
        return
    values = {
        "shop_id": shop_id,
        "tiktok_shop_id": tiktok_shop_id,
        "rows": dumps_text(_rows(candidates)),
        "state": state,
        "by": by,
        "now": now,
    }
    await (await session.connection()).execute(_DECIDE, values)


_PROPOSE = text("""
INSERT INTO link_proposal (id, shop_id, tiktok_shop_id, product_id, remote_id, state, evidence, conflicts, created_at)
SELECT new.row_id, :shop_id, :tiktok_shop_id, new.product_id, new.remote_id, 'PENDING', new.evidence, new.conflicts,
       :now
FROM jsonb_to_recordset(CAST(:rows AS jsonb))
     AS new(row_id uuid, product_id uuid, remote_id text, evidence jsonb, conflicts jsonb)
ORDER BY new.product_id, new.remote_id
ON CONFLICT (tiktok_shop_id, product_id, remote_id) DO UPDATE SET
    state = 'PENDING', evidence = excluded.evidence, conflicts = excluded.conflicts, decided_by = NULL,
    decided_at = NULL
WHERE link_proposal.state IN ('PENDING', 'LINKED')
""")
_OUTDATED = text("""
DELETE FROM link_proposal WHERE shop_id = :shop_id AND tiktok_shop_id = :tiktok_shop_id AND state = 'PENDING'
  AND NOT EXISTS (SELECT FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS new(product_id uuid, remote_id text)
                  WHERE new.product_id = link_proposal.product_id AND new.remote_id = link_proposal.remote_id)
""")


async def propose(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, candidates: Sequence[Candidate], now: datetime
) -> None:
    """Exactly these pairs wait for a person; those that waited before and are not found any more are dropped."""
    values = {"shop_id": shop_id, "tiktok_shop_id": tiktok_shop_id, "rows": dumps_text(_rows(candidates))}
    connection = await session.connection()
    await connection.execute(_OUTDATED, values)
    await connection.execute(_PROPOSE, values | {"now": now})


_DROP = text("""
DELETE FROM link_proposal WHERE shop_id = :shop_id AND tiktok_shop_id = :tiktok_shop_id AND state = 'PENDING'
  AND (product_id = :product_id OR remote_id = :remote_id)
""")


async def drop_rivals(session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, pair: Pair) -> None:
    """Nobody is asked any more about other pairs of two products that were tied to each other."""
    values = {"shop_id": shop_id, "tiktok_shop_id": tiktok_shop_id}
    named = {"product_id": pair.product_id, "remote_id": pair.remote_id}
    await (await session.connection()).execute(_DROP, values | named)


def _rows(candidates: Iterable[Candidate]) -> list[dict[str, Any]]:
    return [
        {
            "row_id": new_id(),
            "product_id": one.pair.product_id,
            "remote_id": one.pair.remote_id,
            "evidence": list(one.evidence),
            "conflicts": list(one.conflicts),
        }
        for one in candidates
    ]
