"""Categories and their trees by key, fetched together."""

from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from strawberry.dataloader import DataLoader

from graphql_schema.loading import LoaderBase
from server.domain.categories import CategoryRef
from server.services import categories, versions
from server.tables import Category, CategoryTree, VersionAnswer


@dataclass(frozen=True, slots=True)
class CategoryKey:
    """A category as one TikTok shop sees it."""

    tiktok_shop_id: UUID
    ref: CategoryRef


TreePlace = tuple[UUID, str]
"""A tree's row id and TikTok's id of a node in it."""


class CategoryLoaders(LoaderBase):
    """Of one operation."""

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
