"""Every problem code has a remedy; every layer that is said to mend a code does (capability N5)."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from server.clients.verdicts import CODES
from server.domain.brands import Brands, KeptBrand
from server.domain.categories import CategoryRef, CategoryVersion, PermissionStatus
from server.domain.drafting import Place, ShopTerms, build, frame
from server.domain.layers import Layer, effective
from server.domain.leaves import Leaf, LeafAttribute, LeafCertification, LeafRules, LeafValue
from server.domain.markets import Market
from server.domain.overrides import Override, override_from_json
from server.domain.patching import laid_over
from server.domain.problem_codes import PROBLEM_CODES
from server.domain.problems import Problem
from server.domain.remedies import LAYERS, REMEDIES, FixLayer, Remedy
from server.domain.template_content import TemplateContent
from server.domain.template_json import content_from_json
from server.domain.validators.category import CategoryStanding, Tree
from server.services.fixing import OF_PRODUCTS
from server.services.templates.defaults import NOT_SHARED
from tests.domain.factories import LEAF, a_frame, facts, terms, variant

Json = dict[str, Any]
WORDS, PICTURE = "word " * 2_100, "https://cdn.example.com/9.jpg"
WOOL, RED, BLUE = LeafValue("11", "Wool"), LeafValue("12", "Red"), LeafValue("13", "Blue")
PAPER = LeafCertification("7", "Safety report", is_required=True)
DATED = LeafCertification("7", "Safety report", is_required=True, needs_expiry=True)
SCAN = {"id": "7", "image_uris": ["tos/scan"]}
SIZE = {"length": 10, "width": 10, "height": 10, "unit": "CENTIMETER"}
LATER, EARLIER = 4_102_444_800, 946_684_800


def leaf(*attributes: LeafAttribute, **rules: Any) -> Leaf:
    return Leaf(LEAF, attributes, LeafRules(**rules))


def standing(*, is_leaf: bool = True, status: PermissionStatus = PermissionStatus.AVAILABLE) -> Json:
    return {"tree": Tree(True, CategoryStanding("Candles", is_leaf, frozenset({status})))}


@dataclass(frozen=True)
class Case:
    """A product, a place and a layer's content that fail with the code, and the patch that mends it."""

    patch: Json
    said: Json = field(default_factory=dict)
    facts: Json = field(default_factory=dict)
    leaf: Leaf | None = None
    place: Json = field(default_factory=dict)
    market: ShopTerms = field(default_factory=terms)


def attribute(said: list[Json], asked: LeafAttribute, **changes: Any) -> Case:
    good = {"attributes": [{"id": "1", "values": [{"name": "Wool"}]}]}
    return Case(good, {"attributes": said}, leaf=leaf(asked), **changes)


def named(*texts: str) -> list[Json]:
    return [{"id": "1", "values": [{"name": text} for text in texts]}]


def brand(*, usable: bool) -> Json:
    return {"brands": Brands.of([KeptBrand("5", "Hearth", is_authorized=usable, is_usable=usable)])}


ANOTHER = {"category": LEAF}
CASES: dict[str, Case] = {
    "TITLE_EMPTY": Case({"title": "A candle"}, facts={"title": "!!!"}),
    "TITLE_TOO_SHORT": Case(
        {"title": "A candle of beeswax that burns for a day"}, facts={"title": "Candle"}, market=terms(Market.ID)
    ),
    "TITLE_TOO_LONG": Case({"shorten_title": True}, facts={"title": WORDS}),
    "DESCRIPTION_EMPTY": Case({"empty_description": "USE_TITLE"}, facts={"description_html": ""}),
    "DESCRIPTION_TOO_LONG": Case({"description": "<p>Burns.</p>"}, facts={"description_html": f"<p>{WORDS}</p>"}),
    "IMAGES_MISSING": Case({"pictures": [PICTURE]}, facts={"pictures": ()}),
    "PRICE_TOO_LOW": Case(
        {"variants": [{"sku": "A", "price": "5"}]}, facts={"variants": (variant(sku="A", price=Decimal(0)),)}
    ),
    "STOCK_EMPTY": Case({"stock": {"threshold": 0}}, {"stock": {"threshold": 50}}),
    "PRICE_CURRENCY_MISMATCH": Case({"price": {"exchange_rate": "1.1"}}, facts={"currency": "EUR"}),
    "WEIGHT_MISSING": Case({"shipping": {"weight": {"value": "1"}}}, facts={"variants": (variant(weight=None),)}),
    "WEIGHT_REFUSED": Case(
        {"shipping": {"weight": {"value": "1"}}},
        {"shipping": {"weight_source": "CUSTOM", "weight": {"value": "0.0001"}}},
    ),
    "DIMENSIONS_MISSING": Case({"shipping": {"dimensions": SIZE}}, leaf=leaf(dimensions_required=True)),
    "ATTRIBUTE_REQUIRED": attribute([], LeafAttribute("1", "Material", is_required=True, values=(WOOL,))),
    "ATTRIBUTE_VALUE_UNKNOWN": attribute(named("Granite"), LeafAttribute("1", "Material", values=(WOOL,))),
    "ATTRIBUTE_TOO_MANY_VALUES": attribute(named("Red", "Blue"), LeafAttribute("1", "M", values=(WOOL, RED, BLUE))),
    "ATTRIBUTE_NOT_A_NUMBER": Case(
        {"attributes": named("4")}, {"attributes": named("four")}, leaf=leaf(LeafAttribute("1", "M", is_number=True))
    ),
    "ATTRIBUTE_TEXT_TOO_LONG": attribute(
        [{"id": "1", "source": {"field": "VENDOR"}}], LeafAttribute("1", "Material"), facts={"vendor": "v" * 2_001}
    ),
    "BRAND_UNKNOWN": Case({"brand_id": "5"}, {"brand_id": "Hearth"}, place=brand(usable=True)),
    "BRAND_NOT_AUTHORIZED": Case({"no_brand": True, "brand_id": None}, {"brand_id": "5"}, place=brand(usable=False)),
    "CERTIFICATION_REQUIRED": Case({"certifications": [SCAN]}, leaf=leaf(certifications=(PAPER,))),
    "CERTIFICATION_PROOF_MISSING": Case(
        {"certifications": [SCAN]}, {"certifications": [{"id": "7"}]}, leaf=leaf(certifications=(PAPER,))
    ),
    "CERTIFICATION_EXPIRY_REQUIRED": Case(
        {"certifications": [{"id": "7", "expires_at": LATER}]},
        {"certifications": [SCAN]},
        leaf=leaf(certifications=(DATED,)),
    ),
    "CERTIFICATION_EXPIRED": Case(
        {"certifications": [{"id": "7", "expires_at": LATER}]},
        {"certifications": [SCAN | {"expires_at": EARLIER}]},
        leaf=leaf(certifications=(DATED,)),
        market=replace(terms(), day=date(2026, 11, 21)),
    ),
    "SIZE_CHART_REQUIRED": Case({"size_chart": {"template_id": "3"}}, leaf=leaf(size_chart_required=True)),
    "MANUFACTURER_REQUIRED": Case({"manufacturer_ids": ["3"]}, leaf=leaf(manufacturer_required=True)),
    "RESPONSIBLE_PERSON_REQUIRED": Case({"responsible_person_ids": ["3"]}, leaf=leaf(responsible_person_required=True)),
    "CATEGORY_UNDECIDED": Case(ANOTHER, place={"category": None}),
    "CATEGORY_VERSION_CLOSED": Case(ANOTHER, place={"category": CategoryRef("1", CategoryVersion.V1)}),
    "CATEGORY_NOT_IN_TREE": Case(ANOTHER, place={"tree": Tree(True)}),
    "CATEGORY_HAS_CHILDREN": Case(ANOTHER, place=standing(is_leaf=False)),
    "CATEGORY_FORBIDDEN": Case(ANOTHER, place=standing(status=PermissionStatus.PROHIBITED)),
    "CATEGORY_NEEDS_PERMISSION": Case(ANOTHER, place=standing(status=PermissionStatus.NON_MAIN_CATEGORY)),
    "FEE_REQUIRED": Case(ANOTHER, leaf=leaf(fees_required=("ecopart",))),
}
"""Codes of our own rules."""

BROKEN_PICTURES = ["IMAGE_DAMAGED", "IMAGE_TOO_LARGE", "IMAGE_TOO_SMALL", "IMAGES_ALL_BROKEN"]
"""Found when pictures are brought: others are brought instead."""

PARTS: dict[str, str] = {
    "category": """
        NO_TEMPLATE CATEGORY_UNKNOWN CATEGORY_NOT_LEAF CATEGORY_VERSION_OUTDATED CATEGORY_VERSION_MISMATCH
        CATEGORY_PROHIBITED CATEGORY_RESTRICTED CATEGORY_NOT_MAIN CATEGORY_NOT_IN_MARKET COD_NOT_SUPPORTED
    """,
    "title": "TITLE_REFUSED",
    "description": "DESCRIPTION_REFUSED",
    "pictures": "IMAGES_REFUSED IMAGE_UNREACHABLE IMAGE_ADDRESS_REFUSED IMAGE_TOO_BIG IMAGE_UNREADABLE",
    "variants": "PRICE_REFUSED STOCK_REFUSED",
    "attributes": "ATTRIBUTE_MISSING ATTRIBUTE_REFUSED INPUT_REFUSED",
    "size_chart": "SIZE_CHART_REFUSED",
    "brand_id": "BRAND_REFUSED",
    "certifications": "CERTIFICATION_MISSING CERTIFICATION_REFUSED FILE_REFUSED FILE_GONE FILE_OF_WRONG_KIND",
    "manufacturer_ids": "COMPLIANCE_REFUSED",
    "shipping": "PACKAGE_REFUSED",
}
"""Codes of the platforms, and of what is found at work, by the part that mends them."""

WITHOUT_LAYER = {"ATTRIBUTE_UNKNOWN", "ATTRIBUTE_NOT_CALLED_FOR", "CERTIFICATIONS_TOO_MANY", "NO_CATEGORY_RECOMMENDED"}
"""Warnings about what the template says too much, and what is told without a failure."""


def taking(parts: Iterable[str]) -> frozenset[FixLayer]:
    """The layers that take any of the parts."""
    found: set[FixLayer] = set()
    for part in parts:
        found |= set(FixLayer) - ({FixLayer.TEMPLATE, FixLayer.SHOP_DEFAULTS} if part in OF_PRODUCTS else set())
        found -= {FixLayer.SHOP_DEFAULTS} if part in NOT_SHARED | {"category"} else set()
    return frozenset(found)


def codes(case: Case, layer: FixLayer, content: Json, *, moved: bool = False) -> set[str]:
    """What is wrong with the product when the layer says so; ``moved`` to a leaf that asks for nothing."""
    own, layers = Override(), [(Layer.TEMPLATE, TemplateContent())]
    if layer is FixLayer.PRODUCT:
        own, faults = override_from_json(content)
        layers += [(Layer.OVERRIDE, own.content)]
    else:
        read, faults = content_from_json(content)
        layers = [(Layer(layer), read)] if layer is FixLayer.TEMPLATE else [(Layer.SHOP_DEFAULTS, read), *layers]
    assert faults == [] or content == case.said, "only what was kept long ago may break a rule of now"
    place: Json = {"category": LEAF, "leaf": case.leaf or Leaf(LEAF)} | case.place
    known = Place(LEAF, leaf=Leaf(LEAF)) if moved else Place(**place)
    given = dict(case.facts)
    built = build(frame(case.market, effective(layers), known), facts(*given.pop("variants", ()), **given), own)
    return {problem.code for problem in built.problems}


@pytest.mark.parametrize(("code", "layer"), [(code, layer) for code in CASES for layer in sorted(LAYERS[code])])
def test_the_layer_mends_the_code(code: str, layer: FixLayer) -> None:
    case = CASES[code]
    assert code in codes(case, layer, case.said)
    content = case.said | laid_over(case.said, {name: said for name, said in case.patch.items() if name != "category"})
    assert code not in codes(case, layer, content, moved="category" in case.patch)


@pytest.mark.parametrize("code", BROKEN_PICTURES)
def test_other_pictures_are_brought_instead(code: str) -> None:
    own, _ = override_from_json({"pictures": [PICTURE]})
    built = build(a_frame(), facts(), own)
    assert (LAYERS[code], [need.url for need in built.needs]) == (frozenset({FixLayer.PRODUCT}), [PICTURE])


def test_every_layer_that_takes_what_mends_a_code_is_told() -> None:
    mending = {code: [part] for part, codes in PARTS.items() for code in codes.split()}
    mending |= {code: list(case.patch) for code, case in CASES.items()}
    mending |= {code: ["pictures"] for code in BROKEN_PICTURES}
    assert {code: taking(parts) for code, parts in mending.items()} == {**LAYERS, "NO_TEMPLATE": taking(["category"])}
    assert LAYERS["NO_TEMPLATE"] == {FixLayer.PRODUCT}, "there is no template to be patched"


def test_every_code_has_a_remedy() -> None:
    assert set(REMEDIES) == {*PROBLEM_CODES, "INTERNAL"}
    remedies = {**REMEDIES, **{code: entry.remedy for code, entry in CODES.items()}}
    assert LAYERS.keys() - remedies.keys() == set()
    for code, remedy in remedies.items():
        if remedy in (Remedy.FIX_TEMPLATE, Remedy.CHOOSE_CATEGORY):
            assert (code in WITHOUT_LAYER) is (code not in LAYERS), code
        elif remedy in (Remedy.WAIT, Remedy.RECONNECT, Remedy.LINK, Remedy.LIST, Remedy.CHOOSE_OWNER):
            assert code not in LAYERS, code


def test_a_problem_has_the_remedy_of_its_code() -> None:
    assert Problem("NOTHING_CHANGED", (), "").remedy is Remedy.WAIT
    assert Problem("SKU_REQUIRED", (), "").remedy is Remedy.FIX_PRODUCT
    assert Problem("UNHEARD_OF", (), "").remedy is Remedy.CONTACT_SUPPORT
    assert Problem("NOTHING_CHANGED", (), "", remedy=Remedy.LINK).remedy is Remedy.LINK
