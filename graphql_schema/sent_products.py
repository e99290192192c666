"""A product as it would be sent to TikTok Shop: readable, and as the body of the call."""

from decimal import Decimal

import strawberry

from graphql_schema.categories import CategoryRefOutput
from graphql_schema.context import Info
from graphql_schema.enums import publish
from graphql_schema.measures import Dimensions, Weight
from graphql_schema.problems import Problem
from graphql_schema.products import Money, Product, load_product
from graphql_schema.provenance import ValueProvenance
from graphql_schema.template_types import TemplateAttribute, TemplateAttributeValue
from server.domain.category_choices import CategorySource
from server.domain.drafts import ProductDraft, SkuDraft
from server.kit.json import dumps_text
from server.services.templates.sending import SentAs

publish(
    CategorySource,
    "What decided about a product's category, the strongest first.",
    {
        CategorySource.OVERRIDE: "It was chosen for this product.",
        CategorySource.TEMPLATE: "The template that takes it by hand or by its rules names it.",
        CategorySource.APPROVAL: "A recommendation for the product was approved.",
        CategorySource.MAPPING: "The product's source category is mapped to it.",
        CategorySource.DEFAULT_TEMPLATE: "The default template names it, and nothing else decides.",
    },
    name="CategoryDecidedBy",
)


@strawberry.type
class SentVariant:
    """A variant as it would be sent."""

    remote_id: str = strawberry.field(description="Shopify's id of the variant.")
    sku: str | None = strawberry.field(description="The SKU that is sent, if one is.")
    options: list[str] = strawberry.field(description="What it has of each option, e.g. `Colour: Red`.")
    price: Money = strawberry.field(description="The price, in the market's currency.")
    list_price: Money | None = strawberry.field(description="The price before a reduction, if it is sent.")
    quantity: int = strawberry.field(description="How many are offered.")

    @classmethod
    def of(cls, sku: SkuDraft, currency: str) -> "SentVariant":
        """The domain's value as clients see it."""
        before = sku.list_price
        return cls(
            remote_id=sku.external_sku_id,
            sku=sku.seller_sku,
            options=[f"{axis.name}: {axis.value}" for axis in sku.axes],
            price=_money(sku.price, currency),
            list_price=None if before is None else _money(before, currency),
            quantity=sku.quantity,
        )


def _money(amount: Decimal, currency: str) -> Money:
    return Money(amount=amount, currency_code=currency)


@strawberry.type
class SentContent:
    """What TikTok Shop would be told."""

    title: str = strawberry.field(description="The title.")
    description: str = strawberry.field(description="The description, HTML as TikTok takes it.")
    category_ref: CategoryRefOutput = strawberry.field(description="The leaf.")
    brand_id: str | None = strawberry.field(description="TikTok's id of the brand, if one is sent.")
    attributes: list[TemplateAttribute] = strawberry.field(description="Values of the category's attributes.")
    weight: Weight | None = strawberry.field(description="The package weight.")
    dimensions: Dimensions | None = strawberry.field(description="The size of the package.")
    variants: list[SentVariant] = strawberry.field(description="The variants that are sent.")
    pictures: list[str] = strawberry.field(description="Addresses of the pictures in the store.")
    body: str = strawberry.field(
        description="The body of Create Product as JSON; where TikTok's URIs will stand, it has the store's addresses."
    )

    @classmethod
    def of(cls, draft: ProductDraft, body: object) -> "SentContent":
        """The domain's value as clients see it."""
        weight, size = draft.weight, draft.dimensions
        return cls(
            title=draft.title,
            description=draft.description,
            category_ref=CategoryRefOutput.of(draft.category),
            brand_id=draft.brand_id,
            attributes=[
                TemplateAttribute(
                    id=one.id,
                    values=[TemplateAttributeValue(id=value.id, name=value.name) for value in one.values],
                    source=None,
                )
                for one in draft.attributes
            ],
            weight=None if weight is None else Weight(value=weight.weight.value, unit=weight.weight.unit),
            dimensions=None
            if size is None
            else Dimensions(length=size.length, width=size.width, height=size.height, unit=size.unit),
            variants=[SentVariant.of(sku, draft.currency) for sku in draft.skus],
            pictures=list(draft.pictures),
            body=dumps_text(body),
        )


@strawberry.type
class SentProduct:
    """A product as it would be sent, or why it would not be."""

    sent: strawberry.Private[SentAs]
    category_ref: CategoryRefOutput | None = strawberry.field(description="Its category; null when none is decided.")
    category_decided_by: CategorySource | None = strawberry.field(description="What decided about the category.")
    category_because: str = strawberry.field(description="Why it is that category, or why there is none.")
    content: SentContent | None = strawberry.field(
        description="What TikTok Shop would be told; null when the problems keep it from being sent."
    )
    problems: list[Problem] = strawberry.field(description="Its problems, the template's too.")
    provenance: list[ValueProvenance] = strawberry.field(description="Where each value would come from.")

    @classmethod
    def of(cls, sent: SentAs) -> "SentProduct":
        """A service's value as clients see it."""
        choice, built = sent.planned.category, sent.built
        return cls(
            sent=sent,
            category_ref=None if choice.ref is None else CategoryRefOutput.of(choice.ref),
            category_decided_by=choice.source,
            category_because=choice.because,
            content=None if built.draft is None else SentContent.of(built.draft, sent.body),
            problems=[Problem.of_value(one) for one in built.problems],
            provenance=[ValueProvenance.of(one) for one in built.provenance],
        )

    @strawberry.field
    async def product(self, info: Info) -> Product | None:
        """The product."""
        return await load_product(info, self.sent.product_id)
