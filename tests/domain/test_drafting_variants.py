"""Options, limits, SKUs and bar codes of variants."""

from dataclasses import replace
from decimal import Decimal

import pytest

from server.domain.drafting import build
from server.domain.drafts import Axis, Identifier, IdentifierType, PictureUse
from server.domain.leaves import Leaf, LeafAttribute, LeafRules, LeafValue
from server.domain.markets import Market
from tests.domain.drafting import codes, shirt
from tests.domain.factories import LEAF, a_frame, facts, terms, variant

COLOR = LeafAttribute("100000", "Color", is_sales=True, is_customizable=True, values=(LeafValue("1", "Navy Blue"),))


def test_axes_take_the_platforms_ids() -> None:
    rows = shirt(("navy  blue", "M", "u1"), ("navy  blue", "L", "u1"), ("Rust", "M", "u2"))
    built = build(a_frame(leaf=Leaf(LEAF, (COLOR,))), facts(*rows))
    assert built.draft is not None
    assert codes(built) == []
    first, _, third = (sku.axes for sku in built.draft.skus)
    assert first == (Axis("Color", "navy  blue", "100000", "1", "u1"), Axis("Size", "M"))
    assert third[0] == Axis("Color", "Rust", "100000", None, "u2")
    assert [need.url for need in built.needs if need.use is PictureUse.ATTRIBUTE_IMAGE] == ["u1", "u2"]


FIXED = replace(COLOR, is_customizable=False, values=(LeafValue("1", "Navy Blue"), LeafValue("2", "Red")))


def test_an_axis_is_the_leafs_own_or_custom_for_all_variants() -> None:
    fitting = build(a_frame(leaf=Leaf(LEAF, (FIXED,))), facts(*shirt(("Red", "M", None), ("navy blue", "M", None))))
    assert fitting.draft is not None
    assert [sku.axes[0] for sku in fitting.draft.skus] == [
        Axis("Color", "Red", "100000", "2"),
        Axis("Color", "navy blue", "100000", "1"),
    ]
    mixed = build(a_frame(leaf=Leaf(LEAF, (FIXED,))), facts(*shirt(("Red", "M", None), ("Teal", "M", None))))
    assert codes(mixed) == []
    assert mixed.draft is not None
    assert [sku.axes[0] for sku in mixed.draft.skus] == [Axis("Colour", "Red"), Axis("Colour", "Teal")]
    open_text = replace(FIXED, values=())
    free = build(a_frame(leaf=Leaf(LEAF, (open_text,))), facts(*shirt(("Teal", "M", None))))
    assert free.draft is not None
    assert free.draft.skus[0].axes[0] == Axis("Color", "Teal", "100000")


def test_a_value_that_the_leafs_own_axis_does_not_take_is_named() -> None:
    colors = [
        variant(color, position=at, options=(("Color", color),)) for at, color in enumerate(["Red", "Teal", "Ochre"])
    ]
    built = build(a_frame(leaf=Leaf(LEAF, (FIXED,))), facts(*colors))
    assert built.draft is None
    assert [(one.code, one.path, one.message) for one in built.problems] == [
        (
            "VARIANT_VALUE_UNKNOWN",
            ("variants", "1", "options"),
            "“Color” does not take “Teal”, “Ochre” in this category. Rename them in the store to what it takes, "
            "such as Navy Blue, Red, or give the option another name.",
        )
    ]


def test_two_options_do_not_become_one_axis() -> None:
    both = variant("x", options=(("Colour", "Red"), ("Color", "Navy Blue")))
    built = build(a_frame(leaf=Leaf(LEAF, (COLOR,))), facts(both))
    assert built.draft is not None
    assert built.draft.skus[0].axes == (Axis("Colour", "Red"), Axis("Color", "Navy Blue", "100000", "1"))


def test_only_names_of_ones_own_have_a_limit() -> None:
    long = LeafValue("9", "V" * 51)
    axis = LeafAttribute("5", "N" * 21, is_sales=True, values=(long,))
    listed = variant("x", options=((axis.name, long.name),))
    assert codes(build(a_frame(leaf=Leaf(LEAF, (axis,))), facts(listed))) == []
    assert codes(build(a_frame(), facts(listed))) == ["VARIANT_NAME_TOO_LONG"]
    own = variant("x", options=((axis.name, "W" * 51),))
    open_axis = replace(axis, is_customizable=True)
    assert codes(build(a_frame(leaf=Leaf(LEAF, (open_axis,))), facts(own))) == ["VARIANT_NAME_TOO_LONG"]


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
