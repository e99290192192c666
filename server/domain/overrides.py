"""What a merchant wants for one product whatever its template says, as JSON and back with the paths of faults."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from server.domain.facts import VariantFacts
from server.domain.files import ref_of
from server.domain.json_reading import Faults, Reading
from server.domain.market_rules import MAX_QUANTITY
from server.domain.template_content import TemplateContent
from server.domain.template_json import content_to_json, read_content
from server.domain.weights import plain

_LONGEST_TITLE = 1_000
_LONGEST_DESCRIPTION = 100_000
_TEMPLATE_ONLY = ("rules", "title", "description")


@dataclass(frozen=True, slots=True)
class VariantOverride:
    """One variant's price (in the market's currency) and quantity, by the store's variant id or by its SKU."""

    remote_id: str | None = None
    sku: str | None = None
    price: Decimal | None = None
    list_price: Decimal | None = None
    quantity: int | None = None


@dataclass(frozen=True, slots=True)
class Override:
    """``title``, ``description`` (HTML) and ``pictures`` (addresses, or ``leafmark-file:`` ones) replace the store's.

    ``content`` is the strongest layer of template content: attributes, brand, weight, size, papers, price rule.
    """

    title: str | None = None
    description: str | None = None
    pictures: tuple[str, ...] = ()
    variants: tuple[VariantOverride, ...] = ()
    content: TemplateContent = field(default_factory=TemplateContent)

    @property
    def is_layer(self) -> bool:
        """Whether it says anything that templates say too."""
        return self.content != TemplateContent() or bool(self.content.said)

    def of(self, variant: VariantFacts) -> VariantOverride | None:
        """What it says of a variant; the store's id goes before the SKU."""
        named = (one for one in self.variants if one.remote_id == variant.remote_id)
        by_sku = (one for one in self.variants if one.remote_id is None and one.sku and one.sku == variant.sku)
        return next(named, None) or next(by_sku, None)


def override_to_json(override: Override) -> dict[str, Any]:
    """The form kept in ``product_override.content``; ``override_from_json`` reads it back equal."""
    shared = {name: value for name, value in content_to_json(override.content).items() if name not in _TEMPLATE_ONLY}
    own = {
        "title": override.title,
        "description": override.description,
        "pictures": list(override.pictures),
        "variants": [_variant_to_json(one) for one in override.variants],
        "no_brand": override.content.no_brand or None,
    }
    return {name: value for name, value in (shared | own).items() if value not in (None, [], {}, _NO_SHIPPING)}


_NO_SHIPPING = {"weight_source": None, "weight": None, "dimensions": None}


def _variant_to_json(one: VariantOverride) -> dict[str, Any]:
    data = {
        "remote_id": one.remote_id,
        "sku": one.sku,
        "price": None if one.price is None else plain(one.price),
        "list_price": None if one.list_price is None else plain(one.list_price),
        "quantity": one.quantity,
    }
    return {name: value for name, value in data.items() if value is not None}


def override_from_json(data: Mapping[str, Any]) -> tuple[Override, Faults]:
    """The override, and what is wrong with the input as (path, sentence) pairs; with faults it is not to be used."""
    faults: Faults = []
    top = Reading(data, (), faults)
    override = Override(
        title=top.optional_text("title", longest=_LONGEST_TITLE),
        description=top.optional_text("description", longest=_LONGEST_DESCRIPTION),
        pictures=_pictures(top),
        variants=_variants(top),
        content=read_content(top, data, of_template=False),
    )
    top.refuse_unknown()
    return override, faults


def _pictures(at: Reading) -> tuple[str, ...]:
    pictures = at.texts("pictures", longest=2_000)
    for position, address in enumerate(pictures):
        if not address.startswith(("https://", "http://")) and ref_of(address) is None:
            at.fault(str(position), "Give a picture's web address or a stored file.", within=("pictures",))
    return pictures


def _variants(at: Reading) -> tuple[VariantOverride, ...]:
    variants = tuple(_variant(one) for one in at.children("variants"))
    seen: set[tuple[str | None, str | None]] = set()
    for position, one in enumerate(variants):
        if (one.remote_id, one.sku) in seen:
            at.fault("remote_id", "This variant stands above already. Keep one.", within=("variants", str(position)))
        seen.add((one.remote_id, one.sku))
    return variants


def _variant(at: Reading) -> VariantOverride:
    one = VariantOverride(
        remote_id=at.optional_text("remote_id"),
        sku=at.optional_text("sku"),
        price=at.optional_number("price", above=0),
        list_price=at.optional_number("list_price", above=0),
        quantity=at.optional_whole("quantity", least=0, most=MAX_QUANTITY),
    )
    if one.remote_id is None and one.sku is None:
        at.fault("remote_id", "Name the variant by the store's id or by its SKU.")
    at.refuse_unknown()
    return one
