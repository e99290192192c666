"""Values that a template takes from the store: from a field or a metafield, and why there may be none."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from server.domain.facts import ProductFacts
from server.domain.metafields import texts_of
from server.domain.origins import Origin


class SourceField(StrEnum):
    """Where in the store a value is looked for. TAG, OPTION and METAFIELD need a key."""

    TITLE = "TITLE"
    VENDOR = "VENDOR"
    PRODUCT_TYPE = "PRODUCT_TYPE"
    TAG = "TAG"
    OPTION = "OPTION"
    SKU = "SKU"
    BARCODE = "BARCODE"
    METAFIELD = "METAFIELD"

    @property
    def needs_key(self) -> bool:
        """A tag's beginning (``material:``), an option's name (``Color``) or a metafield (``custom.material``)."""
        return self in (SourceField.TAG, SourceField.OPTION, SourceField.METAFIELD)


@dataclass(frozen=True, slots=True)
class ValueSource:
    """One place in the store. ``key`` is empty for fields that need none."""

    field: SourceField
    key: str = ""

    def __str__(self) -> str:
        return f"{_NAMES[self.field]} “{self.key}”" if self.key else _NAMES[self.field]


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found: texts without repetition, or none and ``refused`` says why."""

    texts: tuple[str, ...] = ()
    refused: str = ""


_NAMES: Mapping[SourceField, str] = {
    SourceField.TITLE: "the title",
    SourceField.VENDOR: "the vendor",
    SourceField.PRODUCT_TYPE: "the product type",
    SourceField.TAG: "the tag",
    SourceField.OPTION: "the option",
    SourceField.SKU: "the SKU",
    SourceField.BARCODE: "the barcode",
    SourceField.METAFIELD: "the metafield",
}


def origin_of(source: ValueSource) -> Origin:
    """A metafield, or the product itself."""
    return Origin.METAFIELD if source.field is SourceField.METAFIELD else Origin.PRODUCT


def look(source: ValueSource, facts: ProductFacts) -> Looked:
    """What the store says there. Codes that differ between variants say nothing of the product as a whole."""
    texts = tuple(dict.fromkeys(text for found in _LOOKS[source.field](source.key, facts) if (text := found.strip())))
    if not texts:
        return Looked(refused=f"{source} is empty")
    if len(texts) > 1 and source.field in (SourceField.SKU, SourceField.BARCODE):
        return Looked(refused=f"{source} differs between the variants")
    return Looked(texts)


def _tags(prefix: str, facts: ProductFacts) -> list[str]:
    wanted = prefix.casefold()
    return [tag[len(prefix) :] for tag in facts.tags if tag.casefold().startswith(wanted)]


def _options(name: str, facts: ProductFacts) -> list[str]:
    wanted = name.strip().casefold()
    if facts.has_one_plain_variant:
        return []
    return [value for one in facts.variants for axis, value in one.options if axis.strip().casefold() == wanted]


_LOOKS: Mapping[SourceField, Callable[[str, ProductFacts], list[str]]] = {
    SourceField.TITLE: lambda _, facts: [facts.title],
    SourceField.VENDOR: lambda _, facts: [facts.vendor],
    SourceField.PRODUCT_TYPE: lambda _, facts: [facts.product_type],
    SourceField.TAG: _tags,
    SourceField.OPTION: _options,
    SourceField.SKU: lambda _, facts: [one.sku or "" for one in facts.variants],
    SourceField.BARCODE: lambda _, facts: [one.barcode or "" for one in facts.variants],
    SourceField.METAFIELD: lambda key, facts: texts_of(facts.metafields.get(key)),
}
