"""Putting listings on sale, taking them off, deleting and recovering them: many at once, answered row by row."""

from typing import Annotated

import strawberry

from graphql_schema.context import Info
from graphql_schema.listings import Listing
from graphql_schema.mutations import IDEMPOTENCY_KEY, attempt
from graphql_schema.nodes import row_id, row_ids
from graphql_schema.permissions import WriteListings
from graphql_schema.tasks import Task, task_of
from graphql_schema.user_errors import UserError
from server.deps import Session
from server.domain.bulk import ErrorPolicy
from server.domain.listings import StatusAction
from server.services.listings import switching
from server.services.listings.switching import Row, Started

_TASK = "The task to follow; null when none was started."
_RESULTS = "One for each row, in the same order."
_ERRORS = "Why nothing was done; rows that were refused beside others have their own."


@strawberry.input
class ListingsStatusInput:
    """Which listings, and what to do when some cannot be taken."""

    tiktok_shop_id: strawberry.ID = strawberry.field(name="tiktokShopId", description="The TikTok shop they are in.")
    listing_ids: list[strawberry.ID] = strawberry.field(description=f"The listings, 1 to {switching.MAX_LISTINGS}.")
    error_policy: ErrorPolicy = strawberry.field(
        default=ErrorPolicy.REJECT_FAILED_ROWS, description="What to do when some rows are faulty."
    )
    idempotency_key: str | None = strawberry.field(default=None, description=IDEMPOTENCY_KEY)


@strawberry.type
class ListingStatusRowResult:
    """What became of one row."""

    listing: Listing | None = strawberry.field(description="The listing as it stands now; null for a faulty row.")
    user_errors: list[UserError] = strawberry.field(description="What is wrong with this row, if anything.")


@strawberry.type
class ListingsActivatePayload:
    """Answer of `listingsActivate`."""

    task: Task | None = strawberry.field(description=_TASK)
    results: list[ListingStatusRowResult] = strawberry.field(description=_RESULTS)
    user_errors: list[UserError] = strawberry.field(description=_ERRORS)


@strawberry.type
class ListingsDeactivatePayload:
    """Answer of `listingsDeactivate`."""

    task: Task | None = strawberry.field(description=_TASK)
    results: list[ListingStatusRowResult] = strawberry.field(description=_RESULTS)
    user_errors: list[UserError] = strawberry.field(description=_ERRORS)


@strawberry.type
class ListingsDeletePayload:
    """Answer of `listingsDelete`."""

    task: Task | None = strawberry.field(description=_TASK)
    results: list[ListingStatusRowResult] = strawberry.field(description=_RESULTS)
    user_errors: list[UserError] = strawberry.field(description=_ERRORS)


@strawberry.type
class ListingsRecoverPayload:
    """Answer of `listingsRecover`."""

    task: Task | None = strawberry.field(description=_TASK)
    results: list[ListingStatusRowResult] = strawberry.field(description=_RESULTS)
    user_errors: list[UserError] = strawberry.field(description=_ERRORS)


Input = Annotated[ListingsStatusInput, strawberry.argument(description="Which listings.")]


@strawberry.type
class ListingStatusMutation:
    """Listings that are on TikTok Shop."""

    @strawberry.mutation(permission_classes=[WriteListings])
    async def listings_activate(self, info: Info, input: Input) -> ListingsActivatePayload | None:
        """Put deactivated products on sale again, in the background. TikTok audits each first."""
        task, results, errors = await _start(info, input, StatusAction.ACTIVATE)
        return ListingsActivatePayload(task=task, results=results, user_errors=errors)

    @strawberry.mutation(permission_classes=[WriteListings])
    async def listings_deactivate(self, info: Info, input: Input) -> ListingsDeactivatePayload | None:
        """Take live products off sale, in the background."""
        task, results, errors = await _start(info, input, StatusAction.DEACTIVATE)
        return ListingsDeactivatePayload(task=task, results=results, user_errors=errors)

    @strawberry.mutation(permission_classes=[WriteListings])
    async def listings_delete(self, info: Info, input: Input) -> ListingsDeletePayload | None:
        """Delete products on TikTok Shop, in the background. Those of the store stay; `listingsRecover` undoes it."""
        task, results, errors = await _start(info, input, StatusAction.DELETE)
        return ListingsDeletePayload(task=task, results=results, user_errors=errors)

    @strawberry.mutation(permission_classes=[WriteListings])
    async def listings_recover(self, info: Info, input: Input) -> ListingsRecoverPayload | None:
        """Bring deleted products back, off sale, in the background."""
        task, results, errors = await _start(info, input, StatusAction.RECOVER)
        return ListingsRecoverPayload(task=task, results=results, user_errors=errors)


async def _start(
    info: Info, asked: ListingsStatusInput, action: StatusAction
) -> tuple[Task | None, list[ListingStatusRowResult], list[UserError]]:
    context = info.context

    async def work(session: Session) -> Started:
        return await switching.start(
            session,
            context.deps.queue,
            context.deps.feed,
            shop_id=context.shop_id,
            tiktok_shop_id=row_id("TikTokShop", asked.tiktok_shop_id, "input", "tiktokShopId"),
            action=action,
            listing_ids=row_ids("Listing", asked.listing_ids, "input", "listingIds"),
            policy=asked.error_policy,
            started_by=context.who.started_by,
            idempotency_key=asked.idempotency_key,
            now=context.now,
        )

    started, errors = await attempt(info, work)
    if started is None:
        return None, [], errors
    results = [_result(at, row) for at, row in enumerate(started.rows)]
    if started.task is None:
        return None, results, [error for result in results for error in result.user_errors]
    return task_of(started.task), results, errors


def _result(at: int, row: Row) -> ListingStatusRowResult:
    shown = None if row.listing is None else Listing.of(row.listing)
    if row.error is None:
        return ListingStatusRowResult(listing=shown, user_errors=[])
    error = row.error
    placed = type(error)(error.message, code=error.code, field=("input", "listingIds", str(at)))
    return ListingStatusRowResult(listing=shown, user_errors=[UserError.of(placed)])
