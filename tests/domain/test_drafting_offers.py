"""Price, list price and stock of variants."""

from decimal import Decimal
from typing import Any

import pytest

from server.domain.drafting import build
from server.domain.drafts import Built, SkuDraft
from server.domain.market_rules import MARKET_RULES
from server.domain.markets import Market
from server.domain.overrides import Override, VariantOverride
from server.domain.template_content import PriceRule, Rounding, StockRule
from server.domain.validators.offers import price
from tests.domain.drafting import codes, content
from tests.domain.factories import a_frame, facts, terms, variant


@pytest.mark.parametrize(
    ("rule", "sent"),
    [
        (PriceRule(), "19.90"),
        (PriceRule(percent=Decimal(10)), "21.89"),
        (PriceRule(fixed=Decimal("-0.905")), "19.00"),
        (PriceRule(percent=Decimal(-50), fixed=Decimal(1)), "10.95"),
        (PriceRule(ending=Decimal("0.99")), "19.99"),
        (PriceRule(percent=Decimal(12), ending=Decimal("0.99")), "21.99"),
        (PriceRule(ending=Decimal(9)), "19.00"),
        (PriceRule(exchange_rate=Decimal("0.5")), "9.95"),
    ],
)
def test_price_rules(rule: PriceRule, sent: str) -> None:
    built = build(a_frame(content(price=rule)), facts())
    assert built.draft is not None
    assert str(built.draft.skus[0].price) == sent


@pytest.mark.parametrize("way", Rounding)
@pytest.mark.parametrize("ending", ["0", "0.99", "9"])
@pytest.mark.parametrize("left", ["-40", "-2", "-0.01", "0"])
def test_no_ending_makes_a_price_of_what_a_rule_leaves_nothing_of(way: Rounding, ending: str, left: str) -> None:
    rule = PriceRule(fixed=Decimal(left) - variant().price, ending=Decimal(ending), rounding=way)
    assert price(variant().price, rule, MARKET_RULES[Market.US]) == Decimal(left)
    built = build(a_frame(content(price=rule)), facts())
    assert [(one.code, one.path) for one in built.problems] == [("PRICE_TOO_LOW", ("variants", "0", "price"))]


@pytest.mark.parametrize(
    ("way", "ending", "sent"),
    [("NEAREST", "0.99", "0.99"), ("UP", "9", "9.00"), ("DOWN", "0.99", "0.99"), ("DOWN", "0", "1.00")],
)
def test_the_least_that_is_left_has_an_ending(way: str, ending: str, sent: str) -> None:
    rule = PriceRule(fixed=Decimal("-19.89"), ending=Decimal(ending), rounding=Rounding(way))
    assert [str(sku.price) for sku in _sent(build(a_frame(content(price=rule)), facts()))] == [sent]


def test_prices_that_cannot_be_sent() -> None:
    assert codes(build(a_frame(), facts(variant(price=Decimal(0))))) == ["PRICE_TOO_LOW"]
    cheap = content(price=PriceRule(percent=Decimal("-99.99")))
    assert codes(build(a_frame(cheap), facts())) == ["PRICE_TOO_LOW"]
    assert codes(build(a_frame(), facts(currency="EUR"))) == ["PRICE_CURRENCY_MISMATCH"]
    yen = content(price=PriceRule(exchange_rate=Decimal("151.7")))
    built = build(a_frame(yen, terms=terms(Market.JP)), facts())
    assert built.draft is not None
    assert str(built.draft.skus[0].price) == "3019"


def test_prices_of_ones_own_need_no_exchange_rate() -> None:
    sizes = [
        variant(name, position=at, options=(("Size", name),), compare_at_price=Decimal(99))
        for at, name in enumerate("SML")
    ]
    own = [VariantOverride(remote_id=one.remote_id, price=Decimal("24.9")) for one in sizes]
    built = build(a_frame(), facts(*sizes, currency="EUR"), Override(variants=tuple(own)))
    assert codes(built) == []
    assert [(sku.price, sku.list_price) for sku in _sent(built)] == [(Decimal("24.90"), None)] * 3
    two = build(a_frame(), facts(*sizes, currency="EUR"), Override(variants=tuple(own[:1])))
    assert two.draft is None
    assert [(one.code, one.path) for one in two.problems] == [("PRICE_CURRENCY_MISMATCH", ("variants", "1", "price"))]


def test_a_list_price_of_ones_own_is_in_steps_too() -> None:
    cents = Override(variants=(VariantOverride(remote_id=variant().remote_id, list_price=Decimal("25.005")),))
    built = build(a_frame(), facts(), cents)
    assert (codes(built), str(built.draft and built.draft.skus[0].list_price)) == ([], "25.01")
    same = Override(variants=(VariantOverride(remote_id=variant().remote_id, list_price=Decimal("19.904")),))
    assert [sku.list_price for sku in _sent(build(a_frame(), facts(), same))] == [None]


def _sent(built: Built) -> tuple[SkuDraft, ...]:
    assert built.draft is not None
    return built.draft.skus


@pytest.mark.parametrize("before", ["0.00", "-1.00", "1.50"])
@pytest.mark.parametrize("ending", [None, Decimal("0.99")])
def test_a_list_price_that_says_nothing_is_no_fault(before: str, ending: Decimal | None) -> None:
    rule = PriceRule(fixed=Decimal(-2), ending=ending)
    built = build(a_frame(content(price=rule)), facts(variant(price=Decimal(30), compare_at_price=Decimal(before))))
    assert codes(built) == []
    sent = Decimal(28) if ending is None else Decimal("27.99")
    assert [(sku.price, sku.list_price) for sku in _sent(built)] == [(sent, None)]


def test_list_prices() -> None:
    before = build(a_frame(), facts(variant(compare_at_price=Decimal(25)))).draft
    assert before is not None
    assert before.skus[0].list_price == Decimal("25.00")
    lower = build(a_frame(), facts(variant(compare_at_price=Decimal(10)))).draft
    assert lower is not None
    assert lower.skus[0].list_price is None
    over = build(a_frame(), facts(variant(compare_at_price=Decimal(7601))))
    assert codes(over) == ["LIST_PRICE_NOT_SENT"]
    assert over.problems[0].message.endswith("and was not sent. Lower it, so that buyers see it.")
    assert over.draft
    assert over.draft.skus[0].list_price is None
    british = build(a_frame(terms=terms(Market.GB)), facts(variant(compare_at_price=Decimal(25)), currency="GBP")).draft
    assert british is not None
    assert british.skus[0].list_price is None


@pytest.mark.parametrize(
    ("changes", "rule", "sent"),
    [
        ({"inventory_quantity": 7}, StockRule(), 7),
        ({"inventory_quantity": 7}, StockRule(percent=50), 3),
        ({"inventory_quantity": 7}, StockRule(threshold=7), 7),
        ({"inventory_quantity": 7}, StockRule(threshold=8), None),
        ({"inventory_quantity": 7}, StockRule(cap=5), 5),
        ({"inventory_quantity": 200_000}, StockRule(), 99_999),
        ({"inventory_quantity": 0}, StockRule(), None),
        ({"inventory_quantity": -3}, StockRule(), None),
        ({"inventory_quantity": 0, "oversells": True}, StockRule(untracked=50), 50),
        ({"inventory_quantity": 80, "oversells": True}, StockRule(untracked=50), 80),
        ({"inventory_quantity": 5, "tracked": False}, StockRule(untracked=50), 50),
        ({"inventory_quantity": None}, StockRule(), 999),
    ],
)
def test_stock_rules(changes: dict[str, Any], rule: StockRule, sent: int | None) -> None:
    built = build(a_frame(content(stock=rule)), facts(variant(**changes)))
    assert codes(built) == ([] if sent else ["STOCK_EMPTY"])
    assert [sku.quantity for sku in built.draft.skus] == [sent] if built.draft else sent is None


def test_variants_without_stock_stay_out() -> None:
    one, two = (
        variant(name, position=at, options=(("Size", name),), inventory_quantity=at) for at, name in enumerate("SM")
    )
    built = build(a_frame(), facts(one, two))
    assert codes(built) == ["VARIANTS_WITHOUT_STOCK"]
    assert built.draft is not None
    assert [sku.external_sku_id for sku in built.draft.skus] == ["gid://shopify/ProductVariant/M"]
    assert built.problems[0].path == ("variants", "0", "inventory_quantity")
    assert built.problems[0].message == (
        "“S” has no stock to offer and was left out of the listing. Restock it, or change the template's stock rule."
    )
