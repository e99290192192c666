"""Reads a Shopify product CSV export; rows that cannot be used are reported, the good ones still load."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlsplit

from sandbox.catalogue.csv_columns import OF_A_VARIANT, metafield_places, places
from sandbox.catalogue.csv_rows import BadCell, CsvError, Row
from sandbox.catalogue.products import (
    DEFAULT_OPTION,
    DEFAULT_VALUE,
    ImageData,
    MetafieldData,
    ProductData,
    VariantData,
)

__all__ = ["CsvError", "CsvResult", "UnreadableFile", "read_products"]

MAX_OPTIONS = 3
MAX_CELL = 1_000_000
SIDE = 1000  # pixels; a file names pictures without their size
STATUSES = frozenset({"ACTIVE", "DRAFT", "ARCHIVED", "UNLISTED"})
UNITS = {"g": ("GRAMS", 1.0), "kg": ("KILOGRAMS", 1000.0), "oz": ("OUNCES", 28.349523), "lb": ("POUNDS", 453.59237)}


class UnreadableFile(ValueError):
    """The file is no product CSV at all; the sentence says what was expected."""


@dataclass(frozen=True, slots=True)
class CsvResult:
    """Products in file order, and what could not be used."""

    products: tuple[ProductData, ...]
    errors: tuple[CsvError, ...]


@dataclass(slots=True)
class _Draft:
    """A product while its rows are read."""

    first: Row
    options: tuple[str, ...]
    variants: list[VariantData] = field(default_factory=list)
    images: list[ImageData] = field(default_factory=list)
    wanted: list[tuple[int, str]] = field(default_factory=list)  # variant slot, its picture's address


def read_products(path: Path) -> CsvResult:
    """Both header generations, UTF-8 with or without BOM. A product without any good variant row is left out.

    Raises UnreadableFile for a file that is missing, not UTF-8 text, empty, or has no `Title` column.
    """
    rows = _rows(path)
    drafts: dict[str, _Draft] = {}
    errors: list[CsvError] = []
    handle = ""
    try:
        for row in rows:
            handle = row.text("handle") or (row.text("title") and _slug(row.text("title"))) or handle
            try:
                _take(row, handle, drafts)
            except BadCell as bad:
                errors.append(bad.error)
    except csv.Error as error:
        raise UnreadableFile(f"{path} is not a CSV file: {error}.") from error
    products = tuple(_product(handle, draft) for handle, draft in drafts.items() if draft.variants)
    errors += [
        CsvError(draft.first.line, "", f"the product {handle!r} is left out, since none of its rows can be used.")
        for handle, draft in drafts.items()
        if not draft.variants
    ]
    return CsvResult(products, tuple(sorted(errors, key=lambda error: error.line)))


def _rows(path: Path) -> Iterator[Row]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise UnreadableFile(f"Cannot open {path}: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise UnreadableFile(f"{path} is not UTF-8 text (byte {error.start}). Export it from Shopify again.") from error
    if "\0" in text:
        raise UnreadableFile(f"{path} is not a CSV file: it holds zero bytes.")
    csv.field_size_limit(MAX_CELL)
    reader = csv.reader(io.StringIO(text, newline=""))
    header = next(reader, [])
    found = places(header)
    if "title" not in found:
        raise UnreadableFile(f"{path} is not a Shopify product CSV: its first line has no Title column.")
    begins = reader.line_num + 1  # a row begins here, and may run over many lines
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield Row(begins, cells, found, header)
        begins = reader.line_num + 1


def _take(row: Row, handle: str, drafts: dict[str, _Draft]) -> None:
    """Add one row to its product; the first row of a handle opens the product."""
    if not handle:
        raise row.wrong("title", "the row has neither a handle nor a title.")
    draft = drafts.get(handle)
    if draft is None:
        draft = _open(row)
        drafts[handle] = draft
    image = _image(row, draft)
    if image is not None and all(one.source != image.source for one in draft.images):
        draft.images.append(image)
    if draft.first is row or any(row.text(meaning) for meaning in OF_A_VARIANT):
        variant = _variant(row, draft)
        draft.variants.append(variant)
        if row.text("variant_image"):
            draft.wanted.append((variant.slot, row.text("variant_image")))


def _open(row: Row) -> _Draft:
    if not row.text("title"):
        raise row.wrong("title", "the first row of a product needs a title.")
    status = row.text("status").upper()
    if status and status not in STATUSES:
        raise row.wrong("status", f"{row.text('status')!r} is not one of active, draft, archived, unlisted.")
    row.flag("published", default=True)
    row.flag("gift_card", default=False)
    names = [row.text(f"option{n}_name") for n in range(1, MAX_OPTIONS + 1)]
    return _Draft(row, tuple(name for name in names if name) or (DEFAULT_OPTION,))


def _variant(row: Row, draft: _Draft) -> VariantData:
    values = [row.text(f"option{n}_value") for n in range(1, len(draft.options) + 1)]
    if draft.options == (DEFAULT_OPTION,):
        values = [values[0] or DEFAULT_VALUE]
    for number, value in enumerate(values, start=1):
        if not value:
            raise row.wrong(f"option{number}_value", f"the option {draft.options[number - 1]!r} needs a value.")
    if any(one.options == tuple(values) for one in draft.variants):
        raise row.wrong("option1_value", f"the variant {' / '.join(values)!r} stands in the file twice.")
    unit, per_unit = UNITS.get(row.text("weight_unit").lower(), UNITS["g"])
    grams = row.number("grams")
    return VariantData(
        slot=len(draft.variants) + 1,
        options=tuple(values),
        price=row.money("price") or "0.00",
        sku=row.text("sku").lstrip("'") or None,
        barcode=row.text("barcode").lstrip("'") or None,
        compare_at=row.money("compare_at"),
        cost=row.money("cost"),
        quantity=row.whole("quantity") or 0,
        tracked=bool(row.text("tracker")) or row.text("quantity") != "",
        continue_selling=row.flag("policy", default=False),
        weight=None if grams is None else round(grams / per_unit, 4),
        weight_unit=unit,
        requires_shipping=row.flag("ships", default=True),
        taxable=row.flag("taxable", default=True),
    )


def _image(row: Row, draft: _Draft) -> ImageData | None:
    url = row.text("image")
    if not url:
        return None
    if urlsplit(url).scheme not in {"http", "https"}:
        raise row.wrong("image", f"{url!r} is not an address of a picture.")
    row.whole("image_position")
    slot = len(draft.images) + 1
    return ImageData(slot, _kind(url), SIDE, SIDE, row.text("image_alt") or None, source=url)


def _kind(url: str) -> str:
    kind = urlsplit(url).path.rsplit(".", 1)[-1].lower().replace("jpeg", "jpg")
    return kind if kind in {"jpg", "png", "webp", "gif"} else "jpg"


def _product(handle: str, draft: _Draft) -> ProductData:
    first, images = draft.first, list(draft.images)
    slots = {image.source: image.slot for image in images}
    variants = []
    pictures = dict(draft.wanted)
    for variant in draft.variants:
        url = pictures.get(variant.slot)
        if url is not None and url not in slots:
            slots[url] = len(images) + 1
            images.append(ImageData(slots[url], _kind(url), SIDE, SIDE, source=url))
        variants.append(replace(variant, image_slot=slots[url]) if url is not None else variant)
    tags = tuple(dict.fromkeys(tag.strip() for tag in first.text("tags").split(",") if tag.strip()))
    return ProductData(
        handle=handle,
        title=first.text("title"),
        html=first.raw("html"),
        vendor=first.text("vendor"),
        product_type=first.text("type"),
        tags=tags,
        options=draft.options,
        variants=tuple(variants),
        images=tuple(images),
        status=first.text("status").upper() or "ACTIVE",
        category=first.text("category") or None,
        gift_card=first.flag("gift_card", default=False),
        published=first.flag("published", default=True),
        seo_title=first.text("seo_title") or None,
        seo_description=first.text("seo_description") or None,
        metafields=_metafields(first),
    )


def _metafields(row: Row) -> tuple[MetafieldData, ...]:
    """Of a product's first row, as single lines of text: the file does not tell their types."""
    cells = ((namespace, key, row.cell(place)) for place, namespace, key in metafield_places(row.header))
    return tuple(MetafieldData(namespace, key, value) for namespace, key, value in cells if value)


def _slug(title: str) -> str:
    return "-".join("".join(char if char.isalnum() else " " for char in title.lower()).split()) or "product"
