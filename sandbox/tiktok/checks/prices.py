"""Prices: currency and range by market, `amount` for local sellers, `sale_price` for global ones."""

import re
from collections.abc import Iterator
from decimal import Decimal

from sandbox.tiktok.checks.ground import Fault, Ground
from sandbox.tiktok.content import Content, Price, Sku
from sandbox.tiktok.markets import Market

AMOUNT = re.compile(r"\d{1,12}(?:\.\d+)?")
LIST_PRICE_MAX = Decimal(7600)
COMPARE_AT = "SHOPIFY_COMPARE_AT_PRICE"


def check_prices(content: Content, ground: Ground) -> Iterator[Fault]:
    """Every SKU's price; an edit may leave it out for SKUs that exist."""
    for sku in content.skus:
        if sku.price is None:
            if not (ground.is_edit and sku.id):
                yield Fault(12052571, "The price of a SKU is missing")
        else:
            yield from price_faults(sku.price, ground.market, is_local=ground.shop.is_local)
        yield from list_price_faults(sku, ground.market)


def price_faults(price: Price, market: Market, *, is_local: bool) -> Iterator[Fault]:
    """One price object in one market."""
    if price.currency != market.currency:
        yield Fault(12052084, f"The currency must be {market.currency}, not {price.currency or '(empty)'}")
    text = price.amount if is_local else price.sale_price
    if not text and not is_local:
        yield Fault(12052424, "The sale price is missing: global sellers set sale_price")
    elif not is_amount(text, market.decimals):
        yield Fault(12052073, f"The price is invalid: a number with at most {market.decimals} decimals")
    elif not market.price_min <= Decimal(text) <= market.price_max:
        yield Fault(12052570, f"The price must be between {market.price_min} and {market.price_max}")
    if is_local and price.sale_price and not is_amount(price.sale_price, market.decimals):
        yield Fault(12052092, "The sale price is invalid")


def is_amount(text: str, decimals: int) -> bool:
    """A plain number of at most so many decimals; trailing zeros do not count."""
    return bool(AMOUNT.fullmatch(text)) and len(text.partition(".")[2].rstrip("0")) <= decimals


def list_price_faults(sku: Sku, market: Market) -> Iterator[Fault]:
    """US only, 0.01 to 7600; one below the price is dropped, not refused."""
    price = sku.list_price
    if price is not None and market.region == "US":
        if price.currency != market.currency:
            yield Fault(12052376, f"The currency of the list price must be {market.currency}")
        if not is_amount(price.amount, 2) or not Decimal("0.01") <= Decimal(price.amount) <= LIST_PRICE_MAX:
            yield Fault(12052375, f"The list price must be between 0.01 and {LIST_PRICE_MAX}")
    for external in sku.external_list_prices:
        if external.source != COMPARE_AT or not is_amount(external.amount, market.decimals):
            yield Fault(12052383, f"An external list price needs the source {COMPARE_AT} and a valid amount")
