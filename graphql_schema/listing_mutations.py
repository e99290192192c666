"""Listing products on TikTok Shop."""

from dataclasses import replace
from typing import Annotated

import strawberry

from graphql_schema.context import Info
from graphql_schema.mutations import IDEMPOTENCY_KEY, attempt
from graphql_schema.nodes import row_id, row_ids
from graphql_schema.permissions import WriteListings
from graphql_schema.product_filters import ProductsFilter
from graphql_schema.product_rows import POLICY, RESULTS, ROW_ERRORS, ProductRowResult, rows_told, task_started
from graphql_schema.tasks import Task
from graphql_schema.user_errors import UserError
from server.deps import Session
from server.domain.bulk import ErrorPolicy
from server.services.listings import Filter, Wanted
from server.services.listings.creating import checking, choosing, starting
from server.services.listings.creating.naming import Started


@strawberry.input
class ProductsListInput:
    """What to list, and where."""

    tiktok_shop_id: strawberry.ID = strawberry.field(name="tiktokShopId", description="The TikTok shop to list in.")
    product_ids: list[strawberry.ID] | None = strawberry.field(
        default=None, description=f"The products, 1 to {choosing.MAX_PRODUCTS:,}."
    )
    filter: ProductsFilter | None = strawberry.field(
        default=None,
        description="In place of `productIds`: all that fit, up to the whole catalogue. `listingStatuses` speaks of "
        "the TikTok shop to list in, unless the filter names another.",
    )
    template_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="List the products with this template; left out: each with the one that takes it. "
        "Alone: list all not synced that it takes.",
    )
    template_ids: list[strawberry.ID] | None = strawberry.field(
        default=None,
        description=f"List all not synced that one of these templates takes, 1 to {choosing.MAX_TEMPLATES:,}; "
        "alone, or with a filter that they must fit too.",
    )
    check: bool = strawberry.field(
        default=False,
        description="Ask TikTok Shop's own check about each product first; what it finds fails the item, and nothing "
        "is created of it. Costs one more call a product.",
    )
    error_policy: ErrorPolicy = strawberry.field(default=ErrorPolicy.REJECT_FAILED_ROWS, description=POLICY)
    idempotency_key: str | None = strawberry.field(default=None, description=IDEMPOTENCY_KEY)


@strawberry.type
class ProductsListPayload:
    """Answer of `productsList`."""

    task: Task | None = strawberry.field(description="The listing to follow; null when none was started.")
    results: list[ProductRowResult] = strawberry.field(description=RESULTS)
    user_errors: list[UserError] = strawberry.field(description=ROW_ERRORS)


@strawberry.input
class ProductsCheckInput:
    """What to ask TikTok Shop about."""

    tiktok_shop_id: strawberry.ID = strawberry.field(name="tiktokShopId", description="The TikTok shop to ask for.")
    product_ids: list[strawberry.ID] = strawberry.field(description=f"The products, 1 to {choosing.MAX_PRODUCTS:,}.")
    template_id: strawberry.ID | None = strawberry.field(
        default=None, description="As they would be listed with this template; left out: with the one that takes each."
    )
    error_policy: ErrorPolicy = strawberry.field(default=ErrorPolicy.REJECT_FAILED_ROWS, description=POLICY)
    idempotency_key: str | None = strawberry.field(default=None, description=IDEMPOTENCY_KEY)


@strawberry.type
class ProductsCheckPayload:
    """Answer of `productsCheck`."""

    task: Task | None = strawberry.field(
        description="A `CheckTask` to follow; its items' problems are the verdict. Null when none was started."
    )
    results: list[ProductRowResult] = strawberry.field(description=RESULTS)
    user_errors: list[UserError] = strawberry.field(description=ROW_ERRORS)


@strawberry.type
class ListingMutation:
    """Listing products on TikTok Shop."""

    @strawberry.mutation(permission_classes=[WriteListings])
    async def products_list(
        self, info: Info, input: Annotated[ProductsListInput, strawberry.argument(description="What and where.")]
    ) -> ProductsListPayload | None:
        """List products in the background. One that is on TikTok Shop already ends as skipped."""
        context = info.context

        async def work(session: Session) -> Started:
            return await starting.start(
                session,
                context.deps.queue,
                context.deps.feed,
                shop_id=context.shop_id,
                tiktok_shop_id=row_id("TikTokShop", input.tiktok_shop_id, "input", "tiktokShopId"),
                wanted=_wanted(input),
                started_by=context.who.started_by,
                idempotency_key=input.idempotency_key,
                now=context.now,
            )

        started, refused = await attempt(info, work)
        task, errors = task_started(started, refused)
        return ProductsListPayload(task=task, results=rows_told(started), user_errors=errors)

    @strawberry.mutation(permission_classes=[WriteListings])
    async def products_check(
        self, info: Info, input: Annotated[ProductsCheckInput, strawberry.argument(description="What to ask about.")]
    ) -> ProductsCheckPayload | None:
        """Ask TikTok Shop's own check what it would say to products. Uploads their pictures; creates no product."""
        context, template = info.context, input.template_id

        async def work(session: Session) -> Started:
            return await checking.start(
                session,
                context.deps.queue,
                context.deps.feed,
                shop_id=context.shop_id,
                tiktok_shop_id=row_id("TikTokShop", input.tiktok_shop_id, "input", "tiktokShopId"),
                product_ids=row_ids("Product", input.product_ids, "input", "productIds"),
                template_id=None if template is None else row_id("CategoryTemplate", template, "input", "templateId"),
                policy=input.error_policy,
                started_by=context.who.started_by,
                idempotency_key=input.idempotency_key,
                now=context.now,
            )

        started, refused = await attempt(info, work)
        task, errors = task_started(started, refused)
        return ProductsCheckPayload(task=task, results=rows_told(started), user_errors=errors)


def _wanted(asked: ProductsListInput) -> Wanted:
    products, template, several = asked.product_ids, asked.template_id, asked.template_ids
    return Wanted(
        product_ids=None if products is None else row_ids("Product", products, "input", "productIds"),
        filter=None if asked.filter is None else _filter(asked.filter, asked.tiktok_shop_id),
        template_id=None if template is None else row_id("CategoryTemplate", template, "input", "templateId"),
        template_ids=None if several is None else row_ids("CategoryTemplate", several, "input", "templateIds"),
        check=asked.check,
        policy=asked.error_policy,
    )


def _filter(asked: ProductsFilter, tiktok_shop_id: strawberry.ID) -> Filter:
    if asked.tiktok_shop_id is None and (asked.listing_statuses is not None or asked.template_id is not None):
        asked = replace(asked, tiktok_shop_id=tiktok_shop_id)
    return Filter(asked.search, asked.statuses or (), asked.listed("input"))
