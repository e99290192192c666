"""Linking products of the store to what stands on TikTok Shop already: by itself when certain, by hand, and undone."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from server.clients.tiktok_product_answers import TikTokProduct
from server.domain.actors import SYSTEM
from server.domain.categories import CategoryRef
from server.domain.history import Change, ChangeCause, ChangeKind
from server.domain.linking import (
    Candidate,
    LinkState,
    Matching,
    OnMatch,
    Pair,
    StoreProduct,
    evidence,
    match,
    same_code,
    same_sku,
)
from server.domain.listings import ListingStatus
from server.feed import Feed
from server.kit.clock import from_unix
from server.kit.errors import Conflict, NotFound
from server.services import tiktok_shops
from server.services.listings.mirror.mirroring import as_remote, take_details
from server.services.listings.news.audits import standing_of
from server.store import (
    intents,
    link_matches,
    link_proposals,
    links,
    listing_history,
    listings,
    remote_products,
    remote_shelves,
)
from server.store.intents import ClosedIntent
from server.store.links import NewLink
from server.store.session import Session
from server.tables import LinkProposal, Listing, RemoteProduct


async def link_what_is_certain(
    session: Session, feed: Feed, *, shop_id: UUID, tiktok_shop_id: UUID, task_id: UUID | None, now: datetime
) -> int:
    """Match the store with the mirror: certain pairs are linked, the others wait as proposals. Returns how many linked.

    One at a time for a TikTok shop. Where the merchant wants to decide alone, certain pairs wait too.
    """
    where = {"shop_id": shop_id, "tiktok_shop_id": tiktok_shop_id}
    shelf = await remote_shelves.of(session, **where, now=now)
    await remote_shelves.lock(session, **where)
    rows, matching, ours = await _matched(session, shop_id, tiktok_shop_id)
    wanted = matching.certain if shelf.on_match is OnMatch.LINK else ()
    new = {one.pair.product_id: _new_link(rows[one.pair.remote_id], ours[one.pair.product_id]) for one in wanted}
    made = await links.link(session, **where, links=list(new.values()), now=now)
    linked = [one for one in wanted if one.pair.product_id in made]
    changes = [
        _line(made[one.pair.product_id], ChangeKind.LINKED, ChangeCause.SWEEP, SYSTEM, one.pair.remote_id, now, task_id)
        for one in linked
    ]
    await listing_history.add(session, shop_id=shop_id, changes=changes)
    waiting = [*matching.open, *(one for one in matching.certain if one.pair.product_id not in made)]
    await link_proposals.propose(session, **where, candidates=waiting, now=now)
    await link_proposals.decide(session, **where, candidates=linked, state=LinkState.LINKED, by=SYSTEM, now=now)
    if linked:
        tiktok_shops.ring(session, feed, shop_id)
    return len(linked)


async def _matched(
    session: Session, shop_id: UUID, tiktok_shop_id: UUID
) -> tuple[dict[str, RemoteProduct], Matching, dict[UUID, StoreProduct]]:
    met = await link_matches.met(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id)
    by_row = await remote_products.by_ids(session, shop_id=shop_id, ids=list({one.remote_row for one in met}))
    rows = {row.remote_id: row for row in by_row.values()}
    ours = await link_matches.products(session, shop_id=shop_id, ids={one.product_id for one in met})
    refused = await link_proposals.decided_apart(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id)
    matching = match(ours, [as_remote(row) for row in rows.values()], refused)
    return rows, matching, {product.id: product for product in ours}


async def link_by_hand(
    session: Session,
    feed: Feed,
    *,
    shop_id: UUID,
    tiktok_shop_id: UUID,
    product_id: UUID,
    remote: TikTokProduct,
    by: str,
    now: datetime,
) -> Listing:
    """Tie a product to ``remote``, which was read just now. Also what was taken apart before can be tied again.

    ``Conflict`` when either has a listing that stands in the way; linking again what is linked changes nothing.
    """
    where = {"shop_id": shop_id, "tiktok_shop_id": tiktok_shop_id}
    await tiktok_shops.connected(session, **where, now=now)
    known = await link_matches.products(session, shop_id=shop_id, ids=[product_id])
    if not known:
        raise NotFound("There is no such product in this store.", field=_PRODUCT)
    product = known[0]
    held = (await listings.lock(session, **where, product_ids=[product_id])).get(product_id)
    if held is not None and held.remote_id == remote.id and held.status is not ListingStatus.DELETED:
        return held
    await _nothing_in_the_way(session, held, where, remote.id)
    await take_details(session, feed, **where, products=[remote], mark=None, now=now)
    row = (await remote_products.known(session, **where, remote_ids=[remote.id]))[remote.id]
    made = await links.link(session, **where, links=[_new_link(row, product, remote)], now=now)
    if product_id not in made:
        raise Conflict("The product is being listed this moment; try again when that has ended.", field=_PRODUCT)
    line = _line(made[product_id], ChangeKind.LINKED, ChangeCause.MERCHANT, by, remote.id, now)
    await listing_history.add(session, shop_id=shop_id, changes=[line])
    pair = Candidate(Pair(product_id, remote.id), evidence(product, as_remote(row)))
    await link_proposals.decide(session, **where, candidates=[pair], state=LinkState.LINKED, by=by, now=now)
    await link_proposals.drop_rivals(session, **where, pair=pair.pair)
    tiktok_shops.ring(session, feed, shop_id)
    return await _listing(session, shop_id, made[product_id])


_PRODUCT, _REMOTE = ("input", "productId"), ("input", "remoteId")


async def _nothing_in_the_way(
    session: Session, held: Listing | None, where: Mapping[str, UUID], remote_id: str
) -> None:
    if held is not None and held.remote_id is not None and held.status is not ListingStatus.DELETED:
        message = f"The product is on TikTok Shop as {held.remote_id} already; unlink that first."
        raise Conflict(message, field=_PRODUCT)
    other = await listings.lock_remote(
        session, shop_id=where["shop_id"], tiktok_shop_id=where["tiktok_shop_id"], remote_id=remote_id
    )
    if other is not None and (held is None or other.id != held.id) and other.status is not ListingStatus.DELETED:
        raise Conflict("Another product of the store is linked to it; unlink that one first.", field=_REMOTE)


async def unlink(session: Session, feed: Feed, *, shop_id: UUID, listing_id: UUID, by: str, now: datetime) -> Listing:
    """Let go of a listing's product on TikTok Shop, which stays as it is; the pair is never linked by itself again.

    ``Conflict`` when the listing stands for nothing there, or a worker is at it. What became of an edit that nobody
    goes on with does not matter any more.
    """
    row = await _listing(session, shop_id, listing_id)
    locked = await listings.lock(
        session, shop_id=shop_id, tiktok_shop_id=row.tiktok_shop_id, product_ids=[row.product_id]
    )
    row = locked[row.product_id]
    if row.remote_id is None:
        raise Conflict("The listing is not linked to a product on TikTok Shop.", field=("listingId",))
    under_way = (await intents.open_of(session, shop_id=shop_id, listing_ids=[row.id])).get(row.id)
    if under_way is not None and under_way.owner_works:
        raise Conflict("The listing is being worked on; try again when that has ended.", field=("listingId",))
    pair = Candidate(Pair(row.product_id, row.remote_id), ())
    where = {"shop_id": shop_id, "tiktok_shop_id": row.tiktok_shop_id}
    await link_proposals.decide(session, **where, candidates=[pair], state=LinkState.UNLINKED, by=by, now=now)
    line = _line(row.id, ChangeKind.UNLINKED, ChangeCause.MERCHANT, by, row.remote_id, now)
    await listing_history.add(session, shop_id=shop_id, changes=[line])
    await intents.close(session, shop_id=shop_id, closed=[ClosedIntent(row.id, "MOOT")], now=now)
    await links.unlink(session, shop_id=shop_id, listing_id=row.id, now=now)
    tiktok_shops.ring(session, feed, shop_id)
    return await _listing(session, shop_id, listing_id)


async def reject(session: Session, *, shop_id: UUID, proposal_id: UUID, by: str, now: datetime) -> LinkProposal:
    """These are two products: neither linked by itself nor in the way of a creation. Twice changes nothing."""
    found = await link_proposals.by_ids(session, shop_id=shop_id, ids=[proposal_id])
    if proposal_id not in found:
        raise NotFound("There is no such proposal in this shop.", field=("id",))
    row = found[proposal_id]
    if row.state is LinkState.LINKED:
        raise Conflict("The two are linked; unlink the listing first.", field=("id",))
    if row.state is not LinkState.REJECTED:
        row.state, row.decided_by, row.decided_at = LinkState.REJECTED, by[:128], now
        session.add(row)
        await session.flush()
    return row


async def _listing(session: Session, shop_id: UUID, listing_id: UUID) -> Listing:
    found = await listings.by_ids(session, shop_id=shop_id, ids=[listing_id])
    if listing_id not in found:
        raise NotFound("There is no such listing in this shop.", field=("listingId",))
    await session.refresh(found[listing_id])
    return found[listing_id]


def _line(
    listing_id: UUID,
    kind: ChangeKind,
    cause: ChangeCause,
    by: str,
    remote_id: str,
    now: datetime,
    task_id: UUID | None = None,
) -> Change:
    before, after = (None, remote_id) if kind is ChangeKind.LINKED else (remote_id, None)
    return Change(listing_id, kind, cause, by, now, task_id, fields={"remote_id": [before, after]})


def _new_link(row: RemoteProduct, product: StoreProduct, read: TikTokProduct | None = None) -> NewLink:
    """What the mirror knows; a product that was read this moment also tells why it stands as it does."""
    category = CategoryRef(row.category_id, row.category_version) if row.category_id and row.category_version else None
    seen = read or TikTokProduct(id=row.remote_id, status=row.status)
    status, problems = standing_of(seen)
    return NewLink(
        product_id=product.id,
        remote_id=row.remote_id,
        skus=tuple(mapped(row.skus, product)),
        category=category,
        status=status,
        problems=tuple(problem.to_json() for problem in problems),
        told_at=from_unix(read.update_time) if read else row.source_updated_at,
    )


def mapped(skus: Sequence[Mapping[str, Any]], product: StoreProduct) -> list[dict[str, Any]]:
    """SKUs as listings keep them, each with the variant it stands for, if that can be told: by id, SKU, code, or alone.

    A variant is given to one SKU only.
    """
    taken: set[str] = set()
    found = []
    for sku in skus:
        variant = _variant_of(sku, product, taken, alone=len(skus) == len(product.variants) == 1)
        taken |= {variant} if variant else set()
        kept = {"id": sku["id"], "external_sku_id": variant, "seller_sku": sku["seller_sku"], "axes": sku["axes"]}
        found.append(kept)
    return found


def _variant_of(sku: Mapping[str, Any], product: StoreProduct, taken: Collection[str], *, alone: bool) -> str:
    code, seller_sku = same_code(sku["identifier"]), same_sku(sku["seller_sku"])
    free = [variant for variant in product.variants if variant.remote_id not in taken]
    ways = (
        [one for one in free if one.remote_id == sku["external_sku_id"]],
        [one for one in free if seller_sku and same_sku(one.sku) == seller_sku],
        [one for one in free if code and same_code(one.barcode) == code],
        free if alone else [],
    )
    return next((way[0].remote_id for way in ways if len(way) == 1), "")
