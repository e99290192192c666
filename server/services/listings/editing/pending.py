"""What an edit of one listing would send now, worked out without a call."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from server.domain.drafting import complete
from server.domain.drafts import Built, Picture, PictureNeed, not_uploaded
from server.domain.edits import EditPlan, plan_edit
from server.domain.offering import with_offers
from server.domain.ownership import Ownership
from server.domain.problems import Problem
from server.domain.snapshots import Snapshot, fingerprint, snapshot
from server.services.listings.editing.preparing import built_for, listed_variants
from server.services.listings.editing.setting import setting_for
from server.services.listings.rows import as_facts
from server.store import facts, images
from server.store.session import Session
from server.tables import Listing


@dataclass(frozen=True, slots=True)
class Pending:
    """The plan; with errors it has prices and quantities only. ``is_known``: we know what the platform was told."""

    plan: EditPlan
    ownership: Ownership
    problems: tuple[Problem, ...] = ()
    is_known: bool = True


async def pending(session: Session, *, shop_id: UUID, listing: Listing, ownership: Ownership, now: datetime) -> Pending:
    """Compare what is wanted now with what was told last. A picture that was never uploaded counts as another one."""
    if listing.sent is None or listing.remote_id is None:
        return Pending(EditPlan(), ownership, is_known=False)
    sent = Snapshot.from_json(listing.sent)
    where = {"shop_id": shop_id, "tiktok_shop_id": listing.tiktok_shop_id}
    found = await facts.read(session, shop_id=shop_id, product_ids=[listing.product_id])
    setting = await setting_for(session, **where, listed_with={listing.product_id: listing.template_id}, now=now)
    planned = setting.planned.get(listing.product_id)
    if planned is None or listing.product_id not in found:
        return Pending(EditPlan(), ownership, is_known=False)
    product = as_facts(found[listing.product_id], setting.currency)
    if product.status != "ACTIVE":
        gone = replace(sent, fields={**sent.fields, "on_sale": False})
        return Pending(plan_edit(sent, gone, ownership), ownership)
    frames = setting.frames({})
    built = built_for(planned, frames.by_key[planned.key], product, listed_variants(listing))
    if built.draft is not None and sent.on_sale and sent.source == fingerprint(built.draft):
        return Pending(EditPlan(), ownership)
    built = complete(built, await _shelf(session, shop_id, listing.tiktok_shop_id, built))
    if built.draft is not None:
        return Pending(plan_edit(sent, snapshot(built.draft), ownership), ownership)
    offers = built.offers
    plan = EditPlan() if offers is None else plan_edit(sent, with_offers(sent, offers), ownership)
    return Pending(plan, ownership, built.problems)


async def _shelf(
    session: Session, shop_id: UUID, tiktok_shop_id: UUID, built: Built
) -> dict[PictureNeed, Picture | Problem]:
    """Uploaded pictures as they are; others stand in."""
    urls = {need.url for need in built.needs}
    rows = await images.known(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, urls=urls) if urls else []
    there = {(row.local_url, row.image.use_case): row.image for row in rows}
    shelf: dict[PictureNeed, Picture | Problem] = {}
    for need in built.needs:
        known = there.get((need.url, need.use.value))
        shelf[need] = not_uploaded(need) if known is None else Picture(known.uri, known.url, known.width, known.height)
    return shelf
