"""Templates and what belongs to them by key, fetched together."""

from functools import cached_property
from uuid import UUID

from strawberry.dataloader import DataLoader

from graphql_schema.loading import LoaderBase
from server.domain.problems import Problem
from server.services import templates
from server.services.templates import assigning, blocks, conflicts, explaining, judging, overriding
from server.services.templates.conflicts import Tallies
from server.services.templates.explaining import Explanation
from server.tables import CategoryTemplate, ProductOverride, TemplateBlock

TemplateOfProduct = tuple[UUID, UUID]
"""A TikTok shop's row id and a product's."""


class TemplateLoaders(LoaderBase):
    """Of one operation."""

    @cached_property
    def templates(self) -> DataLoader[UUID, CategoryTemplate | None]:
        """Category templates by id."""
        return self._by_id(templates.by_ids)

    @cached_property
    def template_blocks(self) -> DataLoader[UUID, TemplateBlock | None]:
        """Shared blocks by id."""
        return self._by_id(blocks.by_ids)

    @cached_property
    def block_users(self) -> DataLoader[UUID, list[CategoryTemplate]]:
        """The templates that use a block."""

        async def load(ids: list[UUID]) -> list[list[CategoryTemplate]]:
            async with self._session() as session:
                found = await blocks.users(session, shop_id=self._shop_id, ids=ids)
            return [found[block_id] for block_id in ids]

        return DataLoader(load)

    @cached_property
    def assigned_counts(self) -> DataLoader[UUID, int]:
        """How many products were given to a template by hand."""

        async def load(ids: list[UUID]) -> list[int]:
            async with self._session() as session:
                found = await assigning.counts(session, shop_id=self._shop_id, ids=ids)
            return [found.get(template_id, 0) for template_id in ids]

        return DataLoader(load)

    @cached_property
    def template_tallies(self) -> DataLoader[UUID, Tallies]:
        """How many products each template of a TikTok shop matches and takes; a statement a TikTok shop."""

        async def load(ids: list[UUID]) -> list[Tallies]:
            async with self._session() as session:
                return [await conflicts.tallies(session, shop_id=self._shop_id, tiktok_shop_id=shop) for shop in ids]

        return DataLoader(load)

    @cached_property
    def template_problems(self) -> DataLoader[UUID, tuple[Problem, ...]]:
        """What is wrong with templates today."""

        async def load(ids: list[UUID]) -> list[tuple[Problem, ...]]:
            async with self._session() as session:
                rows = await templates.by_ids(session, shop_id=self._shop_id, ids=ids)
                found = await judging.problems_of(
                    session, shop_id=self._shop_id, rows=list(rows.values()), now=self._clock()
                )
            return [found.get(template_id, ()) for template_id in ids]

        return DataLoader(load)

    @cached_property
    def explanations(self) -> DataLoader[TemplateOfProduct, Explanation | None]:
        """Which template takes a product and why; three statements for each TikTok shop asked about."""

        async def load(keys: list[TemplateOfProduct]) -> list[Explanation | None]:
            known: dict[TemplateOfProduct, Explanation] = {}
            async with self._session() as session:
                for shop in dict.fromkeys(shop for shop, _ in keys):
                    products = [product for at, product in keys if at == shop]
                    found = await explaining.explain(
                        session, shop_id=self._shop_id, tiktok_shop_id=shop, product_ids=products
                    )
                    known |= {(shop, product_id): one for product_id, one in found.items()}
            return [known.get(key) for key in keys]

        return DataLoader(load)

    @cached_property
    def overrides_of(self) -> DataLoader[TemplateOfProduct, ProductOverride | None]:
        """What a product has of its own; a statement for each TikTok shop asked about."""

        async def load(keys: list[TemplateOfProduct]) -> list[ProductOverride | None]:
            known: dict[TemplateOfProduct, ProductOverride] = {}
            async with self._session() as session:
                for shop in dict.fromkeys(shop for shop, _ in keys):
                    products = [product for at, product in keys if at == shop]
                    found = await overriding.by_products(
                        session, shop_id=self._shop_id, tiktok_shop_id=shop, product_ids=products
                    )
                    known |= {(shop, product_id): row for product_id, row in found.items()}
            return [known.get(key) for key in keys]

        return DataLoader(load)
