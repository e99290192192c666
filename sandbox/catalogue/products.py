"""Products as a merchant wrote them: values without ids or times, read from the built-in store or from a CSV file."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data" / "store.jsonl"
DEFAULT_OPTION = "Title"
DEFAULT_VALUE = "Default Title"


@dataclass(frozen=True, slots=True)
class ImageData:
    """A picture. `kind` is png, jpg, webp or gif; `flaw` is empty, `missing` (404) or `text` (not an image).

    `source` is where a CSV file says the picture is; the shop serves a copy of its own, as Shopify does after an
    import. `slot` stays the same when pictures are reordered.
    """

    slot: int
    kind: str
    width: int
    height: int
    alt: str | None = None
    flaw: str = ""
    source: str | None = None


@dataclass(frozen=True, slots=True)
class VariantData:
    """A variant. `price` and `compare_at` are decimal strings; `weight` is in `weight_unit` (GRAMS, POUNDS, ...)."""

    slot: int
    options: tuple[str, ...]
    price: str
    sku: str | None = None
    barcode: str | None = None
    compare_at: str | None = None
    quantity: int | None = 0
    tracked: bool = True
    continue_selling: bool = False
    weight: float | None = None
    weight_unit: str = "GRAMS"
    requires_shipping: bool = True
    taxable: bool = True
    image_slot: int | None = None
    country: str | None = None
    cost: str | None = None


@dataclass(frozen=True, slots=True)
class MetafieldData:
    """A metafield; the value is text whatever the type."""

    namespace: str
    key: str
    value: str
    type: str = "single_line_text_field"


@dataclass(frozen=True, slots=True)
class ProductData:
    """A product. `category` is the last part of a taxonomy GID (`aa-1-13-8`); `collections` are collection handles."""

    handle: str
    title: str
    html: str
    vendor: str
    product_type: str
    tags: tuple[str, ...]
    options: tuple[str, ...]
    variants: tuple[VariantData, ...]
    images: tuple[ImageData, ...] = ()
    status: str = "ACTIVE"
    category: str | None = None
    gift_card: bool = False
    published: bool = True
    collections: tuple[str, ...] = ()
    seo_title: str | None = None
    seo_description: str | None = None
    metafields: tuple[MetafieldData, ...] = ()

    @property
    def has_only_default_variant(self) -> bool:
        """One option `Title` with the one value `Default Title`: a product without real options."""
        return self.options == (DEFAULT_OPTION,) and [one.options for one in self.variants] == [(DEFAULT_VALUE,)]


@cache
def built_in_products() -> tuple[ProductData, ...]:
    """The built-in store, in file order."""
    with DATA.open(encoding="utf-8") as file:
        return tuple(product_from_json(json.loads(line)) for line in file if line.strip())


def product_from_json(raw: Mapping[str, object]) -> ProductData:
    """A product from its data-file (or control API) form; TypeError or ValueError for fields that do not fit."""
    values = dict(raw)
    images = tuple(_image(number, one) for number, one in enumerate(_objects(values.pop("images", [])), start=1))
    variants = tuple(_variant(number, one) for number, one in enumerate(_objects(values.pop("variants", [])), start=1))
    metafields = tuple(_metafield(one) for one in _objects(values.pop("metafields", [])))
    options = _texts(values.pop("options", [DEFAULT_OPTION]))
    if not variants:
        variants = (VariantData(1, (DEFAULT_VALUE,) * len(options), "0.00"),)
    if any(len(variant.options) != len(options) for variant in variants):
        raise ValueError("each variant needs one value for each option of the product")
    return ProductData(
        tags=_texts(values.pop("tags", [])),
        collections=_texts(values.pop("collections", [])),
        options=options,
        variants=variants,
        images=images,
        metafields=metafields,
        **_defaults(values),  # type: ignore[arg-type]  # the dataclass refuses unknown names; types come from our own file
    )


def _defaults(values: Mapping[str, object]) -> dict[str, object]:
    return {"html": "", "vendor": "", "product_type": "", **values}


def _variant(number: int, raw: Mapping[str, object]) -> VariantData:
    values = {"slot": number, **raw, "options": _texts(raw.get("options", [DEFAULT_VALUE]))}
    return VariantData(**values)  # type: ignore[arg-type]  # as above


def _image(number: int, raw: Mapping[str, object]) -> ImageData:
    return ImageData(**{"slot": number, **raw})  # type: ignore[arg-type]  # as above


def _metafield(raw: Mapping[str, object]) -> MetafieldData:
    if not all(isinstance(one, str) for one in raw.values()):
        raise TypeError("a metafield's namespace, key, value and type are texts")
    return MetafieldData(**raw)  # type: ignore[arg-type]  # as above


def _objects(raw: object) -> list[Mapping[str, object]]:
    if not isinstance(raw, list) or not all(isinstance(one, Mapping) for one in raw):
        raise TypeError("variants, images and metafields are lists of objects")
    return list(raw)


def _texts(raw: object) -> tuple[str, ...]:
    if not isinstance(raw, list | tuple) or not all(isinstance(one, str) for one in raw):
        raise TypeError("options, tags and collections are lists of texts")
    return tuple(raw)
