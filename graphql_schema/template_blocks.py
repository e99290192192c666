"""Blocks that templates share, and a TikTok shop's defaults."""

from typing import TYPE_CHECKING, Annotated, cast
from uuid import UUID

import strawberry

from graphql_schema.context import Info
from graphql_schema.enums import publish
from graphql_schema.nodes import Node, find_row, findable, gid, row_id
from graphql_schema.paging import After, Before, Connection, First, Last, connection_of, page_args
from graphql_schema.permissions import ReadProducts
from graphql_schema.template_types import ContentParts
from server import tables
from server.domain.template_blocks import BlockKind
from server.domain.template_json import content_from_json
from server.services.templates import blocks

if TYPE_CHECKING:
    from graphql_schema.templates import CategoryTemplate

publish(
    BlockKind,
    "What a shared block is about; a template uses at most one of each kind.",
    {
        BlockKind.SHIPPING: "Package weight and size.",
        BlockKind.SIZE_CHART: "A size chart.",
        BlockKind.COMPLIANCE: "Certifications, manufacturers and responsible persons.",
    },
    name="TemplateBlockKind",
)


@strawberry.type
class TemplateBlock(Node):
    """A part of what templates say, written once and used by several."""

    row: strawberry.Private[tables.TemplateBlock]
    kind: BlockKind = strawberry.field(description="What it is about.")
    name: str = strawberry.field(description="Its name.")
    revision: int = strawberry.field(description="Grows with each change.")
    content: ContentParts = strawberry.field(description="What it says; only the parts of its kind.")

    @classmethod
    def of_row(cls, row: tables.TemplateBlock) -> "TemplateBlock":
        """A row as clients see it."""
        content, _ = content_from_json(row.content)
        return cls(
            id=gid("TemplateBlock", row.id),
            row=row,
            kind=row.kind,
            name=row.name,
            revision=row.revision,
            content=ContentParts.of(content),
        )

    @strawberry.field
    async def used_by(
        self, info: Info
    ) -> list[Annotated["CategoryTemplate", strawberry.lazy("graphql_schema.templates")]]:
        """The templates that use it, by rank; while there are any it cannot be removed."""
        rows = await info.context.loaders.block_users.load(self.row.id)
        found = [await find_row(info, "CategoryTemplate", row.id) for row in rows]
        return [cast("CategoryTemplate", one) for one in found if one is not None]


@findable("TemplateBlock")
async def load_block(info: Info, block_id: UUID) -> TemplateBlock | None:
    """A block by row id, through this operation's loader."""
    row = await info.context.loaders.template_blocks.load(block_id)
    return None if row is None else TemplateBlock.of_row(row)


@strawberry.type
class TemplateBlockQuery:
    """Shared blocks."""

    @strawberry.field(permission_classes=[ReadProducts])
    async def template_block(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="The block's id.")]
    ) -> TemplateBlock | None:
        """One block; null when the shop has none such."""
        return await load_block(info, row_id("TemplateBlock", id, "id"))

    @strawberry.field(permission_classes=[ReadProducts])
    async def template_blocks(
        self,
        info: Info,
        tiktok_shop_id: Annotated[
            strawberry.ID, strawberry.argument(name="tiktokShopId", description="The TikTok shop.")
        ],
        kinds: Annotated[list[BlockKind] | None, strawberry.argument(description="Only these kinds.")] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[TemplateBlock]:
        """A TikTok shop's blocks in the order they were made."""
        args = page_args(info, first, after, last, before)
        shop = row_id("TikTokShop", tiktok_shop_id, "tiktokShopId")
        async with info.context.read() as session:
            page = await blocks.page(
                session, shop_id=info.context.shop_id, tiktok_shop_id=shop, kinds=kinds or (), args=args
            )
        return connection_of(page, TemplateBlock.of_row)
