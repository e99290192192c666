"""Templates and what belongs to them by key, fetched together."""

from functools import cached_property
from uuid import UUID

from strawberry.dataloader import DataLoader

from graphql_schema.loading import LoaderBase
from server.services import templates
from server.services.templates import assigning, blocks, overriding
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
