"""What templates, their blocks, a shop's defaults and overrides shall say, as clients write it.

What is left out stays as it is.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from decimal import Decimal
from uuid import UUID

import strawberry
from strawberry.types.base import has_object_definition

from graphql_schema.categories import CategoryRefInput
from graphql_schema.nodes import row_id
from graphql_schema.template_part_inputs import (
    TemplateAttributeInput,
    TemplateCertificationInput,
    TemplatePriceInput,
    TemplateShippingInput,
    TemplateSizeChartInput,
    TemplateStockInput,
    TemplateTextInput,
    ValueSourceInput,
)
from graphql_schema.template_rules import TemplateRulesInput
from server.domain.template_blocks import BlockKind
from server.domain.template_content import EmptyDescription

UNSET = strawberry.UNSET


@strawberry.input
class ContentInput:
    """What every layer can say of listings."""

    shipping: TemplateShippingInput | None = strawberry.field(default=UNSET, description="Package weight and size.")
    brand_id: str | None = strawberry.field(
        default=UNSET, description="TikTok's id of the brand; with `brandSource`, what is sent when that finds none."
    )
    brand_source: ValueSourceInput | None = strawberry.field(
        default=UNSET, description="Take the brand from the store."
    )
    no_brand: bool | None = strawberry.field(default=UNSET, description="Send no brand, whatever weaker layers say.")
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
    manufacturer_ids: list[str] | None = strawberry.field(
        default=UNSET, description="Manufacturers (EU), by TikTok's id."
    )
    responsible_person_ids: list[str] | None = strawberry.field(
        default=UNSET, description="Responsible persons (EU), by TikTok's id."
    )


@strawberry.input
class CategoryTemplateInput(ContentInput):
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
    attributes: list[TemplateAttributeInput] | None = strawberry.field(
        default=UNSET, description="Values of the category's attributes."
    )
    title: TemplateTextInput | None = strawberry.field(default=UNSET, description="Where titles come from.")
    description: TemplateTextInput | None = strawberry.field(default=UNSET, description="Where descriptions come from.")
    size_chart: TemplateSizeChartInput | None = strawberry.field(default=UNSET, description="The size chart.")
    shipping_block_id: strawberry.ID | None = strawberry.field(
        default=UNSET, description="A SHIPPING block for what `shipping` leaves open; null uses none."
    )
    size_chart_block_id: strawberry.ID | None = strawberry.field(
        default=UNSET, description="A SIZE_CHART block for when `sizeChart` is left open; null uses none."
    )
    compliance_block_id: strawberry.ID | None = strawberry.field(
        default=UNSET, description="A COMPLIANCE block for proofs and persons that are left open; null uses none."
    )


@strawberry.input
class CategoryTemplateCreateInput(CategoryTemplateInput):
    """A new category template. What is left out has its usual value."""

    tiktok_shop_id: strawberry.ID = strawberry.field(name="tiktokShopId", description="The TikTok shop it lists in.")


CONTENT = frozenset(ContentInput.__annotations__) | {"rules", "attributes", "title", "description", "size_chart"}
"""The inputs that are parts of a template's content; the others are its head."""

_BLOCKS: Mapping[BlockKind, tuple[str, str]] = {
    BlockKind.SHIPPING: ("shipping_block_id", "shippingBlockId"),
    BlockKind.SIZE_CHART: ("size_chart_block_id", "sizeChartBlockId"),
    BlockKind.COMPLIANCE: ("compliance_block_id", "complianceBlockId"),
}


def blocks_of(wanted: CategoryTemplateInput) -> dict[BlockKind, UUID | None]:
    """The blocks that were named, and the kinds for which none shall be used."""
    found: dict[BlockKind, UUID | None] = {}
    for kind, (name, field) in _BLOCKS.items():
        value = getattr(wanted, name)
        if value is not UNSET:
            found[kind] = None if value is None else row_id("TemplateBlock", value, "input", field)
    return found


def content_of(wanted: object, parts: Collection[str] = CONTENT) -> dict[str, object]:
    """The parts of a content that were given, in the spelling that the domain reads."""
    given = {name: plain(value) for name, value in vars(wanted).items() if name in parts and value is not UNSET}
    shipping = getattr(wanted, "shipping", None)
    if isinstance(shipping, TemplateShippingInput):
        given["shipping"] = _shipping(shipping)
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
    """An input as JSON: what was not given is left out, moments are Unix seconds, stored files are row ids."""
    if isinstance(value, list):
        return [plain(one) for one in value]
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, datetime):
        return int(value.timestamp())
    if has_object_definition(value):
        return {name: _member(name, one) for name, one in vars(value).items() if one is not UNSET}
    return value


def _member(name: str, value: object) -> object:
    if name == "file_id" and isinstance(value, str):
        return str(row_id("File", value, "input"))
    if name == "image_file_ids" and isinstance(value, list):
        return [str(row_id("File", one, "input")) for one in value]
    return plain(value)
