"""The moment before an edit's calls: what it is about to tell is written down, unless somebody came in between."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from server.domain.runs import Claim
from server.services.listings.editing.deciding import Decided
from server.store import edit_dues, edit_marks, intents, listings
from server.store.edit_marks import Seen
from server.store.intents import NewIntent
from server.store.session import Session
from server.tables import Listing

LEASE = timedelta(minutes=10)
"""After so long a listing whose task did not come to it is due again."""

_REPAIR = timedelta(hours=6)
"""After so long one that broke its worker is due again: it may be another version of ours by then."""


async def intend(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, decided: Sequence[Decided], now: datetime
) -> set[UUID]:
    """Write the intents; the listings whose edits may go out now.

    One that somebody else has in hand, or told something since it was looked at, is looked at again later.
    """
    rows = await listings.lock(
        session,
        shop_id=shop_id,
        tiktok_shop_id=tiktok_shop_id,
        product_ids=[one.ready.row.product_id for one in decided],
    )
    present = {row.id: row for row in rows.values()}
    open_intents = await intents.open_of(session, shop_id=shop_id, listing_ids=list(present))
    free: set[UUID] = set()
    fresh: list[NewIntent] = []
    inherited: dict[UUID, tuple[UUID, dict[str, Any]]] = {}
    for one in decided:
        ready, row = one.ready, present.get(one.ready.row.id)
        if row is None or _standing(row) != _standing(ready.row):
            continue
        intent = open_intents.get(row.id)
        if intent is None:
            fresh.append(NewIntent(row.id, ready.item.id, ready.key, intents.EDIT, one.target.to_json()))
        elif ready.interrupted and (intent.item_id == ready.item.id or not intent.owner_works):
            inherited[row.id] = (ready.item.id, one.target.to_json())
        else:
            continue
        free.add(row.id)
    await intents.write(session, shop_id=shop_id, intents=fresh, now=now)
    await intents.renew(session, shop_id=shop_id, owners=inherited)
    return free


def _standing(row: Listing) -> tuple[object, ...]:
    """What the plan of an edit was made from: told, said or switched since, it is another one."""
    return row.remote_id, row.status, row.sent_at, row.sent, row.ownership


async def seen(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, product_ids: Sequence[UUID]
) -> dict[UUID, Seen]:
    """The listings of these products before anything else of them is read."""
    return await edit_marks.seen(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, product_ids=product_ids)


async def settle(session: Session, *, claim: Claim, now: datetime) -> None:
    """Listings whose edits were cancelled wait for the next change, and those that broke their worker for hours."""
    shop_id, task_id, chunk = claim.shop_id, claim.task_id, claim.position
    await edit_dues.forget_cancelled(session, shop_id=shop_id, task_id=task_id, chunk=chunk, lease=LEASE, now=now)
    await edit_dues.put_off_broken(
        session, shop_id=shop_id, task_id=task_id, chunk=chunk, lease=LEASE, again=now + _REPAIR
    )
