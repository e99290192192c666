"""A cross-border seller's copies of listed products in other markets: read from the platform when somebody looks."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import anyio

from server.clients.errors import Upstream
from server.domain.markets import SellerType
from server.kit.errors import AppError, Invalid
from server.services import tiktok_shops
from server.services.leaf_reading import Platform, refusal
from server.tables import Listing

MOST_AT_ONCE = 25
"""Listings that one look may ask the platform about: each costs a call."""

_CALLS = 4
"""Calls of one look under way at a time; work in the background keeps the rest of the pace."""


@dataclass(frozen=True, slots=True)
class Replica:
    """A copy in another market; ids and status as the platform writes them (TikTok fact sheet 6)."""

    region: str
    shop_id: str
    remote_id: str
    status: str


Replicas = tuple[Replica, ...]


async def read(platform: Platform, *, shop_id: UUID, listings: Sequence[Listing]) -> dict[UUID, Replicas | AppError]:
    """The copies of each listing, by its id. Call it with no transaction open.

    Local sellers have none, and what is not on TikTok Shop neither: no call is made. A refusal is told in its place.
    """
    async with platform.database.read() as session:
        ids = sorted({one.tiktok_shop_id for one in listings})
        shops = await tiktok_shops.by_ids(session, shop_id=shop_id, ids=ids)
    abroad = {one.id for one in shops.values() if one.seller_type is SellerType.CROSS_BORDER}
    asked = [one for one in listings if one.tiktok_shop_id in abroad and one.remote_id]
    found: dict[UUID, Replicas | AppError] = {one.id: () for one in listings}
    too_many = Invalid(f"The copies of at most {MOST_AT_ONCE} listings can be read at once: ask for fewer.")
    found |= {one.id: too_many for one in asked}
    slots = anyio.Semaphore(_CALLS)

    async def ask(listing: Listing) -> None:
        async with slots:
            found[listing.id] = await _asked(platform, shop_id, listing)

    async with anyio.create_task_group() as group:
        for one in asked[:MOST_AT_ONCE]:
            group.start_soon(ask, one)
    return found


async def _asked(platform: Platform, shop_id: UUID, listing: Listing) -> Replicas | AppError:
    where = {"shop_id": shop_id, "tiktok_shop_id": listing.tiktok_shop_id}
    clock = platform.clock
    try:
        async with platform.database.read() as session:
            await tiktok_shops.connected(session, **where, now=clock())
        source = tiktok_shops.token_source(platform.database, platform.vault, platform.tiktok, **where, clock=clock)
        rows = await platform.tiktok.products.replicas(source, listing.remote_id or "")
    except Upstream as error:
        return refusal(error)
    except AppError as error:
        return error
    return tuple(Replica(one.region, one.shop_id, one.product_id, one.product_status) for one in rows)
