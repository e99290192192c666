"""Ending all work of a store or of one of its TikTok shops: it was uninstalled, or disconnected."""

from contextlib import suppress
from datetime import datetime
from uuid import UUID

from server.domain.paging import MAX_PAGE, PageArgs
from server.domain.tasks import TaskState
from server.feed import Feed
from server.kit.errors import Conflict
from server.queue import Queue
from server.services import tasks
from server.store.session import Session


async def cancel_all(
    session: Session, queue: Queue, feed: Feed, *, shop_id: UUID, tiktok_shop_id: UUID | None = None, now: datetime
) -> None:
    """Cancel every open task of the store, or of one TikTok shop; one that ends meanwhile needs no cancelling."""
    after: str | None = None
    while True:
        page = await tasks.page(
            session, shop_id=shop_id, states=TaskState.open_states(), args=PageArgs(first=MAX_PAGE, after=after)
        )
        for task in page.nodes:
            if tiktok_shop_id in (None, task.tiktok_shop_id):
                with suppress(Conflict):
                    await tasks.cancel(session, queue, feed, shop_id=shop_id, task_id=task.id, now=now)
        if not page.has_next:
            return
        after = page.cursors[-1]
