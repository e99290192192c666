"""A cross-border seller's copies of a listing in other markets."""

from uuid import UUID
from weakref import WeakKeyDictionary

import strawberry
from strawberry.dataloader import DataLoader

from graphql_schema.context import Info, Reading
from graphql_schema.leaves import give_back, platform_of
from server.kit.errors import AppError
from server.services.listings.mirror import replicas
from server.services.listings.mirror.replicas import Replica, Replicas


@strawberry.type
class ListingReplica:
    """A copy of a product that its seller made for another market, as TikTok tells of it."""

    region: str = strawberry.field(description="The market, as TikTok names it, e.g. `JP`.")
    shop_id: str = strawberry.field(description="TikTok's id of the shop it stands in.")
    remote_id: str = strawberry.field(description="TikTok's id of the copy.")
    status: str = strawberry.field(description="Its status in TikTok's own word; `ACTIVE` is on sale.")

    @classmethod
    def of(cls, one: Replica) -> "ListingReplica":
        """A service's value as clients see it."""
        return cls(region=one.region, shop_id=one.shop_id, remote_id=one.remote_id, status=one.status)


_loaders: WeakKeyDictionary[Reading, DataLoader[UUID, Replicas]] = WeakKeyDictionary()
"""One loader an operation."""


async def load_replicas(info: Info, listing_id: UUID) -> list[ListingReplica]:
    """The copies of one listing, read together with those of all others that the operation asks about."""
    reading = info.context.reading
    if reading not in _loaders:
        _loaders[reading] = DataLoader(lambda keys: _load(info, keys))
    return [ListingReplica.of(one) for one in await _loaders[reading].load(listing_id)]


async def _load(info: Info, keys: list[UUID]) -> list[Replicas | AppError]:
    rows = [row for row in await info.context.loaders.listings.load_many(keys) if row is not None]
    await give_back(info)
    found = await replicas.read(platform_of(info), shop_id=info.context.shop_id, listings=rows)
    return [found.get(key, ()) for key in keys]
