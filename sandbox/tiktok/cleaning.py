"""What the platform drops without failing the call, and the warnings it gives (fact sheet 3.10.2)."""

import unicodedata
from dataclasses import replace
from decimal import Decimal

from sandbox.tiktok.checks.attributes import product_properties
from sandbox.tiktok.checks.codes import is_well_formed
from sandbox.tiktok.checks.ground import Ground
from sandbox.tiktok.content import AttributeValue, Content, ProductAttribute, Sku


def cleaned(content: Content, ground: Ground) -> tuple[Content, list[str]]:
    """The content as it is kept, and one warning for each thing taken out (none for what is dropped silently)."""
    warnings: list[str] = []
    content = _without_bad_brand(content, warnings)
    content = _without_bad_attributes(content, ground, warnings)
    skus = tuple(_clean_sku(sku, ground, warnings) for sku in content.skus)
    chart = content.size_chart if ground.leaf.rules.size_chart_supported else None
    return replace(content, skus=skus, size_chart=chart), warnings


def _without_bad_brand(content: Content, warnings: list[str]) -> Content:
    if not content.brand_id or (content.brand_id.isascii() and content.brand_id.isdigit()):
        return content
    warnings.append(f"The brand_id {content.brand_id!r} is invalid and has been cleared.")
    return replace(content, brand_id="")


def _without_bad_attributes(content: Content, ground: Ground, warnings: list[str]) -> Content:
    known = product_properties(ground.leaf.attributes)
    kept = []
    for one in content.product_attributes:
        if one.id not in known:
            warnings.append(f"The product attribute {one.id!r} does not belong to the category and has been cleared.")
            continue
        names = {value.id: value.name for value in known[one.id].values}
        ids = {name: value_id for value_id, name in names.items()}
        values = tuple(_named(value, names, ids) for value in one.values if _is_clean(value.name))
        if len(values) < len(one.values):
            warnings.append(f"A value of the product attribute {known[one.id].name} is malformed and has been cleared.")
        if values:
            kept.append(ProductAttribute(one.id, values))
    return replace(content, product_attributes=tuple(kept))


def _named(value: AttributeValue, names: dict[str, str], ids: dict[str, str]) -> AttributeValue:
    """Id wins over name; a name equal to a listed value is that value."""
    if value.id in names:
        return AttributeValue(value.id, names[value.id])
    return AttributeValue(ids.get(value.name, ""), value.name)


def _is_clean(text: str) -> bool:
    return not any(unicodedata.category(character) == "Cc" for character in text)


def _clean_sku(sku: Sku, ground: Ground, warnings: list[str]) -> Sku:
    code = sku.identifier_code
    if code is not None and not is_well_formed(code):
        if code.code:
            warnings.append(f"The identifier code {code.code!r} of type {code.type!r} is invalid and has been cleared.")
        sku = replace(sku, identifier_code=None)
    if sku.list_price is not None:
        market, price = ground.market.region, sku.price.value if sku.price else ""
        if market != "US" or (price and Decimal(sku.list_price.amount) < Decimal(price)):
            sku = replace(sku, list_price=None)
    return sku
