"""Where the templates of a TikTok shop get into each other's way."""

from typing import Annotated
from uuid import UUID

import strawberry

from graphql_schema.context import Info
from graphql_schema.enums import publish
from graphql_schema.nodes import row_id
from graphql_schema.paging import After, Connection, First, connection_of, page_args, page_of_list
from graphql_schema.permissions import ReadProducts
from graphql_schema.products import Product
from graphql_schema.templates import CategoryTemplate, load_template
from server.services.templates import conflicts, taking
from server.services.templates.conflicts import DeadReason, DeadTemplate, Overlap, ShopConflicts

publish(
    DeadReason,
    "Why a template takes nothing.",
    {
        DeadReason.NO_RULES: "It has no rules, and nothing was given to it by hand.",
        DeadReason.MATCHES_NOTHING: "Its rules hold for no product of the store.",
        DeadReason.ALWAYS_LOSES: "Its rules hold for products, but other templates go first with all of them.",
    },
    name="DeadTemplateReason",
)


@strawberry.type
class TemplateOverlap:
    """Products for which the rules of two templates hold; one of the two, or a third, takes them."""

    overlap: strawberry.Private[Overlap]
    count: int = strawberry.field(description="How many products.")

    @strawberry.field
    async def winner(self, info: Info) -> CategoryTemplate | None:
        """The template that takes them."""
        return await load_template(info, self.overlap.winner_id)

    @strawberry.field
    async def loser(self, info: Info) -> CategoryTemplate | None:
        """The template that would take them if others did not."""
        return await load_template(info, self.overlap.loser_id)


@strawberry.type
class DeadCategoryTemplate:
    """A template that takes nothing now."""

    dead: strawberry.Private[DeadTemplate]
    reason: DeadReason = strawberry.field(description="Why.")
    matched_count: int = strawberry.field(description="For how many products its rules hold.")

    @strawberry.field
    async def template(self, info: Info) -> CategoryTemplate | None:
        """The template."""
        return await load_template(info, self.dead.template_id)


@strawberry.type
class TemplateConflicts:
    """Overlaps, dead templates, and products that nobody takes. The default is meant to lose and is left out."""

    found: strawberry.Private[ShopConflicts]
    tiktok_shop_id: strawberry.Private[UUID]
    untaken_count: int = strawberry.field(description="How many products no template takes.")

    @strawberry.field
    def overlaps(self, info: Info, first: First = None, after: After = None) -> Connection[TemplateOverlap]:
        """Pairs of templates whose rules hold for the same products, those with most products first."""
        args = page_args(info, first, after)
        page = page_of_list(self.found.overlaps, args, lambda one: f"{one.winner_id}:{one.loser_id}")
        return connection_of(page, lambda one: TemplateOverlap(overlap=one, count=one.count))

    @strawberry.field
    def dead_templates(self, info: Info, first: First = None, after: After = None) -> Connection[DeadCategoryTemplate]:
        """Templates that take nothing now."""
        page = page_of_list(self.found.dead, page_args(info, first, after), lambda one: str(one.template_id))
        return connection_of(
            page, lambda one: DeadCategoryTemplate(dead=one, reason=one.reason, matched_count=one.matched)
        )

    @strawberry.field
    async def untaken_products(self, info: Info, first: First = None, after: After = None) -> Connection[Product]:
        """The products that no template takes, in the order they came to the store."""
        args = page_args(info, first, after)
        async with info.context.read() as session:
            page = await taking.page(
                session,
                shop_id=info.context.shop_id,
                tiktok_shop_id=self.tiktok_shop_id,
                template_id=None,
                args=args,
            )
        return connection_of(page, Product.of)


@strawberry.type
class TemplateConflictQuery:
    """Conflicts of templates."""

    @strawberry.field(permission_classes=[ReadProducts])
    async def template_conflicts(
        self,
        info: Info,
        tiktok_shop_id: Annotated[
            strawberry.ID, strawberry.argument(name="tiktokShopId", description="The TikTok shop.")
        ],
    ) -> TemplateConflicts:
        """How the templates of a TikTok shop stand to each other, with the store's products of this moment."""
        shop = row_id("TikTokShop", tiktok_shop_id, "tiktokShopId")
        async with info.context.read() as session:
            found = await conflicts.of_shop(session, shop_id=info.context.shop_id, tiktok_shop_id=shop)
        return TemplateConflicts(found=found, tiktok_shop_id=shop, untaken_count=found.untaken)
