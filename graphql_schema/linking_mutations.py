"""Sweeping a TikTok shop, linking and unlinking, and what to do with matches."""

from typing import Annotated

import strawberry

from graphql_schema.context import Info
from graphql_schema.linking import LinkProposal
from graphql_schema.listings import Listing
from graphql_schema.mutations import IDEMPOTENCY_KEY, attempt
from graphql_schema.nodes import row_id
from graphql_schema.permissions import ManageShop, WriteListings
from graphql_schema.tasks import Task, task_of
from graphql_schema.tiktok_shops import TikTokShop
from graphql_schema.user_errors import UserError
from server import tables
from server.deps import Session
from server.domain.linking import OnMatch
from server.services.listings.mirror import linking, remote, sweeping

_ERRORS = "Why nothing was done; empty when it was."


@strawberry.input
class TikTokShopSweepInput:
    """Which TikTok shop."""

    tiktok_shop_id: strawberry.ID = strawberry.field(name="tiktokShopId", description="The TikTok shop to look at.")
    idempotency_key: str | None = strawberry.field(default=None, description=IDEMPOTENCY_KEY)


@strawberry.type
class TikTokShopSweepPayload:
    """Answer of `tiktokShopSweep`."""

    task: Task | None = strawberry.field(description="The sweep to follow; null when none was started.")
    user_errors: list[UserError] = strawberry.field(description=_ERRORS)


@strawberry.input
class TikTokShopMatchPolicySetInput:
    """What to do with matches, and where."""

    tiktok_shop_id: strawberry.ID = strawberry.field(name="tiktokShopId", description="The TikTok shop.")
    match_policy: OnMatch = strawberry.field(description="What listing does with products that seem to be there.")


@strawberry.type
class TikTokShopMatchPolicySetPayload:
    """Answer of `tiktokShopMatchPolicySet`."""

    tiktok_shop: TikTokShop | None = strawberry.field(name="tiktokShop", description="The TikTok shop.")
    user_errors: list[UserError] = strawberry.field(description=_ERRORS)


@strawberry.input
class ListingLinkInput:
    """A product of the store and one on TikTok Shop."""

    tiktok_shop_id: strawberry.ID = strawberry.field(name="tiktokShopId", description="The TikTok shop.")
    product_id: strawberry.ID = strawberry.field(description="The product of the store.")
    remote_id: str = strawberry.field(description="TikTok's id of the product there.")


@strawberry.type
class ListingLinkPayload:
    """Answer of `listingLink`."""

    listing: Listing | None = strawberry.field(description="The listing that ties the two; null when nothing was done.")
    user_errors: list[UserError] = strawberry.field(description=_ERRORS)


@strawberry.type
class ListingUnlinkPayload:
    """Answer of `listingUnlink`."""

    listing: Listing | None = strawberry.field(description="The listing, now not synced; null when nothing was done.")
    user_errors: list[UserError] = strawberry.field(description=_ERRORS)


@strawberry.type
class LinkProposalRejectPayload:
    """Answer of `linkProposalReject`."""

    link_proposal: LinkProposal | None = strawberry.field(description="The pair, now rejected.")
    user_errors: list[UserError] = strawberry.field(description=_ERRORS)


@strawberry.type
class LinkingMutation:
    """What stands on TikTok Shop, and whose it is."""

    @strawberry.mutation(name="tiktokShopSweep", permission_classes=[WriteListings])
    async def tiktok_shop_sweep(
        self,
        info: Info,
        input: Annotated[TikTokShopSweepInput, strawberry.argument(description="Which TikTok shop.")],
    ) -> TikTokShopSweepPayload | None:
        """Read everything that stands on TikTok Shop, in the background; it also happens daily by itself.

        Statuses are caught up, and what is certainly a product of the store is linked. While a sweep of the shop is
        under way, that one is answered.
        """
        context = info.context

        async def work(session: Session) -> tables.Task:
            return await sweeping.start(
                session,
                context.deps.queue,
                context.deps.feed,
                shop_id=context.shop_id,
                tiktok_shop_id=row_id("TikTokShop", input.tiktok_shop_id, "input", "tiktokShopId"),
                started_by=context.who.started_by,
                idempotency_key=input.idempotency_key,
                now=context.now,
            )

        task, errors = await attempt(info, work)
        return TikTokShopSweepPayload(task=None if task is None else task_of(task), user_errors=errors)

    @strawberry.mutation(name="tiktokShopMatchPolicySet", permission_classes=[ManageShop])
    async def tiktok_shop_match_policy_set(
        self,
        info: Info,
        input: Annotated[TikTokShopMatchPolicySetInput, strawberry.argument(description="What, and where.")],
    ) -> TikTokShopMatchPolicySetPayload | None:
        """Say what listing does with products that seem to be on TikTok Shop already."""
        context = info.context

        async def work(session: Session) -> tables.TikTokShop:
            return await remote.set_on_match(
                session,
                context.deps.feed,
                shop_id=context.shop_id,
                tiktok_shop_id=row_id("TikTokShop", input.tiktok_shop_id, "input", "tiktokShopId"),
                on_match=input.match_policy,
                clock=context.deps.clock,
            )

        row, errors = await attempt(info, work)
        shown = None if row is None else TikTokShop.of(row)
        return TikTokShopMatchPolicySetPayload(tiktok_shop=shown, user_errors=errors)

    @strawberry.mutation(permission_classes=[WriteListings])
    async def listing_link(
        self, info: Info, input: Annotated[ListingLinkInput, strawberry.argument(description="The two products.")]
    ) -> ListingLinkPayload | None:
        """Tie a product of the store to one that is on TikTok Shop. Nothing is sent; the same again is no error."""
        context, deps = info.context, info.context.deps

        async def work(_: Session) -> tables.Listing:
            return await remote.link(
                remote.Platform(deps.database, deps.vault, deps.tiktok, deps.feed, deps.clock),
                shop_id=context.shop_id,
                tiktok_shop_id=row_id("TikTokShop", input.tiktok_shop_id, "input", "tiktokShopId"),
                product_id=row_id("Product", input.product_id, "input", "productId"),
                remote_id=input.remote_id,
                by=context.who.started_by,
            )

        row, errors = await attempt(info, work)
        return ListingLinkPayload(listing=None if row is None else Listing.of(row), user_errors=errors)

    @strawberry.mutation(permission_classes=[WriteListings])
    async def listing_unlink(
        self,
        info: Info,
        listing_id: Annotated[strawberry.ID, strawberry.argument(description="The listing's id.")],
    ) -> ListingUnlinkPayload | None:
        """Let go of the product on TikTok Shop, which stays as it is; the two are not linked by themselves again."""
        context = info.context

        async def work(session: Session) -> tables.Listing:
            return await linking.unlink(
                session,
                context.deps.feed,
                shop_id=context.shop_id,
                listing_id=row_id("Listing", listing_id, "listingId"),
                by=context.who.started_by,
                now=context.now,
            )

        row, errors = await attempt(info, work)
        return ListingUnlinkPayload(listing=None if row is None else Listing.of(row), user_errors=errors)

    @strawberry.mutation(permission_classes=[WriteListings])
    async def link_proposal_reject(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="The proposal's id.")]
    ) -> LinkProposalRejectPayload | None:
        """Say that the two are different products: listing no longer waits because of them."""
        context = info.context

        async def work(session: Session) -> tables.LinkProposal:
            return await linking.reject(
                session,
                shop_id=context.shop_id,
                proposal_id=row_id("LinkProposal", id, "id"),
                by=context.who.started_by,
                now=context.now,
            )

        row, errors = await attempt(info, work)
        shown = None if row is None else LinkProposal.of(row)
        return LinkProposalRejectPayload(link_proposal=shown, user_errors=errors)
