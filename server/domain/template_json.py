"""A template's content as JSON and back; every fault in what came in is told with its path."""

from collections.abc import Mapping
from typing import Any

from server.domain import template_parts as parts
from server.domain.json_reading import Faults, Reading
from server.domain.rules import RuleGroup
from server.domain.rules_json import read_rules, rules_to_json
from server.domain.template_content import EmptyDescription, TemplateContent, TextRule
from server.domain.template_settings import Setting, says

_PLAIN = (
    (Setting.PRICE, "price"),
    (Setting.STOCK, "stock"),
    (Setting.TITLE, "title"),
    (Setting.SHORTEN_TITLE, "shorten_title"),
    (Setting.DESCRIPTION, "description"),
    (Setting.EMPTY_DESCRIPTION, "empty_description"),
)
"""Settings that have a value of the house: only their presence tells that they were said."""


def content_to_json(content: TemplateContent) -> dict[str, Any]:
    """The form kept in rows; ``content_from_json`` reads it back equal. What was not said is null or empty."""
    data: dict[str, Any] = {
        "shipping": parts.shipping_to_json(content.shipping, says_source=says(content, Setting.WEIGHT_SOURCE)),
        "attributes": [parts.attribute_to_json(one) for one in content.attributes],
        "brand_id": content.brand_id,
        "brand_source": parts.source_to_json(content.brand_source),
        "no_brand": content.no_brand,
        "price": parts.price_to_json(content.price),
        "stock": parts.stock_to_json(content.stock),
        "title": parts.text_rule_to_json(content.title),
        "shorten_title": content.shorten_title,
        "description": parts.text_rule_to_json(content.description),
        "empty_description": content.empty_description.value,
        "certifications": [parts.certification_to_json(one) for one in content.certifications],
        "size_chart": parts.size_chart_to_json(content.size_chart),
        "manufacturer_ids": list(content.manufacturer_ids),
        "responsible_person_ids": list(content.responsible_person_ids),
        "rules": rules_to_json(content.rules),
    }
    return data | {name: None for setting, name in _PLAIN if not says(content, setting)}


def content_from_json(data: Mapping[str, Any]) -> tuple[TemplateContent, Faults]:
    """The content, and what is wrong with the input: (path, sentence) pairs. Anything absent has its default.

    With faults present the content is not to be used.
    """
    faults: Faults = []
    top = Reading(data, (), faults)
    content = read_content(top, data, of_template=True)
    top.refuse_unknown()
    return content, faults


def read_content(at: Reading, data: Mapping[str, Any], *, of_template: bool) -> TemplateContent:
    """What a layer says, read from an object that may hold more.

    Rules, and where titles and descriptions come from, are read only ``of_template``: elsewhere those words mean
    something else.
    """
    shipping, said_shipping = parts.read_shipping(at.child("shipping"))
    brand_id, no_brand = at.optional_text("brand_id", longest=64), at.flag("no_brand")
    brand_source = parts.read_source(at.optional_child("brand_source"))
    if no_brand and (brand_id or brand_source):
        at.fault("no_brand", "Choose a brand or none, not both.")
    texts = [parts.read_text_rule(at.child(name)) if of_template else TextRule() for name in ("title", "description")]
    said = {setting for setting, name in _PLAIN if isinstance(data, Mapping) and data.get(name) is not None}
    if not of_template:
        said -= {Setting.TITLE, Setting.DESCRIPTION}
    return TemplateContent(
        shipping=shipping,
        attributes=parts.read_attributes(at),
        brand_id=brand_id,
        brand_source=brand_source,
        no_brand=no_brand,
        price=parts.read_price(at.child("price")),
        stock=parts.read_stock(at.child("stock")),
        title=texts[0],
        shorten_title=at.flag("shorten_title"),
        description=texts[1],
        empty_description=at.choice("empty_description", EmptyDescription, EmptyDescription.FAIL),
        certifications=parts.read_certifications(at),
        size_chart=parts.read_size_chart(at.optional_child("size_chart")),
        manufacturer_ids=at.texts("manufacturer_ids"),
        responsible_person_ids=at.texts("responsible_person_ids"),
        rules=read_rules(at.child("rules")) if of_template else RuleGroup(),
        said=frozenset(said | said_shipping),
    )
