"""A look at a template before it is saved."""

import asyncio
from enum import StrEnum
from typing import Annotated
from uuid import UUID

import strawberry

from graphql_schema.context import Info
from graphql_schema.enums import publish
from graphql_schema.leaves import load_leaf
from graphql_schema.nodes import row_id
from graphql_schema.permissions import ReadProducts
from graphql_schema.problems import Problem
from graphql_schema.products import Product, load_product
from graphql_schema.sent_products import SentProduct
from graphql_schema.template_inputs import CategoryTemplateInput
from graphql_schema.template_writing import draft_of, patch_of
from graphql_schema.templates import AffectedListings, CategoryTemplate, load_template
from graphql_schema.user_errors import UserError, all_of
from server.kit.errors import AppError, Invalid, NotFound
from server.services.templates import judging, previewing
from server.services.templates.previewing import MAX_SHOWN, Preview, Shift
from server.services.templates.sending import SentSlice


class TemplateMoveKind(StrEnum):
    """What a move is to the template that is looked at."""

    GAINED = "GAINED"
    LOST = "LOST"
    BETWEEN_OTHERS = "BETWEEN_OTHERS"


publish(
    TemplateMoveKind,
    "What a move of products is to the template that is looked at.",
    {
        TemplateMoveKind.GAINED: "It would take them.",
        TemplateMoveKind.LOST: "It takes them now, and would not.",
        TemplateMoveKind.BETWEEN_OTHERS: "They go between other templates, because the default becomes another.",
    },
)


@strawberry.input
class CategoryTemplatePreviewInput:
    """A template that is not saved yet: a new one in a TikTok shop, or a change of one that is there."""

    tiktok_shop_id: strawberry.ID | None = strawberry.field(
        name="tiktokShopId", default=None, description="The TikTok shop of a new template."
    )
    template_id: strawberry.ID | None = strawberry.field(
        default=None, description="The template that would be changed; instead of `tiktokShopId`."
    )
    template: CategoryTemplateInput = strawberry.field(description="What it would say, as in a save.")


@strawberry.type
class TemplateMove:
    """Products that a save would give from one template to another."""

    shift: strawberry.Private[Shift]
    kind: TemplateMoveKind = strawberry.field(description="What the move is to the template that is looked at.")
    count: int = strawberry.field(description="How many products.")

    @classmethod
    def of(cls, shift: Shift, template_id: UUID) -> "TemplateMove":
        """A move as the template sees it."""
        kind = TemplateMoveKind.BETWEEN_OTHERS
        if shift.after == template_id:
            kind = TemplateMoveKind.GAINED
        elif shift.before == template_id:
            kind = TemplateMoveKind.LOST
        return cls(shift=shift, kind=kind, count=shift.products)

    @strawberry.field
    async def before(self, info: Info) -> CategoryTemplate | None:
        """The template that takes them now; null when none does."""
        return None if self.shift.before is None else await load_template(info, self.shift.before)

    @strawberry.field
    async def after(self, info: Info) -> CategoryTemplate | None:
        """The template that would take them; null when none would, or when it is the new one."""
        return None if self.shift.after is None else await load_template(info, self.shift.after)

    @strawberry.field
    async def products(self, info: Info) -> list[Product]:
        """The first of them."""
        found = [await load_product(info, product_id) for product_id in self.shift.first]
        return [one for one in found if one is not None]


@strawberry.type
class CategoryTemplatePreview:
    """What a template would take, what those products would be sent as, and what saving it would change."""

    count: int | None = strawberry.field(description="How many products it would take; null when it cannot be saved.")
    gained_count: int | None = strawberry.field(description="How many of those it does not take now.")
    lost_count: int | None = strawberry.field(description="How many products it takes now and would not.")
    moves: list[TemplateMove] = strawberry.field(
        description="Every product whose template would change, in exactly one move; the largest first."
    )
    affected_listings: AffectedListings | None = strawberry.field(
        description="The listings on TikTok Shop that an applied save would look at."
    )
    products: list[SentProduct] = strawberry.field(description="The first products, as they would be sent.")
    problems: list[Problem] = strawberry.field(description="What is wrong with the template whatever the product.")
    user_errors: list[UserError] = strawberry.field(
        description="Why it cannot be saved as it is, exactly as the save would tell it; empty when it can."
    )


@strawberry.type
class TemplatePreviewQuery:
    """Previews of templates."""

    @strawberry.field(permission_classes=[ReadProducts])
    async def category_template_preview(
        self,
        info: Info,
        input: Annotated[CategoryTemplatePreviewInput, strawberry.argument(description="The template to look at.")],
        first: Annotated[
            int,
            strawberry.argument(description=f"So many products are shown as they would be sent; 0 to {MAX_SHOWN}."),
        ] = 3,
    ) -> CategoryTemplatePreview:
        """Look before saving. Nothing is written, and the same functions decide as when products are listed."""
        if not 0 <= first <= MAX_SHOWN:
            raise Invalid(f"Ask for 0 to {MAX_SHOWN} products.", code="BAD_USER_INPUT", field=("first",))
        try:
            preview = await _preview(info, input, first)
        except NotFound as error:
            if error.field[:2] in (("input", "tiktokShopId"), ("input", "templateId")):
                raise
            return _refused(error)
        except AppError as error:
            if error.code == "BAD_USER_INPUT":
                raise
            return _refused(error)
        sent = await _sent(info, preview)
        async with info.context.read() as session:
            problems = await judging.problems_of_templates(
                session,
                shop_id=info.context.shop_id,
                tiktok_shop_id=preview.tiktok_shop_id,
                templates=[preview.template],
                now=info.context.now,
            )
        return CategoryTemplatePreview(
            count=preview.count,
            gained_count=preview.gained,
            lost_count=preview.lost,
            moves=[TemplateMove.of(one, preview.template.id) for one in preview.moves],
            affected_listings=AffectedListings.of(preview.affected),
            products=[SentProduct.of(one) for one in sent.products],
            problems=[Problem.of_value(one) for one in problems[preview.template.id]],
            user_errors=[],
        )


async def _preview(info: Info, wanted: CategoryTemplatePreviewInput, first: int) -> Preview:
    context = info.context
    if (wanted.tiktok_shop_id is None) is (wanted.template_id is None):
        message = "Name the TikTok shop of a new template, or the template that would be changed."
        raise Invalid(message, code="BAD_USER_INPUT", field=("input",))
    async with context.read() as session:
        if wanted.template_id is not None:
            return await previewing.preview_change(
                session,
                shop_id=context.shop_id,
                template_id=row_id("CategoryTemplate", wanted.template_id, "input", "templateId"),
                patch=patch_of(wanted.template),
                first=first,
            )
        return await previewing.preview_new(
            session,
            shop_id=context.shop_id,
            tiktok_shop_id=row_id("TikTokShop", wanted.tiktok_shop_id or "", "input", "tiktokShopId"),
            draft=draft_of(wanted.template),
            first=first,
            now=context.now,
        )


async def _sent(info: Info, preview: Preview) -> SentSlice:
    """Leaves that are not known yet are read first; where TikTok does not answer, the problems say so."""
    async with info.context.read() as session:
        sent = await previewing.preview_sent(
            session, shop_id=info.context.shop_id, preview=preview, now=info.context.now
        )
    if not sent.missing:
        return sent
    asked = (load_leaf(info, preview.tiktok_shop_id, ref) for ref in sent.missing)
    await asyncio.gather(*asked, return_exceptions=True)
    async with info.context.read() as session:
        return await previewing.preview_sent(
            session, shop_id=info.context.shop_id, preview=preview, now=info.context.now
        )


def _refused(error: AppError) -> CategoryTemplatePreview:
    return CategoryTemplatePreview(
        count=None,
        gained_count=None,
        lost_count=None,
        moves=[],
        affected_listings=None,
        products=[],
        problems=[],
        user_errors=all_of(error),
    )
