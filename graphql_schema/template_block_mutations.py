"""Writing blocks that templates share, and a TikTok shop's defaults."""

from typing import Annotated

import strawberry

from graphql_schema.context import Info
from graphql_schema.mutations import attempt
from graphql_schema.nodes import row_id
from graphql_schema.permissions import WriteTemplates
from graphql_schema.template_blocks import TemplateBlock
from graphql_schema.template_inputs import ContentInput, content_of
from graphql_schema.template_part_inputs import (
    UNSET,
    TemplateCertificationInput,
    TemplateShippingInput,
    TemplateSizeChartInput,
)
from graphql_schema.tiktok_shops import TikTokShop
from graphql_schema.user_errors import UserError
from server import tables
from server.deps import Session
from server.domain.template_blocks import BLOCK_PARTS, BlockKind
from server.kit.errors import Forbidden
from server.services.access import Scope
from server.services.templates import applying, blocks, defaults
from server.services.templates.blocks import BlockDraft, BlockPatch

_ERRORS = "Why nothing was done; empty when it was."
_BLOCK = "The block as it stands now; null when nothing was done."
_PARTS = frozenset(part for parts in BLOCK_PARTS.values() for part in parts)


@strawberry.input
class TemplateBlockInput:
    """A block. What is left out keeps its value; each part that is given replaces that part whole."""

    name: str | None = strawberry.field(default=UNSET, description="Its name; 1 to 255 characters. A new one needs it.")
    shipping: TemplateShippingInput | None = strawberry.field(
        default=UNSET, description="Package weight and size, of a SHIPPING block."
    )
    size_chart: TemplateSizeChartInput | None = strawberry.field(
        default=UNSET, description="The size chart, of a SIZE_CHART block."
    )
    certifications: list[TemplateCertificationInput] | None = strawberry.field(
        default=UNSET, description="Proofs, of a COMPLIANCE block."
    )
    manufacturer_ids: list[str] | None = strawberry.field(
        default=UNSET, description="Manufacturers (EU), by TikTok's id, of a COMPLIANCE block."
    )
    responsible_person_ids: list[str] | None = strawberry.field(
        default=UNSET, description="Responsible persons (EU), by TikTok's id, of a COMPLIANCE block."
    )


@strawberry.input
class TemplateBlockCreateInput(TemplateBlockInput):
    """A new block."""

    tiktok_shop_id: strawberry.ID = strawberry.field(name="tiktokShopId", description="The TikTok shop it is for.")
    kind: BlockKind = strawberry.field(description="What it is about.")


@strawberry.input
class TikTokShopDefaultsSetInput(ContentInput):
    """What holds for all templates of a TikTok shop that say nothing else. Null forgets a part."""

    tiktok_shop_id: strawberry.ID = strawberry.field(name="tiktokShopId", description="The TikTok shop.")


@strawberry.type
class TemplateBlockCreatePayload:
    """Answer of `templateBlockCreate`."""

    template_block: TemplateBlock | None = strawberry.field(description=_BLOCK)
    user_errors: list[UserError] = strawberry.field(description=_ERRORS)


@strawberry.type
class TemplateBlockUpdatePayload:
    """Answer of `templateBlockUpdate`."""

    template_block: TemplateBlock | None = strawberry.field(description=_BLOCK)
    user_errors: list[UserError] = strawberry.field(description=_ERRORS)


@strawberry.type
class TemplateBlockDeletePayload:
    """Answer of `templateBlockDelete`."""

    deleted_template_block_id: strawberry.ID | None = strawberry.field(
        description="The id of the block that is gone; null when nothing was done."
    )
    user_errors: list[UserError] = strawberry.field(description=_ERRORS)


@strawberry.type
class TikTokShopDefaultsSetPayload:
    """Answer of `tiktokShopDefaultsSet`."""

    tiktok_shop: TikTokShop | None = strawberry.field(
        name="tiktokShop", description="The TikTok shop as it stands now; null when nothing was done."
    )
    user_errors: list[UserError] = strawberry.field(description=_ERRORS)


@strawberry.type
class TemplateBlockMutation:
    """Shared blocks and defaults."""

    @strawberry.mutation(permission_classes=[WriteTemplates])
    async def template_block_create(
        self, info: Info, input: Annotated[TemplateBlockCreateInput, strawberry.argument(description="The block.")]
    ) -> TemplateBlockCreatePayload | None:
        """Make a block that templates can use."""
        context = info.context

        async def work(session: Session) -> tables.TemplateBlock:
            shop = row_id("TikTokShop", input.tiktok_shop_id, "input", "tiktokShopId")
            draft = BlockDraft(input.kind, input.name or "", content_of(input, _PARTS))
            return await blocks.create(
                session, shop_id=context.shop_id, tiktok_shop_id=shop, draft=draft, now=context.now
            )

        row, errors = await attempt(info, work)
        return TemplateBlockCreatePayload(template_block=_shown(row), user_errors=errors)

    @strawberry.mutation(permission_classes=[WriteTemplates])
    async def template_block_update(
        self,
        info: Info,
        id: Annotated[strawberry.ID, strawberry.argument(description="The block's id.")],
        input: Annotated[TemplateBlockInput, strawberry.argument(description="What the block says.")],
        apply_to_listings: Annotated[
            bool,
            strawberry.argument(description="Edit the listings of these templates soon; this needs write_listings."),
        ] = False,
    ) -> TemplateBlockUpdatePayload | None:
        """Change a block for all templates that use it; what is listed says so with its next edit, or soon if asked."""
        context = info.context

        async def work(session: Session) -> tables.TemplateBlock:
            block_id = row_id("TemplateBlock", id, "id")
            _may_apply(info, apply_to_listings)
            patch = BlockPatch(input.name if isinstance(input.name, str) else None, content_of(input, _PARTS))
            row = await blocks.update(session, shop_id=context.shop_id, block_id=block_id, patch=patch, now=context.now)
            if apply_to_listings:
                by = context.who.started_by
                await applying.apply_block(
                    session, shop_id=context.shop_id, block_id=block_id, actor=by, now=context.now
                )
            return row

        row, errors = await attempt(info, work)
        return TemplateBlockUpdatePayload(template_block=_shown(row), user_errors=errors)

    @strawberry.mutation(permission_classes=[WriteTemplates])
    async def template_block_delete(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="The block's id.")]
    ) -> TemplateBlockDeletePayload | None:
        """Remove a block; refused while templates use it, which the refusal names."""
        context = info.context

        async def work(session: Session) -> tables.TemplateBlock:
            return await blocks.delete(session, shop_id=context.shop_id, block_id=row_id("TemplateBlock", id, "id"))

        gone, errors = await attempt(info, work)
        return TemplateBlockDeletePayload(deleted_template_block_id=None if gone is None else id, user_errors=errors)

    @strawberry.mutation(permission_classes=[WriteTemplates])
    async def tiktok_shop_defaults_set(
        self,
        info: Info,
        input: Annotated[TikTokShopDefaultsSetInput, strawberry.argument(description="The defaults.")],
        apply_to_listings: Annotated[
            bool,
            strawberry.argument(description="Edit all listings of the TikTok shop soon; this needs write_listings."),
        ] = False,
    ) -> TikTokShopDefaultsSetPayload | None:
        """Say what holds where neither a product, nor its template, nor its blocks say anything."""
        context = info.context

        async def work(session: Session) -> tables.TikTokShop:
            where = {
                "shop_id": context.shop_id,
                "tiktok_shop_id": row_id("TikTokShop", input.tiktok_shop_id, "input", "tiktokShopId"),
            }
            _may_apply(info, apply_to_listings)
            row = await defaults.set_defaults(session, **where, content=content_of(input))
            if apply_to_listings:
                await applying.apply_defaults(session, **where, actor=context.who.started_by, now=context.now)
            return row

        row, errors = await attempt(info, work)
        return TikTokShopDefaultsSetPayload(tiktok_shop=None if row is None else TikTokShop.of(row), user_errors=errors)


def _may_apply(info: Info, asked: bool) -> None:
    """What is listed is another right than what is kept."""
    if asked and not info.context.who.may(Scope.WRITE_LISTINGS):
        message = f"To edit listings this needs the scope {Scope.WRITE_LISTINGS.name}; save without it."
        raise Forbidden(message, field=("applyToListings",))


def _shown(row: tables.TemplateBlock | None) -> TemplateBlock | None:
    return None if row is None else TemplateBlock.of_row(row)
