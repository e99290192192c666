"""Whole drafts: what a plain product becomes, categories, frames and market rules."""

from dataclasses import replace
from decimal import Decimal

import pytest

from server.domain.categories import CategoryVersion, PermissionStatus
from server.domain.drafting import Place, build, frame
from server.domain.drafts import PictureNeed, PictureUse
from server.domain.layers import Layer, effective
from server.domain.market_rules import MARKET_RULES
from server.domain.markets import SEA, Market
from server.domain.problems import Problem
from server.domain.template_content import AttributeChoice, ValueChoice
from server.domain.validators.category import CategoryStanding, Tree
from server.domain.validators.package import PackageWeight, Source
from server.domain.value_sources import SourceField, ValueSource
from tests.domain.drafting import codes, content
from tests.domain.factories import LEAF, a_frame, facts, kilograms, terms


def test_a_plain_product() -> None:
    built = build(a_frame(), facts())
    assert built.problems == ()
    assert built.draft is not None
    draft = built.draft
    assert (draft.title, draft.category, draft.currency) == ("Ceramic Pour-Over Coffee Dripper", LEAF, "USD")
    assert draft.description == "<p>Glazed by hand.</p>"
    assert draft.external_product_id == "gid://shopify/Product/1"
    assert [(sku.price, sku.quantity, sku.axes) for sku in draft.skus] == [(Decimal("19.90"), 10, ())]
    assert draft.weight == PackageWeight(kilograms("0.400"), Source.STORE)
    assert built.needs == (PictureNeed("https://cdn.example.com/1.jpg", PictureUse.MAIN_IMAGE),)


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"is_gift_card": True}, ["GIFT_CARD"]),
        ({"status": "DRAFT"}, ["PRODUCT_NOT_ACTIVE"]),
        ({"pictures": ()}, ["IMAGES_MISSING"]),
        ({"pictures": tuple(f"u{at}" for at in range(10))}, ["IMAGES_LEFT_OUT"]),
    ],
)
def test_what_else_can_be_wrong(changes: dict[str, object], found: list[str]) -> None:
    assert codes(build(a_frame(), facts(**changes))) == found


def test_gift_cards_and_surplus_pictures_say_where_and_what_next() -> None:
    (card,) = build(a_frame(), facts(is_gift_card=True)).problems
    assert card.path == ("is_gift_card",)
    (many,) = build(a_frame(), facts(pictures=tuple(f"u{at}" for at in range(10)))).problems
    assert many.message == (
        "The product has 10 pictures; the first 9 were sent: TikTok Shop takes no more. "
        "Put the best 9 first in the store."
    )


def standing(*permissions: PermissionStatus, is_leaf: bool = True) -> Tree:
    return Tree(True, CategoryStanding("Foundation", is_leaf, frozenset(permissions)))


@pytest.mark.parametrize(
    ("market", "tree", "found"),
    [
        (Market.US, Tree(False), []),
        (Market.US, standing(PermissionStatus.AVAILABLE), []),
        (Market.US, Tree(True), ["CATEGORY_NOT_IN_TREE"]),
        (Market.US, standing(PermissionStatus.AVAILABLE, is_leaf=False), ["CATEGORY_HAS_CHILDREN"]),
        (Market.US, standing(PermissionStatus.INVITE_ONLY), ["CATEGORY_AWAITS_PERMISSION"]),
        (Market.GB, standing(PermissionStatus.INVITE_ONLY), ["CATEGORY_NEEDS_PERMISSION"]),
        (Market.US, standing(PermissionStatus.NON_MAIN_CATEGORY), ["CATEGORY_NEEDS_PERMISSION"]),
        (Market.DE, standing(PermissionStatus.PROHIBITED), ["CATEGORY_FORBIDDEN"]),
    ],
)
def test_categories(market: Market, tree: Tree, found: list[str]) -> None:
    made = a_frame(terms=terms(market), tree=tree)
    assert [problem.code for problem in made.problems] == found
    assert made.blocked is (bool(found) and found != ["CATEGORY_AWAITS_PERMISSION"])


def test_a_category_of_the_closed_tree() -> None:
    old = replace(LEAF, version=CategoryVersion.V1)
    made = a_frame(category=old, tree=standing(PermissionStatus.PROHIBITED))
    assert [problem.code for problem in made.problems] == ["CATEGORY_VERSION_CLOSED"]
    assert "takes v2 only" in made.problems[0].message


def test_a_frame_without_leaf_or_warehouse_blocks() -> None:
    made = frame(terms(warehouse=None), effective([]), Place(LEAF))
    assert [problem.code for problem in made.problems] == ["WAREHOUSE_MISSING"]
    assert [one.code for one in frame(terms(), effective([]), Place(LEAF)).problems] == ["CATEGORY_RULES_UNKNOWN"]


@pytest.mark.parametrize(
    ("place", "found"),
    [
        (Place(LEAF), "CATEGORY_RULES_UNKNOWN"),
        (Place(None), "CATEGORY_UNDECIDED"),
        (Place(LEAF, leaf=Problem("PLATFORM_BUSY", ("category",), "Busy.")), "PLATFORM_BUSY"),
    ],
)
@pytest.mark.parametrize("source", [None, ValueSource(SourceField.VENDOR)])
def test_an_unknown_leaf_says_nothing_of_attributes_and_brands(
    place: Place, found: str, source: ValueSource | None
) -> None:
    wanted = content(
        attributes=(AttributeChoice("7", (ValueChoice(None, "Oak"),), source),),
        brand_id="6",
        brand_source=source,
    )
    made = frame(terms(), effective([(Layer.TEMPLATE, wanted)]), place)
    assert made.blocked is True
    built = build(made, facts())
    assert (built.draft, [one.code for one in built.problems]) == (None, [found])


def test_market_rules_are_whole() -> None:
    assert set(MARKET_RULES) == set(Market)
    assert {market for market, row in MARKET_RULES.items() if row.title_min == 25 and row.max_skus == 100} == SEA
    assert {row.price_step for row in MARKET_RULES.values()} == {Decimal("0.01"), Decimal(1)}
    assert all(row.source for row in MARKET_RULES.values())
