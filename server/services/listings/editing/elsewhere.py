"""Signs that another hand was at a product on TikTok: it is read and compared before anything of ours goes over it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from server.clients.tiktok_product_answers import FoundProduct, TikTokProduct
from server.domain.actors import OUTSIDE
from server.domain.audits import CategoryMove
from server.domain.history import Change, ChangeCause, ChangeKind
from server.domain.listings import ListingStatus
from server.domain.ownership import FieldGroup, Ownership
from server.domain.snapshots import Snapshot
from server.services.listings.editing.observing import compare, names_of
from server.services.listings.editing.putting_up import is_down_again, is_put_up
from server.store import edit_marks, listing_edits, listing_history, remote_listings
from server.store.edit_marks import WAITS_FOR_LIVE
from server.store.session import Session
from server.tables import Listing

SELLER_CENTER = "SELLER_CENTER"

EDIT_REVIEW_FAILED = "EDIT_REVIEW_FAILED"


async def heard(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, remote_id: str, source: str, now: datetime
) -> bool:
    """Webhooks 15 and 18; whether the product is a listing's of ours.

    A seller's change is looked at now. Our own edits are told the same way once they are live, and other apps' too:
    there the look is left to the next edit.
    """
    known = await listing_edits.changed_elsewhere(
        session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, remote_ids=[remote_id], at=now
    )
    if known and source == SELLER_CENTER:
        await edit_marks.mark_remote(
            session,
            shop_id=shop_id,
            tiktok_shop_id=tiktok_shop_id,
            remote_ids=[remote_id],
            cause=ChangeCause.PLATFORM,
            now=now,
        )
    return known > 0


async def moved(
    session: Session,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    move: CategoryMove,
    now: datetime,
) -> bool:
    """Webhook 18: the product lies in another category, moved by whomever; whether that was new to us.

    Its line stands in the history where it happened.
    """
    found = await remote_listings.recategorize(
        session,
        shop_id=shop_id,
        tiktok_shop_id=tiktok_shop_id,
        move=move,
        now=now,
    )
    if found is None:
        return False
    fields = {"category": [found.before, move.category_id]}
    at = min(move.at, now)
    line = Change(found.listing_id, ChangeKind.CATEGORY_CHANGED, ChangeCause.UNKNOWN, OUTSIDE, at, fields=fields)
    await listing_history.add(session, shop_id=shop_id, changes=[line])
    return True


async def notice(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, hits: Sequence[FoundProduct], now: datetime
) -> list[str]:
    """A page of a search against what we told: no webhook speaks of a price that the seller changed.

    Returns the products that are looked at now because they differ.
    """
    rows = await listing_edits.told_of(
        session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, remote_ids=[hit.id for hit in hits]
    )
    differ = [hit.id for hit in hits if hit.id in rows and is_repriced(hit, rows[hit.id].sent, rows[hit.id].skus)]
    where = {"shop_id": shop_id, "tiktok_shop_id": tiktok_shop_id}
    if differ:
        await listing_edits.changed_elsewhere(session, **where, remote_ids=differ, at=now)
        await edit_marks.mark_remote(session, **where, remote_ids=differ, cause=ChangeCause.SWEEP, now=now)
    return differ


def is_repriced(hit: FoundProduct, sent: Snapshot, skus: Sequence[dict[str, Any]]) -> bool:
    """Whether a search shows another price than we told, of a variant that we know."""
    product = TikTokProduct(id=hit.id, skus=hit.skus)
    theirs = compare(product, [sent], names_of(product, skus, sent), content=False)
    return FieldGroup.PRICE in theirs.groups


def stands_now(row: Listing, now: datetime) -> None:
    """News moved the listing: what waited for it to be on sale is due, and a refused version is remembered.

    So is one that sells although we took it off, and one that did, and does no more: the merchant is told.
    """
    if row.status is ListingStatus.LIVE and row.edit_cause == WAITS_FOR_LIVE:
        row.edit_due_at = now
    sent, ownership = Snapshot.from_json(row.sent) if row.sent else None, Ownership.from_json(row.ownership, {})
    if is_down_again(ownership, row.status) or (sent is not None and is_put_up(sent, ownership, row.status)):
        row.edit_due_at = now
    if row.sent is not None and any(problem["code"] == EDIT_REVIEW_FAILED for problem in row.problems):
        row.sent = {**row.sent, "refused": True}
