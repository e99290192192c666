"""What a category template says about listings, as clients read it."""

from datetime import datetime
from decimal import Decimal

import strawberry

from graphql_schema.measures import Dimensions
from server.domain.rules import RuleField, RuleGroup, RuleMatch, RuleOperator
from server.domain.template_content import (
    AttributeChoice,
    Certification,
    EmptyDescription,
    Shipping,
    TemplateContent,
    WeightSource,
)
from server.domain.weights import WeightUnit
from server.kit.clock import from_unix


@strawberry.type
class TemplateCondition:
    """One condition of a template's rules."""

    field: RuleField = strawberry.field(description="What it looks at.")
    operator: RuleOperator = strawberry.field(description="How it looks.")
    value: str = strawberry.field(description="What it looks for.")


@strawberry.type
class TemplateRules:
    """Which products a template takes. Without conditions it takes none, unless it is the default."""

    match: RuleMatch = strawberry.field(description="How the conditions combine.")
    conditions: list[TemplateCondition] = strawberry.field(description="The conditions.")


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
class TemplateAttribute:
    """The values chosen for one attribute of the category."""

    id: str = strawberry.field(description="TikTok's id of the attribute.")
    values: list[TemplateAttributeValue] = strawberry.field(description="What was chosen.")


@strawberry.type
class TemplatePrice:
    """Store price times `exchangeRate`, plus `percent`, plus `fixed`; then made to end on `ending`."""

    percent: Decimal = strawberry.field(description="Per cent put on top; negative for less.")
    fixed: Decimal = strawberry.field(description="Amount put on top, in the market's currency.")
    ending: Decimal | None = strawberry.field(description="What prices end on, e.g. `0.99`.")
    exchange_rate: Decimal | None = strawberry.field(description="Market currency for one unit of store currency.")


@strawberry.type
class TemplateStock:
    """How much of the store's stock is offered."""

    percent: int = strawberry.field(description="This share of the stock, in per cent.")
    threshold: int = strawberry.field(description="Nothing is offered when the stock is below.")
    cap: int | None = strawberry.field(description="Never more than this.")
    untracked: int = strawberry.field(description="Offered for variants whose stock the store does not count.")


@strawberry.type
class TemplateCertificationFile:
    """A document that was uploaded to TikTok."""

    id: str = strawberry.field(description="TikTok's id of the file.")
    name: str = strawberry.field(description="Its name.")


@strawberry.type
class TemplateCertification:
    """What proves one of the certifications that the category demands."""

    id: str = strawberry.field(description="TikTok's id of the certification.")
    image_uris: list[str] = strawberry.field(description="Uploaded pictures of it, by TikTok's URI.")
    files: list[TemplateCertificationFile] = strawberry.field(description="Uploaded documents.")
    expires_at: datetime | None = strawberry.field(description="When it ends, if it does.")


@strawberry.type
class TemplateSizeChart:
    """The size chart; the template of Seller Center wins over the picture."""

    template_id: str | None = strawberry.field(description="A chart made in Seller Center, by TikTok's id.")
    image_uri: str | None = strawberry.field(description="An uploaded picture, by TikTok's URI.")


@strawberry.type
class TemplateContentFields:
    """What a template says about listings."""

    rules: TemplateRules = strawberry.field(description="Which products it takes.")
    shipping: TemplateShipping = strawberry.field(description="Package weight and size.")
    attributes: list[TemplateAttribute] = strawberry.field(description="Values of the category's attributes.")
    brand_id: str | None = strawberry.field(description="TikTok's id of the brand, if one was chosen.")
    price: TemplatePrice = strawberry.field(description="How prices are made.")
    stock: TemplateStock = strawberry.field(description="How much stock is offered.")
    empty_description: EmptyDescription = strawberry.field(description="What becomes of empty descriptions.")
    shorten_title: bool = strawberry.field(description="Whether titles are cut to the market's length.")
    certifications: list[TemplateCertification] = strawberry.field(description="Proofs the category demands.")
    size_chart: TemplateSizeChart | None = strawberry.field(description="The size chart, if there is one.")
    manufacturer_ids: list[str] = strawberry.field(description="TikTok's ids of manufacturers (EU).")
    responsible_person_ids: list[str] = strawberry.field(description="TikTok's ids of responsible persons (EU).")

    @classmethod
    def of(cls, content: TemplateContent) -> "TemplateContentFields":
        """The domain's value as clients see it."""
        price, stock, chart = content.price, content.stock, content.size_chart
        return cls(
            rules=_rules(content.rules),
            shipping=_shipping(content.shipping),
            attributes=[_attribute(one) for one in content.attributes],
            brand_id=content.brand_id,
            price=TemplatePrice(
                percent=price.percent, fixed=price.fixed, ending=price.ending, exchange_rate=price.exchange_rate
            ),
            stock=TemplateStock(
                percent=stock.percent, threshold=stock.threshold, cap=stock.cap, untracked=stock.untracked
            ),
            empty_description=content.empty_description,
            shorten_title=content.shorten_title,
            certifications=[_certification(one) for one in content.certifications],
            size_chart=None
            if chart is None
            else TemplateSizeChart(template_id=chart.template_id, image_uri=chart.image_uri),
            manufacturer_ids=list(content.manufacturer_ids),
            responsible_person_ids=list(content.responsible_person_ids),
        )


def _rules(rules: RuleGroup) -> TemplateRules:
    conditions = [TemplateCondition(field=c.field, operator=c.operator, value=c.value) for c in rules.conditions]
    return TemplateRules(match=rules.match, conditions=conditions)


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
    return TemplateAttribute(id=choice.id, values=values)


def _certification(one: Certification) -> TemplateCertification:
    return TemplateCertification(
        id=one.id,
        image_uris=list(one.image_uris),
        files=[TemplateCertificationFile(id=file.id, name=file.name) for file in one.files],
        expires_at=None if one.expires_at is None else from_unix(one.expires_at),
    )
