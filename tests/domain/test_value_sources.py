"""Values from the store: where they are looked for, what is sent instead, and how that is told."""

from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from server.domain.brands import Brands, KeptBrand
from server.domain.categories import CategoryVersion
from server.domain.drafting import Place, build, complete, frame
from server.domain.drafts import Built, Picture, PictureNeed, PictureUse
from server.domain.layers import Layer, effective
from server.domain.leaves import Leaf, LeafAttribute, LeafCertification, LeafRules, LeafValue
from server.domain.markets import Market
from server.domain.origins import Origin
from server.domain.overrides import Override, VariantOverride
from server.domain.problems import Problem
from server.domain.provenance import Provenance, Refused, provenance_from_json, provenance_to_json
from server.domain.template_content import (
    AttributeChoice,
    Certification,
    CertificationFile,
    PriceRule,
    Rounding,
    SizeChart,
    TextOrigin,
    TextRule,
    ValueChoice,
)
from server.domain.value_sources import SourceField, ValueSource, look
from tests.domain.drafting import codes, content, shirt
from tests.domain.factories import LEAF, a_frame, facts, terms, variant

MATERIAL = LeafAttribute(
    "7",
    "Material",
    values=(LeafValue("70", "Cotton"), LeafValue("71", "Wool"), LeafValue("72", "Oak Wood")),
    is_multiple=True,
)
MODEL = LeafAttribute("8", "Model", is_customizable=True)
STYLE = LeafAttribute("9", "Style", is_required=True, values=(LeafValue("90", "Casual"), LeafValue("91", "Formal")))
CLOTHES = Leaf(LEAF, (MATERIAL, MODEL, STYLE))
CASUAL = AttributeChoice("9", (ValueChoice("90"),))


def metafield(value: str, kind: str = "single_line_text_field") -> dict[str, Any]:
    return {"custom.material": {"type": kind, "value": value}}


def told(built: Built, field: str) -> Provenance:
    return next(one for one in built.provenance if one.field == field)


@pytest.mark.parametrize(
    ("source", "changes", "texts", "refused"),
    [
        (ValueSource(SourceField.VENDOR), {}, ("Hearth & Kiln",), ""),
        (ValueSource(SourceField.VENDOR), {"vendor": " "}, (), "the vendor is empty"),
        (
            ValueSource(SourceField.TAG, "Material:"),
            {"tags": ("material:Oak", "MATERIAL: Wool", "x")},
            ("Oak", "Wool"),
            "",
        ),
        (ValueSource(SourceField.TAG, "size:"), {}, (), "the tag “size:” is empty"),
        (ValueSource(SourceField.METAFIELD, "custom.material"), {"metafields": metafield("Oak")}, ("Oak",), ""),
        (
            ValueSource(SourceField.METAFIELD, "custom.material"),
            {"metafields": metafield('["Oak","Wool"]', "list.single_line_text_field")},
            ("Oak", "Wool"),
            "",
        ),
        (
            ValueSource(SourceField.METAFIELD, "custom.material"),
            {"metafields": metafield('{"value": 12.5, "unit": "kg"}', "weight")},
            ("12.5 kg",),
            "",
        ),
        (
            ValueSource(SourceField.METAFIELD, "custom.material"),
            {"metafields": metafield("gid://shopify/Metaobject/1", "metaobject_reference")},
            (),
            "the metafield “custom.material” is empty",
        ),
        (
            ValueSource(SourceField.OPTION, "colour"),
            {"variants": tuple(shirt(("Red", "S", None), ("Blue", "S", None)))},
            ("Red", "Blue"),
            "",
        ),
        (ValueSource(SourceField.OPTION, "Title"), {}, (), "the option “Title” is empty"),
        (
            ValueSource(SourceField.SKU),
            {"variants": (variant("a", sku="1"), variant("b", sku="2"))},
            (),
            "the SKU differs between the variants",
        ),
    ],
)
def test_where_it_is_looked_for(
    source: ValueSource, changes: dict[str, Any], texts: tuple[str, ...], refused: str
) -> None:
    variants = changes.pop("variants", ())
    found = look(source, facts(*variants, **changes))
    assert (found.texts, found.refused) == (texts, refused)


def from_metafield(*fallback: ValueChoice) -> AttributeChoice:
    return AttributeChoice("7", fallback, ValueSource(SourceField.METAFIELD, "custom.material"))


@pytest.mark.parametrize(
    ("stored", "fallback", "sent", "origin", "found"),
    [
        ("cotton", (), "70", Origin.METAFIELD, []),
        ("Cottons", (), "70", Origin.METAFIELD, []),
        ("wood, oak", (), "72", Origin.METAFIELD, []),
        ("Straw", (ValueChoice("71"),), "71", Origin.BACKUP, []),
        ("Straw", (), None, None, ["ATTRIBUTE_VALUE_UNKNOWN"]),
        ("", (), None, None, []),
        ("", (ValueChoice(None, "wool"),), "71", Origin.BACKUP, []),
    ],
)
def test_what_is_sent_for_a_metafield(
    stored: str, fallback: tuple[ValueChoice, ...], sent: str | None, origin: Origin | None, found: list[str]
) -> None:
    made = a_frame(content(attributes=(from_metafield(*fallback), CASUAL)), CLOTHES)
    built = build(made, facts(metafields=metafield(stored)))
    assert codes(built) == found
    assert built.draft is not None
    values = {one.id: one.values[0].id for one in built.draft.attributes}
    assert values == {"9": "90"} | ({"7": sent} if sent else {})
    origins = [one.origin for one in built.provenance if one.field == "attributes.7"]
    assert origins == ([origin] if origin else [])


def test_a_required_attribute_says_why_the_store_did_not_help() -> None:
    source = AttributeChoice("9", (), ValueSource(SourceField.PRODUCT_TYPE))
    built = build(a_frame(content(attributes=(source,)), CLOTHES), facts())
    assert codes(built) == ["ATTRIBUTE_VALUE_UNKNOWN", "ATTRIBUTE_REQUIRED"]
    assert "always asks for it; “Style” does not offer “Coffee”" in built.problems[1].message


def test_backups_tell_what_was_refused() -> None:
    built = build(a_frame(content(attributes=(CASUAL,)), CLOTHES), facts(variant(weight=None)))
    assert told(built, "package.weight") == Provenance(
        "package.weight", Layer.TEMPLATE, Origin.BACKUP, refused=(Refused(Origin.PRODUCT, "The store has no weight"),)
    )
    assert told(built, "attributes.9") == Provenance("attributes.9", Layer.TEMPLATE, Origin.FIXED)
    assert told(built, "category").origin is Origin.FIXED
    assert told(built, "title") == Provenance("title", Layer.HOUSE, Origin.PRODUCT)
    assert provenance_from_json(provenance_to_json(built.provenance)) == built.provenance
    assert provenance_to_json(built.provenance)["title"] == ["HOUSE", "PRODUCT"]


def test_titles_and_descriptions_from_elsewhere() -> None:
    wanted = content(
        title=TextRule(TextOrigin.METAFIELD, "custom.material"),
        description=TextRule(TextOrigin.FIXED, text="<p>Ours.</p>"),
    )
    built = build(a_frame(wanted), facts(metafields=metafield("Oak lamp")))
    assert built.draft is not None
    assert (built.draft.title, built.draft.description) == ("Oak lamp", "<p>Ours.</p>")
    without = build(a_frame(wanted), facts())
    assert without.draft is not None
    assert without.draft.title == "Ceramic Pour-Over Coffee Dripper"
    assert told(without, "title").refused == (Refused(Origin.METAFIELD, "the metafield “custom.material” is empty"),)
    lines = content(description=TextRule(TextOrigin.METAFIELD, "custom.material"))
    described = build(a_frame(lines), facts(metafields=metafield("One & two\nthree", "multi_line_text_field"))).draft
    assert described is not None
    assert described.description == "<p>One &amp; two</p><p>three</p>"


def test_an_override_goes_before_everything() -> None:
    own = Override(
        "Lamp of ours", "<p>Mine.</p>", ("https://x/1.jpg",), (VariantOverride(None, "S", Decimal("7.5"), None, 3),)
    )
    product = facts(variant("a", sku="S", options=(("Size", "a"),)), variant("b", options=(("Size", "b"),)))
    built = build(a_frame(), product, own)
    assert built.draft is not None
    draft = built.draft
    assert (draft.title, draft.description, draft.pictures) == ("Lamp of ours", "<p>Mine.</p>", ("https://x/1.jpg",))
    assert [(sku.price, sku.quantity) for sku in draft.skus] == [(Decimal("7.50"), 3), (Decimal("19.90"), 10)]
    assert {one.field for one in built.provenance if one.layer is Layer.OVERRIDE} == {
        "title",
        "description",
        "images",
        "variants.S.price",
        "variants.S.quantity",
    }


ACME = KeptBrand("5", "ACME", is_authorized=True, is_usable=True)
LOCKED = KeptBrand("6", "Lock Ltd", is_authorized=False, is_usable=False)
KNOWN = Brands.of([ACME, LOCKED], ["nobody"])


@pytest.mark.parametrize(
    ("vendor", "fallback", "sent", "origin", "why"),
    [
        (" acme ", None, "5", Origin.PRODUCT, ""),
        ("Lock Ltd", None, None, Origin.BACKUP, "may not use the brand"),
        ("Nobody", "5", "5", Origin.BACKUP, "has no brand “Nobody”"),
        ("Somebody", None, None, Origin.BACKUP, "was not looked up yet"),
        ("", None, None, Origin.BACKUP, "the vendor is empty"),
    ],
)
def test_brands_from_the_vendor(vendor: str, fallback: str | None, sent: str | None, origin: Origin, why: str) -> None:
    wanted = content(brand_id=fallback, brand_source=ValueSource(SourceField.VENDOR))
    built = build(a_frame(wanted, brands=KNOWN), facts(vendor=vendor))
    assert built.draft is not None
    assert built.draft.brand_id == sent
    assert told(built, "brand").origin is origin
    assert codes(built) == ([] if origin is Origin.PRODUCT else ["BRAND_NOT_FOUND"])
    assert why in "".join(one.why for one in told(built, "brand").refused)


def test_fixed_brands_are_held_against_the_leafs() -> None:
    assert codes(build(a_frame(content(brand_id="6"), brands=KNOWN), facts())) == ["BRAND_NOT_AUTHORIZED"]
    assert codes(build(a_frame(content(brand_id="Acme"), brands=KNOWN), facts())) == ["BRAND_UNKNOWN"]
    assert codes(build(a_frame(content(brand_id="99"), brands=KNOWN), facts())) == []
    below = [(Layer.SHOP_DEFAULTS, content(brand_id="6"))]
    problems = a_frame(content(), below=below, brands=KNOWN).problems
    assert ["none in the shop's defaults, or ask" in one.message for one in problems] == [True]


def test_a_product_without_a_category() -> None:
    built = build(frame(terms(), effective([]), Place(None, because="nobody chose one")), facts())
    assert built.problems[0].code == "CATEGORY_UNDECIDED"
    assert "nobody chose one" in built.problems[0].message
    assert built.problems[0].remedy == "CHOOSE_CATEGORY"
    assert built.draft is None


def test_a_leaf_of_the_closed_tree_is_refused_without_any_tree() -> None:
    old = a_frame(category=LEAF.__class__("601234", CategoryVersion.V1))
    assert [one.code for one in old.problems] == ["CATEGORY_VERSION_CLOSED"]


FILE = UUID("01980000-0000-7000-8000-00000000000f")


def test_stored_files_are_uploaded_with_the_pictures() -> None:
    rules = LeafRules(certifications=(LeafCertification("1", "Licence", is_required=True),), size_chart_required=True)
    papers = content(
        certifications=(Certification("1", (), (CertificationFile(None, "a.pdf", FILE),), None, (FILE,)),),
        size_chart=SizeChart(file_id=FILE),
    )
    built = build(a_frame(papers, Leaf(LEAF, (), rules)), facts())
    address = f"leafmark-file:{FILE}"
    stored = [need.use for need in built.needs if need.url == address]
    assert stored == [PictureUse.CERTIFICATION_IMAGE, PictureUse.CERTIFICATION_FILE, PictureUse.SIZE_CHART_IMAGE]
    shelf: dict[PictureNeed, Picture | Problem] = {need: Picture(f"tos/{need.use}") for need in built.needs}
    draft = complete(built, shelf).draft
    assert draft is not None
    assert draft.certifications == (
        Certification("1", ("tos/CERTIFICATION_IMAGE",), (CertificationFile("tos/CERTIFICATION_FILE", "a.pdf"),)),
    )
    assert draft.size_chart == SizeChart(image_uri="tos/SIZE_CHART_IMAGE")
    broken = {**shelf, PictureNeed(address, PictureUse.CERTIFICATION_FILE): Problem("IMAGE_DAMAGED", (), "Broken.")}
    failed = complete(built, broken)
    assert (failed.draft, [one.path for one in failed.problems]) == (None, [("certifications", "1")])


@pytest.mark.parametrize(
    ("rule", "price"),
    [
        (PriceRule(ending=Decimal("0.99"), rounding=Rounding.UP), "19.99"),
        (PriceRule(ending=Decimal("0.99"), rounding=Rounding.DOWN), "18.99"),
        (PriceRule(ending=Decimal("0.90"), rounding=Rounding.DOWN), "19.90"),
        (PriceRule(percent=Decimal("0.33"), rounding=Rounding.UP), "19.97"),
        (PriceRule(percent=Decimal("0.33"), rounding=Rounding.DOWN), "19.96"),
        (PriceRule(percent=Decimal(-99), ending=Decimal("0.99"), rounding=Rounding.DOWN), "0.99"),
    ],
)
def test_prices_go_the_way_that_was_chosen(rule: PriceRule, price: str) -> None:
    draft = build(a_frame(content(price=rule)), facts()).draft
    assert draft is not None
    assert draft.skus[0].price == Decimal(price)


def test_japanese_numbers_are_jan_in_japan() -> None:
    product = facts(variant(barcode="4901234567894", price=Decimal(100)), currency="JPY")
    kinds = []
    for market in (Market.JP, Market.US):
        made = a_frame(content(price=PriceRule(exchange_rate=Decimal(1))), terms=terms(market))
        draft = build(made, product).draft
        assert draft is not None
        assert draft.skus[0].identifier is not None
        kinds.append(draft.skus[0].identifier.type)
    assert kinds == ["JAN", "EAN"]
