"""What a category template shall say about listings, as clients write it. What is left out stays as it is."""

from datetime import datetime
from decimal import Decimal

import strawberry
from strawberry.types.base import has_object_definition

from graphql_schema.categories import CategoryRefInput
from graphql_schema.measures import DimensionsInput
from server.domain.rules import RuleField, RuleMatch, RuleOperator
from server.domain.template_content import EmptyDescription, WeightSource
from server.domain.weights import WeightUnit

UNSET = strawberry.UNSET


@strawberry.input
class TemplateConditionInput:
    """One condition of a template's rules."""

    field: RuleField = strawberry.field(description="What it looks at.")
    operator: RuleOperator = strawberry.field(description="How it looks.")
    value: str = strawberry.field(description="What it looks for; 1 to 255 characters.")


@strawberry.input
class TemplateRulesInput:
    """Which products a template takes. Without conditions it takes none, unless it is the default."""

    match: RuleMatch = strawberry.field(default=RuleMatch.ALL, description="How the conditions combine.")
    conditions: list[TemplateConditionInput] = strawberry.field(description="The conditions.")


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
    values: list[TemplateAttributeValueInput] = strawberry.field(description="What is chosen; at least one.")


@strawberry.input
class TemplatePriceInput:
    """Store price times `exchangeRate`, plus `percent`, plus `fixed`; then made to end on `ending`."""

    percent: Decimal | None = strawberry.field(default=UNSET, description="Per cent put on top; more than -100.")
    fixed: Decimal | None = strawberry.field(default=UNSET, description="Amount put on top, in the market's currency.")
    ending: Decimal | None = strawberry.field(default=UNSET, description="What prices end on, e.g. `0.99`.")
    exchange_rate: Decimal | None = strawberry.field(
        default=UNSET, description="Market currency for one unit of store currency; needed when the two differ."
    )


@strawberry.input
class TemplateStockInput:
    """How much of the store's stock is offered."""

    percent: int | None = strawberry.field(default=UNSET, description="This share of the stock, in per cent.")
    threshold: int | None = strawberry.field(default=UNSET, description="Nothing is offered when the stock is below.")
    cap: int | None = strawberry.field(default=UNSET, description="Never more than this.")
    untracked: int | None = strawberry.field(
        default=UNSET, description="Offered for variants whose stock the store does not count."
    )


@strawberry.input
class TemplateCertificationFileInput:
    """A document that was uploaded to TikTok."""

    id: str = strawberry.field(description="TikTok's id of the file.")
    name: str = strawberry.field(description="Its name.")


@strawberry.input
class TemplateCertificationInput:
    """What proves one of the certifications that the category demands."""

    id: str = strawberry.field(description="TikTok's id of the certification.")
    image_uris: list[str] | None = strawberry.field(default=UNSET, description="Uploaded pictures, by TikTok's URI.")
    files: list[TemplateCertificationFileInput] | None = strawberry.field(
        default=UNSET, description="Uploaded documents."
    )
    expires_at: datetime | None = strawberry.field(default=UNSET, description="When it ends, if it does.")


@strawberry.input
class TemplateSizeChartInput:
    """The size chart; the template of Seller Center wins over the picture."""

    template_id: str | None = strawberry.field(default=UNSET, description="A chart made in Seller Center.")
    image_uri: str | None = strawberry.field(default=UNSET, description="An uploaded picture, by TikTok's URI.")


@strawberry.input
class CategoryTemplateInput:
    """A category template. What is left out keeps its value, or has the usual one in a new template."""

    name: str | None = strawberry.field(default=UNSET, description="Its name; 1 to 255 characters. A new one needs it.")
    category: CategoryRefInput | None = strawberry.field(
        default=UNSET,
        description="The leaf that its products go to; null, or left out in a new one: decided product by product.",
    )
    is_default: bool | None = strawberry.field(
        default=UNSET, description="Takes every product that no other template takes; one of a TikTok shop may be it."
    )
    rank: int | None = strawberry.field(
        default=UNSET, description="Lower goes first when several would take a product."
    )
    rules: TemplateRulesInput | None = strawberry.field(default=UNSET, description="Which products it takes.")
    shipping: TemplateShippingInput | None = strawberry.field(default=UNSET, description="Package weight and size.")
    attributes: list[TemplateAttributeInput] | None = strawberry.field(
        default=UNSET, description="Values of the category's attributes."
    )
    brand_id: str | None = strawberry.field(default=UNSET, description="TikTok's id of the brand.")
    price: TemplatePriceInput | None = strawberry.field(default=UNSET, description="How prices are made.")
    stock: TemplateStockInput | None = strawberry.field(default=UNSET, description="How much stock is offered.")
    empty_description: EmptyDescription | None = strawberry.field(
        default=UNSET, description="What becomes of empty descriptions."
    )
    shorten_title: bool | None = strawberry.field(
        default=UNSET, description="Whether titles are cut to the market's length."
    )
    certifications: list[TemplateCertificationInput] | None = strawberry.field(
        default=UNSET, description="Proofs that the category demands."
    )
    size_chart: TemplateSizeChartInput | None = strawberry.field(default=UNSET, description="The size chart.")
    manufacturer_ids: list[str] | None = strawberry.field(
        default=UNSET, description="Manufacturers (EU), by TikTok's id."
    )
    responsible_person_ids: list[str] | None = strawberry.field(
        default=UNSET, description="Responsible persons (EU), by TikTok's id."
    )


@strawberry.input
class CategoryTemplateCreateInput(CategoryTemplateInput):
    """A new category template. What is left out has its usual value."""

    tiktok_shop_id: strawberry.ID = strawberry.field(name="tiktokShopId", description="The TikTok shop it lists in.")


_HEAD = frozenset({"name", "category", "is_default", "rank", "tiktok_shop_id"})


def content_of(wanted: CategoryTemplateInput) -> dict[str, object]:
    """The parts of a template's content that were given, in the spelling that the domain reads."""
    given = {name: plain(value) for name, value in vars(wanted).items() if name not in _HEAD and value is not UNSET}
    if wanted.shipping:
        given["shipping"] = _shipping(wanted.shipping)
    return given


def _shipping(wanted: TemplateShippingInput) -> dict[str, object]:
    """The domain keeps the source beside the weight; the weight is one thing with a unit, or nothing."""
    given: dict[str, object] = {}
    if wanted.dimensions:
        given["dimensions"] = plain(wanted.dimensions)
    if wanted.weight:
        given["weight_source"] = wanted.weight.source.value
        if wanted.weight.value:
            given["weight"] = {"value": str(wanted.weight.value), "unit": wanted.weight.unit.value}
    return given


def plain(value: object) -> object:
    """An input as JSON: what was not given is left out, moments are Unix seconds."""
    if isinstance(value, list):
        return [plain(one) for one in value]
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, datetime):
        return int(value.timestamp())
    if has_object_definition(value):
        return {name: plain(one) for name, one in vars(value).items() if one is not UNSET}
    return value
