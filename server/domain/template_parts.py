"""The parts of a template's content as JSON and back; faults are noted with their paths."""

from typing import Any
from uuid import UUID

from server.domain.json_reading import Reading
from server.domain.template_content import (
    AttributeChoice,
    Certification,
    CertificationFile,
    PriceRule,
    Rounding,
    Shipping,
    SizeChart,
    StockRule,
    TextOrigin,
    TextRule,
    ValueChoice,
    WeightSource,
)
from server.domain.template_settings import Setting
from server.domain.value_sources import SourceField, ValueSource
from server.domain.weights import Dimensions, LengthUnit, Weight, WeightUnit, plain

_LONGEST_TEXT = 10_000
_MOST_PERCENT = 10_000
_MOST_FIXED = 1_000_000_000
_HIGHEST_RATE = 1_000_000
"""Beyond these nothing is a price: the dearest that a store can hold, 18 digits, still comes to one of 25."""


def shipping_to_json(shipping: Shipping, *, says_source: bool) -> dict[str, Any]:
    """Weight, its source where it was said, and size."""
    size, weight = shipping.dimensions, shipping.weight
    sides = size and {"length": plain(size.length), "width": plain(size.width), "height": plain(size.height)}
    return {
        "weight_source": shipping.weight_source.value if says_source else None,
        "weight": weight and {"value": plain(weight.value), "unit": weight.unit.value},
        "dimensions": size and sides and {**sides, "unit": size.unit.value},
    }


def read_shipping(at: Reading) -> tuple[Shipping, set[Setting]]:
    """With the settings that were written down. Weight and size must be of one system (code 12052915)."""
    source = at.optional_text("weight_source") and at.choice("weight_source", WeightSource, WeightSource.FROM_STORE)
    weight, size = _weight(at.optional_child("weight")), _dimensions(at.optional_child("dimensions"))
    if source is WeightSource.CUSTOM and weight is None:
        at.fault("weight", "Enter the weight to send, or take the weight from the store.")
    if weight is not None and size is not None and weight.unit.is_metric is not (size.unit is LengthUnit.CENTIMETER):
        at.fault("dimensions", "Weight and size must be of one system: kilograms with centimeters, pounds with inches.")
    at.refuse_unknown()
    said = {Setting.WEIGHT_SOURCE} if source else set()
    return Shipping(WeightSource(source or WeightSource.FROM_STORE), weight, size), said


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


def source_to_json(source: ValueSource | None) -> dict[str, str] | None:
    """A place in the store."""
    return None if source is None else {"field": source.field.value, "key": source.key}


def read_source(at: Reading | None) -> ValueSource | None:
    """The key is required where the field needs one; a metafield's is ``namespace.key``."""
    if at is None:
        return None
    field, key = at.choice("field", SourceField, None), at.optional_text("key") or ""
    if field.needs_key and not key:
        at.fault("key", f"{field} needs a key: the tag's beginning, the option's name, or the metafield.")
    elif key and not field.needs_key:
        at.fault("key", f"{field} takes no key.")
    elif field is SourceField.METAFIELD and not _is_metafield(key):
        at.fault("key", "Name a metafield as namespace.key, such as custom.material.")
    at.refuse_unknown()
    return ValueSource(field, key)


def _is_metafield(key: str) -> bool:
    namespace, dot, name = key.partition(".")
    return bool(namespace and dot and name)


def text_rule_to_json(rule: TextRule) -> dict[str, str]:
    """Where a title or a description comes from."""
    return {"source": rule.origin.value, "key": rule.key, "text": rule.text}


def read_text_rule(at: Reading) -> TextRule:
    """STORE, METAFIELD with ``key``, or FIXED with ``text``."""
    origin = at.choice("source", TextOrigin, TextOrigin.STORE)
    key, text = at.optional_text("key") or "", at.optional_text("text", longest=_LONGEST_TEXT) or ""
    if origin is TextOrigin.METAFIELD and not _is_metafield(key):
        at.fault("key", "Name a metafield as namespace.key, such as custom.description.")
    if origin is TextOrigin.FIXED and not text.strip():
        at.fault("text", "Write the text to send.")
    at.refuse_unknown()
    return TextRule(origin, key, text)


def attribute_to_json(one: AttributeChoice) -> dict[str, Any]:
    """One attribute's values and where they come from."""
    values = [{"id": value.id, "name": value.name} for value in one.values]
    return {"id": one.id, "values": values, "source": source_to_json(one.source)}


def read_attributes(at: Reading) -> tuple[AttributeChoice, ...]:
    """Each attribute once."""
    choices = tuple(_attribute(one) for one in at.children("attributes"))
    seen: set[str] = set()
    for position, choice in enumerate(choices):
        if choice.id and choice.id in seen:
            at.fault("id", "This attribute stands above already. Keep one.", within=("attributes", str(position)))
        seen.add(choice.id)
    return choices


def _attribute(at: Reading) -> AttributeChoice:
    values = tuple(_value(one) for one in at.children("values"))
    source = read_source(at.optional_child("source"))
    if not values and source is None:
        at.fault("values", "Choose at least one value, take it from the store, or leave the attribute out.")
    choice = AttributeChoice(at.text("id"), values, source)
    at.refuse_unknown()
    return choice


def _value(at: Reading) -> ValueChoice:
    value = ValueChoice(at.optional_text("id"), at.optional_text("name", longest=2000) or "")
    if value.id is None and not value.name:
        at.fault("name", "Give the value's id or its text.")
    at.refuse_unknown()
    return value


def price_to_json(price: PriceRule) -> dict[str, Any]:
    """Amounts as texts."""
    return {
        "percent": plain(price.percent),
        "fixed": plain(price.fixed),
        "ending": None if price.ending is None else plain(price.ending),
        "exchange_rate": None if price.exchange_rate is None else plain(price.exchange_rate),
        "rounding": price.rounding.value,
    }


def read_price(at: Reading) -> PriceRule:
    """How prices are made. What a rule makes of a store's price can always be reckoned with; too low it may be."""
    rule = PriceRule(
        percent=at.number("percent", default=0, above=-100, most=_MOST_PERCENT),
        fixed=at.number("fixed", default=0, least=-_MOST_FIXED, most=_MOST_FIXED),
        ending=at.optional_number("ending", least=0, most=_MOST_FIXED),
        exchange_rate=at.optional_number("exchange_rate", above=0, most=_HIGHEST_RATE),
        rounding=at.choice("rounding", Rounding, Rounding.NEAREST),
    )
    at.refuse_unknown()
    return rule


def stock_to_json(stock: StockRule) -> dict[str, Any]:
    """Whole numbers, and the warehouse."""
    return {
        "percent": stock.percent,
        "threshold": stock.threshold,
        "cap": stock.cap,
        "untracked": stock.untracked,
        "warehouse_id": stock.warehouse_id,
    }


def read_stock(at: Reading) -> StockRule:
    """How much is offered, and from where."""
    rule = StockRule(
        percent=at.whole("percent", default=100, least=0, most=1000),
        threshold=at.whole("threshold", default=0, least=0),
        cap=at.optional_whole("cap", least=1, most=99_999),
        untracked=at.whole("untracked", default=999, least=0, most=99_999),
        warehouse_id=at.optional_text("warehouse_id", longest=32),
    )
    at.refuse_unknown()
    return rule


def certification_to_json(one: Certification) -> dict[str, Any]:
    """Documents by the platform's ids or by ours."""
    files = [{"id": file.id, "name": file.name, "file_id": file.file_id and str(file.file_id)} for file in one.files]
    return {
        "id": one.id,
        "image_uris": list(one.image_uris),
        "image_file_ids": [str(file_id) for file_id in one.image_file_ids],
        "files": files,
        "expires_at": one.expires_at,
    }


def read_certifications(at: Reading) -> tuple[Certification, ...]:
    """Each certification with its proofs."""
    return tuple(_certification(one) for one in at.children("certifications"))


def _certification(at: Reading) -> Certification:
    files = tuple(_certification_file(one) for one in at.children("files"))
    image_ids = tuple(_uuid(at, "image_file_ids", text) for text in at.texts("image_file_ids"))
    one = Certification(
        at.text("id"),
        at.texts("image_uris"),
        files,
        at.optional_whole("expires_at", least=0),
        tuple(image_id for image_id in image_ids if image_id is not None),
    )
    if not (one.image_uris or one.image_file_ids or image_ids or files):
        at.fault("files", "Add a document or a picture that proves it.")
    at.refuse_unknown()
    return one


def _certification_file(at: Reading) -> CertificationFile:
    found = CertificationFile(at.optional_text("id"), at.text("name"), _uuid(at, "file_id"))
    if (found.id is None) is (found.file_id is None):
        at.fault("id", "Name the document by TikTok's id or by the id of a stored file, one of the two.")
    at.refuse_unknown()
    return found


def size_chart_to_json(chart: SizeChart | None) -> dict[str, Any] | None:
    """A chart by one of its three ids."""
    if chart is None:
        return None
    return {
        "template_id": chart.template_id,
        "image_uri": chart.image_uri,
        "file_id": chart.file_id and str(chart.file_id),
    }


def read_size_chart(at: Reading | None) -> SizeChart | None:
    """A chart that names at least one thing to send."""
    if at is None:
        return None
    chart = SizeChart(at.optional_text("template_id"), at.optional_text("image_uri"), _uuid(at, "file_id"))
    if chart.template_id is None and chart.image_uri is None and chart.file_id is None:
        at.fault("template_id", "Name a size chart template or an uploaded picture.")
    at.refuse_unknown()
    return chart


def _uuid(at: Reading, name: str, text: str | None = None) -> UUID | None:
    raw = at.optional_text(name) if text is None else text
    try:
        return UUID(raw) if raw else None
    except ValueError:
        at.fault(name, "This is not the id of anything stored.")
        return None
