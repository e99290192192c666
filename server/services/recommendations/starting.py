"""Opening a task that asks for recommendations: for named products, or for all of a kind (R10)."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from server.domain.tasks import TaskKind
from server.feed import Feed
from server.kit.errors import Invalid, NotFound
from server.queue import Queue
from server.services import tasks, tiktok_shops
from server.services.recommendations.threshold import check, threshold_of
from server.store import recommendations as store
from server.store.session import Session
from server.tables import Task

MAX_PRODUCTS = 10_000
"""Products named one by one in a call; a whole catalogue goes by filter."""


class Wanted(StrEnum):
    """Which of the store's active products to look at."""

    WITHOUT_RECOMMENDATION = "WITHOUT_RECOMMENDATION"
    WITHOUT_CATEGORY = "WITHOUT_CATEGORY"
    ALL = "ALL"


async def start(
    session: Session,
    queue: Queue,
    feed: Feed,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    product_ids: Sequence[UUID] | None,
    wanted: Wanted | None,
    threshold: float | None = None,
    started_by: str,
    idempotency_key: str | None,
    now: datetime,
) -> Task:
    """Look at the named products, or at those that ``wanted`` takes; exactly one of both is given.

    Without ``threshold`` the TikTok shop's own holds. A key that was used before answers with its task.

    A TikTok shop that is not connected is no obstacle: then our own ranking speaks alone.
    """
    known = await tasks.known(session, shop_id=shop_id, kind=TaskKind.RECOMMENDATION, key=idempotency_key)
    if known is not None:
        return known
    shop = await tiktok_shops.get(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id)
    if (product_ids is None) == (wanted is None):
        raise Invalid("Give either productIds or filter.", field=("input", "productIds"))
    if threshold is not None:
        check(threshold)
    if product_ids is not None:
        subjects = await _named(session, shop_id, product_ids)
    else:
        subjects = await store.wanted(
            session,
            shop_id=shop_id,
            tiktok_shop_id=tiktok_shop_id,
            new_only=wanted is Wanted.WITHOUT_RECOMMENDATION,
            undecided_only=wanted is Wanted.WITHOUT_CATEGORY,
        )
    return await tasks.open_task(
        session,
        queue,
        feed,
        shop_id=shop_id,
        kind=TaskKind.RECOMMENDATION,
        tiktok_shop_id=tiktok_shop_id,
        input={"filter": wanted, "threshold": threshold_of(shop) if threshold is None else threshold},
        started_by=started_by,
        idempotency_key=idempotency_key,
        subject_ids=subjects,
        now=now,
    )


async def _named(session: Session, shop_id: UUID, product_ids: Sequence[UUID]) -> list[UUID]:
    """The named products, each once; all must be there."""
    field = ("input", "productIds")
    subjects = list(dict.fromkeys(product_ids))
    if not 0 < len(subjects) <= MAX_PRODUCTS:
        raise Invalid(f"Name 1 to {MAX_PRODUCTS} products, or give a filter.", field=field)
    known = await store.there(session, shop_id=shop_id, product_ids=subjects)
    for place, product_id in enumerate(product_ids):
        if product_id not in known:
            raise NotFound("There is no such product in this shop (any more).", field=(*field, str(place)))
    return subjects
