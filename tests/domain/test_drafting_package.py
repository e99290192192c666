"""Package weight and size: from the store, from the template, from the backup."""

from dataclasses import replace
from decimal import Decimal

import pytest

from server.domain.drafting import build
from server.domain.leaves import Leaf, LeafRules
from server.domain.markets import Market, SellerType
from server.domain.template_content import Shipping, TemplateContent, WeightSource
from server.domain.validators.package import PackageWeight, Source
from server.domain.weights import Dimensions, LengthUnit, Weight, WeightUnit, shopify_weight
from tests.domain.drafting import BACKUP, codes, content
from tests.domain.factories import LEAF, a_frame, facts, kilograms, terms, variant


@pytest.mark.parametrize(
    ("stored", "unit", "source", "sent"),
    [
        (kilograms("0.4"), None, Source.STORE, "0.4 kg"),
        (Weight(Decimal(5), WeightUnit.OUNCE), None, Source.STORE, "0.31 lb"),
        (Weight(Decimal(5), WeightUnit.OUNCE), LengthUnit.CENTIMETER, Source.STORE, "0.142 kg"),
        (kilograms("0.4"), LengthUnit.INCH, Source.STORE, "0.88 lb"),
        (Weight(Decimal("0.5"), WeightUnit.GRAM), None, Source.STORE, "0.001 kg"),
        (Weight(Decimal("0.4"), WeightUnit.GRAM), None, Source.BACKUP, "0.5 kg"),
        (kilograms("0"), None, Source.BACKUP, "0.5 kg"),
        (None, None, Source.BACKUP, "0.5 kg"),
    ],
)
def test_weights(stored: Weight | None, unit: LengthUnit | None, source: Source, sent: str) -> None:
    size = Dimensions(Decimal(10), Decimal(10), Decimal(10), unit) if unit else None
    built = build(a_frame(content(shipping=replace(BACKUP, dimensions=size))), facts(variant(weight=stored)))
    assert built.draft is not None
    assert built.draft.weight is not None
    assert (str(built.draft.weight.weight), built.draft.weight.source) == (sent, source)
    assert codes(built) == (["WEIGHT_FROM_BACKUP"] if source is Source.BACKUP else [])


def test_a_refused_weight_says_why() -> None:
    built = build(a_frame(), facts(variant(weight=Weight(Decimal(0), WeightUnit.GRAM))))
    assert built.problems[0].message.startswith(
        "The store's weight of 0 g is under the least that can be sent, 0.001 kg, so the template's backup of 0.5 kg"
    )
    none = build(a_frame(TemplateContent()), facts(variant(weight=None)))
    assert codes(none) == ["WEIGHT_MISSING"]
    assert none.draft is None


@pytest.mark.parametrize("stored", [None, kilograms("0")])
def test_what_is_not_shipped_may_go_without_a_weight(stored: Weight | None) -> None:
    card = variant(requires_shipping=False, weight=stored)
    built = build(a_frame(TemplateContent()), facts(card))
    assert built.draft is not None
    assert (codes(built), built.draft.weight) == ([], None)
    backed = build(a_frame(), facts(card))
    assert backed.draft is not None
    assert (codes(backed), backed.draft.weight and backed.draft.weight.source) == (
        ["WEIGHT_FROM_BACKUP"],
        Source.BACKUP,
    )
    mixed = [variant("S", options=(("Size", "S"),), weight=None), variant("M", options=(("Size", "M"),), weight=None)]
    half = [replace(mixed[0], requires_shipping=False), mixed[1]]
    assert codes(build(a_frame(TemplateContent()), facts(*half))) == ["WEIGHT_MISSING"]


def test_the_heaviest_variant_and_custom_weights() -> None:
    sizes = [
        variant(name, options=(("Size", name),), weight=weight)
        for name, weight in (("S", None), ("M", kilograms("0.3")), ("L", kilograms("0.7")))
    ]
    built = build(a_frame(), facts(*sizes))
    assert built.draft is not None
    assert built.draft.weight == PackageWeight(kilograms("0.700"), Source.STORE)
    custom = content(shipping=Shipping(WeightSource.CUSTOM, kilograms("2")))
    fixed = build(a_frame(custom), facts(*sizes)).draft
    assert fixed is not None
    assert fixed.weight == PackageWeight(kilograms("2.000"), Source.TEMPLATE)
    tiny = content(shipping=Shipping(WeightSource.CUSTOM, kilograms("0.0001")))
    assert codes(build(a_frame(tiny), facts())) == ["WEIGHT_REFUSED"]


def test_only_variants_that_are_sent_are_weighed() -> None:
    sizes = [
        variant(name, options=(("Size", name),), weight=kilograms(weight), inventory_quantity=stock)
        for name, weight, stock in (("S", "0.3", 5), ("L", "0.7", 0))
    ]
    built = build(a_frame(), facts(*sizes))
    assert built.draft is not None
    assert built.draft.weight == PackageWeight(kilograms("0.300"), Source.STORE)
    listed = build(a_frame(), facts(*sizes), listed=[sizes[1].remote_id])
    assert listed.draft is not None
    assert listed.draft.weight == PackageWeight(kilograms("0.700"), Source.STORE)
    nothing = build(a_frame(), facts(variant(inventory_quantity=0)))
    assert codes(nothing) == ["STOCK_EMPTY"]


def test_dimensions() -> None:
    needed = Leaf(LEAF, rules=LeafRules(dimensions_required=True))
    assert codes(build(a_frame(leaf=needed), facts())) == ["DIMENSIONS_MISSING"]
    cross = terms(seller=SellerType.CROSS_BORDER)
    assert codes(build(a_frame(terms=cross), facts())) == ["DIMENSIONS_MISSING"]
    for market in sorted(Market):
        local = a_frame(leaf=needed, terms=terms(market))
        optional = market in {Market.ID, Market.TH, Market.VN}
        assert [one.code for one in local.problems] == ([] if optional else ["DIMENSIONS_MISSING"])
    free = Leaf(LEAF, rules=LeafRules(dimensions_required=False))
    for market in (Market.US, Market.ID):
        abroad = a_frame(leaf=free, terms=terms(market, SellerType.CROSS_BORDER))
        assert [one.code for one in abroad.problems] == ["DIMENSIONS_MISSING"]
    inches = Dimensions(Decimal("4.2"), Decimal(5), Decimal(6), LengthUnit.INCH)
    here = a_frame(content(shipping=replace(BACKUP, dimensions=inches)), leaf=needed)
    assert here.dimensions == Dimensions(Decimal(5), Decimal(5), Decimal(6), LengthUnit.INCH)
    there = a_frame(content(shipping=replace(BACKUP, dimensions=inches)), leaf=needed, terms=terms(Market.GB))
    assert there.dimensions == Dimensions(Decimal(11), Decimal(13), Decimal(16), LengthUnit.CENTIMETER)


def test_shopify_weights() -> None:
    assert shopify_weight(1.5, "POUNDS") == Weight(Decimal("1.5"), WeightUnit.POUND)
    none = ((None, "GRAMS"), (1, None), (1, "STONES"), (-1, "GRAMS"), (1e12, "GRAMS"), (1e300, "POUNDS"))
    assert [shopify_weight(value, unit) for value, unit in none] == [None] * 6
    assert shopify_weight(0, "GRAMS") == Weight(Decimal(0), WeightUnit.GRAM)
