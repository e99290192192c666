"""The single settings of a template's content: what each holds, and whether a content says anything about it."""

from collections.abc import Callable, Mapping
from enum import StrEnum

from server.domain.template_content import TemplateContent


class Setting(StrEnum):
    """What layers decide one by one; attributes and certifications are decided by their own ids."""

    WEIGHT_SOURCE = "weight_source"
    WEIGHT = "weight"
    DIMENSIONS = "dimensions"
    BRAND = "brand"
    PRICE = "price"
    STOCK = "stock"
    TITLE = "title"
    SHORTEN_TITLE = "shorten_title"
    DESCRIPTION = "description"
    EMPTY_DESCRIPTION = "empty_description"
    SIZE_CHART = "size_chart"
    MANUFACTURERS = "manufacturers"
    RESPONSIBLE_PERSONS = "responsible_persons"


_READ: Mapping[Setting, Callable[[TemplateContent], object]] = {
    Setting.WEIGHT_SOURCE: lambda content: content.shipping.weight_source,
    Setting.WEIGHT: lambda content: content.shipping.weight,
    Setting.DIMENSIONS: lambda content: content.shipping.dimensions,
    Setting.BRAND: lambda content: (content.brand_id, content.brand_source, content.no_brand),
    Setting.PRICE: lambda content: content.price,
    Setting.STOCK: lambda content: content.stock,
    Setting.TITLE: lambda content: content.title,
    Setting.SHORTEN_TITLE: lambda content: content.shorten_title,
    Setting.DESCRIPTION: lambda content: content.description,
    Setting.EMPTY_DESCRIPTION: lambda content: content.empty_description,
    Setting.SIZE_CHART: lambda content: content.size_chart,
    Setting.MANUFACTURERS: lambda content: content.manufacturer_ids,
    Setting.RESPONSIBLE_PERSONS: lambda content: content.responsible_person_ids,
}

_HOUSE = {setting: read(TemplateContent()) for setting, read in _READ.items()}


def says(content: TemplateContent, setting: Setting) -> bool:
    """Whether the content speaks of the setting: written down, or other than the house's own value."""
    return setting in content.said or _READ[setting](content) != _HOUSE[setting]
