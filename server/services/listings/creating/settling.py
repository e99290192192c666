"""Loose ends of a chunk: listings whose items ended without their turn, and products that are not strangers."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from server.domain.problems import Problem, Remedy
from server.domain.runs import Claim
from server.store import intents, listing_moves, listings
from server.store.intents import OpenItems
from server.store.session import Database, Session


async def settle(session: Session, *, claim: Claim, tiktok_shop_id: UUID, now: datetime) -> int:
    """Items that were cancelled or stopped leave no listing behind that looks at work; returns how many.

    One whose creation was never answered may stand on TikTok Shop: it failed, so that a sweep may link what it finds.
    """
    return await listing_moves.settle(
        session,
        shop_id=claim.shop_id,
        tiktok_shop_id=tiktok_shop_id,
        task_id=claim.task_id,
        chunk=claim.position,
        lost=_LOST,
        now=now,
    )


_LOST = Problem(
    "CREATION_UNANSWERED",
    (),
    "TikTok Shop did not answer the creation, and the task ended before it could be asked again. The next sweep "
    "finds the product if it is there, and listing it again asks first.",
    remedy=Remedy.WAIT,
)


async def open_items(session: Session, *, claim: Claim, now: datetime) -> OpenItems:
    """The chunk's open items, and those of them that have an effect outside that nobody knows."""
    return await intents.open_in_chunk(
        session, shop_id=claim.shop_id, task_id=claim.task_id, chunk=claim.position, now=now
    )


async def known_remote_ids(
    database: Database, *, shop_id: UUID, tiktok_shop_id: UUID, remote_ids: Sequence[str]
) -> set[str]:
    """Those of the platform's products that listings stand for; reads in a transaction of its own."""
    async with database.read() as session:
        return await listings.known_remote_ids(
            session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, remote_ids=remote_ids
        )
