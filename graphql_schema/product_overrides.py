"""A product's own settings in a TikTok shop."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

import strawberry

from graphql_schema.actors import Actor
from graphql_schema.categories import CategoryRefInput, CategoryRefOutput
from graphql_schema.context import Info
from graphql_schema.nodes import row_id
from graphql_schema.template_inputs import UNSET, ContentInput, content_of
from graphql_schema.template_part_inputs import TemplateAttributeInput, TemplateSizeChartInput
from graphql_schema.template_types import ContentParts
from server import tables
from server.domain.overrides import override_from_json
from server.kit.errors import AppError
from server.services.listings.rows import category_of
from server.services.templates import KEEP
from server.services.templates.overriding import OverrideWish

PARTS = frozenset(ContentInput.__annotations__) | {
    "title",
    "description_html",
    "pictures",
    "variants",
    "attributes",
    "size_chart",
}


@strawberry.input
class VariantOverrideInput:
    """One variant's own figures; it is named by the store's id or by its SKU."""

    remote_id: str | None = strawberry.field(default=UNSET, description="Shopify's id of the variant.")
    sku: str | None = strawberry.field(default=UNSET, description="Its SKU, instead.")
    price: Decimal | None = strawberry.field(default=UNSET, description="The price, in the market's currency.")
    list_price: Decimal | None = strawberry.field(default=UNSET, description="The price before a reduction.")
    quantity: int | None = strawberry.field(default=UNSET, description="How many are offered.")


@strawberry.input
class ProductOverrideInput(ContentInput):
    """What one product has of its own. What is left out stays; null forgets a part."""

    product_id: strawberry.ID = strawberry.field(description="The product.")
    category: CategoryRefInput | None = strawberry.field(default=UNSET, description="Its leaf, whatever templates say.")
    title: str | None = strawberry.field(default=UNSET, description="Its title on TikTok Shop.")
    description_html: str | None = strawberry.field(default=UNSET, description="Its description on TikTok Shop.")
    pictures: list[str] | None = strawberry.field(default=UNSET, description="Addresses of its pictures, in order.")
    variants: list[VariantOverrideInput] | None = strawberry.field(
        default=UNSET, description="Figures of single variants."
    )
    attributes: list[TemplateAttributeInput] | None = strawberry.field(
        default=UNSET, description="Values of the category's attributes."
    )
    size_chart: TemplateSizeChartInput | None = strawberry.field(default=UNSET, description="The size chart.")

    def read(self, at: int) -> OverrideWish:
        """What the service is asked for by the row in this place."""
        field = ("input", "overrides", str(at))
        product_id = row_id("Product", self.product_id, *field, "productId")
        content = content_of(self, PARTS)
        if "description_html" in content:
            content["description"] = content.pop("description_html")
        opened = None if self.category is None else KEEP
        category = self.category.read(*field, "category") if self.category else opened
        return OverrideWish(product_id, category, content)


def placed(error: AppError, at: int) -> AppError:
    """The refusal of a row, its path leading to the row in the input as clients spell it."""
    path = ["descriptionHtml" if part == "description" else part for part in error.field[1:] if part != "content"]
    return type(error)(error.message, code=error.code, field=("input", "overrides", str(at), *path))


@strawberry.type
class VariantOverride:
    """One variant's own figures."""

    remote_id: str | None = strawberry.field(description="Shopify's id of the variant, if it is named by it.")
    sku: str | None = strawberry.field(description="Its SKU, if it is named by that.")
    price: Decimal | None = strawberry.field(description="The price, in the market's currency.")
    list_price: Decimal | None = strawberry.field(description="The price before a reduction.")
    quantity: int | None = strawberry.field(description="How many are offered.")


@strawberry.type
class ProductOverride:
    """What a product has of its own in a TikTok shop. It goes before its template, blocks and defaults."""

    category_ref: CategoryRefOutput | None = strawberry.field(description="Its own leaf, if it has one.")
    title: str | None = strawberry.field(description="Its own title.")
    description_html: str | None = strawberry.field(description="Its own description.")
    pictures: list[str] = strawberry.field(description="Addresses of its own pictures.")
    variants: list[VariantOverride] = strawberry.field(description="Figures of single variants.")
    content: ContentParts = strawberry.field(description="What it says of the things that templates say too.")
    revision: int = strawberry.field(description="Grows with each change.")
    updated_at: datetime = strawberry.field(description="When it was last changed.")
    updated_by: Actor = strawberry.field(description="By whom.")

    @classmethod
    def of(cls, row: tables.ProductOverride) -> "ProductOverride":
        """A row as clients see it."""
        override, _ = override_from_json(row.content)
        ref = category_of(row.category_id, row.category_version)
        return cls(
            category_ref=None if ref is None else CategoryRefOutput.of(ref),
            title=override.title,
            description_html=override.description,
            pictures=list(override.pictures),
            variants=[
                VariantOverride(
                    remote_id=one.remote_id,
                    sku=one.sku,
                    price=one.price,
                    list_price=one.list_price,
                    quantity=one.quantity,
                )
                for one in override.variants
            ],
            content=ContentParts.of(override.content),
            revision=row.revision,
            updated_at=row.updated_at,
            updated_by=Actor.of(row.updated_by),
        )


InShop = Annotated[strawberry.ID, strawberry.argument(name="tiktokShopId", description="In which TikTok shop.")]


async def load_override(info: Info, tiktok_shop_id: UUID, product_id: UUID) -> ProductOverride | None:
    """What a product has of its own, through this operation's loader."""
    row = await info.context.loaders.overrides_of.load((tiktok_shop_id, product_id))
    return None if row is None else ProductOverride.of(row)
