"""The closed sets of what templates say; whoever uses one imports it from here, so that it is published first."""

from graphql_schema.enums import publish
from server.domain.template_content import Rounding, TextOrigin
from server.domain.template_settings import Setting as TemplateSetting
from server.domain.value_sources import SourceField

__all__ = ["Rounding", "SourceField", "TemplateSetting", "TextOrigin"]

publish(
    Rounding,
    "Which way an amount goes when it is brought to its ending, or to the currency's step.",
    {Rounding.NEAREST: "To the nearest.", Rounding.UP: "Up.", Rounding.DOWN: "Down."},
    name="PriceRounding",
)
publish(
    TextOrigin,
    "Where a title or a description comes from.",
    {
        TextOrigin.STORE: "The store's own text.",
        TextOrigin.METAFIELD: "A metafield; the store's own text where that is empty.",
        TextOrigin.FIXED: "Always the same text.",
    },
    name="TemplateTextOrigin",
)
publish(
    SourceField,
    "Where in the store a value is looked for.",
    {
        SourceField.TITLE: "The product's title.",
        SourceField.VENDOR: "The vendor.",
        SourceField.PRODUCT_TYPE: "The product type.",
        SourceField.TAG: "Tags that begin with the key (`material:`): what follows.",
        SourceField.OPTION: "The values of the option that the key names (`Colour`).",
        SourceField.SKU: "The SKU, when all variants have the same.",
        SourceField.BARCODE: "The barcode, when all variants have the same.",
        SourceField.METAFIELD: "The metafield that the key names (`custom.material`).",
    },
    name="ValueSourceField",
)
publish(
    TemplateSetting,
    "A setting that layers decide one by one. Attributes and certifications are decided by their own ids.",
    {
        TemplateSetting.WEIGHT_SOURCE: "Where the package weight comes from.",
        TemplateSetting.WEIGHT: "The package weight, or its backup.",
        TemplateSetting.DIMENSIONS: "The size of the package.",
        TemplateSetting.BRAND: "The brand, where it comes from, or that there is none.",
        TemplateSetting.PRICE: "How prices are made.",
        TemplateSetting.STOCK: "How much stock is offered.",
        TemplateSetting.TITLE: "Where titles come from.",
        TemplateSetting.SHORTEN_TITLE: "Whether titles are cut.",
        TemplateSetting.DESCRIPTION: "Where descriptions come from.",
        TemplateSetting.EMPTY_DESCRIPTION: "What becomes of empty descriptions.",
        TemplateSetting.SIZE_CHART: "The size chart.",
        TemplateSetting.MANUFACTURERS: "Manufacturers (EU).",
        TemplateSetting.RESPONSIBLE_PERSONS: "Responsible persons (EU).",
    },
    name="TemplateSetting",
)
