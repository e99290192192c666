"""Sending what changed, moving a product to another category, and saying who owns which field."""

from typing import Annotated
from uuid import UUID

import strawberry

from graphql_schema.categories import CategoryRefInput
from graphql_schema.context import Info
from graphql_schema.listing_edits import FieldOwnerInput, field_changes
from graphql_schema.listings import Listing, load_listing_of
from graphql_schema.mutations import IDEMPOTENCY_KEY, attempt
from graphql_schema.nodes import row_id, row_ids
from graphql_schema.permissions import WriteListings, WriteTemplates
from graphql_schema.product_overrides import ProductOverrideInput, placed
from graphql_schema.product_rows import POLICY, ROW_ERRORS, ProductRowResult
from graphql_schema.tasks import Task, task_of
from graphql_schema.tiktok_shops import TikTokShop, load_tiktok_shop
from graphql_schema.user_errors import UserError
from server import tables
from server.deps import Session
from server.domain.bulk import ErrorPolicy
from server.domain.listings import ListingStatus
from server.kit.errors import Forbidden
from server.services.access import Scope
from server.services.listings.creating.naming import Row, Started
from server.services.listings.editing import owning
from server.services.listings.editing import starting as editing
from server.services.templates import asked_edits, moving
from server.services.templates.asked_edits import EditFilter, EditWish
from server.services.templates.overriding import MAX_ROWS

_TASK = "The edit to follow; null when none was started."
_ERRORS = "Why nothing was done; empty when it was."


@strawberry.input
class ListingsEditFilter:
    """Which listings. Without any of these: all that are on TikTok Shop."""

    statuses: list[ListingStatus] | None = strawberry.field(default=None, description="Only these statuses.")
    template_id: strawberry.ID | None = strawberry.field(
        default=None, description="Only listings made with this category template."
    )


@strawberry.input
class ListingsEditInput:
    """What to bring up to date, in one of four ways; without any: all that is on TikTok Shop."""

    tiktok_shop_id: strawberry.ID = strawberry.field(name="tiktokShopId", description="The TikTok shop they are in.")
    listing_ids: list[strawberry.ID] | None = strawberry.field(
        default=None, description=f"The listings, 1 to {editing.MAX_LISTINGS}."
    )
    product_ids: list[strawberry.ID] | None = strawberry.field(
        default=None, description=f"Or their products, 1 to {editing.MAX_LISTINGS}."
    )
    overrides: list[ProductOverrideInput] | None = strawberry.field(
        default=None,
        description=f"Or what products have of their own from now on, 1 to {MAX_ROWS}: it is set first, as "
        "`productOverrideSet` does, then they are edited. Needs the scope `WRITE_TEMPLATES` too.",
    )
    filter: ListingsEditFilter | None = strawberry.field(default=None, description="Or all that it takes.")
    error_policy: ErrorPolicy = strawberry.field(default=ErrorPolicy.REJECT_FAILED_ROWS, description=POLICY)
    idempotency_key: str | None = strawberry.field(default=None, description=IDEMPOTENCY_KEY)


@strawberry.type
class ListingsEditRowResult(ProductRowResult):
    """What became of one listing, product or override that was given: taken into the task, or why not."""

    tiktok_shop_id: strawberry.Private[UUID]

    @strawberry.field
    async def listing(self, info: Info) -> Listing | None:
        """The listing; null for a faulty row, and for a product that has none in this TikTok shop."""
        product_id = self.row.product_id
        return None if product_id is None else await load_listing_of(info, self.tiktok_shop_id, product_id)


@strawberry.type
class ListingsEditPayload:
    """Answer of `listingsEdit`."""

    task: Task | None = strawberry.field(description=_TASK)
    results: list[ListingsEditRowResult] = strawberry.field(
        description="One for each row that was given, in the same order; none where a filter chose."
    )
    user_errors: list[UserError] = strawberry.field(description=ROW_ERRORS)


@strawberry.input
class ListingChangeCategoryInput:
    """Where one listing shall go."""

    category: CategoryRefInput = strawberry.field(description="The leaf, with the tree it belongs to.")
    idempotency_key: str | None = strawberry.field(default=None, description=IDEMPOTENCY_KEY)


@strawberry.type
class ListingChangeCategoryPayload:
    """Answer of `listingChangeCategory`."""

    task: Task | None = strawberry.field(description=_TASK)
    user_errors: list[UserError] = strawberry.field(description=_ERRORS)


@strawberry.type
class ListingOwnershipSetPayload:
    """Answer of `listingOwnershipSet`."""

    listing: Listing | None = strawberry.field(description="The listing as it stands now; null when nothing was done.")
    user_errors: list[UserError] = strawberry.field(description=_ERRORS)


@strawberry.type
class TikTokShopOwnershipSetPayload:
    """Answer of `tiktokShopOwnershipSet`."""

    tiktok_shop: TikTokShop | None = strawberry.field(
        name="tiktokShop", description="The TikTok shop; null when nothing was done."
    )
    user_errors: list[UserError] = strawberry.field(description=_ERRORS)


ListingId = Annotated[strawberry.ID, strawberry.argument(description="The listing's id.")]
Owners = Annotated[
    list[FieldOwnerInput], strawberry.argument(description="The owners to set; groups left out stay as they are.")
]


@strawberry.type
class ListingEditMutation:
    """Editing what stands on TikTok Shop."""

    @strawberry.mutation(permission_classes=[WriteListings])
    async def listings_edit(
        self,
        info: Info,
        input: Annotated[ListingsEditInput, strawberry.argument(description="Which listings.")],
    ) -> ListingsEditPayload | None:
        """Send what changed in the store, the template or the overrides. What did not change makes no call."""
        context = info.context

        async def work(session: Session) -> tuple[UUID, Started]:
            shop = row_id("TikTokShop", input.tiktok_shop_id, "input", "tiktokShopId")
            return shop, await asked_edits.ask(
                session,
                context.deps.queue,
                context.deps.feed,
                shop_id=context.shop_id,
                tiktok_shop_id=shop,
                wish=_wish(info, input),
                started_by=context.who.started_by,
                idempotency_key=input.idempotency_key,
                now=context.now,
            )

        answered, refused = await attempt(info, work)
        if answered is None:
            return ListingsEditPayload(task=None, results=[], user_errors=refused)
        shop, started = answered
        results = [_row(row, at, input, shop) for at, row in enumerate(started.rows)]
        if started.task is None:
            errors = [error for result in results for error in result.user_errors]
            return ListingsEditPayload(task=None, results=results, user_errors=errors)
        return ListingsEditPayload(task=task_of(started.task), results=results, user_errors=[])

    @strawberry.mutation(permission_classes=[WriteListings, WriteTemplates])
    async def listing_change_category(
        self,
        info: Info,
        id: ListingId,
        input: Annotated[ListingChangeCategoryInput, strawberry.argument(description="Where it shall go.")],
    ) -> ListingChangeCategoryPayload | None:
        """Move one product to another leaf: the choice is kept as the product's own, and sent at once.

        The category becomes STORE's where it was not, as of linked products.
        """
        context = info.context

        async def work(session: Session) -> tables.Task:
            return await moving.move(
                session,
                context.deps.queue,
                context.deps.feed,
                shop_id=context.shop_id,
                listing_id=row_id("Listing", id, "id"),
                category=input.category.read("input", "category"),
                started_by=context.who.started_by,
                idempotency_key=input.idempotency_key,
                now=context.now,
            )

        task, errors = await attempt(info, work)
        return ListingChangeCategoryPayload(task=None if task is None else task_of(task), user_errors=errors)

    @strawberry.mutation(permission_classes=[WriteListings])
    async def listing_ownership_set(
        self, info: Info, id: ListingId, fields: Owners
    ) -> ListingOwnershipSetPayload | None:
        """Say who owns fields of one listing. A held change is decided by it: STORE sends over it, TIKTOK keeps it."""
        context = info.context

        async def work(session: Session) -> tables.Listing:
            return await owning.set_listing(
                session,
                shop_id=context.shop_id,
                listing_id=row_id("Listing", id, "id"),
                wishes=field_changes(fields),
                actor=context.who.started_by,
                now=context.now,
            )

        row, errors = await attempt(info, work)
        return ListingOwnershipSetPayload(listing=None if row is None else Listing.of(row), user_errors=errors)

    @strawberry.mutation(permission_classes=[WriteListings], name="tiktokShopOwnershipSet")
    async def tiktok_shop_ownership_set(
        self,
        info: Info,
        id: Annotated[strawberry.ID, strawberry.argument(description="The TikTok shop's id.")],
        fields: Owners,
    ) -> TikTokShopOwnershipSetPayload | None:
        """Say who owns fields of all listings of a TikTok shop that have no word of their own."""
        context = info.context

        async def work(session: Session) -> tables.TikTokShop:
            return await owning.set_shop(
                session,
                shop_id=context.shop_id,
                tiktok_shop_id=row_id("TikTokShop", id, "id"),
                wishes=field_changes(fields),
                actor=context.who.started_by,
                now=context.now,
            )

        row, errors = await attempt(info, work)
        shop = None if row is None else await load_tiktok_shop(info, row.id)
        return TikTokShopOwnershipSetPayload(tiktok_shop=shop, user_errors=errors)


def _wish(info: Info, asked: ListingsEditInput) -> EditWish:
    if asked.overrides is not None and not info.context.who.may(Scope.WRITE_TEMPLATES):
        message = f"To set overrides this needs the scope {Scope.WRITE_TEMPLATES.name}; edit without them."
        raise Forbidden(message, field=("input", "overrides"))
    listings, products, overrides = asked.listing_ids, asked.product_ids, asked.overrides
    return EditWish(
        listing_ids=None if listings is None else row_ids("Listing", listings, "input", "listingIds"),
        product_ids=None if products is None else row_ids("Product", products, "input", "productIds"),
        overrides=None if overrides is None else [row.read(at) for at, row in enumerate(overrides)],
        filter=None if asked.filter is None else _filter(asked.filter),
        policy=asked.error_policy,
    )


def _filter(asked: ListingsEditFilter) -> EditFilter:
    template = asked.template_id
    field = ("input", "filter", "templateId")
    return EditFilter(asked.statuses, None if template is None else row_id("CategoryTemplate", template, *field))


def _row(row: Row, at: int, asked: ListingsEditInput, tiktok_shop_id: UUID) -> ListingsEditRowResult:
    """A row's answer; errors of overrides name their fields below ``input``."""
    errors = [placed(error, at) for error in row.errors] if asked.overrides is not None else row.errors
    told = [UserError.of(error) for error in errors]
    return ListingsEditRowResult(row=row, user_errors=told, tiktok_shop_id=tiktok_shop_id)
