"""Where each value that is sent came from, as clients see it."""

import strawberry

from graphql_schema.enums import publish
from server.domain import provenance
from server.domain.layers import Layer
from server.domain.origins import Origin

publish(
    Layer,
    "Who said a setting, the weakest first.",
    {
        Layer.HOUSE: "Nobody: it is Leafmark's usual value.",
        Layer.SHOP_DEFAULTS: "The TikTok shop's defaults.",
        Layer.BLOCK: "A block that the template uses.",
        Layer.TEMPLATE: "The template.",
        Layer.OVERRIDE: "The product's own settings.",
    },
    name="ContentLayer",
)
publish(
    Origin,
    "What kind of place a value came from.",
    {
        Origin.PRODUCT: "A field of the product in the store.",
        Origin.METAFIELD: "A metafield of the product.",
        Origin.FIXED: "Written down by the merchant.",
        Origin.BACKUP: "A stand-in, because what goes before it was empty or refused.",
        Origin.APPROVAL: "An approved recommendation.",
        Origin.MAPPING: "The mapping of the product's source category.",
    },
    name="ValueOrigin",
)


@strawberry.type
class RefusedValue:
    """A better source that was not taken."""

    origin: Origin = strawberry.field(description="What kind of place it is.")
    why: str = strawberry.field(description="Why it was not taken.")


@strawberry.type
class ValueProvenance:
    """One value that is sent, and where it came from."""

    field: str = strawberry.field(description="Which value, e.g. `title`, `package.weight`, `attributes.100392`.")
    layer: Layer = strawberry.field(description="Who said to take it from there.")
    origin: Origin = strawberry.field(description="What kind of place it came from.")
    detail: str = strawberry.field(description="The place inside it, e.g. the metafield's key; may be empty.")
    refused: list[RefusedValue] = strawberry.field(description="Better sources, and why they were not taken.")

    @classmethod
    def of(cls, one: provenance.Provenance) -> "ValueProvenance":
        """The domain's value as clients see it."""
        return cls(
            field=one.field,
            layer=one.layer,
            origin=one.origin,
            detail=one.detail,
            refused=[RefusedValue(origin=other.origin, why=other.why) for other in one.refused],
        )
