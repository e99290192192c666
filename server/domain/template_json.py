"""A template's content as JSON and back; every fault in what came in is told with its path."""

from collections.abc import Mapping
from typing import Any

from server.domain.reading import Reading
from server.domain.rules_json import read_rules, rules_to_json
from server.domain.template_content import (
    AttributeChoice,
    Certification,
    CertificationFile,
    EmptyDescription,
    PriceRule,
    Shipping,
    SizeChart,
    StockRule,
    TemplateContent,
    ValueChoice,
    WeightSource,
)
from server.domain.weights import Dimensions, LengthUnit, Weight, WeightUnit, plain


def content_to_json(content: TemplateContent) -> dict[str, Any]:
    """The form kept in ``category_template.content``; ``content_from_json`` reads it back equal."""
    shipping, price, stock = content.shipping, content.price, content.stock
    size = shipping.dimensions
    return {
        "shipping": {
            "weight_source": shipping.weight_source.value,
            "weight": _weight_json(shipping.weight),
            "dimensions": size
            and {
                "length": plain(size.length),
                "width": plain(size.width),
                "height": plain(size.height),
                "unit": size.unit.value,
            },
        },
        "attributes": [
            {"id": one.id, "values": [{"id": value.id, "name": value.name} for value in one.values]}
            for one in content.attributes
        ],
        "brand_id": content.brand_id,
        "price": {
            "percent": plain(price.percent),
            "fixed": plain(price.fixed),
            "ending": None if price.ending is None else plain(price.ending),
            "exchange_rate": None if price.exchange_rate is None else plain(price.exchange_rate),
        },
        "stock": {
            "percent": stock.percent,
            "threshold": stock.threshold,
            "cap": stock.cap,
            "untracked": stock.untracked,
        },
        "empty_description": content.empty_description.value,
        "shorten_title": content.shorten_title,
        "certifications": [_certification_json(one) for one in content.certifications],
        "size_chart": content.size_chart
        and {"template_id": content.size_chart.template_id, "image_uri": content.size_chart.image_uri},
        "manufacturer_ids": list(content.manufacturer_ids),
        "responsible_person_ids": list(content.responsible_person_ids),
        "rules": rules_to_json(content.rules),
    }


def _weight_json(weight: Weight | None) -> dict[str, str] | None:
    return {"value": plain(weight.value), "unit": weight.unit.value} if weight else None


def _certification_json(one: Certification) -> dict[str, Any]:
    files = [{"id": file.id, "name": file.name} for file in one.files]
    return {"id": one.id, "image_uris": list(one.image_uris), "files": files, "expires_at": one.expires_at}


def content_from_json(data: Mapping[str, Any]) -> tuple[TemplateContent, list[tuple[tuple[str, ...], str]]]:
    """The content, and what is wrong with the input: (path, sentence) pairs. Anything absent has its default.

    With faults present the content is not to be used.
    """
    faults: list[tuple[tuple[str, ...], str]] = []
    top = Reading(data, (), faults)
    content = TemplateContent(
        shipping=_shipping(top.child("shipping")),
        attributes=tuple(_attribute(one) for one in top.children("attributes")),
        brand_id=top.optional_text("brand_id", longest=64),
        price=_price(top.child("price")),
        stock=_stock(top.child("stock")),
        empty_description=top.choice("empty_description", EmptyDescription, EmptyDescription.FAIL),
        shorten_title=top.flag("shorten_title"),
        certifications=tuple(_certification(one) for one in top.children("certifications")),
        size_chart=_size_chart(top.optional_child("size_chart")),
        manufacturer_ids=top.texts("manufacturer_ids"),
        responsible_person_ids=top.texts("responsible_person_ids"),
        rules=read_rules(top.child("rules")),
    )
    top.refuse_unknown()
    return content, faults


def _shipping(at: Reading) -> Shipping:
    source = at.choice("weight_source", WeightSource, WeightSource.FROM_STORE)
    weight, size = _weight(at.optional_child("weight")), _dimensions(at.optional_child("dimensions"))
    if source is WeightSource.CUSTOM and weight is None:
        at.fault("weight", "Enter the weight to send, or take the weight from the store.")
    at.refuse_unknown()
    return Shipping(source, weight, size)


def _weight(at: Reading | None) -> Weight | None:
    if at is None:
        return None
    weight = Weight(at.number("value", above=0), at.choice("unit", WeightUnit, WeightUnit.KILOGRAM))
    at.refuse_unknown()
    return weight


def _dimensions(at: Reading | None) -> Dimensions | None:
    if at is None:
        return None
    length, width, height = (at.number(side, above=0) for side in ("length", "width", "height"))
    unit = at.choice("unit", LengthUnit, LengthUnit.CENTIMETER)
    at.refuse_unknown()
    return Dimensions(length, width, height, unit)


def _attribute(at: Reading) -> AttributeChoice:
    values = tuple(_value(one) for one in at.children("values"))
    if not values:
        at.fault("values", "Choose at least one value, or leave the attribute out.")
    choice = AttributeChoice(at.text("id"), values)
    at.refuse_unknown()
    return choice


def _value(at: Reading) -> ValueChoice:
    value = ValueChoice(at.optional_text("id"), at.optional_text("name", longest=2000) or "")
    if value.id is None and not value.name:
        at.fault("name", "Give the value's id or its text.")
    at.refuse_unknown()
    return value


def _price(at: Reading) -> PriceRule:
    rule = PriceRule(
        percent=at.number("percent", default=0, above=-100),
        fixed=at.number("fixed", default=0),
        ending=at.optional_number("ending", least=0),
        exchange_rate=at.optional_number("exchange_rate", above=0),
    )
    at.refuse_unknown()
    return rule


def _stock(at: Reading) -> StockRule:
    rule = StockRule(
        percent=at.whole("percent", default=100, least=0, most=1000),
        threshold=at.whole("threshold", default=0, least=0),
        cap=at.optional_whole("cap", least=1, most=99_999),
        untracked=at.whole("untracked", default=999, least=0, most=99_999),
    )
    at.refuse_unknown()
    return rule


def _certification(at: Reading) -> Certification:
    files = tuple(CertificationFile(one.text("id"), one.text("name")) for one in at.children("files"))
    one = Certification(at.text("id"), at.texts("image_uris"), files, at.optional_whole("expires_at", least=0))
    at.refuse_unknown()
    return one


def _size_chart(at: Reading | None) -> SizeChart | None:
    if at is None:
        return None
    chart = SizeChart(at.optional_text("template_id"), at.optional_text("image_uri"))
    if chart.template_id is None and chart.image_uri is None:
        at.fault("template_id", "Name a size chart template or an uploaded picture.")
    at.refuse_unknown()
    return chart
