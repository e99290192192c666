"""The named validators, through the functions that preview and worker call."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from server.domain.categories import CategoryVersion, PermissionStatus
from server.domain.drafting import build, complete, frame
from server.domain.drafts import Axis, Built, Identifier, IdentifierType, Picture, PictureNeed, PictureUse
from server.domain.facts import VariantFacts
from server.domain.leaves import Leaf, LeafAttribute, LeafRules, LeafValue
from server.domain.market_rules import MARKET_RULES
from server.domain.markets import SEA, Market, SellerType
from server.domain.problem_codes import PROBLEM_CODES
from server.domain.problems import Problem, Severity
from server.domain.templates import EmptyDescription, PriceRule, Shipping, StockRule, TemplateContent, WeightSource
from server.domain.validators.category import CategoryStanding, Tree
from server.domain.validators.package import PackageWeight, Source
from server.domain.weights import Dimensions, LengthUnit, Weight, WeightUnit, shopify_weight
from tests.domain.factories import LEAF, a_frame, facts, kilograms, template, terms, variant

BACKUP = Shipping(weight=kilograms("0.5"))


def codes(built: Built) -> list[str]:
    assert all(problem.code in PROBLEM_CODES and problem.message[-1] in ".”" for problem in built.problems)
    assert all("{" not in problem.message for problem in built.problems)
    return [problem.code for problem in built.problems]


def content(**changes: Any) -> TemplateContent:
    return replace(TemplateContent(shipping=BACKUP), **changes)


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
    ("market", "raw", "sent", "found"),
    [
        (Market.US, "  Two\tcups &amp; saucer ", "Two cups & saucer", []),
        (Market.US, "Mug ☕🔥 \u200bblue", "Mug blue", ["TITLE_CLEANED"]),
        (Market.US, "Wow!!!!!!!!!!!!!", "Wow!!!!!!!!!", ["TITLE_CLEANED"]),
        (Market.US, "Crème brûlée “N°5” – 2024", "Crème brûlée “N°5” – 2024", []),
        (Market.US, "茶碗", "茶碗", []),
        (Market.US, "a" * 3 + "b" * 252, None, ["TITLE_CLEANED"]),
        (Market.US, "ab" * 127 + "c", "ab" * 127 + "c", []),
        (Market.US, "ab" * 128, None, ["TITLE_TOO_LONG"]),
        (Market.BR, "ab" * 150, "ab" * 150, []),
        (Market.BR, "ab" * 150 + "c", None, ["TITLE_TOO_LONG"]),
        (Market.SG, "Twenty-four characters !", None, ["TITLE_TOO_SHORT"]),
        (Market.SG, "Twenty-five characters !!", "Twenty-five characters !!", []),
        (Market.US, "!!! ---", None, ["TITLE_EMPTY"]),
        (Market.US, "☕", None, ["TITLE_CLEANED", "TITLE_EMPTY"]),
        (Market.US, "", None, ["TITLE_EMPTY"]),
    ],
)
def test_titles(market: Market, raw: str, sent: str | None, found: list[str]) -> None:
    currency = MARKET_RULES[market].currency
    built = build(a_frame(terms=terms(market)), facts(title=raw, currency=currency))
    assert codes(built) == found
    if sent is not None:
        assert built.draft is not None
        assert built.draft.title == sent


def test_a_template_may_shorten_titles() -> None:
    built = build(a_frame(content(shorten_title=True)), facts(title="word " * 60))
    assert codes(built) == ["TITLE_SHORTENED"]
    assert built.draft is not None
    assert built.draft.title == ("word " * 51).strip()


@pytest.mark.parametrize(
    ("raw", "sent"),
    [
        ("plain words", "plain words"),
        ('<p onclick="x()">Hi<script>alert(1)</script></p>', "<p>Hi</p>"),
        ('<a href="https://elsewhere.example">More</a>', "More"),
        ("<ul><li>One<li>Two</ul>", "<ul><li>One</li><li>Two</li></ul>"),
        ("<style>p{}</style><iframe src='//x'>y</iframe>kept", "kept"),
        ("5 < 6 & 7", "5 &lt; 6 &amp; 7"),
    ],
)
def test_descriptions_are_cleaned(raw: str, sent: str) -> None:
    built = build(a_frame(), facts(description_html=raw))
    assert built.draft is not None
    assert built.draft.description == sent
    assert built.problems == ()


@pytest.mark.parametrize("raw", ["", "  ", "<p>&nbsp;</p>", "<script>x</script>", "<p><br></p>"])
def test_empty_descriptions(raw: str) -> None:
    product = facts(description_html=raw, title="Cup & saucer")
    assert codes(build(a_frame(), product)) == ["DESCRIPTION_EMPTY"]
    instead = build(a_frame(content(empty_description=EmptyDescription.USE_TITLE)), product)
    assert codes(instead) == ["DESCRIPTION_FROM_TITLE"]
    assert instead.draft is not None
    assert instead.draft.description == "<p>Cup &amp; saucer</p>"


def test_descriptions_have_a_length() -> None:
    assert codes(build(a_frame(), facts(description_html="x" * 10_000))) == []
    assert codes(build(a_frame(), facts(description_html="x" * 10_001))) == ["DESCRIPTION_TOO_LONG"]


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


def test_dimensions() -> None:
    needed = Leaf(LEAF, rules=LeafRules(dimensions_required=True))
    assert codes(build(a_frame(leaf=needed), facts())) == ["DIMENSIONS_MISSING"]
    cross = terms(seller=SellerType.CROSS_BORDER)
    assert codes(build(a_frame(terms=cross), facts())) == ["DIMENSIONS_MISSING"]
    inches = Dimensions(Decimal("4.2"), Decimal(5), Decimal(6), LengthUnit.INCH)
    here = a_frame(content(shipping=replace(BACKUP, dimensions=inches)), leaf=needed)
    assert here.dimensions == Dimensions(Decimal(5), Decimal(5), Decimal(6), LengthUnit.INCH)
    there = a_frame(content(shipping=replace(BACKUP, dimensions=inches)), leaf=needed, terms=terms(Market.GB))
    assert there.dimensions == Dimensions(Decimal(11), Decimal(13), Decimal(16), LengthUnit.CENTIMETER)


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


def test_prices_that_cannot_be_sent() -> None:
    assert codes(build(a_frame(), facts(variant(price=Decimal(0))))) == ["PRICE_TOO_LOW"]
    cheap = content(price=PriceRule(percent=Decimal("-99.99")))
    assert codes(build(a_frame(cheap), facts())) == ["PRICE_TOO_LOW"]
    assert codes(build(a_frame(), facts(currency="EUR"))) == ["PRICE_CURRENCY_MISMATCH"]
    yen = content(price=PriceRule(exchange_rate=Decimal("151.7")))
    built = build(a_frame(yen, terms=terms(Market.JP)), facts())
    assert built.draft is not None
    assert str(built.draft.skus[0].price) == "3019"


def test_list_prices() -> None:
    before = build(a_frame(), facts(variant(compare_at_price=Decimal(25)))).draft
    assert before is not None
    assert before.skus[0].list_price == Decimal("25.00")
    lower = build(a_frame(), facts(variant(compare_at_price=Decimal(10)))).draft
    assert lower is not None
    assert lower.skus[0].list_price is None
    over = build(a_frame(), facts(variant(compare_at_price=Decimal(7601))))
    assert codes(over) == ["LIST_PRICE_NOT_SENT"]
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
    assert "“S”" in built.problems[0].message


COLOR = LeafAttribute("100000", "Color", is_sales=True, is_customizable=True, values=(LeafValue("1", "Navy Blue"),))


def shirt(*rows: tuple[str, str, str | None]) -> list[VariantFacts]:
    return [
        variant(f"{color} / {size}", position=at, options=(("Colour", color), ("Size", size)), picture_url=picture)
        for at, (color, size, picture) in enumerate(rows)
    ]


def test_axes_take_the_platforms_ids() -> None:
    rows = shirt(("navy  blue", "M", "u1"), ("navy  blue", "L", "u1"), ("Rust", "M", "u2"))
    built = build(a_frame(leaf=Leaf(LEAF, (COLOR,))), facts(*rows))
    assert built.draft is not None
    assert codes(built) == []
    first, _, third = (sku.axes for sku in built.draft.skus)
    assert first == (Axis("Color", "navy  blue", "100000", "1", "u1"), Axis("Size", "M"))
    assert third[0] == Axis("Color", "Rust", "100000", None, "u2")
    assert [need.url for need in built.needs if need.use is PictureUse.ATTRIBUTE_IMAGE] == ["u1", "u2"]


@pytest.mark.parametrize(
    ("rows", "carrier"),
    [
        ([("Red", "M", "u1"), ("Red", "L", "u2")], 1),
        ([("Red", "M", "u1"), ("Blue", "M", None)], None),
        ([("Red", "M", "u1"), ("Red", "L", "u2"), ("Blue", "M", "u3")], None),
    ],
)
def test_pictures_stand_on_one_axis(rows: list[tuple[str, str, str | None]], carrier: int | None) -> None:
    built = build(a_frame(), facts(*shirt(*rows)))
    assert built.draft is not None
    pictured = {at for sku in built.draft.skus for at, axis in enumerate(sku.axes) if axis.picture}
    assert pictured == (set() if carrier is None else {carrier})


def test_variants_that_cannot_be_sent() -> None:
    twice = shirt(("Red", "M", None), ("red ", "m", None))
    assert codes(build(a_frame(), facts(*twice))) == ["VARIANTS_DUPLICATE"]
    long = shirt(("R" * 51, "M", None))
    assert codes(build(a_frame(), facts(*long))) == ["VARIANT_NAME_TOO_LONG"]
    uneven = [variant("a", options=(("Size", "a"),)), variant("b", options=(("Color", "b"),))]
    assert codes(build(a_frame(), facts(*uneven))) == ["VARIANT_OPTIONS_UNEVEN"]
    many = [variant(str(at), position=at, options=(("Size", str(at)),)) for at in range(301)]
    assert codes(build(a_frame(), facts(*many))) == ["VARIANTS_TOO_MANY"]
    assert codes(build(a_frame(), facts(*many[:300]))) == []
    singapore = a_frame(terms=terms(Market.SG))
    product = facts(*many[:101], title="Twenty-five characters !!", currency="SGD")
    assert codes(build(singapore, product)) == ["VARIANTS_TOO_MANY"]
    four = variant("x", options=tuple((f"o{at}", "v") for at in range(4)))
    assert codes(build(a_frame(), facts(four))) == ["VARIANTS_TOO_MANY_AXES"]
    bare = facts()
    assert codes(build(a_frame(), replace(bare, variants=()))) == ["WEIGHT_FROM_BACKUP", "VARIANTS_MISSING"]


def test_many_variants_make_one_problem() -> None:
    free = [variant(f"v{at}", position=at, options=(("Size", f"v{at}"),), price=Decimal(0)) for at in range(200)]
    built = build(a_frame(), facts(*free))
    assert codes(built) == ["PRICE_TOO_LOW"]
    assert "“v0”, “v1”, “v2” and 197 more" in built.problems[0].message
    assert built.problems[0].path == ("variants", "0", "price")


@pytest.mark.parametrize(
    ("barcode", "kind"),
    [
        ("4006381333931", IdentifierType.EAN),
        ("4006-3813 33931", IdentifierType.EAN),
        ("73513537", IdentifierType.EAN),
        ("036000291452", IdentifierType.UPC),
        ("10012345678902", IdentifierType.GTIN),
        ("9780306406157", IdentifierType.ISBN),
        ("0306406152", IdentifierType.ISBN),
        ("043942089X", IdentifierType.ISBN),
        ("4006381333932", None),
        ("0000000000000", None),
        ("ABC", None),
        ("٤٠٠٦٣٨١٣٣٣٩٣١", None),
    ],
)
def test_barcodes(barcode: str, kind: IdentifierType | None) -> None:
    built = build(a_frame(), facts(variant(barcode=barcode)))
    assert built.draft is not None
    code = built.draft.skus[0].identifier
    assert code == (Identifier(barcode.replace(" ", "").replace("-", ""), kind) if kind else None)
    assert codes(built) == ([] if kind else ["BARCODE_NOT_SENT"])


def test_skus() -> None:
    sizes = [
        variant(str(at), position=at, options=(("Size", str(at)),), sku=sku, barcode="4006381333931")
        for at, sku in enumerate([" A-1 ", "has space", "x" * 51, None])
    ]
    built = build(a_frame(), facts(*sizes))
    assert codes(built) == ["SKU_NOT_SENT", "BARCODE_DUPLICATE"]
    assert built.draft is not None
    assert [sku.seller_sku for sku in built.draft.skus] == ["A-1", None, None, None]
    assert [sku.identifier is not None for sku in built.draft.skus] == [True, False, False, False]
    strict = Leaf(LEAF, rules=LeafRules(seller_sku_required=True))
    assert codes(build(a_frame(leaf=strict), facts(variant(sku="A-1")))) == ["SKU_REQUIRED"]
    assert codes(build(a_frame(leaf=strict), facts(variant(sku="ABC_1-2")))) == []


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
    made = frame(terms(market), template(), Leaf(LEAF), tree)
    assert [problem.code for problem in made.problems] == found
    assert made.blocked is (bool(found) and found != ["CATEGORY_AWAITS_PERMISSION"])


def test_a_category_of_the_closed_tree() -> None:
    old = template(category=replace(LEAF, version=CategoryVersion.V1))
    made = frame(terms(), old, Leaf(LEAF), standing(PermissionStatus.PROHIBITED))
    assert [problem.code for problem in made.problems] == ["CATEGORY_VERSION_CLOSED"]
    assert "takes v2 only" in made.problems[0].message


def test_a_frame_without_leaf_or_warehouse_blocks() -> None:
    made = frame(terms(warehouse=None), template(), None, Tree(False))
    assert [problem.code for problem in made.problems] == ["WAREHOUSE_MISSING"]
    assert [one.code for one in frame(terms(), template(), None, Tree(False)).problems] == ["CATEGORY_RULES_UNKNOWN"]


def broken(url: str) -> Problem:
    return Problem("IMAGE_DAMAGED", ("images",), f"{url} is damaged.")


def shelf(built: Built, *lost: str) -> dict[PictureNeed, Picture | Problem]:
    return {
        need: broken(need.url)
        if need.url in lost
        else Picture(f"uri-{need.url}", f"https://tt/{need.url}?a=1&b=2", 640, 480)
        for need in built.needs
    }


def test_pictures_are_put_in() -> None:
    rows = shirt(("Red", "M", "u1"), ("Blue", "M", "u2"))
    text = '<p>Look</p><img src="d1" onerror="x"><img src="d2?x=1&amp;y=2" alt="a > b">'
    product = facts(*rows, pictures=("m1", "m2", "m1"), description_html=text)
    text_urls = [need.url for need in build(a_frame(), product).needs if need.use is PictureUse.DESCRIPTION_IMAGE]
    assert text_urls == []  # addresses without a host are no pictures
    product = replace(product, description_html=text.replace('"d', '"https://s/d'))
    built = build(a_frame(), product)
    done = complete(built, shelf(built))
    assert done.draft is not None
    assert done.problems == ()
    assert done.draft.pictures == ("uri-m1", "uri-m2")
    assert [sku.axes[0].picture for sku in done.draft.skus] == ["uri-u1", "uri-u2"]
    assert done.draft.description == (
        '<p>Look</p><img src="https://tt/https://s/d1?a=1&amp;b=2" width="640" height="480">'
        '<img src="https://tt/https://s/d2?x=1&amp;y=2?a=1&amp;b=2" width="640" height="480">'
    )


def test_broken_pictures_are_left_out_while_one_is_fine() -> None:
    rows = shirt(("Red", "M", "u1"), ("Blue", "M", "u2"))
    product = facts(*rows, pictures=("m1", "m2"), description_html='<p>x</p><img src="https://s/d">')
    built = build(a_frame(), product)
    done = complete(built, shelf(built, "m1", "u2", "https://s/d"))
    assert done.draft is not None
    assert done.draft.pictures == ("uri-m2",)
    assert [(one.code, one.path, one.severity) for one in done.problems] == [
        ("IMAGE_DAMAGED", ("images", "0"), Severity.WARNING),
        ("DESCRIPTION_IMAGE_LEFT_OUT", ("description",), Severity.WARNING),
    ]
    assert [sku.axes[0].picture for sku in done.draft.skus] == [None, None]
    none = complete(built, shelf(built, "m1", "m2"))
    assert none.draft is None
    assert [one.code for one in none.problems][-1] == "IMAGES_ALL_BROKEN"


def test_market_rules_are_whole() -> None:
    assert set(MARKET_RULES) == set(Market)
    assert {market for market, row in MARKET_RULES.items() if row.title_min == 25 and row.max_skus == 100} == SEA
    assert {row.price_step for row in MARKET_RULES.values()} == {Decimal("0.01"), Decimal(1)}
    assert all(row.source for row in MARKET_RULES.values())


def test_shopify_weights() -> None:
    assert shopify_weight(1.5, "POUNDS") == Weight(Decimal("1.5"), WeightUnit.POUND)
    assert [
        shopify_weight(value, unit) for value, unit in ((None, "GRAMS"), (1, None), (1, "STONES"), (-1, "GRAMS"))
    ] == [None] * 4
    assert shopify_weight(0, "GRAMS") == Weight(Decimal(0), WeightUnit.GRAM)
