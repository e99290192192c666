"""Writing what products have of their own."""

from typing import Annotated

import strawberry

from graphql_schema.context import Info
from graphql_schema.mutations import attempt
from graphql_schema.nodes import row_id, row_ids
from graphql_schema.permissions import WriteTemplates
from graphql_schema.product_overrides import ProductOverride, ProductOverrideInput, placed
from graphql_schema.products import Product, load_product
from graphql_schema.user_errors import UserError, all_of
from server.deps import Session
from server.domain.bulk import ErrorPolicy
from server.services.templates import clearing, overriding
from server.services.templates.clearing import ClearOutcome
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
    done: bool = strawberry.field(
        description="Whether it was done, under `IGNORE_FAILED` all but the parts at fault; false too when another "
        "row kept all from it."
    )
    override: ProductOverride | None = strawberry.field(description="The override; null when nothing is left of it.")
    user_errors: list[UserError] = strawberry.field(description="What is wrong with this row, if anything.")

    @classmethod
    def of(cls, outcome: OverrideOutcome, at: int) -> "ProductOverrideResult":
        """A row's answer; paths of its errors lead to the row in the input."""
        row = outcome.override
        errors = [error for one in outcome.errors for error in all_of(placed(one, at))]
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
    error_policy: ErrorPolicy = strawberry.field(
        default=ErrorPolicy.REJECT_FAILED_ROWS, description="What to do when some rows are faulty."
    )


@strawberry.type
class ProductOverrideClearResult:
    """What became of one row."""

    outcome: strawberry.Private[ClearOutcome]
    done: bool = strawberry.field(description="Whether it was done; false too when another row kept all from it.")
    cleared: bool = strawberry.field(description="Whether the product had something of its own.")
    user_errors: list[UserError] = strawberry.field(description="What is wrong with this row, if anything.")

    @classmethod
    def of(cls, outcome: ClearOutcome) -> "ProductOverrideClearResult":
        """A row's answer."""
        errors = [] if outcome.error is None else [UserError.of(outcome.error)]
        return cls(outcome=outcome, done=outcome.done, cleared=outcome.had, user_errors=errors)

    @strawberry.field
    async def product(self, info: Info) -> Product | None:
        """The product; null when the shop has none such."""
        return await load_product(info, self.outcome.product_id)


@strawberry.type
class ProductOverrideClearPayload:
    """Answer of `productOverrideClear`."""

    cleared_count: int | None = strawberry.field(
        description="How many of them had something of their own; null when nothing was done."
    )
    results: list[ProductOverrideClearResult] = strawberry.field(description="One for each row, in the same order.")
    user_errors: list[UserError] = strawberry.field(
        description="Why nothing was done; rows that were refused beside others have their own."
    )


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
            return await overriding.set_many(
                session,
                shop_id=context.shop_id,
                tiktok_shop_id=row_id("TikTokShop", input.tiktok_shop_id, "input", "tiktokShopId"),
                wishes=[row.read(at) for at, row in enumerate(input.overrides)],
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

        async def work(session: Session) -> list[ClearOutcome]:
            return await clearing.clear(
                session,
                shop_id=context.shop_id,
                tiktok_shop_id=row_id("TikTokShop", input.tiktok_shop_id, "input", "tiktokShopId"),
                product_ids=row_ids("Product", input.product_ids, "input", "productIds"),
                policy=input.error_policy,
                actor=context.who.started_by,
                now=context.now,
            )

        rows, errors = await attempt(info, work)
        results = [ProductOverrideClearResult.of(row) for row in rows or ()]
        if not any(result.done for result in results):
            errors = [*errors, *(error for result in results for error in result.user_errors)]
            return ProductOverrideClearPayload(cleared_count=None, results=results, user_errors=errors)
        count = sum(result.cleared for result in results)
        return ProductOverrideClearPayload(cleared_count=count, results=results, user_errors=errors)
