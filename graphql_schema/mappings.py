"""Mappings: which leaf the products of a source category go to."""

import asyncio
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, cast
from uuid import UUID

import strawberry

from graphql_schema.actors import Actor
from graphql_schema.categories import Category, CategoryRefOutput, load_category
from graphql_schema.context import Info
from graphql_schema.enums import publish
from graphql_schema.loaders import EXAMPLES
from graphql_schema.nodes import Node, find_row, findable, gid, row_id
from graphql_schema.paging import After, Before, Connection, First, Last, connection_of, page_args
from graphql_schema.permissions import ReadProducts
from graphql_schema.tiktok_shops import TikTokShop, load_tiktok_shop
from server import tables
from server.domain.categories import CategoryRef
from server.domain.mappings import MappingOrigin, Source, SourceKind, Standing
from server.services import mappings

if TYPE_CHECKING:
    from graphql_schema.products import Product

publish(
    SourceKind,
    "What a store sorts its products by, in the order in which mappings are asked.",
    {
        SourceKind.SHOPIFY_CATEGORY: "A category of Shopify's own taxonomy, with everything below it.",
        SourceKind.PRODUCT_TYPE: "The merchant's own product type, whatever the case of its letters A to Z.",
        SourceKind.COLLECTION: "A collection of the store.",
    },
    name="MappingSourceKind",
)
publish(
    MappingOrigin,
    "How a mapping came about.",
    {
        MappingOrigin.MANUAL: "Somebody set it. Nothing but a hand changes it.",
        MappingOrigin.RECOMMENDED: "An approved recommendation set it.",
        MappingOrigin.LEARNED: "Confirmed choices agreed on it.",
    },
)


@strawberry.type
class MappingSource:
    """A source category: what the store itself sorts products by."""

    kind: SourceKind = strawberry.field(description="What kind of category.")
    key: str = strawberry.field(description="The product type, folded, or Shopify's own id.")
    name: str = strawberry.field(description="What people call it; a collection with no known title goes by its id.")


@strawberry.type
class CategoryMapping(Node):
    """The leaf that products of a source category go to in a TikTok shop."""

    row: strawberry.Private[tables.CategoryMapping]
    source: MappingSource = strawberry.field(description="Which products.")
    category_ref: CategoryRefOutput = strawberry.field(description="The leaf that they go to.")
    origin: MappingOrigin = strawberry.field(description="How the mapping came about.")
    set_by: Actor = strawberry.field(description="Who set it, or whose choice it was learned from.")
    agreeing: int | None = strawberry.field(description="Of a learned one: so many products spoke for the leaf.")
    seen: int | None = strawberry.field(description="Of a learned one: so many products were looked at.")
    created_at: datetime = strawberry.field(description="When the source category was first mapped.")
    updated_at: datetime = strawberry.field(description="When the mapping was last changed.")

    @classmethod
    def of_row(cls, row: tables.CategoryMapping) -> "CategoryMapping":
        """A row as clients see it."""
        return cls(
            id=gid("CategoryMapping", row.id),
            row=row,
            source=MappingSource(kind=row.kind, key=row.key, name=row.name),
            category_ref=CategoryRefOutput(id=row.category_id, version=row.category_version),
            origin=row.origin,
            set_by=Actor.of(row.set_by),
            agreeing=row.agreeing,
            seen=row.seen,
            created_at=row.created_at,
            updated_at=row.updated_at,
        )

    @strawberry.field
    async def category(self, info: Info) -> Category | None:
        """The leaf itself; null when the kept tree has it no longer."""
        ref = CategoryRef(self.row.category_id, self.row.category_version)
        return await load_category(info, self.row.tiktok_shop_id, ref)

    @strawberry.field(name="tiktokShop")
    async def tiktok_shop(self, info: Info) -> TikTokShop | None:
        """The TikTok shop that it holds for."""
        return await load_tiktok_shop(info, self.row.tiktok_shop_id)


@findable("CategoryMapping")
async def load_mapping(info: Info, mapping_id: UUID) -> CategoryMapping | None:
    """A mapping by row id, through this operation's loader."""
    row = await info.context.loaders.mappings.load(mapping_id)
    return None if row is None else CategoryMapping.of_row(row)


@strawberry.type
class SourceCategoryStanding:
    """A source category of the store, with its products and the mapping in force."""

    mapping_id: strawberry.Private[UUID | None]
    source: MappingSource = strawberry.field(description="The source category.")
    products_count: int = strawberry.field(
        description="How many products are in it now; of a Shopify category also those below it."
    )
    is_mapped: bool = strawberry.field(description="Whether a mapping holds for it, its own or an inherited one.")
    is_inherited: bool = strawberry.field(description="The mapping is of a Shopify category above it.")

    @classmethod
    def of(cls, standing: Standing) -> "SourceCategoryStanding":
        """A line of the list as clients see it."""
        return cls(
            mapping_id=standing.mapping_id,
            source=MappingSource(kind=standing.kind, key=standing.key, name=standing.name),
            products_count=standing.products,
            is_mapped=standing.mapping_id is not None,
            is_inherited=standing.is_inherited,
        )

    @strawberry.field(description=f"Up to {EXAMPLES} of its products to look at, those that changed last first.")
    async def examples(self, info: Info) -> list[Annotated["Product", strawberry.lazy("graphql_schema.products")]]:
        """Fetched for the whole page at once."""
        ids = await info.context.loaders.examples.load(Source(self.source.kind, self.source.key))
        found = await asyncio.gather(*(find_row(info, "Product", product_id) for product_id in ids))
        return [cast("Product", product) for product in found if product is not None]

    @strawberry.field
    async def mapping(self, info: Info) -> CategoryMapping | None:
        """The mapping in force; null when there is none."""
        return None if self.mapping_id is None else await load_mapping(info, self.mapping_id)


@strawberry.input
class CategoryMappingsFilter:
    """Which source categories. Without any of these: all of them."""

    mapped: bool | None = strawberry.field(default=None, description="Only those with a mapping, or only without.")
    kinds: list[SourceKind] | None = strawberry.field(default=None, description="Only of these kinds.")
    search: str | None = strawberry.field(default=None, description="Only those whose name holds all of these words.")


@strawberry.type
class MappingQuery:
    """Mappings of source categories."""

    @strawberry.field(permission_classes=[ReadProducts])
    async def category_mappings(
        self,
        info: Info,
        tiktok_shop_id: Annotated[
            strawberry.ID,
            strawberry.argument(name="tiktokShopId", description="The TikTok shop whose mappings."),
        ],
        filter: Annotated[CategoryMappingsFilter | None, strawberry.argument(description="Which categories.")] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[SourceCategoryStanding]:
        """The store's source categories, mapped or not, those with most products first."""
        wanted = filter or CategoryMappingsFilter()
        args = page_args(info, first, after, last, before)
        async with info.context.read() as session:
            page = await mappings.page(
                session,
                shop_id=info.context.shop_id,
                tiktok_shop_id=row_id("TikTokShop", tiktok_shop_id, "tiktokShopId"),
                mapped=wanted.mapped,
                kinds=wanted.kinds or (),
                search=wanted.search,
                args=args,
            )
        return connection_of(page, SourceCategoryStanding.of)


@strawberry.input
class MappingSourceInput:
    """A source category."""

    kind: SourceKind = strawberry.field(description="What kind of category.")
    key: str = strawberry.field(
        description="The product type, or Shopify's id: `gid://shopify/TaxonomyCategory/...`, `gid://shopify/Collection/...`."
    )

    def read(self) -> Source:
        """As the services take it."""
        return Source(self.kind, self.key)
