"""Price and stock of each variant by the template's rules (TikTok fact sheet 3.10.1, codes 12052055-12052571)."""

from collections.abc import Collection, Mapping, Sequence
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_UP, Decimal

from server.domain.facts import VariantFacts
from server.domain.findings import Findings, VariantFault
from server.domain.market_rules import MAX_QUANTITY, MarketRules
from server.domain.overrides import Override, VariantOverride
from server.domain.problems import Remedy
from server.domain.template_content import PriceRule, Rounding, StockRule

_ONE = Decimal(1)
_HUNDRED = Decimal(100)
_WAYS = {Rounding.NEAREST: ROUND_HALF_UP, Rounding.UP: ROUND_CEILING, Rounding.DOWN: ROUND_FLOOR}

Wanted = Mapping[str, VariantOverride]
"""What the product's override says of its variants, by the store's variant id."""

_NOTHING: Wanted = {}
_NO_OVERRIDE = VariantOverride()


def wanted(variants: Sequence[VariantFacts], own: Override) -> Wanted:
    """The override's word on each variant; one named by id goes before one named by SKU."""
    if not own.variants:
        return _NOTHING
    return {one.remote_id: said for one in variants if (said := own.of(one)) is not None}


def is_converted(currency: str, rule: PriceRule, rules: MarketRules) -> bool:
    """Whether the store's prices can be told in the market's currency: never by a rate nobody chose."""
    return currency == rules.currency or rule.exchange_rate is not None


def check_currency(
    currency: str,
    variants: Sequence[VariantFacts],
    rule: PriceRule,
    rules: MarketRules,
    found: Findings,
    own: Wanted = _NOTHING,
) -> None:
    """An error where the store's price is needed and cannot be converted; prices of the override's need nothing."""
    if is_converted(currency, rule, rules):
        return
    unpriced = VariantFault("price")
    for one in variants:
        if own.get(one.remote_id, _NO_OVERRIDE).price is None:
            unpriced.at(one)
    unpriced.error(
        found,
        "PRICE_CURRENCY_MISMATCH",
        f"The store sells in {currency} and TikTok Shop {rules.market} in {rules.currency}. "
        "Enter an exchange rate in the template's price rule, or prices of the product's own.",
        Remedy.FIX_TEMPLATE,
    )


def price(store_price: Decimal, rule: PriceRule, rules: MarketRules) -> Decimal:
    """What the buyer pays, in steps of the market's currency."""
    amount = store_price * (rule.exchange_rate or _ONE) * (1 + rule.percent / _HUNDRED) + rule.fixed
    if rule.ending is not None:
        amount = _ended(amount, rule.ending, rule.rounding)
    return amount.quantize(rules.price_step, _WAYS[rule.rounding])


def _ended(amount: Decimal, ending: Decimal, way: Rounding) -> Decimal:
    """The amount that ends like ``ending`` (0.99: 12.40 becomes 11.99, 12.60 becomes 12.99), never zero or less.

    UP takes the next one that is not below the amount, DOWN the last that is not above it; where DOWN would come to
    nothing, the least one there is. Where the rule leaves nothing of the price it stays so: no ending makes it one.
    """
    if amount <= 0:
        return amount
    span = _ONE if ending < 1 else Decimal(10) ** (ending.adjusted() + 1)
    below = (amount / span).to_integral_value(ROUND_DOWN) * span + ending
    offered = [one for one in (below - span, below, below + span) if one > 0]
    if way is Rounding.UP:
        offered = [one for one in offered if one >= amount] or offered
    elif way is Rounding.DOWN:
        offered = [one for one in offered if one <= amount] or offered[:1]
    return min(offered, key=lambda one: (abs(one - amount), one))


def prices(
    variants: Sequence[VariantFacts],
    rule: PriceRule,
    rules: MarketRules,
    found: Findings,
    own: Wanted = _NOTHING,
    *,
    converted: bool = True,
) -> tuple[tuple[Decimal, Decimal | None], ...]:
    """Price and list price of each variant, the override's before the rule's.

    ``converted``: see ``is_converted``; without it the store's list prices are in another currency and stay out.
    A list price is sent where the market has one and it says something.
    """
    low, outside = VariantFault("price"), VariantFault("compare_at_price")
    result = []
    for one in variants:
        said = own.get(one.remote_id, _NO_OVERRIDE)
        amount = price(one.price, rule, rules) if said.price is None else _in_steps(said.price, rules)
        before = None if said.list_price is None else _in_steps(said.list_price, rules)
        if amount < rules.price_step or (one.price <= 0 and said.price is None):
            low.at(one)
        if rules.list_price_max is None:
            before = None
        elif before is None and one.compare_at_price and one.compare_at_price > 0 and converted:
            before = price(one.compare_at_price, rule, rules)
        if before is not None and rules.list_price_max is not None and before > rules.list_price_max:
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
        f"The compare-at price of {{variants}} is over {rules.list_price_max} {rules.currency}, the most that TikTok "
        "Shop takes, and was not sent. Lower it, so that buyers see it.",
    )
    return tuple(result)


def _in_steps(amount: Decimal, rules: MarketRules) -> Decimal:
    return amount.quantize(rules.price_step, ROUND_HALF_UP)


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
    variants: Sequence[VariantFacts],
    rule: StockRule,
    found: Findings,
    own: Wanted = _NOTHING,
    listed: Collection[str] = (),
) -> tuple[tuple[VariantFacts, ...], tuple[int, ...]]:
    """The variants that can be sent, with their quantities: Create Product takes 1 to 99,999, so empty ones stay out.

    They are told as a warning while others have stock; a product without any stock is an error. Those that are
    ``listed`` already stay, with zero: Update Inventory takes it.
    """
    empty = VariantFault("inventory_quantity")
    kept: list[VariantFacts] = []
    quantities: list[int] = []
    for one in variants:
        said = own.get(one.remote_id, _NO_OVERRIDE).quantity
        offered = quantity(one, rule) if said is None else said
        if offered > 0 or one.remote_id in listed:
            kept.append(one)
            quantities.append(max(offered, 0))
        else:
            empty.at(one)
    if kept:
        empty.warning(
            found,
            "VARIANTS_WITHOUT_STOCK",
            "{variants} has no stock to offer and was left out of the listing. Restock it, or change the template's "
            "stock rule.",
        )
    elif variants:
        found.error(
            "STOCK_EMPTY",
            ("variants", "0", "inventory_quantity"),
            "No variant has stock to offer, and TikTok Shop takes no product without. Restock it, or change the "
            "template's stock rule.",
        )
    return tuple(kept), tuple(quantities)
