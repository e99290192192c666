"""Problems of all listings together, counted by code, and putting them away."""

from datetime import datetime
from typing import Annotated

import strawberry

from graphql_schema.context import Info
from graphql_schema.listings import Listing
from graphql_schema.mutations import attempt
from graphql_schema.nodes import row_id, row_ids
from graphql_schema.paging import After, Before, Connection, First, Last, connection_of, page_args, page_of_list
from graphql_schema.permissions import ReadProducts, WriteListings
from graphql_schema.problem_texts import PROBLEM_TEXTS
from graphql_schema.problems import Problem
from graphql_schema.user_errors import UserError
from server.deps import Session
from server.domain import problems as domain
from server.domain.problems import ProblemFilter, Remedy, Severity
from server.kit.errors import Invalid
from server.services import problems


@strawberry.input
class ProblemsFilter:
    """Which problems. Without any of these: all that were not dismissed."""

    tiktok_shop_id: strawberry.ID | None = strawberry.field(
        name="tiktokShopId", default=None, description="Only problems of listings in this TikTok shop."
    )
    codes: list[str] | None = strawberry.field(default=None, description="Only these codes.")
    severity: Severity | None = strawberry.field(default=None, description="Only errors, or only warnings.")
    remedies: list[Remedy] | None = strawberry.field(default=None, description="Only what is mended there.")
    dismissed: bool = strawberry.field(default=False, description="Those that were dismissed instead of the others.")


@strawberry.type
class ProblemTally:
    """One kind of problem and how many listings have it. A listing with it in several places counts once."""

    tally: strawberry.Private[domain.ProblemTally]
    wanted: strawberry.Private[ProblemFilter]
    code: str = strawberry.field(description="Its code, as `Problem.code`.")
    severity: Severity = strawberry.field(description="Whether it keeps products from being listed.")
    remedy: Remedy = strawberry.field(description="Who can mend it, and where.")
    listings_count: int = strawberry.field(description="On how many listings it lies.")
    last_seen_at: datetime = strawberry.field(description="When the newest of these listings last changed.")
    example: Problem = strawberry.field(description="One of them, in full.")

    @classmethod
    def of(cls, tally: domain.ProblemTally, wanted: ProblemFilter) -> "ProblemTally":
        """A tally as clients see it."""
        return cls(
            tally=tally,
            wanted=wanted,
            code=tally.code,
            severity=tally.severity,
            remedy=tally.remedy,
            listings_count=tally.listings,
            last_seen_at=tally.last_seen_at,
            example=Problem.of(tally.example.to_json()),
        )

    @strawberry.field
    def description(self) -> str | None:
        """What the code means, as `error-codes.json` says; null for an old one that is not raised any more."""
        return PROBLEM_TEXTS.get(self.code)

    @strawberry.field
    async def listings(
        self, info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
    ) -> Connection[Listing]:
        """The listings that have it, in the order they were first made."""
        args = page_args(info, first, after, last, before)
        async with info.context.read() as session:
            page = await problems.listings_with(
                session, shop_id=info.context.shop_id, tally=self.tally, wanted=self.wanted, args=args
            )
        return connection_of(page, Listing.of)


def _cursor(tally: domain.ProblemTally) -> str:
    return f"{tally.severity}:{tally.code}:{tally.example.platform_code or ''}:{tally.remedy}"


@strawberry.type
class ProblemQuery:
    """Problems of all listings together."""

    @strawberry.field(permission_classes=[ReadProducts])
    async def problems(
        self,
        info: Info,
        filter: Annotated[ProblemsFilter | None, strawberry.argument(description="Which problems.")] = None,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[ProblemTally]:
        """What is wrong with the shop's listings, counted by code: errors first, the most frequent first."""
        asked = filter or ProblemsFilter()
        args = page_args(info, first, after, last, before)
        shop = asked.tiktok_shop_id
        wanted = ProblemFilter(
            tiktok_shop_id=None if shop is None else row_id("TikTokShop", shop, "filter", "tiktokShopId"),
            codes=tuple(asked.codes or ()),
            severity=asked.severity,
            remedies=tuple(asked.remedies or ()),
            dismissed=asked.dismissed,
        )
        async with info.context.read() as session:
            found = await problems.tallies(session, shop_id=info.context.shop_id, wanted=wanted)
        page = page_of_list(found, args, _cursor)
        return connection_of(page, lambda one: ProblemTally.of(one, wanted))


@strawberry.input
class ProblemDismissInput:
    """Which problems to put away, or to bring back."""

    code: str = strawberry.field(description="Their code, as `Problem.code`.")
    platform_code: int | None = strawberry.field(
        default=None, description="Only those with this number of TikTok's, as `Problem.platformCode`; left out: all."
    )
    tiktok_shop_id: strawberry.ID | None = strawberry.field(
        name="tiktokShopId", default=None, description="Only on listings in this TikTok shop."
    )
    listing_ids: list[strawberry.ID] | None = strawberry.field(
        default=None, description=f"Only on these listings, 1 to {problems.MAX_LISTINGS}; left out: on all."
    )
    restore: bool = strawberry.field(default=False, description="Bring dismissed ones back instead.")


@strawberry.type
class ProblemDismissPayload:
    """Answer of `problemDismiss`."""

    changed: int | None = strawberry.field(description="How many problems were put away or brought back.")
    user_errors: list[UserError] = strawberry.field(description="Why nothing was done; empty when it was.")


@strawberry.type
class ProblemMutation:
    """Putting problems away."""

    @strawberry.mutation(permission_classes=[WriteListings])
    async def problem_dismiss(
        self, info: Info, input: Annotated[ProblemDismissInput, strawberry.argument(description="Which problems.")]
    ) -> ProblemDismissPayload | None:
        """Put problems away: they are not counted until they go and come back. Doing it twice changes nothing."""
        context, shop, named = info.context, input.tiktok_shop_id, input.listing_ids

        async def work(session: Session) -> int:
            if input.code not in PROBLEM_TEXTS:
                raise Invalid("There is no such code: `problems` tells those of this shop.", field=("input", "code"))
            tiktok_shop_id = None if shop is None else row_id("TikTokShop", shop, "input", "tiktokShopId")
            listing_ids = None if named is None else row_ids("Listing", named, "input", "listingIds")
            if input.restore:
                return await problems.restore(
                    session,
                    shop_id=context.shop_id,
                    code=input.code,
                    platform_code=input.platform_code,
                    tiktok_shop_id=tiktok_shop_id,
                    listing_ids=listing_ids,
                )
            return await problems.dismiss(
                session,
                shop_id=context.shop_id,
                code=input.code,
                platform_code=input.platform_code,
                tiktok_shop_id=tiktok_shop_id,
                listing_ids=listing_ids,
                by=context.who.started_by,
                now=context.now,
            )

        changed, errors = await attempt(info, work)
        return ProblemDismissPayload(changed=changed, user_errors=errors)
