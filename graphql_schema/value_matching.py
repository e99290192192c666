"""Matching what merchants write to the values that TikTok offers."""

from typing import Annotated

import strawberry

from graphql_schema.categories import CategoryRefInput, TikTokShopId
from graphql_schema.context import Info
from graphql_schema.enums import publish
from graphql_schema.leaves import LeafAttributeValue
from graphql_schema.nodes import row_id
from graphql_schema.permissions import ReadProducts
from server.domain.value_matching import MatchKind, ValueMatch
from server.services import value_matching
from server.services.value_matching import MAX_TEXTS

publish(
    MatchKind,
    "How well a text fits one of the values that TikTok offers.",
    {
        MatchKind.EXACT: "The same but for case, accents and punctuation.",
        MatchKind.CLOSE: "Nearly the same, or one of two that read the same: ask before it is used.",
        MatchKind.NONE: "Nothing offered is like it.",
    },
    name="AttributeValueMatchKind",
)


@strawberry.type
class AttributeValueMatch:
    """The offered value that fits a text best."""

    text: str = strawberry.field(description="The text, as it was given.")
    kind: MatchKind = strawberry.field(description="How well it fits.")
    value: LeafAttributeValue | None = strawberry.field(description="The value; null when nothing is like it.")
    score: float = strawberry.field(description="How alike they are, 0 to 1.")

    @classmethod
    def of(cls, text: str, found: ValueMatch) -> "AttributeValueMatch":
        """As clients see it."""
        value = None if found.value is None else LeafAttributeValue(id=found.value.id, name=found.value.name)
        return cls(text=text, kind=found.kind, value=value, score=found.score)


@strawberry.type
class ValueMatchingQuery:
    """Matching attribute values."""

    @strawberry.field(permission_classes=[ReadProducts])
    async def attribute_value_match(
        self,
        info: Info,
        tiktok_shop_id: TikTokShopId,
        ref: Annotated[CategoryRefInput, strawberry.argument(description="The leaf.")],
        attribute_id: Annotated[str, strawberry.argument(description="TikTok's id of the attribute.")],
        texts: Annotated[list[str], strawberry.argument(description=f"What the merchant wrote, 1 to {MAX_TEXTS}.")],
    ) -> list[AttributeValueMatch]:
        """The value of a leaf's attribute that fits each text best, in the same order. Makes no call to TikTok."""
        async with info.context.read() as session:
            found = await value_matching.match_values(
                session,
                shop_id=info.context.shop_id,
                tiktok_shop_id=row_id("TikTokShop", tiktok_shop_id, "tiktokShopId"),
                ref=ref.read("ref"),
                attribute_id=attribute_id,
                texts=texts,
            )
        return [AttributeValueMatch.of(text, one) for text, one in zip(texts, found, strict=True)]
