"""Sending what changed, moving a product to another category, and saying who owns which field."""

from typing import Annotated

import strawberry

from graphql_schema.categories import CategoryRefInput
from graphql_schema.context import Info
from graphql_schema.listing_edits import FieldOwnerInput, field_changes
from graphql_schema.listings import Listing
from graphql_schema.mutations import IDEMPOTENCY_KEY, attempt
from graphql_schema.nodes import row_id, row_ids
from graphql_schema.permissions import WriteListings
from graphql_schema.tasks import Task, task_of
from graphql_schema.tiktok_shops import TikTokShop, load_tiktok_shop
from graphql_schema.user_errors import UserError
from server import tables
from server.deps import Session
from server.domain.listings import ListingStatus
from server.services.listings import editing, owning
from server.services.templates import moving

_TASK = "The edit to follow; null when none was started."
_ERRORS = "Why nothing was done; empty when it was."


@strawberry.input
class ListingsEditFilter:
    """Which listings; beside names no filter is taken. Without any of these: all that are on TikTok Shop."""

    statuses: list[ListingStatus] | None = strawberry.field(default=None, description="Only these statuses.")
    template_id: strawberry.ID | None = strawberry.field(
        default=None, description="Only listings made with this category template."
    )


@strawberry.input
class ListingsEditInput:
    """What to bring up to date: listings, products, or all that a filter takes."""

    tiktok_shop_id: strawberry.ID = strawberry.field(name="tiktokShopId", description="The TikTok shop they are in.")
    listing_ids: list[strawberry.ID] | None = strawberry.field(
        default=None, description=f"The listings, 1 to {editing.MAX_LISTINGS}."
    )
    product_ids: list[strawberry.ID] | None = strawberry.field(
        default=None, description=f"Or their products, 1 to {editing.MAX_LISTINGS}."
    )
    filter: ListingsEditFilter | None = strawberry.field(default=None, description="Or all that it takes.")
    idempotency_key: str | None = strawberry.field(default=None, description=IDEMPOTENCY_KEY)


@strawberry.type
class ListingsEditPayload:
    """Answer of `listingsEdit`."""

    task: Task | None = strawberry.field(description=_TASK)
    user_errors: list[UserError] = strawberry.field(description=_ERRORS)


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
        context, wanted = info.context, input.filter or ListingsEditFilter()
        listings, products, template = input.listing_ids, input.product_ids, wanted.template_id

        async def work(session: Session) -> tables.Task:
            return await editing.start(
                session,
                context.deps.queue,
                context.deps.feed,
                shop_id=context.shop_id,
                tiktok_shop_id=row_id("TikTokShop", input.tiktok_shop_id, "input", "tiktokShopId"),
                listing_ids=None if listings is None else row_ids("Listing", listings, "input", "listingIds"),
                product_ids=None if products is None else row_ids("Product", products, "input", "productIds"),
                statuses=wanted.statuses,
                template_id=None
                if template is None
                else row_id("CategoryTemplate", template, "input", "filter", "templateId"),
                started_by=context.who.started_by,
                idempotency_key=input.idempotency_key,
                now=context.now,
            )

        task, errors = await attempt(info, work)
        return ListingsEditPayload(task=None if task is None else task_of(task), user_errors=errors)

    @strawberry.mutation(permission_classes=[WriteListings])
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
                now=context.now,
            )

        row, errors = await attempt(info, work)
        shop = None if row is None else await load_tiktok_shop(info, row.id)
        return TikTokShopOwnershipSetPayload(tiktok_shop=shop, user_errors=errors)
