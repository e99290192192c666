"""Moving one listed product to another leaf, now (capability E3)."""

from datetime import datetime
from uuid import UUID

from server.domain.categories import CategoryRef
from server.domain.ownership import FieldGroup, Owner
from server.domain.tasks import TaskKind
from server.feed import Feed
from server.queue import Queue
from server.services import tasks
from server.services.listings import reading
from server.services.listings.editing import owning
from server.services.listings.editing import starting as editing
from server.services.templates import overriding
from server.services.templates.overriding import OverrideWish
from server.store.session import Session
from server.tables import Task


async def move(
    session: Session,
    queue: Queue,
    feed: Feed,
    *,
    shop_id: UUID,
    listing_id: UUID,
    category: CategoryRef,
    started_by: str,
    idempotency_key: str | None,
    now: datetime,
) -> Task:
    """The leaf becomes the product's own and is sent; who moves it says that the leaf is not TikTok's to choose.

    The same key again answers with the task it made before, and sets nothing. ``Conflict`` while the listing is being
    sent and its owner had to change.
    """
    known = await tasks.known(session, shop_id=shop_id, kind=TaskKind.EDIT, key=idempotency_key)
    if known is not None:
        return known
    row = await reading.get(session, shop_id=shop_id, listing_id=listing_id)
    where = {"shop_id": shop_id, "tiktok_shop_id": row.tiktok_shop_id}
    wish = OverrideWish(row.product_id, category)
    await overriding.set_one(session, **where, wish=wish, actor=started_by, now=now)
    ownership = await owning.of_listing(session, shop_id=shop_id, listing=row)
    if not ownership.sends(FieldGroup.CATEGORY):
        wishes = {FieldGroup.CATEGORY: Owner.STORE}
        await owning.set_listing(
            session, shop_id=shop_id, listing_id=listing_id, wishes=wishes, actor=started_by, now=now
        )
    return await editing.start(
        session,
        queue,
        feed,
        shop_id=shop_id,
        tiktok_shop_id=row.tiktok_shop_id,
        product_ids=[row.product_id],
        started_by=started_by,
        idempotency_key=idempotency_key,
        now=now,
    )
