"""Category templates: how a merchant describes listings."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, cast
from uuid import UUID

import strawberry

from graphql_schema.categories import Category, CategoryRefOutput, load_category
from graphql_schema.context import Info
from graphql_schema.nodes import Node, find_row, findable, gid, row_id
from graphql_schema.paging import After, Before, Connection, First, Last, connection_of, page_args
from graphql_schema.permissions import ReadProducts
from graphql_schema.problems import Problem
from graphql_schema.template_blocks import TemplateBlock
from graphql_schema.template_revisions import TemplateRevision
from graphql_schema.template_rules import TemplateCondition
from graphql_schema.template_types import TemplateContentFields
from graphql_schema.tiktok_shops import TikTokShop, load_tiktok_shop
from server import tables
from server.domain.template_json import content_from_json
from server.services import templates
from server.services.templates import applying, assigning, conflicts, taking
from server.services.templates.competition import Affected
from server.services.templates.drafts import blocks_of, category_of

if TYPE_CHECKING:
    from graphql_schema.products import Product


@strawberry.type
class DeadTemplateCondition:
    """A condition that holds for no product of the store: likely a slip of the pen."""

    path: list[str] = strawberry.field(description='Where it stands in the rules, e.g. `["conditions", "0"]`.')
    condition: TemplateCondition = strawberry.field(description="The condition.")

    @classmethod
    def of(cls, dead: conflicts.DeadCondition) -> "DeadTemplateCondition":
        """A service's value as clients see it."""
        return cls(path=list(dead.path), condition=TemplateCondition.of(dead.condition))


@strawberry.type
class AffectedListings:
    """Listings on TikTok Shop that a template has to do with."""

    affected: strawberry.Private[Affected]
    count: int = strawberry.field(description="How many.")

    @classmethod
    def of(cls, affected: Affected) -> "AffectedListings":
        """A service's value as clients see it."""
        return cls(affected=affected, count=affected.count)

    @strawberry.field
    async def products(self, info: Info) -> list[Annotated["Product", strawberry.lazy("graphql_schema.products")]]:
        """The products of the first of them."""
        found = [await find_row(info, "Product", product_id) for product_id in self.affected.first]
        return [cast("Product", one) for one in found if one is not None]


@strawberry.type
class CategoryTemplate(TemplateContentFields, Node):
    """One way to list products in a TikTok shop: their category, and everything that goes with it."""

    row: strawberry.Private[tables.CategoryTemplate]
    name: str = strawberry.field(description="Its name.")
    is_default: bool = strawberry.field(description="Takes every product that no other template takes.")
    is_active: bool = strawberry.field(description="Lists by itself what it takes, existing and new.")
    rank: int = strawberry.field(description="Lower goes first when several take a product.")
    revision: int = strawberry.field(description="Grows with each change.")
    category_ref: CategoryRefOutput | None = strawberry.field(
        description="The leaf that its products go to; null when it is decided product by product."
    )
    created_at: datetime = strawberry.field(description="When it was made.")
    updated_at: datetime = strawberry.field(description="When it was last changed.")

    @classmethod
    def of_row(cls, row: tables.CategoryTemplate) -> "CategoryTemplate":
        """A row as clients see it."""
        content, _ = content_from_json(row.content)
        category = category_of(row)
        return cls(
            **cls.fields_of(content),
            id=gid("CategoryTemplate", row.id),
            row=row,
            name=row.name,
            is_default=row.is_default,
            is_active=row.is_active,
            rank=row.rank,
            revision=row.revision,
            category_ref=None if category is None else CategoryRefOutput.of(category),
            created_at=row.created_at,
            updated_at=row.updated_at,
        )

    @strawberry.field
    async def category(self, info: Info) -> Category | None:
        """The leaf itself; null when the template names none, or the kept tree has it no longer."""
        ref = category_of(self.row)
        return None if ref is None else await load_category(info, self.row.tiktok_shop_id, ref)

    @strawberry.field
    async def blocks(self, info: Info) -> list[TemplateBlock]:
        """The shared blocks that it uses: they decide what it leaves open, and go before the shop's defaults."""
        ids = blocks_of(self.row).values()
        rows = [await info.context.loaders.template_blocks.load(block_id) for block_id in ids]
        return [TemplateBlock.of_row(row) for row in rows if row is not None]

    @strawberry.field
    async def assigned_count(self, info: Info) -> int:
        """How many products were given to it by hand."""
        return await info.context.loaders.assigned_counts.load(self.row.id)

    @strawberry.field
    async def assigned_products(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[Annotated["Product", strawberry.lazy("graphql_schema.products")]]:
        """The products that were given to it by hand, in the order they came to the store."""
        args = page_args(info, first, after, last, before)
        async with info.context.read() as session:
            page = await assigning.page(session, shop_id=info.context.shop_id, template_id=self.row.id, args=args)
        nodes = {row.id: await find_row(info, "Product", row.id) for row in page.nodes}
        return connection_of(page, lambda row: cast("Product", nodes[row.id]))

    @strawberry.field
    async def taken_count(self, info: Info) -> int:
        """How many products it takes now, by hand or by its rules, active or not."""
        tallies = await info.context.loaders.template_tallies.load(self.row.tiktok_shop_id)
        return tallies.of[self.row.id].won if self.row.id in tallies.of else 0

    @strawberry.field
    async def matched_count(self, info: Info) -> int:
        """For how many products its rules hold, whoever takes them; of the default, for all."""
        tallies = await info.context.loaders.template_tallies.load(self.row.tiktok_shop_id)
        return tallies.of[self.row.id].matched if self.row.id in tallies.of else 0

    @strawberry.field
    async def products(
        self, info: Info, first: First = None, after: After = None
    ) -> Connection[Annotated["Product", strawberry.lazy("graphql_schema.products")]]:
        """The products that it takes now, in the order they came to the store."""
        args = page_args(info, first, after)
        async with info.context.read() as session:
            page = await taking.page(
                session,
                shop_id=info.context.shop_id,
                tiktok_shop_id=self.row.tiktok_shop_id,
                template_id=self.row.id,
                args=args,
            )
        nodes = {row.id: await find_row(info, "Product", row.id) for row in page.nodes}
        return connection_of(page, lambda row: cast("Product", nodes[row.id]))

    @strawberry.field
    async def problems(self, info: Info) -> list[Problem]:
        """What is wrong with it today whatever the product: its category, the category's demands, the shop."""
        return [Problem.of_value(one) for one in await info.context.loaders.template_problems.load(self.row.id)]

    @strawberry.field
    async def dead_conditions(self, info: Info) -> list[DeadTemplateCondition]:
        """Conditions of its rules that hold for no product of the store."""
        async with info.context.read() as session:
            found = await conflicts.dead_conditions(session, shop_id=info.context.shop_id, row=self.row)
        return [DeadTemplateCondition.of(one) for one in found]

    @strawberry.field
    async def affected_listings(self, info: Info) -> AffectedListings:
        """The listings on TikTok Shop made with it or taken by it: `categoryTemplateApply` edits those that differ."""
        async with info.context.read() as session:
            found = await applying.affected_by(session, shop_id=info.context.shop_id, template_id=self.row.id)
        return AffectedListings.of(found)

    @strawberry.field
    async def revisions(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[TemplateRevision]:
        """Every save of it, newest first: who, when, and what changed."""
        args = page_args(info, first, after, last, before)
        async with info.context.read() as session:
            page = await templates.revisions(session, shop_id=info.context.shop_id, template_id=self.row.id, args=args)
        return connection_of(page, TemplateRevision.of)

    @strawberry.field(name="tiktokShop")
    async def tiktok_shop(self, info: Info) -> TikTokShop | None:
        """The TikTok shop that it lists in."""
        return await load_tiktok_shop(info, self.row.tiktok_shop_id)


async def load_template(info: Info, template_id: UUID) -> CategoryTemplate | None:
    """A template by row id, through this operation's loader."""
    row = await info.context.loaders.templates.load(template_id)
    return None if row is None else CategoryTemplate.of_row(row)


findable("CategoryTemplate")(load_template)


@strawberry.type
class TemplateQuery:
    """Category templates."""

    @strawberry.field(permission_classes=[ReadProducts])
    async def category_template(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="The template's id.")]
    ) -> CategoryTemplate | None:
        """One template; null when the shop has none such."""
        return await load_template(info, row_id("CategoryTemplate", id, "id"))

    @strawberry.field(permission_classes=[ReadProducts])
    async def category_templates(
        self,
        info: Info,
        tiktok_shop_id: Annotated[
            strawberry.ID | None, strawberry.argument(description="Only templates of this TikTok shop.")
        ] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[CategoryTemplate]:
        """The shop's templates, by rank."""
        args = page_args(info, first, after, last, before)
        shop = None if tiktok_shop_id is None else row_id("TikTokShop", tiktok_shop_id, "tiktokShopId")
        async with info.context.read() as session:
            page = await templates.page(session, shop_id=info.context.shop_id, tiktok_shop_id=shop, args=args)
        return connection_of(page, CategoryTemplate.of_row)
