"""What stands on TikTok Shop, as clients read it; and linking by hand, which reads the product first."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from server.clients.errors import Upstream, UpstreamKind
from server.clients.tiktok import TikTokClient
from server.clients.tiktok_product_answers import TikTokProduct
from server.domain.linking import LinkState, OnMatch
from server.domain.paging import Page, PageArgs
from server.feed import Feed
from server.kit.clock import Clock
from server.kit.errors import Conflict, NotFound, Unavailable
from server.kit.secrets import Vault
from server.services import tiktok_shops
from server.services.listings.mirror.linking import link_by_hand
from server.store import link_matches, link_proposals, remote_listings, remote_products, remote_shelves
from server.store.session import Database, Session
from server.tables import LinkProposal, Listing, RemoteProduct, RemoteShelf, TikTokShop

_REMOTE = ("input", "remoteId")


@dataclass(frozen=True, slots=True)
class Platform:
    """What reading from TikTok Shop takes; no transaction is open meanwhile."""

    database: Database
    vault: Vault
    tiktok: TikTokClient
    feed: Feed
    clock: Clock


async def link(
    platform: Platform, *, shop_id: UUID, tiktok_shop_id: UUID, product_id: UUID, remote_id: str, by: str
) -> Listing:
    """Tie a product of the store to one on TikTok Shop, which is read first: what is not there cannot be linked.

    ``NotFound`` for either, ``Conflict`` when one of them has a listing in the way or the shop is not connected,
    ``Unavailable`` while TikTok Shop does not answer.
    """
    where = {"shop_id": shop_id, "tiktok_shop_id": tiktok_shop_id}
    async with platform.database.read() as session:
        await tiktok_shops.connected(session, **where, now=platform.clock())
        if not await link_matches.products(session, shop_id=shop_id, ids=[product_id]):
            raise NotFound("There is no such product in this store.", field=("input", "productId"))
    remote = await _read(platform, shop_id, tiktok_shop_id, remote_id)
    async with platform.database.write() as session:
        return await link_by_hand(
            session, platform.feed, **where, product_id=product_id, remote=remote, by=by, now=platform.clock()
        )


async def _read(platform: Platform, shop_id: UUID, tiktok_shop_id: UUID, remote_id: str) -> TikTokProduct:
    if not (remote_id.isascii() and remote_id.isdecimal() and len(remote_id) <= 32):
        raise NotFound("TikTok Shop's product ids are numbers of up to 32 digits.", field=_REMOTE)
    source = tiktok_shops.token_source(
        platform.database,
        platform.vault,
        platform.tiktok,
        shop_id=shop_id,
        tiktok_shop_id=tiktok_shop_id,
        clock=platform.clock,
    )
    try:
        return await platform.tiktok.products.get(source, remote_id)
    except Upstream as error:
        refused = error
    if refused.code in ("LISTING_UNKNOWN", "LISTING_STATE_REFUSED"):
        raise NotFound("TikTok Shop shows no such product in this shop: unknown, deleted or frozen.", field=_REMOTE)
    if refused.kind in (UpstreamKind.NEEDS_AUTHORIZATION, UpstreamKind.NEEDS_PERMISSION):
        raise Conflict(refused.message, code="AUTHORIZATION_NEEDED", field=("input", "tiktokShopId"))
    raise Unavailable(refused.message)


async def set_on_match(
    session: Session, feed: Feed, *, shop_id: UUID, tiktok_shop_id: UUID, on_match: OnMatch, clock: Clock
) -> TikTokShop:
    """What listing does from now on with products that seem to be on TikTok Shop already."""
    where = {"shop_id": shop_id, "tiktok_shop_id": tiktok_shop_id}
    shop = await tiktok_shops.get(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id)
    await remote_shelves.of(session, **where, now=clock())
    await remote_shelves.change(session, **where, on_match=on_match)
    tiktok_shops.ring(session, feed, shop_id)
    return shop


async def page(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, linked: bool | None, args: PageArgs
) -> Page[RemoteProduct]:
    """Products on TikTok Shop, the newest first; ``linked``: those that a listing stands for, or the others."""
    return await remote_products.page(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, linked=linked, args=args)


async def proposals(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, states: Sequence[LinkState], args: PageArgs
) -> Page[LinkProposal]:
    """Pairs that may be one product; no states means all."""
    return await link_proposals.page(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, states=states, args=args)


async def shelves(session: Session, *, shop_id: UUID, tiktok_shop_ids: Sequence[UUID]) -> dict[UUID, RemoteShelf]:
    """How well TikTok shops are known; for loaders."""
    return await remote_shelves.by_tiktok_shops(session, shop_id=shop_id, tiktok_shop_ids=tiktok_shop_ids)


async def by_ids(session: Session, *, shop_id: UUID, ids: Sequence[UUID]) -> dict[UUID, RemoteProduct]:
    """Those of the products that are in the shop's mirrors; for loaders."""
    return await remote_products.by_ids(session, shop_id=shop_id, ids=ids)


async def proposals_by_ids(session: Session, *, shop_id: UUID, ids: Sequence[UUID]) -> dict[UUID, LinkProposal]:
    """Those of the proposals that are the shop's; for loaders."""
    return await link_proposals.by_ids(session, shop_id=shop_id, ids=ids)


async def known(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, remote_ids: Sequence[str]
) -> dict[str, RemoteProduct]:
    """Products by TikTok's id; for loaders."""
    return await remote_products.known(session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, remote_ids=remote_ids)


async def listings_of(
    session: Session, *, shop_id: UUID, tiktok_shop_id: UUID, remote_ids: Sequence[str]
) -> dict[str, Listing]:
    """The listings that stand for them; for loaders."""
    return await remote_listings.listings(
        session, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id, remote_ids=remote_ids
    )
