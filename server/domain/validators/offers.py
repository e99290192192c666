"""Price and stock of each variant by the template's rules (TikTok fact sheet 3.10.1, codes 12052055-12052571)."""

from collections.abc import Sequence
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from server.domain.facts import VariantFacts
from server.domain.findings import Findings, VariantFault
from server.domain.market_rules import MAX_QUANTITY, MarketRules
from server.domain.problems import Remedy
from server.domain.template_content import PriceRule, StockRule

_ONE = Decimal(1)
_HUNDRED = Decimal(100)


def check_currency(currency: str, rule: PriceRule, rules: MarketRules, found: Findings) -> None:
    """Prices are never converted by a rate nobody chose."""
    if currency != rules.currency and rule.exchange_rate is None:
        found.error(
            "PRICE_CURRENCY_MISMATCH",
            ("variants", "price"),
            f"The store sells in {currency} and TikTok Shop {rules.market} in {rules.currency}. "
            "Enter an exchange rate in the template's price rule.",
            Remedy.FIX_TEMPLATE,
        )


def price(store_price: Decimal, rule: PriceRule, rules: MarketRules) -> Decimal:
    """What the buyer pays, in steps of the market's currency."""
    amount = store_price * (rule.exchange_rate or _ONE) * (1 + rule.percent / _HUNDRED) + rule.fixed
    if rule.ending is not None:
        amount = _ended(amount, rule.ending)
    return amount.quantize(rules.price_step, ROUND_HALF_UP)


def _ended(amount: Decimal, ending: Decimal) -> Decimal:
    """The nearest amount that ends like ``ending`` (0.99: 12.40 becomes 11.99, 12.60 becomes 12.99); never below it."""
    span = _ONE if ending < 1 else Decimal(10) ** (ending.adjusted() + 1)
    below = (amount / span).to_integral_value(ROUND_DOWN) * span + ending
    return min((below - span, below, below + span), key=lambda one: (one <= 0, abs(one - amount), one))


def prices(
    variants: Sequence[VariantFacts], rule: PriceRule, rules: MarketRules, found: Findings
) -> tuple[tuple[Decimal, Decimal | None], ...]:
    """Price and list price of each variant. A list price is sent where the market has one and it says something."""
    low, outside = VariantFault("price"), VariantFault("compare_at_price")
    result = []
    for one in variants:
        amount, before = price(one.price, rule, rules), None
        if amount < rules.price_step or one.price <= 0:
            low.at(one)
        if one.compare_at_price is not None and rules.list_price_max is not None:
            before = price(one.compare_at_price, rule, rules)
            if before > rules.list_price_max:
                outside.at(one)
        kept = before if before is not None and amount < before <= (rules.list_price_max or before) else None
        result.append((amount, kept))
    low.error(
        found,
        "PRICE_TOO_LOW",
        f"The price of {{variants}} is under {rules.price_step} {rules.currency}. Enter a price.",
    )
    outside.warning(
        found,
        "LIST_PRICE_NOT_SENT",
        f"The compare-at price of {{variants}} is over {rules.list_price_max} {rules.currency} and was not sent.",
    )
    return tuple(result)


def quantity(variant: VariantFacts, rule: StockRule) -> int:
    """What to offer: 0 means none. Uncounted and overselling variants offer at least the rule's ``untracked``."""
    if not variant.tracked or variant.inventory_quantity is None:
        offered = rule.untracked
    else:
        counted = max(variant.inventory_quantity, 0)
        counted = 0 if counted < rule.threshold else counted * rule.percent // 100
        offered = max(counted, rule.untracked) if variant.oversells else counted
    return min(offered, rule.cap or MAX_QUANTITY, MAX_QUANTITY)


def in_stock(
    variants: Sequence[VariantFacts], rule: StockRule, found: Findings
) -> tuple[tuple[VariantFacts, ...], tuple[int, ...]]:
    """The variants that can be sent, with their quantities: Create Product takes 1 to 99,999, so empty ones stay out.

    They are told as a warning while others have stock; a product without any stock is an error.
    """
    empty = VariantFault("inventory_quantity")
    kept: list[VariantFacts] = []
    quantities: list[int] = []
    for one in variants:
        offered = quantity(one, rule)
        if offered > 0:
            kept.append(one)
            quantities.append(offered)
        else:
            empty.at(one)
    if kept:
        empty.warning(
            found, "VARIANTS_WITHOUT_STOCK", "{variants} has no stock to offer and was left out of the listing."
        )
    elif variants:
        found.error(
            "STOCK_EMPTY",
            ("variants", "0", "inventory_quantity"),
            "No variant has stock to offer, and TikTok Shop takes no product without. Restock it, or change the "
            "template's stock rule.",
        )
    return tuple(kept), tuple(quantities)
