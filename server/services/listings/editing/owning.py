"""Who owns which field: the TikTok shop's default, a listing's own word, and what becomes of held changes (X6)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from server.domain.edits import FieldChange, told
from server.domain.held_changes import CHANGED_ON_TIKTOK
from server.domain.history import Change, ChangeCause, ChangeKind
from server.domain.ownership import FieldGroup, Held, Owner, Ownership, owners_from_json, owners_json
from server.domain.snapshots import Snapshot
from server.kit.errors import Conflict, Invalid, NotFound
from server.services import tiktok_shops
from server.store import edit_marks, intents, listing_history, listings, problems
from server.store.session import Session
from server.tables import Listing, TikTokShop

Wishes = Mapping[FieldGroup, Owner | None]
"""The owners to set; None takes a listing's own word back."""


async def set_listing(
    session: Session, *, shop_id: UUID, listing_id: UUID, wishes: Wishes, actor: str, now: datetime
) -> Listing:
    """Say who owns fields of one listing. Where somebody's change on TikTok is held, this decides it:

    STORE sends our value over it, TIKTOK and LOCKED keep it. What is to be sent is due at once. ``Conflict`` while an
    edit of it is on its way: what that tells is written over what is known of the listing. ``Invalid`` without wishes.
    """
    _something(wishes)
    row = await _locked(session, shop_id, listing_id)
    under_way = (await intents.open_of(session, shop_id=shop_id, listing_ids=[row.id])).get(row.id)
    if under_way is not None and under_way.owner_works:
        raise Conflict("The listing is being sent this moment; try again when that has ended.", field=("id",))
    shop = await tiktok_shops.get(session, shop_id=shop_id, tiktok_shop_id=row.tiktok_shop_id)
    before = Ownership.from_json(row.ownership, shop.ownership)
    own = {group: owner for group, owner in before.own.items() if group not in wishes}
    own |= {group: owner for group, owner in wishes.items() if owner is not None}
    after = replace(before, own=own, held={group: one for group, one in before.held.items() if group not in wishes})
    if row.sent is not None:
        row.sent = _decided(Snapshot.from_json(row.sent), before, after).to_json()
    row.ownership = after.to_json()
    decided = {group.lower() for group in wishes}
    row.problems = [one for one in row.problems if one["code"] != CHANGED_ON_TIKTOK or not decided & set(one["path"])]
    row.updated_at = now
    session.add(row)
    await session.flush()
    await problems.prune(session, shop_id=shop_id, listing_ids=[row.id])
    await edit_marks.mark_products(
        session,
        shop_id=shop_id,
        tiktok_shop_id=row.tiktok_shop_id,
        product_ids=[row.product_id],
        cause=ChangeCause.MERCHANT,
        actor=actor,
        now=now,
    )
    fields = {f"owner/{group}": [before.owner(group), after.owner(group)] for group in wishes}
    line = Change(row.id, ChangeKind.OVERRIDDEN, ChangeCause.MERCHANT, actor, now, fields=fields)
    await listing_history.add(session, shop_id=shop_id, changes=[line])
    return await _locked(session, shop_id, listing_id)


async def set_shop(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, wishes: Wishes, actor: str, now: datetime
) -> TikTokShop:
    """The default for all listings of a TikTok shop; None means the store. Held changes stay held.

    ``Invalid`` without wishes.
    """
    _something(wishes)
    row = await tiktok_shops.get(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, field=("id",))
    owners = owners_from_json(row.ownership)
    kept = {group: owner for group, owner in owners.items() if group not in wishes}
    row.ownership = owners_json(kept | {group: owner for group, owner in wishes.items() if owner is not None})
    session.add(row)
    await session.flush()
    await edit_marks.mark_shop(
        session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, cause=ChangeCause.MERCHANT, actor=actor, now=now
    )
    return row


async def of_listing(session: Session, *, shop_id: UUID, listing: Listing) -> Ownership:
    """One listing's, with its TikTok shop's default."""
    shop = await tiktok_shops.get(session, shop_id=shop_id, tiktok_shop_id=listing.tiktok_shop_id)
    return Ownership.from_json(listing.ownership, shop.ownership)


def _something(wishes: Wishes) -> None:
    if not wishes:
        raise Invalid("Name at least one group of fields.", field=("fields",))


async def _locked(session: Session, shop_id: UUID, listing_id: UUID) -> Listing:
    found = (await listings.by_ids(session, shop_id=shop_id, ids=[listing_id])).get(listing_id)
    if found is None:
        raise NotFound("There is no such listing in this shop.", field=("id",))
    rows = await listings.lock(
        session, shop_id=shop_id, tiktok_shop_id=found.tiktok_shop_id, product_ids=[found.product_id]
    )
    return rows[found.product_id]


def _decided(sent: Snapshot, before: Ownership, after: Ownership) -> Snapshot:
    """From now on what stands there is what we know it was told; so ours differs from it, where ours counts."""
    for group, held in before.held.items():
        if group in after.held:
            continue
        sent = told(sent, _theirs(group, held))
    return replace(sent, source="")


def _theirs(group: FieldGroup, held: Held) -> list[FieldChange]:
    own = [FieldChange(group, name, None, value) for name, value in held.fields.items()]
    return own + [
        FieldChange(group, name, None, value, sku)
        for sku, fields in held.skus.items()
        for name, value in fields.items()
    ]
