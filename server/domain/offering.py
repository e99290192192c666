"""What variants cost and how many there are: it can be told where nothing else can (TikTok fact sheet 3.14)."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from decimal import Decimal

from server.domain.drafts import Offer, Offers
from server.domain.facts import ProductFacts, VariantFacts
from server.domain.findings import Findings
from server.domain.market_rules import MAX_EXTERNAL_ID, MarketRules
from server.domain.overrides import Override
from server.domain.snapshots import Fields, Snapshot
from server.domain.template_content import TemplateContent
from server.domain.validators import offers
from server.domain.weights import plain


@dataclass(frozen=True, slots=True)
class Shown:
    """The variants that can be sent, with quantity, price and list price. ``is_priced``: no price is at fault."""

    variants: tuple[VariantFacts, ...]
    quantities: tuple[int, ...]
    amounts: tuple[tuple[Decimal, Decimal | None], ...]
    is_priced: bool


def shown(
    facts: ProductFacts,
    content: TemplateContent,
    rules: MarketRules,
    own: Override,
    listed: Collection[str],
    found: Findings,
) -> Shown:
    """Worked out from the price and stock rules alone; what is wrong with either is ``found``."""
    wanted, priced = offers.wanted(facts.variants, own), Findings()
    sent, quantities = offers.in_stock(facts.variants, content.stock, found, wanted, listed)
    offers.check_currency(facts.currency, sent or facts.variants, content.price, rules, priced, wanted)
    converted = offers.is_converted(facts.currency, content.price, rules)
    amounts = offers.prices(sent, content.price, rules, priced, wanted, converted=converted)
    found.extend(priced.problems)
    return Shown(sent, quantities, amounts, not priced.has_error)


def offered(shown: Shown, facts: ProductFacts, listed: Collection[str], currency: str, warehouse_id: str) -> Offers:
    """The same by the names that variants have on TikTok Shop. One that the store has no more is there with none."""
    rows = zip(shown.variants, shown.quantities, shown.amounts, strict=True)
    made = [
        Offer(one.remote_id[:MAX_EXTERNAL_ID], quantity, *(amounts if shown.is_priced else (None, None)))
        for one, quantity, amounts in rows
    ]
    there = {one.remote_id[:MAX_EXTERNAL_ID] for one in facts.variants}
    made += [Offer(name, 0) for name in sorted({*listed} - there)]
    return Offers(currency, warehouse_id, tuple(made))


def without_prices(found: Offers) -> Offers:
    """Quantities alone."""
    return replace(found, variants=tuple(replace(one, price=None, list_price=None) for one in found.variants))


def with_offers(sent: Snapshot, found: Offers) -> Snapshot:
    """What is wanted of a product where only prices and quantities can be told: all else stays as it was told."""
    skus = {name: dict(sku) for name, sku in sent.skus.items()}
    for one in found.variants:
        if one.external_sku_id in skus:
            skus[one.external_sku_id] = _told(skus[one.external_sku_id], one, found.warehouse_id)
    return replace(sent, skus=skus)


def alone(found: Offers) -> Snapshot:
    """The offers and nothing else: what is known to be wanted of a product of which nothing was told."""
    skus: dict[str, Fields] = {
        one.external_sku_id: _told({}, one, found.warehouse_id) for one in found.variants if one.quantity or one.price
    }
    return Snapshot({}, skus)


def _told(sku: dict[str, object], one: Offer, warehouse_id: str) -> dict[str, object]:
    """A list price that ended stays as it was told: only a full edit can empty it (TikTok fact sheet 3.11)."""
    if one.price is not None:
        sku["price"] = plain(one.price)
        if one.list_price is not None:
            sku["list_price"] = plain(one.list_price)
    if warehouse_id:
        sku["stock"] = {warehouse_id: one.quantity}
    return sku
