"""What holds when shop defaults, blocks, a template and an override speak of the same thing."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as some

from server.domain.layers import Layer, effective
from server.domain.overrides import Override, VariantOverride, override_from_json, override_to_json
from server.domain.template_content import (
    AttributeChoice,
    Certification,
    CertificationFile,
    EmptyDescription,
    PriceRule,
    Rounding,
    Shipping,
    SizeChart,
    StockRule,
    TemplateContent,
    TextOrigin,
    TextRule,
    ValueChoice,
    WeightSource,
)
from server.domain.template_json import content_from_json, content_to_json
from server.domain.template_settings import Setting, says
from server.domain.value_sources import SourceField, ValueSource
from server.domain.weights import Dimensions, LengthUnit, Weight, WeightUnit
from tests.domain.factories import kilograms

FILE = UUID("01980000-0000-7000-8000-00000000000f")
SIDES = {"length": 1, "width": 1, "height": 1}
FULL = TemplateContent(
    shipping=Shipping(
        WeightSource.CUSTOM, kilograms("0.25"), Dimensions(Decimal(10), Decimal(4), Decimal(3), LengthUnit.CENTIMETER)
    ),
    attributes=(
        AttributeChoice("1", (ValueChoice("7", "Oak"),), ValueSource(SourceField.METAFIELD, "custom.material")),
        AttributeChoice("2", (), ValueSource(SourceField.TAG, "material:")),
    ),
    brand_id="55",
    brand_source=ValueSource(SourceField.VENDOR),
    price=PriceRule(ending=Decimal("0.99"), rounding=Rounding.UP),
    stock=StockRule(warehouse_id="7001"),
    title=TextRule(TextOrigin.METAFIELD, "custom.title"),
    description=TextRule(TextOrigin.FIXED, text="<p>Ours.</p>"),
    certifications=(Certification("77", (), (CertificationFile(None, "a.pdf", FILE),), None, (FILE,)),),
    size_chart=SizeChart(file_id=FILE),
)


def test_everything_survives_json() -> None:
    assert content_from_json(content_to_json(FULL)) == (FULL, [])
    none = TemplateContent(no_brand=True)
    assert content_from_json(content_to_json(none)) == (none, [])


def test_saying_the_usual_is_kept_apart_from_saying_nothing() -> None:
    silent, _ = content_from_json({"price": None, "shipping": {"weight_source": None}})
    assert not any(says(silent, setting) for setting in Setting)
    spoken, _ = content_from_json({"price": {}, "shorten_title": False, "shipping": {"weight_source": "FROM_STORE"}})
    wanted = {Setting.PRICE, Setting.SHORTEN_TITLE, Setting.WEIGHT_SOURCE}
    assert {setting for setting in Setting if says(spoken, setting)} == wanted
    again, _ = content_from_json(content_to_json(spoken))
    assert again.said == wanted == spoken.said


def test_the_strongest_layer_that_speaks_wins_each_setting() -> None:
    defaults = TemplateContent(
        price=PriceRule(percent=Decimal(10)), empty_description=EmptyDescription.USE_TITLE, brand_id="9"
    )
    block = TemplateContent(shipping=Shipping(weight=kilograms("1")))
    template = TemplateContent(
        shipping=Shipping(dimensions=Dimensions(Decimal(1), Decimal(1), Decimal(1), LengthUnit.CENTIMETER)),
        attributes=(AttributeChoice("1", (ValueChoice("a"),)), AttributeChoice("2", (ValueChoice("b"),))),
        said=frozenset({Setting.PRICE}),
    )
    own = TemplateContent(attributes=(AttributeChoice("2", (ValueChoice("c"),)),), no_brand=True)
    layers = [
        (Layer.SHOP_DEFAULTS, defaults),
        (Layer.BLOCK, block),
        (Layer.TEMPLATE, template),
        (Layer.OVERRIDE, own),
    ]
    joined = effective(layers)
    content = joined.content
    assert content.price == PriceRule()
    assert content.empty_description is EmptyDescription.USE_TITLE
    assert content.shipping == replace(template.shipping, weight=kilograms("1"))
    assert [(one.id, one.values[0].id) for one in content.attributes] == [("1", "a"), ("2", "c")]
    assert (content.brand_id, content.no_brand) == (None, True)
    assert joined.attributes == {"1": Layer.TEMPLATE, "2": Layer.OVERRIDE}
    told = {setting: joined.layer(setting) for setting in Setting if joined.layer(setting) is not Layer.HOUSE}
    assert told == {
        Setting.PRICE: Layer.TEMPLATE,
        Setting.EMPTY_DESCRIPTION: Layer.SHOP_DEFAULTS,
        Setting.WEIGHT: Layer.BLOCK,
        Setting.DIMENSIONS: Layer.TEMPLATE,
        Setting.BRAND: Layer.OVERRIDE,
    }


contents = some.builds(
    TemplateContent,
    brand_id=some.sampled_from([None, "1", "2"]),
    price=some.sampled_from([PriceRule(), PriceRule(percent=Decimal(5))]),
    shorten_title=some.booleans(),
    attributes=some.lists(
        some.builds(AttributeChoice, some.sampled_from("123"), some.just((ValueChoice("v"),))),
        max_size=2,
        unique_by=lambda one: one.id,
    ).map(tuple),
    said=some.frozensets(some.sampled_from([Setting.PRICE, Setting.SHORTEN_TITLE])),
)


READS: dict[Setting, Callable[[TemplateContent], object]] = {
    Setting.BRAND: lambda one: one.brand_id,
    Setting.PRICE: lambda one: one.price,
    Setting.SHORTEN_TITLE: lambda one: one.shorten_title,
}


@given(some.lists(contents, max_size=4))
def test_every_winner_says_what_holds(given_contents: list[TemplateContent]) -> None:
    order = [Layer.SHOP_DEFAULTS, Layer.BLOCK, Layer.TEMPLATE, Layer.OVERRIDE]
    layers = list(zip(order, given_contents, strict=False))
    joined, by_layer = effective(layers), dict(layers)
    for setting, read in READS.items():
        layer = joined.layer(setting)
        assert read(joined.content) == read(by_layer.get(layer, TemplateContent()))
        stronger = layers[order.index(layer) + 1 :] if layer is not Layer.HOUSE else layers
        assert not any(says(content, setting) for _, content in stronger)
    assert {one.id for one in joined.content.attributes} == {
        one.id for content in given_contents for one in content.attributes
    }


def test_an_override_survives_json() -> None:
    override = Override(
        "Lamp",
        "<p>x</p>",
        ("https://a/1.jpg", f"leafmark-file:{FILE}"),
        (VariantOverride("v1", None, Decimal("9.5"), None, 0), VariantOverride(None, "S-1", quantity=3)),
        TemplateContent(brand_id="5", said=frozenset({Setting.PRICE})),
    )
    data = override_to_json(override)
    assert override_from_json(data) == (override, [])
    assert override_from_json(data)[0].is_layer
    assert override_to_json(Override()) == {}
    plain, faults = override_from_json({"title": "Lamp"})
    assert (plain.is_layer, faults) == (False, [])
    whole, faults = override_from_json({"shorten_title": False, "no_brand": False})
    assert (override_to_json(whole), faults) == ({"shorten_title": False}, [])
    assert says(override_from_json(override_to_json(whole))[0].content, Setting.SHORTEN_TITLE)


@pytest.mark.parametrize(
    ("data", "path", "says_"),
    [
        ({"variants": [{"price": 1}]}, "variants.0.remote_id", "Name the variant"),
        ({"variants": [{"sku": "a", "price": 0}]}, "variants.0.price", "more than 0"),
        ({"variants": [{"sku": "a"}, {"sku": "a"}]}, "variants.1.remote_id", "already"),
        ({"variants": [{"sku": "a", "quantity": 100_000}]}, "variants.0.quantity", "from 0 to 99999"),
        ({"pictures": ["ftp://x"]}, "pictures.0", "web address"),
        ({"rules": {}}, "rules", "no such field"),
        ({"title": 5}, "title", "text"),
    ],
)
def test_faults_of_overrides_have_their_path(data: dict[str, object], path: str, says_: str) -> None:
    _, faults = override_from_json(data)
    assert [(".".join(where), says_ in text) for where, text in faults] == [(path, True)]


@pytest.mark.parametrize(
    ("data", "path", "says_"),
    [
        (
            {
                "shipping": {
                    "weight": {"value": 1, "unit": "POUND"},
                    "dimensions": {"length": 1, "width": 1, "height": 1},
                }
            },
            "shipping.dimensions",
            "one system",
        ),
        ({"attributes": [{"id": "1", "source": {"field": "TAG"}}]}, "attributes.0.source.key", "needs a key"),
        ({"attributes": [{"id": "1", "source": {"field": "VENDOR", "key": "x"}}]}, "attributes.0.source.key", "no key"),
        (
            {"attributes": [{"id": "1", "source": {"field": "METAFIELD", "key": "material"}}]},
            "attributes.0.source.key",
            "namespace.key",
        ),
        (
            {"attributes": [{"id": "1", "values": [{"id": "2"}]}, {"id": "1", "values": [{"id": "3"}]}]},
            "attributes.1.id",
            "above already",
        ),
        ({"description": {"source": "FIXED"}}, "description.text", "Write the text"),
        ({"title": {"source": "METAFIELD"}}, "title.key", "namespace.key"),
        ({"no_brand": True, "brand_id": "5"}, "no_brand", "not both"),
        (
            {"certifications": [{"id": "1", "files": [{"name": "a.pdf"}]}]},
            "certifications.0.files.0.id",
            "one of the two",
        ),
        ({"size_chart": {"file_id": "nope"}}, "size_chart.file_id", "not the id"),
    ],
)
def test_faults_of_values_have_their_path(data: dict[str, object], path: str, says_: str) -> None:
    _, faults = content_from_json(data)
    assert (path, True) in [(".".join(where), says_ in text) for where, text in faults]


def test_pounds_go_with_inches() -> None:
    size = {"length": 1, "width": 1, "height": 1, "unit": "INCH"}
    content, faults = content_from_json({"shipping": {"weight": {"value": 1, "unit": "POUND"}, "dimensions": size}})
    assert (content.shipping.weight, faults) == (Weight(Decimal(1), WeightUnit.POUND), [])
