"""Codes of a SKU: seller SKU, identifier codes, external ids and addresses."""

import re
from collections.abc import Iterator

from sandbox.tiktok.checks.ground import Fault, Ground
from sandbox.tiktok.content import Content, IdentifierCode, Sku

SELLER_SKU = re.compile(r"\S{1,50}")
STRICT_SELLER_SKU = re.compile(r"[A-Za-z0-9_-]{6,50}")
MAX_EXTERNAL_ID = 999
MAX_URL = 500
MAX_EXTRA_CODES = 10
LENGTHS = {"GTIN": (14,), "EAN": (8, 13, 14), "UPC": (12,), "ISBN": (13, 10), "JAN": (8, 13)}


def check_codes(content: Content, ground: Ground) -> Iterator[Fault]:
    """Seller SKUs, identifier codes once each, external ids."""
    codes = [sku.identifier_code.code for sku in content.skus if sku.identifier_code and sku.identifier_code.code]
    if len(set(codes)) < len(codes):
        yield Fault(12052592, "Two SKUs have the same identifier code")
    for sku in content.skus:
        yield from _seller_sku_faults(sku, required=ground.leaf.rules.seller_sku)
        yield from _external_faults(sku)
    yield from _product_id_faults(content.external_product_id, ground)
    yield from _fixed_code_faults(content, ground)


def _seller_sku_faults(sku: Sku, *, required: bool) -> Iterator[Fault]:
    if required and not STRICT_SELLER_SKU.fullmatch(sku.seller_sku):
        yield Fault(12052054, "The seller SKU must have 6 to 50 letters, digits, - or _ in this category")
    elif sku.seller_sku and not SELLER_SKU.fullmatch(sku.seller_sku):
        yield Fault(12019059, "The seller SKU must have 1 to 50 characters without spaces")


def _external_faults(sku: Sku) -> Iterator[Fault]:
    if len(sku.external_sku_id) > MAX_EXTERNAL_ID:
        yield Fault(12052369, f"The external SKU id exceeds {MAX_EXTERNAL_ID} characters")
    if any(len(url) > MAX_URL for url in sku.external_urls):
        yield Fault(12052910, f"An external url exceeds {MAX_URL} characters")
    if len(sku.extra_identifier_codes) > MAX_EXTRA_CODES:
        yield Fault(12052291, f"{len(sku.extra_identifier_codes)} extra codes; {MAX_EXTRA_CODES} are allowed")


def _product_id_faults(external_id: str, ground: Ground) -> Iterator[Fault]:
    if len(external_id) > MAX_EXTERNAL_ID:
        yield Fault(12052369, f"The external product id exceeds {MAX_EXTERNAL_ID} characters")
    if not external_id or not ground.external_ids_unique:
        return
    mine = ground.old.id if ground.old else ""
    for other in ground.state.shelf(ground.shop.id).with_external_id(external_id):
        if other.id != mine and other.status != "DELETED":
            yield Fault(12052996, f"The external product id is already used by product {other.id}")
            return


def _fixed_code_faults(content: Content, ground: Ground) -> Iterator[Fault]:
    if ground.old is None or ground.old.status == "DRAFT":
        return
    before = {sku.id: sku.identifier_code for sku in ground.old.base.skus if sku.identifier_code}
    for sku in content.skus:
        if sku.id in before and sku.identifier_code and sku.identifier_code != before[sku.id]:
            yield Fault(12052593, f"The identifier code of SKU {sku.id} cannot be changed after submission")


def is_well_formed(code: IdentifierCode) -> bool:
    """Length and check digit by type; a malformed code is cleared with a warning, never an error."""
    digits, kind = code.code.strip(), code.type.upper()
    if len(digits) not in LENGTHS.get(kind, ()):
        return False
    if kind == "ISBN" and len(digits) == 10:
        return _is_isbn10(digits)
    return digits.isascii() and digits.isdigit() and _has_gs1_check_digit(digits)


def _has_gs1_check_digit(digits: str) -> bool:
    """The GS1 rule: weights 3 and 1 from the right, sum divisible by ten."""
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(reversed(digits)))
    return total % 10 == 0


def _is_isbn10(text: str) -> bool:
    if not re.fullmatch(r"\d{9}[\dXx]", text):
        return False
    values = [10 if character in "Xx" else int(character) for character in text]
    return sum(value * (10 - place) for place, value in enumerate(values)) % 11 == 0
