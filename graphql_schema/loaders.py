"""Rows by key, fetched together: one statement a level of a query, however many objects ask."""

from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from strawberry.dataloader import DataLoader

from graphql_schema.category_loaders import CategoryKey, CategoryLoaders
from graphql_schema.file_loaders import FileLoaders
from graphql_schema.link_loaders import LinkLoaders
from graphql_schema.task_loaders import TaskLoaders
from graphql_schema.template_loaders import TemplateLoaders
from server.domain.listings import ListingStatus
from server.domain.mappings import Source
from server.services import access, mappings, products, quota, recommendations, shops, tiktok_shops
from server.services.listings import reading
from server.services.quota import Quota
from server.tables import (
    ApiToken,
    CategoryMapping,
    Listing,
    Product,
    Recommendation,
    Shop,
    TikTokAuthorization,
    TikTokShop,
    Variant,
)

__all__ = ["EXAMPLES", "CategoryKey", "ListingKey", "Loaders"]

EXAMPLES = 3
"""Products shown of each source category."""


@dataclass(frozen=True, slots=True)
class ListingKey:
    """A product in one TikTok shop."""

    tiktok_shop_id: UUID
    product_id: UUID


class Loaders(TaskLoaders, CategoryLoaders, FileLoaders, TemplateLoaders, LinkLoaders):
    """One operation's loaders, made when first used; what they loaded is forgotten with the operation."""

    @cached_property
    def shop(self) -> DataLoader[UUID, Shop | None]:
        """The caller's own store; any other id is nobody's."""

        async def load(ids: list[UUID]) -> list[Shop | None]:
            async with self._session() as session:
                shop = await shops.get(session, shop_id=self._shop_id)
            return [shop if shop_id == shop.id else None for shop_id in ids]

        return DataLoader(load)

    @cached_property
    def examples(self) -> DataLoader[Source, list[UUID]]:
        """Products to look at, by source category."""

        async def load(sources: list[Source]) -> list[list[UUID]]:
            async with self._session() as session:
                found = await mappings.examples(session, shop_id=self._shop_id, sources=sources, amount=EXAMPLES)
            return [found[source] for source in sources]

        return DataLoader(load)

    @cached_property
    def mappings(self) -> DataLoader[UUID, CategoryMapping | None]:
        """Mappings of source categories by id."""
        return self._by_id(mappings.by_ids)

    @cached_property
    def listings(self) -> DataLoader[UUID, Listing | None]:
        """Listings by id."""
        return self._by_id(reading.by_ids)

    @cached_property
    def listings_of(self) -> DataLoader[ListingKey, Listing | None]:
        """Listings by TikTok shop and product; a statement for each TikTok shop asked about."""

        async def load(keys: list[ListingKey]) -> list[Listing | None]:
            known: dict[ListingKey, Listing] = {}
            async with self._session() as session:
                for shop in dict.fromkeys(key.tiktok_shop_id for key in keys):
                    products = [key.product_id for key in keys if key.tiktok_shop_id == shop]
                    found = await reading.by_products(
                        session, shop_id=self._shop_id, tiktok_shop_id=shop, product_ids=products
                    )
                    known |= {ListingKey(shop, product_id): row for product_id, row in found.items()}
            return [known.get(key) for key in keys]

        return DataLoader(load)

    @cached_property
    def listing_counts(self) -> DataLoader[UUID, dict[ListingStatus, int]]:
        """How many products stand where, by TikTok shop."""

        async def load(ids: list[UUID]) -> list[dict[ListingStatus, int]]:
            async with self._session() as session:
                return [
                    await reading.counts_by_status(session, shop_id=self._shop_id, tiktok_shop_id=shop) for shop in ids
                ]

        return DataLoader(load)

    @cached_property
    def tiktok_shops(self) -> DataLoader[UUID, TikTokShop | None]:
        """TikTok shops by id, disconnected ones too."""
        return self._by_id(tiktok_shops.by_ids)

    @cached_property
    def quotas(self) -> DataLoader[UUID, Quota]:
        """Where TikTok shops stand with their daily listings."""

        async def load(ids: list[UUID]) -> list[Quota]:
            async with self._session() as session:
                found = await quota.quotas(session, shop_id=self._shop_id, ids=ids, now=self._clock())
            return [found[tiktok_shop_id] for tiktok_shop_id in ids]

        return DataLoader(load)

    @cached_property
    def grants(self) -> DataLoader[UUID, TikTokAuthorization | None]:
        """The sellers' grants behind TikTok shops, by id."""
        return self._by_id(tiktok_shops.authorizations_by_ids)

    @cached_property
    def products(self) -> DataLoader[UUID, Product | None]:
        """Products by id, deleted ones too."""
        return self._by_id(products.by_ids)

    @cached_property
    def variants(self) -> DataLoader[UUID, list[Variant]]:
        """A product's variants, in the store's order."""

        async def load(ids: list[UUID]) -> list[list[Variant]]:
            async with self._session() as session:
                found = await products.variants_of(session, shop_id=self._shop_id, product_ids=ids)
            return [found.get(product_id, []) for product_id in ids]

        return DataLoader(load)

    @cached_property
    def recommendations_of(self) -> DataLoader[UUID, list[Recommendation]]:
        """A product's recommended categories, one a TikTok shop."""

        async def load(ids: list[UUID]) -> list[list[Recommendation]]:
            async with self._session() as session:
                found = await recommendations.of_products(session, shop_id=self._shop_id, product_ids=ids)
            return [found.get(product_id, []) for product_id in ids]

        return DataLoader(load)

    @cached_property
    def api_tokens(self) -> DataLoader[UUID, ApiToken | None]:
        """API tokens by id."""
        return self._by_id(access.by_ids)
