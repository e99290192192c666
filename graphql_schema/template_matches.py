"""Which template takes a product, and for every other one why it does not."""

from typing import Annotated
from uuid import UUID

import strawberry

from graphql_schema.context import Info
from graphql_schema.enums import publish
from graphql_schema.templates import CategoryTemplate, load_template
from server.domain.category_choices import TakenBy
from server.domain.paging import MAX_PAGE
from server.domain.templates import Lost
from server.kit.errors import Invalid
from server.services.templates.explaining import Explanation

publish(
    TakenBy,
    "How a template came to a product.",
    {
        TakenBy.ASSIGNMENT: "The product was given to it by hand.",
        TakenBy.RULE: "Its rules hold, and no template that goes before it takes the product.",
        TakenBy.DEFAULT: "It is the default and takes what no other template takes.",
    },
    name="TemplateTakenBy",
)
_LOSERS = f"This many of those that go first, 1 to {MAX_PAGE}."


@strawberry.type
class TemplateLoss:
    """A template that does not take a product."""

    lost: strawberry.Private[Lost]
    because: str = strawberry.field(description="Why it does not, for people.")
    would_take: bool = strawberry.field(description="Whether its rules hold, and it would take it if others did not.")

    @classmethod
    def of(cls, lost: Lost) -> "TemplateLoss":
        """The domain's value as clients see it."""
        return cls(lost=lost, because=lost.because, would_take=lost.would)

    @strawberry.field
    async def template(self, info: Info) -> CategoryTemplate | None:
        """The template."""
        return await load_template(info, self.lost.template.id)


@strawberry.type
class TemplateMatch:
    """The one template that takes a product in a TikTok shop, and why it is that one."""

    explanation: strawberry.Private[Explanation]
    because: str = strawberry.field(description="Why it takes the product, or why none does, for people.")
    taken_by: TakenBy | None = strawberry.field(description="How it came to the product; null when none takes it.")
    lost_count: int = strawberry.field(description="How many templates do not take it.")

    @classmethod
    def of(cls, explanation: Explanation) -> "TemplateMatch":
        """A service's value as clients see it."""
        return cls(
            explanation=explanation,
            because=explanation.because,
            taken_by=explanation.taken_by,
            lost_count=explanation.lost_count,
        )

    @strawberry.field
    async def template(self, info: Info) -> CategoryTemplate | None:
        """The template that takes it; null when none does."""
        winner = self.explanation.winner
        return None if winner is None else await load_template(info, winner.id)

    @strawberry.field
    async def instead_of(self, info: Info) -> CategoryTemplate | None:
        """Of a product that was given by hand: the template that the rules would have chosen, if another."""
        if self.explanation.taken_by is not TakenBy.ASSIGNMENT:
            return None
        would = self.explanation.lost(1, would=True)
        return await load_template(info, would[0].template.id) if would else None

    @strawberry.field
    def lost(
        self,
        first: Annotated[int, strawberry.argument(description=_LOSERS)] = 10,
        would_take: Annotated[
            bool | None, strawberry.argument(description="Only those whose rules hold, or only the others.")
        ] = None,
    ) -> list[TemplateLoss]:
        """The templates that do not take it, in the order in which they are asked, each with its reason."""
        if not 1 <= first <= MAX_PAGE:
            raise Invalid(f"Ask for 1 to {MAX_PAGE} templates.", code="BAD_USER_INPUT", field=("first",))
        return [TemplateLoss.of(one) for one in self.explanation.lost(first, would=would_take)]


async def load_match(info: Info, tiktok_shop_id: UUID, product_id: UUID) -> TemplateMatch | None:
    """A product explained, through this operation's loader; nothing for products that are not there."""
    found = await info.context.loaders.explanations.load((tiktok_shop_id, product_id))
    return None if found is None else TemplateMatch.of(found)
