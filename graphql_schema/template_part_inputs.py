"""The parts of a template's content, as clients write them; blocks, shop defaults and overrides use the same."""

from datetime import datetime
from decimal import Decimal

import strawberry

from graphql_schema.measures import DimensionsInput
from graphql_schema.template_enums import Rounding, SourceField, TextOrigin
from server.domain.template_content import WeightSource
from server.domain.weights import WeightUnit

UNSET = strawberry.UNSET


@strawberry.input
class ValueSourceInput:
    """A place in the store that a value is taken from."""

    field: SourceField = strawberry.field(description="Where it is looked for.")
    key: str | None = strawberry.field(
        default=UNSET, description="The tag's beginning, the option's name or the metafield; others take none."
    )


@strawberry.input
class TemplateTextInput:
    """Where a title or a description comes from."""

    source: TextOrigin = strawberry.field(description="The store, a metafield, or a fixed text.")
    key: str | None = strawberry.field(default=UNSET, description="The metafield, `namespace.key`.")
    text: str | None = strawberry.field(default=UNSET, description="The fixed text; a description's is HTML.")


@strawberry.input
class TemplateWeightInput:
    """The package weight: from the store with a backup, or always the same."""

    source: WeightSource = strawberry.field(default=WeightSource.FROM_STORE, description="Where the weight comes from.")
    value: Decimal | None = strawberry.field(
        default=UNSET, description="The backup for FROM_STORE, the figure for CUSTOM; more than 0."
    )
    unit: WeightUnit = strawberry.field(default=WeightUnit.KILOGRAM, description="The unit of the value.")


@strawberry.input
class TemplateShippingInput:
    """Package weight and size. Both must be of one system, metric or imperial."""

    weight: TemplateWeightInput | None = strawberry.field(default=UNSET, description="The package weight.")
    dimensions: DimensionsInput | None = strawberry.field(default=UNSET, description="The size of the package.")


@strawberry.input
class TemplateAttributeValueInput:
    """One value for an attribute: by id or as text."""

    id: str | None = strawberry.field(default=UNSET, description="TikTok's id of the value, if it is one of TikTok's.")
    name: str | None = strawberry.field(default=UNSET, description="The value as text, where the attribute takes any.")


@strawberry.input
class TemplateAttributeInput:
    """Values for one attribute of the category."""

    id: str = strawberry.field(description="TikTok's id of the attribute.")
    values: list[TemplateAttributeValueInput] | None = strawberry.field(
        default=UNSET, description="What is chosen; with a source, what is sent when that finds nothing that fits."
    )
    source: ValueSourceInput | None = strawberry.field(default=UNSET, description="Take it from the store.")


@strawberry.input
class TemplatePriceInput:
    """Store price times `exchangeRate`, plus `percent`, plus `fixed`; then made to end on `ending`."""

    percent: Decimal | None = strawberry.field(
        default=UNSET, description="Per cent put on top; more than -100, at most 10,000."
    )
    fixed: Decimal | None = strawberry.field(
        default=UNSET, description="Amount put on top, in the market's currency; at most 10^9."
    )
    ending: Decimal | None = strawberry.field(default=UNSET, description="What prices end on, e.g. `0.99`.")
    exchange_rate: Decimal | None = strawberry.field(
        default=UNSET, description="Market currency for one unit of store currency; needed when the two differ."
    )
    rounding: Rounding = strawberry.field(default=Rounding.NEAREST, description="Which way the amount goes to its end.")


@strawberry.input
class TemplateStockInput:
    """How much of the store's stock is offered."""

    percent: int | None = strawberry.field(default=UNSET, description="This share of the stock, in per cent.")
    threshold: int | None = strawberry.field(default=UNSET, description="Nothing is offered when the stock is below.")
    cap: int | None = strawberry.field(default=UNSET, description="Never more than this.")
    untracked: int | None = strawberry.field(
        default=UNSET, description="Offered for variants whose stock the store does not count."
    )
    warehouse_id: str | None = strawberry.field(
        default=UNSET, description="TikTok's id of the warehouse; left out, the shop's own for sales."
    )


@strawberry.input
class TemplateCertificationFileInput:
    """A document: one that was uploaded to TikTok, or one of the shop's stored files."""

    id: str | None = strawberry.field(default=UNSET, description="TikTok's id of the file.")
    file_id: strawberry.ID | None = strawberry.field(
        default=UNSET, description="A stored file, which is uploaded when it is needed; instead of `id`."
    )
    name: str = strawberry.field(description="Its name.")


@strawberry.input
class TemplateCertificationInput:
    """What proves one of the certifications that the category demands."""

    id: str = strawberry.field(description="TikTok's id of the certification.")
    image_uris: list[str] | None = strawberry.field(default=UNSET, description="Uploaded pictures, by TikTok's URI.")
    image_file_ids: list[strawberry.ID] | None = strawberry.field(
        default=UNSET, description="Stored pictures, which are uploaded when they are needed."
    )
    files: list[TemplateCertificationFileInput] | None = strawberry.field(
        default=UNSET, description="Uploaded documents."
    )
    expires_at: datetime | None = strawberry.field(default=UNSET, description="When it ends, if it does.")


@strawberry.input
class TemplateSizeChartInput:
    """The size chart; the template of Seller Center wins over the picture."""

    template_id: str | None = strawberry.field(default=UNSET, description="A chart made in Seller Center.")
    image_uri: str | None = strawberry.field(default=UNSET, description="An uploaded picture, by TikTok's URI.")
    file_id: strawberry.ID | None = strawberry.field(
        default=UNSET, description="A stored picture, which is uploaded when it is needed."
    )
