"""What stands on TikTok Shop, fetched together."""

from functools import cached_property
from uuid import UUID

from strawberry.dataloader import DataLoader

from graphql_schema.loading import LoaderBase
from server.services.listings.mirror import remote
from server.tables import LinkProposal, Listing, RemoteProduct, RemoteShelf

RemotePlace = tuple[UUID, str]
"""A TikTok shop's row id and TikTok's id of a product."""


class LinkLoaders(LoaderBase):
    """Of one operation."""

    @cached_property
    def shelves(self) -> DataLoader[UUID, RemoteShelf | None]:
        """How well TikTok shops are known."""

        async def load(ids: list[UUID]) -> list[RemoteShelf | None]:
            async with self._session() as session:
                found = await remote.shelves(session, shop_id=self._shop_id, tiktok_shop_ids=ids)
            return [found.get(tiktok_shop_id) for tiktok_shop_id in ids]

        return DataLoader(load)

    @cached_property
    def remote_products(self) -> DataLoader[UUID, RemoteProduct | None]:
        """Products on TikTok Shop by row id."""
        return self._by_id(remote.by_ids)

    @cached_property
    def link_proposals(self) -> DataLoader[UUID, LinkProposal | None]:
        """Proposals by id."""
        return self._by_id(remote.proposals_by_ids)

    @cached_property
    def remote_products_at(self) -> DataLoader[RemotePlace, RemoteProduct | None]:
        """Products on TikTok Shop by what TikTok calls them; a statement for each TikTok shop asked about."""

        async def load(places: list[RemotePlace]) -> list[RemoteProduct | None]:
            found: dict[RemotePlace, RemoteProduct] = {}
            async with self._session() as session:
                for shop, ids in _by_shop(places).items():
                    rows = await remote.known(session, shop_id=self._shop_id, tiktok_shop_id=shop, remote_ids=ids)
                    found |= {(shop, remote_id): row for remote_id, row in rows.items()}
            return [found.get(place) for place in places]

        return DataLoader(load)

    @cached_property
    def listings_at(self) -> DataLoader[RemotePlace, Listing | None]:
        """The listings that stand for products on TikTok Shop."""

        async def load(places: list[RemotePlace]) -> list[Listing | None]:
            found: dict[RemotePlace, Listing] = {}
            async with self._session() as session:
                for shop, ids in _by_shop(places).items():
                    rows = await remote.listings_of(session, shop_id=self._shop_id, tiktok_shop_id=shop, remote_ids=ids)
                    found |= {(shop, remote_id): row for remote_id, row in rows.items()}
            return [found.get(place) for place in places]

        return DataLoader(load)


def _by_shop(places: list[RemotePlace]) -> dict[UUID, list[str]]:
    found: dict[UUID, list[str]] = {}
    for shop, remote_id in places:
        found.setdefault(shop, []).append(remote_id)
    return found
