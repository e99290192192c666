"""Category templates: how a merchant describes listings."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import strawberry

from graphql_schema.categories import Category, CategoryRefOutput, load_category
from graphql_schema.context import Info
from graphql_schema.nodes import Node, findable, gid, row_id
from graphql_schema.paging import After, Before, Connection, First, Last, connection_of, page_args
from graphql_schema.permissions import ReadProducts
from graphql_schema.template_types import TemplateContentFields
from graphql_schema.tiktok_shops import TikTokShop, load_tiktok_shop
from server import tables
from server.domain.template_json import content_from_json
from server.services import templates
from server.services.templates.drafts import category_of


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
            **vars(TemplateContentFields.of(content)),
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
