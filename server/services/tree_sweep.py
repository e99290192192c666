"""Refreshing trees that are due: a day old, or contradicted by the platform."""

from datetime import datetime, timedelta

from server.feed import Feed
from server.queue import Queue
from server.services import categories
from server.store import tree_changes
from server.store.session import Session

TRY_AGAIN = timedelta(hours=1)
"""A refresh that did not bring the tree is tried again after so long."""

STARTED_BY = "system:refresh"

_AMOUNT = 50
"""TikTok shops a look; what is left over is due at the next."""


async def sweep(session: Session, queue: Queue, feed: Feed, *, now: datetime) -> int:
    """Open one refresh for each TikTok shop with trees that are due, and tell how many.

    Safe beside itself: who takes a shop holds its row and puts its trees off before anybody else can look.
    """
    due = await tree_changes.take_due(session, now=now, again_at=now + TRY_AGAIN, amount=_AMOUNT)
    for tiktok_shop_id, trees in due.items():
        await categories.open_sync(
            session,
            queue,
            feed,
            shop_id=trees[0].shop_id,
            tiktok_shop_id=tiktok_shop_id,
            wanted=[(tree.version, tree.locale) for tree in trees],
            started_by=STARTED_BY,
            idempotency_key=None,
            now=now,
        )
    return len(due)
