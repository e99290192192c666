"""A draft is always built, whatever a store holds and whatever rule was accepted: faults are told, never raised."""

import json
from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as some

from server.domain.drafting import ShopTerms, build, complete
from server.domain.facts import ProductFacts, VariantFacts
from server.domain.leaves import Leaf, LeafAttribute, LeafCertification, LeafRules, LeafValue
from server.domain.markets import Market
from server.domain.metafields import texts_of
from server.domain.overrides import override_from_json
from server.domain.template_content import TemplateContent
from server.domain.template_json import content_from_json
from server.domain.weights import shopify_weight
from tests.domain.drafting import shelf
from tests.domain.factories import LEAF, a_frame, facts, terms, variant

STORED = some.decimals("-99999999999999.9999", "99999999999999.9999", places=4)
"""What a price's column holds; no store has prices under zero, and none of them may stop the rest."""


def numbers(least: str, most: str) -> some.SearchStrategy[str]:
    """Both ends, what often goes wrong, and anything between."""
    odd = [one for one in (least, most, "-40", "-2", "0.01", "0.99", "9") if Decimal(least) <= Decimal(one)]
    return some.sampled_from(odd) | some.decimals(least, most, allow_nan=False, places=4).map(str)


price_rules = some.fixed_dictionaries(
    {},
    optional={
        "percent": numbers("-99.99", "10000"),
        "fixed": numbers("-1000000000", "1000000000"),
        "ending": numbers("0", "1000000000"),
        "exchange_rate": numbers("1e-12", "1000000"),
        "rounding": some.sampled_from(["NEAREST", "UP", "DOWN"]),
    },
)
amounts = some.one_of(some.sampled_from([Decimal(0), Decimal("0.01"), Decimal(2), Decimal(30)]), STORED)
texts = some.one_of(
    some.text(some.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), max_size=40),
    some.sampled_from(["&#" + "9" * 5000 + ";", "<img src=x>", "<" * 300, "&amp;" * 90, "7", "red", "Default Title"]),
)
variants = some.lists(
    some.builds(
        VariantFacts,
        remote_id=some.uuids().map(str),
        title=texts,
        price=amounts,
        options=some.lists(some.tuples(texts, texts), max_size=4).map(tuple),
        sku=some.none() | texts,
        barcode=some.none() | texts | some.from_regex(r"[0-9]{8,14}", fullmatch=True),
        compare_at_price=some.none() | amounts,
        inventory_quantity=some.none() | some.integers(-(2**31), 2**31 - 1),
        oversells=some.booleans(),
        tracked=some.booleans(),
        requires_shipping=some.booleans(),
        weight=some.builds(
            shopify_weight, some.none() | some.floats(), some.sampled_from(["GRAMS", "POUNDS", "OUNCES", "KILOGRAMS"])
        ),
        picture_url=some.none() | texts,
    ),
    max_size=4,
)
metafields = some.dictionaries(
    some.just("a.b"),
    some.fixed_dictionaries(
        {
            "type": some.sampled_from(["single_line_text_field", "rich_text_field", "list.color", "weight", "money"]),
            "value": texts
            | some.recursive(texts, lambda inner: some.lists(inner) | some.dictionaries(texts, inner)).map(json.dumps)
            | some.sampled_from(['{"children": 5}', "[" * 2000, '{"children": [' * 2000]),
        }
    ),
)
products = some.builds(
    lambda ones, **told: facts(**told, variants=tuple(ones)),
    variants,
    title=texts,
    description_html=texts,
    vendor=texts,
    product_type=texts,
    pictures=some.lists(texts, max_size=3).map(tuple),
    tags=some.lists(texts, max_size=3).map(tuple),
    metafields=metafields,
    currency=some.sampled_from(["USD", "JPY", "EUR"]),
)
OFFERED = Leaf(
    LEAF,
    (
        LeafAttribute("1", "Material", is_required=True, values=(LeafValue("11", "Red"),)),
        LeafAttribute("2", "Watt hours", is_number=True),
        LeafAttribute("3", "Words", is_customizable=True, is_multiple=True),
        LeafAttribute("4", "Color", is_sales=True, values=(LeafValue("41", "Red"),)),
    ),
    LeafRules(certifications=(LeafCertification("5", "Proof"),), size_chart_required=True),
)
sources = some.sampled_from(
    [
        {"field": "TITLE"},
        {"field": "VENDOR"},
        {"field": "SKU"},
        {"field": "OPTION", "key": "red"},
        {"field": "TAG", "key": "7"},
        {"field": "METAFIELD", "key": "a.b"},
    ]
)
contents = some.fixed_dictionaries(
    {"price": price_rules},
    optional={
        "title": some.sampled_from([{"source": "STORE"}, {"source": "METAFIELD", "key": "a.b"}]),
        "description": some.just({"source": "METAFIELD", "key": "a.b"}),
        "empty_description": some.sampled_from(["FAIL", "USE_TITLE"]),
        "shorten_title": some.booleans(),
        "brand_source": sources,
        "attributes": some.lists(
            some.fixed_dictionaries({"id": some.sampled_from(["1", "2", "3", "9"]), "source": sources}),
            max_size=3,
            unique_by=lambda one: str(one["id"]),
        ),
        "shipping": some.fixed_dictionaries(
            {
                "weight": some.fixed_dictionaries(
                    {"value": numbers("1e-12", "9e12"), "unit": some.sampled_from(["POUND", "GRAM"])}
                )
            }
        ),
    },
)
markets = some.sampled_from(Market).map(terms)


def accepted(content: dict[str, object]) -> TemplateContent:
    """As it is read from what a seller sends."""
    read, faults = content_from_json(content)
    assert faults == []
    return read


@given(price_rules, some.lists(some.tuples(amounts, some.none() | amounts), min_size=1, max_size=4), markets)
@example({"fixed": "-2", "ending": "0.99"}, [(Decimal(30), Decimal(0))], terms(Market.US))
@example({"percent": 10000, "exchange_rate": 10**6, "fixed": 10**9}, [(Decimal("9" * 14), None)], terms(Market.US))
def test_every_price_is_told(
    rule: dict[str, object], asked: list[tuple[Decimal, Decimal | None]], at: ShopTerms
) -> None:
    rows = [
        variant(str(n), position=n, options=(("Size", str(n)),), price=price, compare_at_price=before)
        for n, (price, before) in enumerate(asked)
    ]
    product = facts(*rows, title="A title of more than 25 letters", currency=at.rules.currency)
    content = accepted({"price": rule, "shipping": {"weight": {"value": 1, "unit": "KILOGRAM"}}})
    built = build(a_frame(content, terms=at), product)
    assert {one.code for one in built.problems if one.code.startswith("PRICE")} <= {"PRICE_TOO_LOW"}
    if built.draft is not None:
        assert all(sku.price >= at.rules.price_step for sku in built.draft.skus)


@settings(max_examples=60)
@given(products, contents, markets, some.none() | numbers("1e-12", "9e12"))
def test_a_draft_is_always_built(
    product: ProductFacts, content: dict[str, object], at: ShopTerms, amount: str | None
) -> None:
    rows = [{"remote_id": one.remote_id, "price": amount, "list_price": amount} for one in product.variants[:1]]
    own, faults = override_from_json({"variants": rows if amount is not None else []})
    assert faults == []
    built = build(a_frame(accepted(content), OFFERED, terms=at), product, own)
    assert complete(built, shelf(built)).draft is not None or built.problems


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("rich_text_field", '{"children": 5}'),
        ("rich_text_field", '{"children": [' * 50_000),
        ("list.color", "[" * 50_000),
        ("weight", "[" * 50_000),
    ],
)
def test_a_damaged_metafield_says_nothing(kind: str, value: str) -> None:
    assert [text for text in texts_of({"type": kind, "value": value}) if text] == []
