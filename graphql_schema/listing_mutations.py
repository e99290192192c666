"""Listing products on TikTok Shop."""

from typing import Annotated

import strawberry

from graphql_schema.context import Info
from graphql_schema.mutations import IDEMPOTENCY_KEY, attempt
from graphql_schema.nodes import row_id, row_ids
from graphql_schema.permissions import WriteListings
from graphql_schema.tasks import Task, task_of
from graphql_schema.user_errors import UserError
from server import tables
from server.deps import Session
from server.services.listings import starting


@strawberry.input
class ProductsListInput:
    """What to list, and where."""

    tiktok_shop_id: strawberry.ID = strawberry.field(name="tiktokShopId", description="The TikTok shop to list in.")
    product_ids: list[strawberry.ID] | None = strawberry.field(
        default=None,
        description=f"The products, 1 to {starting.MAX_PRODUCTS}; left out: all not synced that the template takes.",
    )
    template_id: strawberry.ID | None = strawberry.field(
        default=None, description="List with this template; left out: each product with the one that takes it."
    )
    template_ids: list[strawberry.ID] | None = strawberry.field(
        default=None,
        description=f"List all not synced that one of these templates takes, 1 to {starting.MAX_TEMPLATES:,}; alone.",
    )
    idempotency_key: str | None = strawberry.field(default=None, description=IDEMPOTENCY_KEY)


@strawberry.type
class ProductsListPayload:
    """Answer of `productsList`."""

    task: Task | None = strawberry.field(description="The listing to follow; null when none was started.")
    user_errors: list[UserError] = strawberry.field(description="Why none was started; empty when it was.")


@strawberry.type
class ListingMutation:
    """Listing products on TikTok Shop."""

    @strawberry.mutation(permission_classes=[WriteListings])
    async def products_list(
        self, info: Info, input: Annotated[ProductsListInput, strawberry.argument(description="What and where.")]
    ) -> ProductsListPayload | None:
        """List products in the background. One that is on TikTok Shop already ends as skipped."""
        context, template = info.context, input.template_id

        async def work(session: Session) -> tables.Task:
            products, several = input.product_ids, input.template_ids
            return await starting.start(
                session,
                context.deps.queue,
                context.deps.feed,
                shop_id=context.shop_id,
                tiktok_shop_id=row_id("TikTokShop", input.tiktok_shop_id, "input", "tiktokShopId"),
                product_ids=None if products is None else row_ids("Product", products, "input", "productIds"),
                template_id=None if template is None else row_id("CategoryTemplate", template, "input", "templateId"),
                template_ids=None if several is None else row_ids("CategoryTemplate", several, "input", "templateIds"),
                started_by=context.who.started_by,
                idempotency_key=input.idempotency_key,
                now=context.now,
            )

        task, errors = await attempt(info, work)
        return ProductsListPayload(task=None if task is None else task_of(task), user_errors=errors)
