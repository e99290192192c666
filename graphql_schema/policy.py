"""The policy calendar: which category trees a shop may use on a day, and what else is demanded."""

from datetime import date, datetime
from typing import Annotated

import strawberry

from graphql_schema.categories import CategoryRefOutput
from graphql_schema.context import Info
from graphql_schema.enums import publish
from graphql_schema.permissions import ReadProducts
from server import tables
from server.domain import policy
from server.domain.categories import CategoryVersion
from server.domain.markets import Market, SellerType
from server.domain.policy_rows import Audience, Notice, Reading, RecommendInput, Roll, Use

publish(
    Audience,
    "Which shops a wave of the roll-out reached.",
    {
        Audience.DEVELOPMENT: "Shops that TikTok made for developers' tests; they come first.",
        Audience.INVITED: "Sellers whom TikTok invited before the others.",
        Audience.ORDINARY: "Every other shop.",
    },
    name="PolicyAudience",
)
publish(
    Reading,
    "How dates are read where TikTok's documents leave a doubt.",
    {
        Reading.CAREFUL: "A tree opens on the latest day that any document names and closes on the earliest.",
        Reading.LITERAL: "The day that was announced.",
    },
    name="PolicyReading",
)
publish(
    Use,
    "What a category is named for.",
    {
        Use.LIST: "Creating products.",
        Use.EDIT: "Editing products.",
        Use.RECOMMEND: "Asking TikTok for a recommendation.",
    },
    name="CategoryUse",
)
publish(
    RecommendInput,
    "What TikTok's recommendation is to be given.",
    {
        RecommendInput.TITLE: "The product's title.",
        RecommendInput.DESCRIPTION: "The product's description.",
        RecommendInput.IMAGE: "At least one uploaded image.",
    },
)

On = Annotated[date | None, strawberry.argument(description="Which day, in UTC; today if not said.")]
ForAudience = Annotated[Audience, strawberry.argument(description="For what kind of shop.")]
InReading = Annotated[Reading, strawberry.argument(description="How doubtful dates are read.")]


@strawberry.type
class CategoryPolicyRow:
    """One dated row of the calendar."""

    since: date = strawberry.field(description="The first day it holds.")
    starts_at: datetime = strawberry.field(description="The moment it comes into force.")
    accepts: list[CategoryVersion] = strawberry.field(description="The trees that are accepted from then on.")
    uses: list[Use] = strawberry.field(description="What for.")
    audience: Audience = strawberry.field(description="For whom; ORDINARY means every shop.")
    source: str = strawberry.field(description="The document that says so.")

    @classmethod
    def of(cls, row: Roll) -> "CategoryPolicyRow":
        """A row of the domain."""
        return cls(
            since=row.since,
            starts_at=policy.start_of(row.since),
            accepts=sorted(row.accepts),
            uses=[use for use in Use if use in row.uses],
            audience=row.audience,
            source=row.source,
        )


@strawberry.type
class CategoryPolicyNotice:
    """Something to know on that day."""

    text: str = strawberry.field(description="What.")
    since: date = strawberry.field(description="The first day.")
    until: date | None = strawberry.field(description="The last day; null when none was named.")
    source: str = strawberry.field(description="The document that says so.")

    @classmethod
    def of(cls, notice: Notice) -> "CategoryPolicyNotice":
        """A notice of the domain."""
        return cls(text=notice.text, since=notice.since, until=notice.until, source=notice.source)


@strawberry.type
class CategoryPolicyAnswer:
    """What TikTok itself told this shop about the trees. It is stronger than the calendar."""

    code: int = strawberry.field(description="TikTok's own number: 12052217 or 12052230.")
    said_at: datetime = strawberry.field(description="When it was last said.")
    asked_version: CategoryVersion = strawberry.field(description="The tree that the call had named.")
    asked_category: CategoryRefOutput | None = strawberry.field(description="The category that the call had named.")
    demands: CategoryVersion | None = strawberry.field(
        description="The tree that the shop must use since; null when the answer only told that something is stale."
    )

    @classmethod
    def of(cls, row: tables.VersionAnswer) -> "CategoryPolicyAnswer":
        """A row as clients see it."""
        return cls(
            code=row.code,
            said_at=row.said_at,
            asked_version=row.asked_version,
            asked_category=CategoryRefOutput.kept(row.asked_id, row.asked_version),
            demands=row.demands,
        )


@strawberry.type
class CategoryPolicy:
    """Which category trees may be used on a day, and what else is demanded."""

    market: Market = strawberry.field(description="Where.")
    on: date = strawberry.field(description="The day.")
    time_zone: str = strawberry.field(description="Where the calendar's days begin; TikTok's documents name no zone.")
    listable_versions: list[CategoryVersion] = strawberry.field(description="Trees to create products with.")
    editable_versions: list[CategoryVersion] = strawberry.field(description="Trees to edit products with.")
    recommendable_versions: list[CategoryVersion] = strawberry.field(description="Trees to ask recommendations of.")
    recommended_version: CategoryVersion = strawberry.field(description="The tree to list with.")
    recommend_inputs: list[RecommendInput] = strawberry.field(
        description="What a recommendation is to be given by the documents of that day."
    )
    recommend_minimum: list[RecommendInput] = strawberry.field(
        description="Without what TikTok refuses to recommend, by its reference of today."
    )
    v1_ends_on: date | None = strawberry.field(
        description="The first day on which nothing can be listed in tree V1; null when no day was published."
    )
    auto_upgrade_on: date | None = strawberry.field(
        description="The day on which TikTok itself moves what is left in V1; null when none was published."
    )
    enforced_version: CategoryVersion | None = strawberry.field(
        description="The tree that TikTok's own answer demands of this shop, whatever the calendar says."
    )
    platform_answers: list[CategoryPolicyAnswer] = strawberry.field(
        description="What TikTok told this shop, the newest first; empty for a market's policy."
    )
    sources: list[str] = strawberry.field(description="The documents behind these answers.")
    calendar: list[CategoryPolicyRow] = strawberry.field(description="All rows that concern such a shop, in order.")
    notices: list[CategoryPolicyNotice] = strawberry.field(description="What else to know on that day.")

    @classmethod
    def of(cls, found: policy.CategoryPolicy, answers: list[CategoryPolicyAnswer]) -> "CategoryPolicy":
        """The calendar's answer."""
        return cls(
            market=found.market,
            on=found.on,
            time_zone=policy.TIME_ZONE,
            listable_versions=sorted(found.listable),
            editable_versions=sorted(found.editable),
            recommendable_versions=sorted(found.recommendable),
            recommended_version=found.recommended,
            recommend_inputs=[one for one in RecommendInput if one in found.recommend_inputs],
            recommend_minimum=[one for one in RecommendInput if one in found.recommend_minimum],
            v1_ends_on=found.v1_ends,
            auto_upgrade_on=found.auto_upgrade,
            enforced_version=found.enforced,
            platform_answers=answers,
            sources=list(found.sources),
            calendar=[CategoryPolicyRow.of(row) for row in found.rows],
            notices=[CategoryPolicyNotice.of(notice) for notice in found.notices],
        )


async def policy_of_shop(
    info: Info, row: tables.TikTokShop, on: date | None, audience: Audience, reading: Reading
) -> CategoryPolicy:
    """The policy of one TikTok shop, with what the platform told it."""
    day = on or policy.policy_day(info.context.now)
    answers = await info.context.loaders.version_answers.load(row.id)
    found = policy.category_policy(row.market, row.seller_type, day, row.enforced_version, audience, reading)
    return CategoryPolicy.of(found, [CategoryPolicyAnswer.of(answer) for answer in answers])


@strawberry.type
class PolicyQuery:
    """The policy calendar."""

    @strawberry.field(permission_classes=[ReadProducts])
    def category_policy(
        self,
        info: Info,
        market: Annotated[Market, strawberry.argument(description="Where.")],
        on: On = None,
        seller_type: Annotated[
            SellerType, strawberry.argument(description="For what kind of seller.")
        ] = SellerType.LOCAL,
        audience: ForAudience = Audience.ORDINARY,
        reading: InReading = Reading.CAREFUL,
    ) -> CategoryPolicy:
        """Which trees may be used in a market on a day, past or to come. `TikTokShop.categoryPolicy` tells a shop's."""
        day = on or policy.policy_day(info.context.now)
        found = policy.category_policy(market, seller_type, day, None, audience, reading)
        return CategoryPolicy.of(found, [])
