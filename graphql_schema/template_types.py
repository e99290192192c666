"""What a category template says about listings, as clients read it."""

from dataclasses import fields
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import strawberry

from graphql_schema.measures import Dimensions
from graphql_schema.nodes import gid
from graphql_schema.template_enums import Rounding, SourceField, TemplateSetting, TextOrigin
from graphql_schema.template_rules import TemplateRules
from server.domain import value_sources
from server.domain.template_content import (
    AttributeChoice,
    Certification,
    EmptyDescription,
    PriceRule,
    Shipping,
    SizeChart,
    StockRule,
    TemplateContent,
    TextRule,
    WeightSource,
)
from server.domain.template_settings import says
from server.domain.weights import WeightUnit
from server.kit.clock import from_unix


@strawberry.type
class TemplateWeight:
    """The package weight: from the store with a backup, or always the same."""

    source: WeightSource = strawberry.field(description="Where the weight comes from.")
    value: Decimal | None = strawberry.field(description="The backup for FROM_STORE, the figure for CUSTOM.")
    unit: WeightUnit | None = strawberry.field(description="The unit of the value.")


@strawberry.type
class TemplateShipping:
    """Package weight and size."""

    weight: TemplateWeight = strawberry.field(description="The package weight.")
    dimensions: Dimensions | None = strawberry.field(description="The size of the package, if given.")


@strawberry.type
class TemplateAttributeValue:
    """One value chosen for an attribute."""

    id: str | None = strawberry.field(description="TikTok's id of the value, if it is one of TikTok's.")
    name: str = strawberry.field(description="The value as text; empty when the id says it.")


@strawberry.type
class ValueSource:
    """A place in the store that a value is taken from."""

    field: SourceField = strawberry.field(description="Where it is looked for.")
    key: str | None = strawberry.field(description="The tag's beginning, the option's name or the metafield.")

    @classmethod
    def of(cls, source: value_sources.ValueSource | None) -> "ValueSource | None":
        """The domain's value as clients see it."""
        return None if source is None else cls(field=source.field, key=source.key or None)


@strawberry.type
class TemplateText:
    """Where a title or a description comes from."""

    source: TextOrigin = strawberry.field(description="The store, a metafield, or a fixed text.")
    key: str | None = strawberry.field(description="The metafield, if it comes from one.")
    text: str | None = strawberry.field(description="The fixed text, if it is one.")


@strawberry.type
class TemplateAttribute:
    """The values chosen for one attribute of the category."""

    id: str = strawberry.field(description="TikTok's id of the attribute.")
    values: list[TemplateAttributeValue] = strawberry.field(
        description="What was chosen; with a source, what is sent when that finds nothing that fits."
    )
    source: ValueSource | None = strawberry.field(description="Where in the store it is taken from, if it is.")


@strawberry.type
class TemplatePrice:
    """Store price times `exchangeRate`, plus `percent`, plus `fixed`; then made to end on `ending`."""

    percent: Decimal = strawberry.field(description="Per cent put on top; negative for less.")
    fixed: Decimal = strawberry.field(description="Amount put on top, in the market's currency.")
    ending: Decimal | None = strawberry.field(description="What prices end on, e.g. `0.99`.")
    exchange_rate: Decimal | None = strawberry.field(description="Market currency for one unit of store currency.")
    rounding: Rounding = strawberry.field(description="Which way the amount goes to its end.")


@strawberry.type
class TemplateStock:
    """How much of the store's stock is offered."""

    percent: int = strawberry.field(description="This share of the stock, in per cent.")
    threshold: int = strawberry.field(description="Nothing is offered when the stock is below.")
    cap: int | None = strawberry.field(description="Never more than this.")
    untracked: int = strawberry.field(description="Offered for variants whose stock the store does not count.")
    warehouse_id: str | None = strawberry.field(description="TikTok's id of the warehouse, unless the shop's own.")


@strawberry.type
class TemplateCertificationFile:
    """A document: one that was uploaded to TikTok, or one of the shop's stored files."""

    id: str | None = strawberry.field(description="TikTok's id of the file, if it was uploaded there by hand.")
    file_id: strawberry.ID | None = strawberry.field(description="The stored file, if it is one.")
    name: str = strawberry.field(description="Its name.")


@strawberry.type
class TemplateCertification:
    """What proves one of the certifications that the category demands."""

    id: str = strawberry.field(description="TikTok's id of the certification.")
    image_uris: list[str] = strawberry.field(description="Uploaded pictures of it, by TikTok's URI.")
    image_file_ids: list[strawberry.ID] = strawberry.field(description="Stored pictures of it.")
    files: list[TemplateCertificationFile] = strawberry.field(description="Documents.")
    expires_at: datetime | None = strawberry.field(description="When it ends, if it does.")


@strawberry.type
class TemplateSizeChart:
    """The size chart; the template of Seller Center wins over the picture."""

    template_id: str | None = strawberry.field(description="A chart made in Seller Center, by TikTok's id.")
    image_uri: str | None = strawberry.field(description="An uploaded picture, by TikTok's URI.")
    file_id: strawberry.ID | None = strawberry.field(description="The stored picture, if it is one.")


@strawberry.type
class ContentParts:
    """What a layer says about listings. `said` names what it says itself; all else shows Leafmark's usual values."""

    said: list[TemplateSetting] = strawberry.field(
        description="The settings that this layer decides; others come from weaker layers."
    )
    shipping: TemplateShipping = strawberry.field(description="Package weight and size.")
    attributes: list[TemplateAttribute] = strawberry.field(description="Values of the category's attributes.")
    brand_id: str | None = strawberry.field(
        description="TikTok's id of the brand; with a source, what is sent when that finds none."
    )
    brand_source: ValueSource | None = strawberry.field(description="Where in the store the brand is taken from.")
    no_brand: bool = strawberry.field(description="Sends no brand, whatever weaker layers say.")
    price: TemplatePrice = strawberry.field(description="How prices are made.")
    stock: TemplateStock = strawberry.field(description="How much stock is offered.")
    empty_description: EmptyDescription = strawberry.field(description="What becomes of empty descriptions.")
    shorten_title: bool = strawberry.field(description="Whether titles are cut to the market's length.")
    certifications: list[TemplateCertification] = strawberry.field(description="Proofs the category demands.")
    size_chart: TemplateSizeChart | None = strawberry.field(description="The size chart, if there is one.")
    manufacturer_ids: list[str] = strawberry.field(description="TikTok's ids of manufacturers (EU).")
    responsible_person_ids: list[str] = strawberry.field(description="TikTok's ids of responsible persons (EU).")

    @classmethod
    def parts_of(cls, content: TemplateContent) -> dict[str, Any]:
        """The fields of the domain's value as clients see it."""
        return {
            "said": [setting for setting in TemplateSetting if says(content, setting)],
            "shipping": _shipping(content.shipping),
            "attributes": [_attribute(one) for one in content.attributes],
            "brand_id": content.brand_id,
            "brand_source": ValueSource.of(content.brand_source),
            "no_brand": content.no_brand,
            "price": TemplatePrice(**_members(content.price)),
            "stock": TemplateStock(**_members(content.stock)),
            "empty_description": content.empty_description,
            "shorten_title": content.shorten_title,
            "certifications": [_certification(one) for one in content.certifications],
            "size_chart": _size_chart(content.size_chart),
            "manufacturer_ids": list(content.manufacturer_ids),
            "responsible_person_ids": list(content.responsible_person_ids),
        }

    @classmethod
    def of(cls, content: TemplateContent) -> "ContentParts":
        """The domain's value as clients see it."""
        return cls(**cls.parts_of(content))


@strawberry.type
class TemplateContentFields(ContentParts):
    """What a template says about listings."""

    rules: TemplateRules = strawberry.field(description="Which products it takes.")
    title: TemplateText = strawberry.field(description="Where titles come from.")
    description: TemplateText = strawberry.field(description="Where descriptions come from.")

    @classmethod
    def fields_of(cls, content: TemplateContent) -> dict[str, Any]:
        """The fields of the domain's value as clients see it."""
        return {
            **cls.parts_of(content),
            "rules": TemplateRules.of(content.rules),
            "title": _text(content.title),
            "description": _text(content.description),
        }


def _members(value: PriceRule | StockRule) -> dict[str, Any]:
    return {field.name: getattr(value, field.name) for field in fields(value)}


def _text(rule: TextRule) -> TemplateText:
    return TemplateText(source=rule.origin, key=rule.key or None, text=rule.text or None)


def _file(file_id: UUID | None) -> strawberry.ID | None:
    return None if file_id is None else gid("File", file_id)


def _size_chart(chart: SizeChart | None) -> TemplateSizeChart | None:
    if chart is None:
        return None
    return TemplateSizeChart(template_id=chart.template_id, image_uri=chart.image_uri, file_id=_file(chart.file_id))


def _shipping(shipping: Shipping) -> TemplateShipping:
    weight, size = shipping.weight, shipping.dimensions
    return TemplateShipping(
        weight=TemplateWeight(
            source=shipping.weight_source,
            value=None if weight is None else weight.value,
            unit=None if weight is None else weight.unit,
        ),
        dimensions=None
        if size is None
        else Dimensions(length=size.length, width=size.width, height=size.height, unit=size.unit),
    )


def _attribute(choice: AttributeChoice) -> TemplateAttribute:
    values = [TemplateAttributeValue(id=value.id, name=value.name) for value in choice.values]
    return TemplateAttribute(id=choice.id, values=values, source=ValueSource.of(choice.source))


def _certification(one: Certification) -> TemplateCertification:
    return TemplateCertification(
        id=one.id,
        image_uris=list(one.image_uris),
        image_file_ids=[gid("File", file_id) for file_id in one.image_file_ids],
        files=[TemplateCertificationFile(id=f.id, file_id=_file(f.file_id), name=f.name) for f in one.files],
        expires_at=None if one.expires_at is None else from_unix(one.expires_at),
    )
