"""Rows by key, fetched together: one statement a level of a query, however many objects ask."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol, TypeVar
from uuid import UUID

from strawberry.dataloader import DataLoader

from server.deps import Session
from server.domain.categories import CategoryRef
from server.domain.listings import ListingStatus
from server.services import (
    access,
    categories,
    mappings,
    products,
    recommendations,
    shops,
    tasks,
    templates,
    tiktok_shops,
    versions,
)
from server.services.listings import reading
from server.tables import (
    ApiToken,
    Category,
    CategoryMapping,
    CategoryTemplate,
    CategoryTree,
    Listing,
    Product,
    Recommendation,
    Shop,
    Task,
    TaskItem,
    TikTokAuthorization,
    TikTokShop,
    Variant,
    VersionAnswer,
)

Key = TypeVar("Key")
Row = TypeVar("Row")
OpenSession = Callable[[], AbstractAsyncContextManager[Session]]


class ByIds(Protocol[Row]):
    """The batch read that every noun's service offers."""

    def __call__(self, session: Session, *, shop_id: UUID, ids: Sequence[UUID]) -> Awaitable[dict[UUID, Row]]:
        """The rows of this shop among ``ids``."""
        ...


@dataclass(frozen=True, slots=True)
class CategoryKey:
    """A category as one TikTok shop sees it."""

    tiktok_shop_id: UUID
    ref: CategoryRef


TreePlace = tuple[UUID, str]
"""A tree's row id and TikTok's id of a node in it."""


@dataclass(frozen=True, slots=True)
class ListingKey:
    """A product in one TikTok shop."""

    tiktok_shop_id: UUID
    product_id: UUID


class Loaders:
    """One operation's loaders, made when first used; what they loaded is forgotten with the operation."""

    def __init__(self, session: OpenSession, shop_id: UUID) -> None:
        self._session = session
        self._shop_id = shop_id

    @cached_property
    def shop(self) -> DataLoader[UUID, Shop | None]:
        """The caller's own store; any other id is nobody's."""

        async def load(ids: list[UUID]) -> list[Shop | None]:
            async with self._session() as session:
                shop = await shops.get(session, shop_id=self._shop_id)
            return [shop if shop_id == shop.id else None for shop_id in ids]

        return DataLoader(load)

    @cached_property
    def templates(self) -> DataLoader[UUID, CategoryTemplate | None]:
        """Category templates by id."""
        return self._by_id(templates.by_ids)

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
    def tasks(self) -> DataLoader[UUID, Task | None]:
        """Tasks by id."""
        return self._by_id(tasks.by_ids)

    @cached_property
    def tiktok_shops(self) -> DataLoader[UUID, TikTokShop | None]:
        """TikTok shops by id, disconnected ones too."""
        return self._by_id(tiktok_shops.by_ids)

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
    def task_items(self) -> DataLoader[UUID, TaskItem | None]:
        """Items of tasks by id."""
        return self._by_id(tasks.items_by_ids)

    @cached_property
    def api_tokens(self) -> DataLoader[UUID, ApiToken | None]:
        """API tokens by id."""
        return self._by_id(access.by_ids)

    @cached_property
    def categories(self) -> DataLoader[CategoryKey, Category | None]:
        """Categories by what a TikTok shop calls them."""

        async def load(keys: list[CategoryKey]) -> list[Category | None]:
            known: dict[CategoryKey, Category] = {}
            async with self._session() as session:
                for tiktok_shop_id in dict.fromkeys(key.tiktok_shop_id for key in keys):
                    refs = [key.ref for key in keys if key.tiktok_shop_id == tiktok_shop_id]
                    found = await categories.by_refs(
                        session, shop_id=self._shop_id, tiktok_shop_id=tiktok_shop_id, refs=refs
                    )
                    known |= {CategoryKey(tiktok_shop_id, ref): row for ref, row in found.items()}
            return [known.get(key) for key in keys]

        return DataLoader(load)

    @cached_property
    def nodes(self) -> DataLoader[TreePlace, Category | None]:
        """Categories by their place, in the language of the tree."""

        async def load(places: list[TreePlace]) -> list[Category | None]:
            async with self._session() as session:
                found = await categories.in_trees(session, shop_id=self._shop_id, places=places)
            return [found.get(place) for place in places]

        return DataLoader(load)

    @cached_property
    def children(self) -> DataLoader[TreePlace, list[Category]]:
        """The categories right below a place, by name."""

        async def load(parents: list[TreePlace]) -> list[list[Category]]:
            async with self._session() as session:
                found = await categories.children(session, shop_id=self._shop_id, parents=parents)
            return [found[parent] for parent in parents]

        return DataLoader(load)

    @cached_property
    def trees(self) -> DataLoader[UUID, CategoryTree | None]:
        """Kept trees by id."""
        return self._by_id(categories.trees_by_ids)

    @cached_property
    def trees_of(self) -> DataLoader[UUID, list[CategoryTree]]:
        """Kept trees by TikTok shop."""

        async def load(ids: list[UUID]) -> list[list[CategoryTree]]:
            async with self._session() as session:
                found = await categories.trees_of(session, shop_id=self._shop_id, tiktok_shop_ids=ids)
            return [found[tiktok_shop_id] for tiktok_shop_id in ids]

        return DataLoader(load)

    @cached_property
    def version_answers(self) -> DataLoader[UUID, list[VersionAnswer]]:
        """What the platform told TikTok shops about the trees."""

        async def load(ids: list[UUID]) -> list[list[VersionAnswer]]:
            async with self._session() as session:
                found = await versions.answers_of(session, shop_id=self._shop_id, tiktok_shop_ids=ids)
            return [found[tiktok_shop_id] for tiktok_shop_id in ids]

        return DataLoader(load)

    def _by_id(self, fetch: ByIds[Row]) -> DataLoader[UUID, Row | None]:
        async def load(ids: list[UUID]) -> list[Row | None]:
            async with self._session() as session:
                rows: Mapping[UUID, Row] = await fetch(session, shop_id=self._shop_id, ids=ids)
            return [rows.get(row_id) for row_id in ids]

        return DataLoader(load)
