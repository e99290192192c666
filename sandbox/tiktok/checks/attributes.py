"""Product attributes: required ones, conditional ones that cascade, and the form of values."""

import re
from collections.abc import Iterator, Mapping, Sequence

from sandbox.catalogue.attributes import Attribute
from sandbox.tiktok.checks.ground import Fault, Ground
from sandbox.tiktok.content import AttributeValue, Content, ProductAttribute

POSITIVE = re.compile(r"(?!0+(?:\.0+)?$)\d+(?:\.\d+)?")
MAX_NAME = 2000
Chosen = Mapping[str, frozenset[str]]


def product_properties(attributes: Sequence[Attribute]) -> dict[str, Attribute]:
    """The descriptive attributes of a leaf, by id."""
    return {one.id: one for one in attributes if one.type == "PRODUCT_PROPERTY"}


def called_for(known: Mapping[str, Attribute], chosen: Chosen) -> set[str]:
    """Attributes required now: always, or by a chosen value of an attribute that is itself called for or free.

    Evaluated until nothing changes, since conditions cascade (fact sheet 3.9).
    """
    live = {one.id for one in known.values() if not one.conditions}
    required = {one.id for one in known.values() if one.is_required}
    while True:
        met = {one.id for one in known.values() if one.id not in live and _is_met(one, chosen, live)}
        if not met:
            return required
        live |= met
        required |= met


def _is_met(attribute: Attribute, chosen: Chosen, live: set[str]) -> bool:
    return any(
        condition.attribute_id in live and condition.value_id in chosen.get(condition.attribute_id, frozenset())
        for condition in attribute.conditions
    )


def chosen_values(content: Content, known: Mapping[str, Attribute]) -> dict[str, frozenset[str]]:
    """Value ids by attribute id; a name equal to a listed value counts as that value."""
    found = {}
    for one in content.product_attributes:
        names = {value.name: value.id for value in known[one.id].values} if one.id in known else {}
        found[one.id] = frozenset(value.id or names.get(value.name, "") for value in one.values) - {""}
    return found


def check_attributes(content: Content, ground: Ground) -> Iterator[Fault]:
    """All of it; attributes the leaf does not have are dropped later with a warning."""
    known = product_properties(ground.leaf.attributes)
    given = [one.id for one in content.product_attributes]
    yield from _presence_faults(known, set(given), chosen_values(content, known))
    if len(set(given)) < len(given):
        yield Fault(12052251, "A product attribute is given twice")
    for one in content.product_attributes:
        if one.id in known:
            yield from _value_faults(one, known[one.id])


def _presence_faults(known: Mapping[str, Attribute], given: set[str], chosen: Chosen) -> Iterator[Fault]:
    required = called_for(known, chosen)
    for attribute in known.values():
        if attribute.id in required and attribute.id not in given:
            code = 12052104 if attribute.is_required else 12052182
            why = "" if attribute.is_required else " because of the value of another attribute"
            yield Fault(code, f"The product attribute {attribute.name} ({attribute.id}) is required{why}")
        elif attribute.conditions and attribute.id in given and attribute.id not in required:
            yield Fault(12052183, f"The product attribute {attribute.name} ({attribute.id}) must be empty")


def _value_faults(given: ProductAttribute, attribute: Attribute) -> Iterator[Fault]:
    listed = {value.id for value in attribute.values}
    names = {value.name for value in attribute.values}
    if len(given.values) > 1 and not attribute.is_multiple:
        yield Fault(12052246, f"The product attribute {attribute.name} takes one value only")
    if len(set(given.values)) < len(given.values):
        yield Fault(12052253, f"The product attribute {attribute.name} has the same value twice")
    if not given.values:
        yield Fault(12052241, f"The product attribute {attribute.name} has no value")
    for value in given.values:
        if value.id not in listed and value.name not in names:
            yield from _custom_faults(value, attribute)


def _custom_faults(value: AttributeValue, attribute: Attribute) -> Iterator[Fault]:
    if not attribute.takes_text:
        yield Fault(12052240, f"The product attribute {attribute.name} does not take custom values")
    elif not value.name:
        yield Fault(12052241, f"A value of the product attribute {attribute.name} has neither a known id nor a name")
    elif len(value.name) > MAX_NAME:
        yield Fault(12052242, f"A value of the product attribute {attribute.name} exceeds {MAX_NAME} characters")
    elif attribute.data_format == "POSITIVE_INT_OR_DECIMAL" and not POSITIVE.fullmatch(value.name):
        yield Fault(12052256, f"The product attribute {attribute.name} must be a positive number")
