"""What holds for one product: shop defaults under blocks, under the template, under the product's own override."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from server.domain.template_content import AttributeChoice, Certification, Shipping, TemplateContent
from server.domain.template_settings import Setting, says


class Layer(StrEnum):
    """Who said a setting, the weakest first. HOUSE is Leafmark's own value where nobody said anything."""

    HOUSE = "HOUSE"
    SHOP_DEFAULTS = "SHOP_DEFAULTS"
    BLOCK = "BLOCK"
    TEMPLATE = "TEMPLATE"
    OVERRIDE = "OVERRIDE"

    @property
    def called(self) -> str:
        """For sentences: what stands in it, or is to be changed in it."""
        return _CALLED[self]


_CALLED: Mapping[Layer, str] = {
    Layer.HOUSE: "Leafmark's own settings",
    Layer.SHOP_DEFAULTS: "the shop's defaults",
    Layer.BLOCK: "the template's block",
    Layer.TEMPLATE: "the template",
    Layer.OVERRIDE: "the product's own settings",
}

Name = TypeVar("Name", bound=str)
Layers = Sequence[tuple[Layer, TemplateContent]]
"""Contents with who says them, the weakest first."""


@dataclass(frozen=True, slots=True)
class Effective:
    """The content that holds, and who said what: settings, attribute ids and certification ids to their layer."""

    content: TemplateContent
    settings: Mapping[Setting, Layer] = field(default_factory=dict)
    attributes: Mapping[str, Layer] = field(default_factory=dict)
    certifications: Mapping[str, Layer] = field(default_factory=dict)

    def layer(self, setting: Setting) -> Layer:
        """Who said the setting."""
        return self.settings.get(setting, Layer.HOUSE)


def effective(layers: Layers) -> Effective:
    """For each setting the strongest layer that says it; attributes and certifications each by their own id.

    The rules of which products are taken are no part of it.
    """
    won = {setting: said for said in layers for setting in Setting if says(said[1], setting)}
    nobody = (Layer.HOUSE, TemplateContent())

    def of(setting: Setting) -> TemplateContent:
        return won.get(setting, nobody)[1]

    attributes: dict[str, tuple[Layer, AttributeChoice]] = {}
    certifications: dict[str, tuple[Layer, Certification]] = {}
    for layer, content in layers:
        attributes |= {one.id: (layer, one) for one in content.attributes}
        certifications |= {one.id: (layer, one) for one in content.certifications}
    brand = of(Setting.BRAND)
    joined = TemplateContent(
        shipping=Shipping(
            of(Setting.WEIGHT_SOURCE).shipping.weight_source,
            of(Setting.WEIGHT).shipping.weight,
            of(Setting.DIMENSIONS).shipping.dimensions,
        ),
        attributes=tuple(choice for _, choice in attributes.values()),
        brand_id=brand.brand_id,
        brand_source=brand.brand_source,
        no_brand=brand.no_brand,
        price=of(Setting.PRICE).price,
        stock=of(Setting.STOCK).stock,
        title=of(Setting.TITLE).title,
        shorten_title=of(Setting.SHORTEN_TITLE).shorten_title,
        description=of(Setting.DESCRIPTION).description,
        empty_description=of(Setting.EMPTY_DESCRIPTION).empty_description,
        certifications=tuple(document for _, document in certifications.values()),
        size_chart=of(Setting.SIZE_CHART).size_chart,
        manufacturer_ids=of(Setting.MANUFACTURERS).manufacturer_ids,
        responsible_person_ids=of(Setting.RESPONSIBLE_PERSONS).responsible_person_ids,
    )
    return Effective(joined, _layers(won), _layers(attributes), _layers(certifications))


def _layers(won: Mapping[Name, tuple[Layer, object]]) -> dict[Name, Layer]:
    return {name: layer for name, (layer, _) in won.items()}
