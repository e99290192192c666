"""Recommended categories: candidates with probabilities and reasons, what is proposed, and where it came from."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, cast
from uuid import UUID

import strawberry

from graphql_schema.categories import Category, CategoryRefOutput, TikTokShopId, load_category
from graphql_schema.context import Info
from graphql_schema.enums import publish
from graphql_schema.nodes import Node, find_row, findable, gid, row_id
from graphql_schema.paging import After, Before, Connection, First, Last, connection_of, page_args
from graphql_schema.permissions import ReadProducts
from graphql_schema.tiktok_shops import TikTokShop, load_tiktok_shop
from server import tables
from server.domain.candidates import CandidateSource, LeafCandidate
from server.domain.categories import CategoryRef, CategoryVersion, PermissionStatus
from server.domain.policy_rows import RecommendInput
from server.domain.recommendations import ADVICE, NoProposal, PlatformAnswer, RecommendationState
from server.domain.recommender import Ground, Reason
from server.services import recommendations

if TYPE_CHECKING:
    from graphql_schema.products import Product

publish(
    RecommendationState,
    "Where a recommendation stands with the merchant.",
    {
        RecommendationState.PENDING: "A category is proposed; approve, replace or reject it.",
        RecommendationState.APPROVED: "The merchant confirmed a category.",
        RecommendationState.REJECTED: "The merchant refused what was proposed.",
        RecommendationState.NONE: "Nothing is proposed; the reason says why.",
    },
)
publish(
    NoProposal,
    "Why nothing is proposed.",
    {
        NoProposal.NO_MATCH: "TikTok Shop has no matching category (codes 12052913, 12019064, 12052912).",
        NoProposal.UNSURE: "No candidate is as probable as was asked for.",
        NoProposal.NOT_PERMITTED: "What fits is closed to this TikTok shop.",
        NoProposal.ADVICE_CYCLE: "A category that had been left is advised again: the advice goes in circles.",
        NoProposal.INPUT_MISSING: "The product lacks the description or picture by which TikTok Shop recommends.",
        NoProposal.WRONG_LANGUAGE: "The product's texts are not in the language of the shop's market.",
    },
    name="NoRecommendationReason",
)
publish(
    CandidateSource,
    "Who speaks for a candidate.",
    {
        CandidateSource.TIKTOK: "TikTok Shop recommends it.",
        CandidateSource.MAPPING: "The mapping of the product's source category.",
        CandidateSource.MEMORY: "Categories confirmed for other products of this TikTok shop.",
        CandidateSource.TEXT: "Words of the product and of the category.",
    },
)
publish(
    PlatformAnswer,
    "What came of asking TikTok Shop.",
    {
        PlatformAnswer.RECOMMENDED: "It named a category.",
        PlatformAnswer.NO_MATCH: "It found none.",
        PlatformAnswer.REFUSED: "It refused the question, for example the title.",
        PlatformAnswer.INPUT_MISSING: "It was not asked: it would demand what the product lacks.",
        PlatformAnswer.WRONG_LANGUAGE: "It refused the language of the product's texts; candidates are Leafmark's own.",
        PlatformAnswer.UNREACHABLE: "It did not answer; candidates are Leafmark's own.",
        PlatformAnswer.LIMITED: "A quota is used up; candidates are Leafmark's own.",
        PlatformAnswer.NOT_AUTHORIZED: "The TikTok shop has to be connected again; candidates are Leafmark's own.",
    },
)
publish(
    Ground,
    "What kind of evidence speaks for a category.",
    {
        Ground.WORDS: "Words of the product that stand in the category's path, or mean the same.",
        Ground.HABIT: "Words that confirmed products of this category share.",
        Ground.PAST_PRODUCT: "The confirmed product most like this one.",
        Ground.SAME_PRODUCT: "The very same title was confirmed for this category.",
        Ground.SOURCE_CATEGORY: "Confirmed products of the same source category or type went here.",
        Ground.MAPPING: "The product's source category is mapped to it.",
    },
    name="CandidateGround",
)


@strawberry.type
class CandidateReason:
    """One piece of evidence for a candidate."""

    ground: Ground = strawberry.field(description="What kind of evidence.")
    words: list[str] = strawberry.field(description="The product's own words it rests on; may be none.")
    example: str = strawberry.field(description="The past product or source category it rests on; may be empty.")

    @classmethod
    def of(cls, reason: Reason) -> "CandidateReason":
        """A reason of the recommender."""
        return cls(ground=reason.ground, words=list(reason.words), example=reason.example)


@strawberry.type
class CategoryCandidate:
    """A leaf category that may be right for the product."""

    tiktok_shop_id: strawberry.Private[UUID]
    ref: CategoryRefOutput = strawberry.field(description="The category and its tree.")
    path: list[str] = strawberry.field(description="Names from the root down, as known when it was found.")
    permissions: list[PermissionStatus] = strawberry.field(
        description="What the shop might do there then. What is not available is never proposed by itself."
    )
    probability: float = strawberry.field(description="How probable it is that this is the right one, 0 to 1.")
    sources: list[CandidateSource] = strawberry.field(description="Who speaks for it.")
    because: list[CandidateReason] = strawberry.field(description="The evidence, strongest first.")

    @classmethod
    def of(cls, one: LeafCandidate, tiktok_shop_id: UUID) -> "CategoryCandidate":
        """A candidate as clients see it."""
        return cls(
            tiktok_shop_id=tiktok_shop_id,
            ref=CategoryRefOutput.of(one.place.ref),
            path=list(one.place.path),
            permissions=[known for known in PermissionStatus if known in one.place.permissions],
            probability=one.probability,
            sources=list(one.sources),
            because=[CandidateReason.of(reason) for reason in one.because],
        )

    @strawberry.field
    async def category(self, info: Info) -> Category | None:
        """The category as the kept tree has it now; null when it does not."""
        return await load_category(info, self.tiktok_shop_id, CategoryRef(self.ref.id, self.ref.version))


@strawberry.type
class RecommendationProvenance:
    """Where a recommendation came from."""

    asked_at: datetime = strawberry.field(description="When it was found out.")
    version: CategoryVersion = strawberry.field(description="The tree that was asked about.")
    tree_fetched_at: datetime | None = strawberry.field(
        description="From when the kept tree was in which Leafmark looked; null when none was kept."
    )
    platform_answer: PlatformAnswer = strawberry.field(description="What came of asking TikTok Shop.")
    platform_code: str | None = strawberry.field(description="TikTok's own number, if it refused or found nothing.")
    platform_message: str = strawberry.field(description="What it said then; may be empty.")
    request_id: str = strawberry.field(description="TikTok's id of the call, for its support; may be empty.")
    inputs: list[RecommendInput] = strawberry.field(description="What it was given.")

    @classmethod
    def of(cls, row: tables.Recommendation) -> "RecommendationProvenance":
        """A row's provenance."""
        return cls(
            asked_at=row.asked_at,
            version=row.version,
            tree_fetched_at=row.tree_fetched_at,
            platform_answer=row.platform_answer,
            platform_code=None if row.platform_code is None else str(row.platform_code),
            platform_message=row.platform_message,
            request_id=row.request_id,
            inputs=[RecommendInput(one) for one in row.inputs],
        )


@strawberry.type
class CategoryRecommendation(Node):
    """What is recommended for a product in one TikTok shop, and the merchant's word on it."""

    row: strawberry.Private[tables.Recommendation]
    state: RecommendationState = strawberry.field(description="Where it stands with the merchant.")
    reason: NoProposal | None = strawberry.field(description="Why nothing is proposed, if nothing is.")
    advice: str | None = strawberry.field(description="What to do about that, for people.")
    proposed: CategoryRefOutput | None = strawberry.field(description="What is proposed now.")
    chosen: CategoryRefOutput | None = strawberry.field(
        description="What the merchant confirmed last. It stands until another is confirmed or it is rejected."
    )
    candidates: list[CategoryCandidate] = strawberry.field(
        description="Categories that may be right: those that may be proposed first, each group by probability."
    )
    provenance: RecommendationProvenance = strawberry.field(description="Where it came from.")
    decided_at: datetime | None = strawberry.field(description="When the merchant last decided.")

    @classmethod
    def of(cls, row: tables.Recommendation) -> "CategoryRecommendation":
        """A row as clients see it."""
        return cls(
            id=gid("CategoryRecommendation", row.id),
            row=row,
            state=row.state,
            reason=row.reason,
            advice=None if row.reason is None else ADVICE[row.reason],
            proposed=CategoryRefOutput.kept(row.proposed_id, row.version),
            chosen=CategoryRefOutput.kept(row.chosen_id, row.chosen_version),
            candidates=[
                CategoryCandidate.of(LeafCandidate.from_json(one), row.tiktok_shop_id) for one in row.candidates
            ],
            provenance=RecommendationProvenance.of(row),
            decided_at=row.decided_at,
        )

    @strawberry.field
    async def product(self, info: Info) -> Annotated["Product", strawberry.lazy("graphql_schema.products")] | None:
        """The product in the store."""
        return cast("Product | None", await find_row(info, "Product", self.row.product_id))

    @strawberry.field(name="tiktokShop")
    async def tiktok_shop(self, info: Info) -> TikTokShop | None:
        """The TikTok shop."""
        return await load_tiktok_shop(info, self.row.tiktok_shop_id)


@findable("CategoryRecommendation")
async def _find(info: Info, recommendation_id: UUID) -> CategoryRecommendation | None:
    async with info.context.read() as session:
        found = await recommendations.by_ids(session, shop_id=info.context.shop_id, ids=[recommendation_id])
    return CategoryRecommendation.of(found[recommendation_id]) if recommendation_id in found else None


@strawberry.type
class RecommendationQuery:
    """Recommended categories."""

    @strawberry.field(permission_classes=[ReadProducts])
    async def recommendations(
        self,
        info: Info,
        tiktok_shop_id: TikTokShopId,
        states: Annotated[
            list[RecommendationState] | None, strawberry.argument(description="Only these states.")
        ] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[CategoryRecommendation]:
        """A TikTok shop's recommendations in the order they were first made; `recommendationsRefresh` makes them."""
        args = page_args(info, first, after, last, before)
        async with info.context.read() as session:
            page = await recommendations.page(
                session,
                shop_id=info.context.shop_id,
                tiktok_shop_id=row_id("TikTokShop", tiktok_shop_id, "tiktokShopId"),
                states=states or (),
                args=args,
            )
        return connection_of(page, CategoryRecommendation.of)
