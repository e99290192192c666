"""Writing what products have of their own."""

from typing import Annotated

import strawberry

from graphql_schema.context import Info
from graphql_schema.mutations import attempt
from graphql_schema.nodes import row_id, row_ids
from graphql_schema.permissions import WriteTemplates
from graphql_schema.product_overrides import ProductOverride, ProductOverrideInput
from graphql_schema.products import Product, load_product
from graphql_schema.user_errors import UserError, all_of
from server.deps import Session
from server.domain.bulk import ErrorPolicy
from server.kit.errors import AppError
from server.services.templates import overriding
from server.services.templates.overriding import MAX_ROWS, OverrideOutcome


@strawberry.input
class ProductOverrideSetInput:
    """What products of a TikTok shop have of their own."""

    tiktok_shop_id: strawberry.ID = strawberry.field(name="tiktokShopId", description="The TikTok shop.")
    overrides: list[ProductOverrideInput] = strawberry.field(description=f"The rows, 1 to {MAX_ROWS}.")
    error_policy: ErrorPolicy = strawberry.field(
        default=ErrorPolicy.REJECT_FAILED_ROWS, description="What to do when some rows are faulty."
    )


@strawberry.type
class ProductOverrideResult:
    """What became of one row."""

    outcome: strawberry.Private[OverrideOutcome]
    done: bool = strawberry.field(description="Whether it was done; false too when another row kept all from it.")
    override: ProductOverride | None = strawberry.field(description="The override; null when nothing is left of it.")
    user_errors: list[UserError] = strawberry.field(description="What is wrong with this row, if anything.")

    @classmethod
    def of(cls, outcome: OverrideOutcome, at: int) -> "ProductOverrideResult":
        """A row's answer; paths of its errors lead to the row in the input."""
        row = outcome.override
        errors = [error for one in outcome.errors for error in all_of(_placed(one, at))]
        return cls(
            outcome=outcome,
            done=outcome.done,
            override=None if row is None else ProductOverride.of(row),
            user_errors=errors,
        )

    @strawberry.field
    async def product(self, info: Info) -> Product | None:
        """The product; null when the shop has none such."""
        return await load_product(info, self.outcome.product_id)


def _placed(error: AppError, at: int) -> AppError:
    path = ["descriptionHtml" if part == "description" else part for part in error.field[1:] if part != "content"]
    return type(error)(error.message, code=error.code, field=("input", "overrides", str(at), *path))


@strawberry.type
class ProductOverrideSetPayload:
    """Answer of `productOverrideSet`."""

    results: list[ProductOverrideResult] = strawberry.field(description="One for each row, in the same order.")
    user_errors: list[UserError] = strawberry.field(description="Why the whole was refused, apart from single rows.")


@strawberry.input
class ProductOverrideClearInput:
    """Products that shall have nothing of their own."""

    tiktok_shop_id: strawberry.ID = strawberry.field(name="tiktokShopId", description="The TikTok shop.")
    product_ids: list[strawberry.ID] = strawberry.field(description=f"The products, 1 to {MAX_ROWS}.")


@strawberry.type
class ProductOverrideClearPayload:
    """Answer of `productOverrideClear`."""

    cleared_count: int | None = strawberry.field(
        description="How many of them had something of their own; null when nothing was done."
    )
    user_errors: list[UserError] = strawberry.field(description="Why nothing was done; empty when it was.")


@strawberry.type
class ProductOverrideMutation:
    """What products have of their own."""

    @strawberry.mutation(permission_classes=[WriteTemplates])
    async def product_override_set(
        self, info: Info, input: Annotated[ProductOverrideSetInput, strawberry.argument(description="The rows.")]
    ) -> ProductOverrideSetPayload | None:
        """Say something for single products whatever their templates say; answered row by row."""
        context = info.context

        async def work(session: Session) -> list[OverrideOutcome]:
            rows = []
            for at, row in enumerate(input.overrides):
                field = ("input", "overrides", str(at))
                rows.append(row.read(row_id("Product", row.product_id, *field, "productId"), *field))
            return await overriding.set_many(
                session,
                shop_id=context.shop_id,
                tiktok_shop_id=row_id("TikTokShop", input.tiktok_shop_id, "input", "tiktokShopId"),
                wishes=rows,
                policy=input.error_policy,
                actor=context.who.started_by,
                now=context.now,
            )

        outcomes, errors = await attempt(info, work)
        results = [ProductOverrideResult.of(one, at) for at, one in enumerate(outcomes or ())]
        return ProductOverrideSetPayload(results=results, user_errors=errors)

    @strawberry.mutation(permission_classes=[WriteTemplates])
    async def product_override_clear(
        self, info: Info, input: Annotated[ProductOverrideClearInput, strawberry.argument(description="The products.")]
    ) -> ProductOverrideClearPayload | None:
        """Forget all that products have of their own: their templates decide again."""
        context = info.context

        async def work(session: Session) -> int:
            cleared = await overriding.clear(
                session,
                shop_id=context.shop_id,
                tiktok_shop_id=row_id("TikTokShop", input.tiktok_shop_id, "input", "tiktokShopId"),
                product_ids=row_ids("Product", input.product_ids, "input", "productIds"),
                now=context.now,
            )
            return len(cleared)

        count, errors = await attempt(info, work)
        return ProductOverrideClearPayload(cleared_count=count, user_errors=errors)
