"""What a leaf still asks of a merchant who fills in its attributes."""

from typing import Annotated

import strawberry

from graphql_schema.categories import CategoryRefInput, TikTokShopId
from graphql_schema.context import Info
from graphql_schema.leaves import LeafAttribute, LeafAttributeValue, load_leaf
from graphql_schema.nodes import row_id
from graphql_schema.permissions import ReadProducts
from graphql_schema.problems import Problem
from graphql_schema.template_part_inputs import TemplateAttributeInput
from graphql_schema.template_types import TemplateAttribute, TemplateAttributeValue
from server.domain.leaves import LeafAttribute as Attribute
from server.domain.missing import Missing
from server.domain.questions import Questions, questions
from server.domain.template_content import AttributeChoice, ValueChoice
from server.domain.value_sources import ValueSource
from server.kit.errors import Invalid

_MOST = 500


@strawberry.type
class MissingAttribute:
    """An attribute that must be answered still."""

    attribute: LeafAttribute = strawberry.field(description="The attribute.")
    because: str = strawberry.field(description="Why it is required.")
    options: list[LeafAttributeValue] = strawberry.field(
        description="Those of its values that call for the fewest further answers; none: a text of one's own does."
    )

    @classmethod
    def of(cls, one: Missing) -> "MissingAttribute":
        """As clients see it."""
        options = [LeafAttributeValue(id=value.id, name=value.name) for value in one.options]
        return cls(attribute=LeafAttribute.of(one.attribute), because=one.because, options=options)


@strawberry.type
class RequiredAttribute:
    """An attribute that must be answered, whether it is or not: mark it with an asterisk."""

    attribute: LeafAttribute = strawberry.field(description="The attribute.")
    because: str = strawberry.field(description="Why it is required.")


@strawberry.type
class AttributeRequirements:
    """What a leaf asks, given some answers."""

    required: list[RequiredAttribute] = strawberry.field(description="All that must be answered, with the reasons.")
    missing: list[MissingAttribute] = strawberry.field(
        description="The smallest set of answers that completes those given; empty when nothing is missing."
    )
    forbidden: list[LeafAttribute] = strawberry.field(
        description="Answered, but another answer says that they stay empty: TikTok refuses them."
    )
    problems: list[Problem] = strawberry.field(description="What is wrong with the answers given, with suggestions.")
    matched: list[TemplateAttribute] = strawberry.field(
        description="The answers as they would be sent: texts matched to TikTok's values, uncalled-for ones left out."
    )

    @classmethod
    def of(cls, asked: Questions, offered: dict[str, Attribute]) -> "AttributeRequirements":
        """As clients see it."""
        return cls(
            required=[
                RequiredAttribute(attribute=LeafAttribute.of(offered[name]), because=because)
                for name, because in asked.required.items()
            ],
            missing=[MissingAttribute.of(one) for one in asked.missing],
            forbidden=[LeafAttribute.of(one) for one in asked.forbidden],
            problems=[Problem.of_value(one) for one in asked.problems],
            matched=[_matched(one) for one in asked.matched],
        )


@strawberry.type
class RequirementsQuery:
    """What leaves ask."""

    @strawberry.field(permission_classes=[ReadProducts])
    async def attribute_requirements(
        self,
        info: Info,
        tiktok_shop_id: TikTokShopId,
        category: Annotated[CategoryRefInput, strawberry.argument(description="The leaf.")],
        answers: Annotated[
            list[TemplateAttributeInput],
            strawberry.argument(description="What was answered so far: values by id or as text, or a source."),
        ],
    ) -> AttributeRequirements:
        """The smallest set of answers still missing, and why each is required. Nothing is written."""
        if len(answers) > _MOST:
            raise Invalid(f"Give at most {_MOST} answers.", code="BAD_USER_INPUT", field=("answers",))
        shop = row_id("TikTokShop", tiktok_shop_id, "tiktokShopId")
        leaf = (await load_leaf(info, shop, category.read("category"))).leaf
        asked = questions(leaf, [_answer(one) for one in answers])
        return AttributeRequirements.of(asked, {one.id: one for one in leaf.attributes})


def _answer(given: TemplateAttributeInput) -> AttributeChoice:
    """What was given; a source's key is checked when a template is saved."""
    values = tuple(ValueChoice(value.id or None, value.name or "") for value in given.values or ())
    source = ValueSource(given.source.field, given.source.key or "") if given.source else None
    return AttributeChoice(given.id, values, source)


def _matched(choice: AttributeChoice) -> TemplateAttribute:
    values = [TemplateAttributeValue(id=value.id, name=value.name) for value in choice.values]
    return TemplateAttribute(id=choice.id, values=values, source=None)
