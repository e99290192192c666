"""Seller SKUs and bar codes: sent when they are right, told and left out when not (TikTok fact sheet 3.10.1)."""

import re
from collections.abc import Sequence

from server.domain.drafts import Identifier, IdentifierType
from server.domain.facts import VariantFacts
from server.domain.findings import Findings, VariantFault
from server.domain.market_rules import MAX_SELLER_SKU
from server.domain.markets import Market

_STRICT_SKU = re.compile(r"[A-Za-z0-9_-]{6,50}")
_SEPARATORS = str.maketrans("", "", " -")
_BY_LENGTH = {8: IdentifierType.EAN, 12: IdentifierType.UPC, 13: IdentifierType.EAN, 14: IdentifierType.GTIN}


def seller_skus(variants: Sequence[VariantFacts], *, required: bool, found: Findings) -> tuple[str | None, ...]:
    """1-50 characters without spaces; where the leaf demands one, 6-50 letters, digits, ``-`` and ``_``."""
    wrong, missing = VariantFault("sku"), VariantFault("sku")
    result: list[str | None] = []
    for one in variants:
        sku = (one.sku or "").strip()
        fits = 0 < len(sku) <= MAX_SELLER_SKU and not any(character.isspace() for character in sku)
        if required and not _STRICT_SKU.fullmatch(sku):
            missing.at(one)
        elif sku and not fits:
            wrong.at(one)
        result.append(sku if fits else None)
    missing.error(
        found,
        "SKU_REQUIRED",
        "The category demands a SKU of 6 to 50 letters, digits, hyphens and underscores for {variants}. Enter one.",
    )
    wrong.warning(
        found,
        "SKU_NOT_SENT",
        f"The SKU of {{variants}} has spaces or more than {MAX_SELLER_SKU} characters and was not sent.",
    )
    return tuple(result)


def identifier(barcode: str, market: Market | None = None) -> Identifier | None:
    """The kind of a bar code by its length and check digit; nothing when it is none of them.

    An EAN of Japan's own numbers is called JAN there.
    """
    code = barcode.translate(_SEPARATORS).upper()
    if len(code) == 10 and _isbn10_holds(code):
        return Identifier(code, IdentifierType.ISBN)
    kind = _BY_LENGTH.get(len(code))
    if kind is None or not (code.isascii() and code.isdigit()) or not _check_digit_holds(code):
        return None
    if len(code) == 13 and code[:3] in ("978", "979"):
        kind = IdentifierType.ISBN
    elif market is Market.JP and kind is IdentifierType.EAN and code[:2] in ("45", "49"):
        kind = IdentifierType.JAN
    return Identifier(code, kind)


def _check_digit_holds(code: str) -> bool:
    weighted = sum(int(digit) * (3 if at % 2 else 1) for at, digit in enumerate(reversed(code[:-1]), start=1))
    return (weighted + int(code[-1])) % 10 == 0 and code.strip("0") != ""


def _isbn10_holds(code: str) -> bool:
    if not (code.isascii() and code[:9].isdigit() and (code[9].isdigit() or code[9] == "X")):
        return False
    last = 10 if code[9] == "X" else int(code[9])
    return (sum(int(digit) * (10 - at) for at, digit in enumerate(code[:9])) + last) % 11 == 0


def identifiers(variants: Sequence[VariantFacts], market: Market, found: Findings) -> tuple[Identifier | None, ...]:
    """One code a variant at most, none twice. A bad one would be cleared by the platform anyway, with a warning."""
    bad, twice = VariantFault("barcode"), VariantFault("barcode")
    seen: set[str] = set()
    result: list[Identifier | None] = []
    for one in variants:
        barcode = (one.barcode or "").strip()
        code = identifier(barcode, market) if barcode else None
        if barcode and code is None:
            bad.at(one)
        if code is not None and code.code in seen:
            twice.at(one)
            code = None
        if code is not None:
            seen.add(code.code)
        result.append(code)
    bad.warning(
        found, "BARCODE_NOT_SENT", "The barcode of {variants} is no valid GTIN, EAN, UPC or ISBN and was not sent."
    )
    twice.warning(
        found, "BARCODE_DUPLICATE", "The barcode of {variants} is another variant's too; it was sent for the first."
    )
    return tuple(result)
