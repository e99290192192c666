"""Having categories recommended, and deciding about what is."""

from typing import Annotated

import strawberry

from graphql_schema.categories import CategoryRefInput
from graphql_schema.context import Info
from graphql_schema.enums import publish
from graphql_schema.mutations import IDEMPOTENCY_KEY, attempt
from graphql_schema.nodes import row_id, row_ids
from graphql_schema.permissions import WriteListings
from graphql_schema.recommendations import CategoryRecommendation
from graphql_schema.tasks import Task, task_of
from graphql_schema.tiktok_shops import TikTokShop
from graphql_schema.user_errors import UserError
from server import tables
from server.deps import Session
from server.services import recommendations
from server.services.recommendations import MAX_PRODUCTS, Wanted

publish(
    Wanted,
    "Which of the store's active products to have categories recommended for.",
    {
        Wanted.WITHOUT_RECOMMENDATION: "Those never looked at.",
        Wanted.WITHOUT_CATEGORY: "Those without a confirmed category.",
        Wanted.ALL: "All of them.",
    },
    name="RecommendationsFilter",
)

_ERRORS = "Why nothing was done; empty when it was."
_AFTER = "The recommendation as it stands now; null when nothing was done."
RecommendationId = Annotated[strawberry.ID, strawberry.argument(description="The recommendation's id.")]


@strawberry.input
class RecommendationsRefreshInput:
    """Which products to look at, and where. Give either products or a filter."""

    tiktok_shop_id: strawberry.ID = strawberry.field(
        name="tiktokShopId", description="The TikTok shop: its tree, its permissions, its memory."
    )
    product_ids: list[strawberry.ID] | None = strawberry.field(
        default=None, description=f"The products, 1 to {MAX_PRODUCTS}."
    )
    filter: Wanted | None = strawberry.field(default=None, description="Instead: all products of a kind.")
    min_probability: float | None = strawberry.field(
        default=None,
        description="Candidates less probable than this, 0 to 1, are shown but not proposed; "
        "the TikTok shop's `recommendationThreshold` if not said.",
    )
    idempotency_key: str | None = strawberry.field(default=None, description=IDEMPOTENCY_KEY)


@strawberry.type
class RecommendationsRefreshPayload:
    """Answer of `recommendationsRefresh`."""

    task: Task | None = strawberry.field(description="The work to follow; null when none was started.")
    user_errors: list[UserError] = strawberry.field(description=_ERRORS)


@strawberry.type
class RecommendationApprovePayload:
    """Answer of `recommendationApprove`."""

    recommendation: CategoryRecommendation | None = strawberry.field(description=_AFTER)
    user_errors: list[UserError] = strawberry.field(description=_ERRORS)


@strawberry.type
class RecommendationRejectPayload:
    """Answer of `recommendationReject`."""

    recommendation: CategoryRecommendation | None = strawberry.field(description=_AFTER)
    user_errors: list[UserError] = strawberry.field(description=_ERRORS)


@strawberry.input
class TikTokShopRecommendationThresholdSetInput:
    """How sure recommendations must be in a TikTok shop."""

    tiktok_shop_id: strawberry.ID = strawberry.field(name="tiktokShopId", description="The TikTok shop.")
    min_probability: float | None = strawberry.field(
        default=None, description="From 0 (propose whatever is best) to 1; null for Leafmark's own."
    )


@strawberry.type
class TikTokShopRecommendationThresholdSetPayload:
    """Answer of `tiktokShopRecommendationThresholdSet`."""

    tiktok_shop: TikTokShop | None = strawberry.field(
        name="tiktokShop", description="The TikTok shop as it stands now; null when nothing was done."
    )
    user_errors: list[UserError] = strawberry.field(description=_ERRORS)


@strawberry.type
class RecommendationMutation:
    """Recommended categories."""

    @strawberry.mutation(permission_classes=[WriteListings])
    async def recommendations_refresh(
        self,
        info: Info,
        input: Annotated[RecommendationsRefreshInput, strawberry.argument(description="Which products, and where.")],
    ) -> RecommendationsRefreshPayload | None:
        """Look for categories in the background. Without TikTok Shop, Leafmark's own ranking speaks alone."""
        context, products = info.context, input.product_ids

        async def work(session: Session) -> tables.Task:
            return await recommendations.start(
                session,
                context.deps.queue,
                context.deps.feed,
                shop_id=context.shop_id,
                tiktok_shop_id=row_id("TikTokShop", input.tiktok_shop_id, "input", "tiktokShopId"),
                product_ids=None if products is None else row_ids("Product", products, "input", "productIds"),
                wanted=input.filter,
                threshold=input.min_probability,
                started_by=context.who.started_by,
                idempotency_key=input.idempotency_key,
                now=context.now,
            )

        task, errors = await attempt(info, work)
        return RecommendationsRefreshPayload(task=None if task is None else task_of(task), user_errors=errors)

    @strawberry.mutation(permission_classes=[WriteListings])
    async def recommendation_approve(
        self,
        info: Info,
        id: RecommendationId,
        ref: Annotated[
            CategoryRefInput | None, strawberry.argument(description="This category instead of the proposed one.")
        ] = None,
    ) -> RecommendationApprovePayload | None:
        """Confirm what is proposed, or another leaf. The next ranking of this TikTok shop has learned from it."""
        context = info.context

        async def work(session: Session) -> tables.Recommendation:
            return await recommendations.approve(
                session,
                shop_id=context.shop_id,
                recommendation_id=row_id("CategoryRecommendation", id, "id"),
                ref=None if ref is None else ref.read("ref"),
                by=context.who.started_by,
                now=context.now,
            )

        row, errors = await attempt(info, work)
        return RecommendationApprovePayload(recommendation=_shown(row), user_errors=errors)

    @strawberry.mutation(permission_classes=[WriteListings])
    async def recommendation_reject(self, info: Info, id: RecommendationId) -> RecommendationRejectPayload | None:
        """Refuse what is proposed, or withdraw what was approved. It is not proposed for the product again."""
        context = info.context

        async def work(session: Session) -> tables.Recommendation:
            return await recommendations.reject(
                session,
                shop_id=context.shop_id,
                recommendation_id=row_id("CategoryRecommendation", id, "id"),
                by=context.who.started_by,
                now=context.now,
            )

        row, errors = await attempt(info, work)
        return RecommendationRejectPayload(recommendation=_shown(row), user_errors=errors)

    @strawberry.mutation(permission_classes=[WriteListings])
    async def tiktok_shop_recommendation_threshold_set(
        self,
        info: Info,
        input: Annotated[
            TikTokShopRecommendationThresholdSetInput, strawberry.argument(description="Which shop, and how sure.")
        ],
    ) -> TikTokShopRecommendationThresholdSetPayload | None:
        """Say how probable a category must be to be proposed. It holds from the next refresh on."""
        context = info.context

        async def work(session: Session) -> tables.TikTokShop:
            return await recommendations.set_threshold(
                session,
                shop_id=context.shop_id,
                tiktok_shop_id=row_id("TikTokShop", input.tiktok_shop_id, "input", "tiktokShopId"),
                threshold=input.min_probability,
            )

        row, errors = await attempt(info, work)
        return TikTokShopRecommendationThresholdSetPayload(
            tiktok_shop=None if row is None else TikTokShop.of(row), user_errors=errors
        )


def _shown(row: tables.Recommendation | None) -> CategoryRecommendation | None:
    return None if row is None else CategoryRecommendation.of(row)
