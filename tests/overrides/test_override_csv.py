"""Overrides as CSV: a round trip changes nothing, and faults are told with line and column."""

from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from server.domain.override_csv import CsvFault, CsvProduct, Line, columns_of, product_of, read, write
from server.domain.overrides import override_from_json, override_to_json

WORDS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=12)
PLAIN_WORDS = WORDS.filter(lambda text: text == text.strip() and text)
VALUE_IDS = st.from_regex(r"[0-9|]{1,6}", fullmatch=True)
FIGURES = st.decimals(Decimal("0.01"), Decimal(999), places=2).map(str)
ATTRIBUTE: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {
        "id": st.from_regex(r"[0-9]{1,8}", fullmatch=True),
        "values": st.lists(
            st.one_of(
                VALUE_IDS.map(lambda one: {"id": one}),
                PLAIN_WORDS.map(lambda name: {"name": name}),
                st.tuples(VALUE_IDS, PLAIN_WORDS).map(lambda one: {"id": one[0], "name": one[1]}),
            ),
            min_size=1,
            max_size=3,
        ),
    }
)
SIZE = st.fixed_dictionaries({"length": FIGURES, "width": FIGURES, "height": FIGURES, "unit": st.just("CENTIMETER")})
WEIGHT = st.fixed_dictionaries({"value": FIGURES, "unit": st.sampled_from(["KILOGRAM", "GRAM"])})
SHIPPING = st.one_of(
    st.fixed_dictionaries({"weight_source": st.just("CUSTOM"), "weight": WEIGHT}, optional={"dimensions": SIZE}),
    st.fixed_dictionaries({"weight_source": st.just("FROM_STORE"), "weight": WEIGHT}),
    st.fixed_dictionaries({"dimensions": SIZE}),
)


def _id(one: dict[str, Any]) -> str:
    return str(one["id"])


def _sku(one: dict[str, Any]) -> str:
    return str(one["sku"])


VARIANT: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {"sku": st.from_regex(r"[=A-Z '-]{1,6}", fullmatch=True), "price": FIGURES},
    optional={"quantity": st.integers(0, 999), "list_price": FIGURES},
)
VARIANTS = st.lists(VARIANT, max_size=3, unique_by=_sku)
ATTRIBUTES = st.lists(ATTRIBUTE, max_size=3, unique_by=_id)
OVERRIDES = st.fixed_dictionaries(
    {},
    optional={
        "title": PLAIN_WORDS,
        "description": WORDS,
        "brand_id": st.from_regex(r"[0-9]{1,8}", fullmatch=True),
        "pictures": st.lists(st.sampled_from(["https://a/1.jpg", "https://b/2|3.png"]), max_size=2),
        "attributes": ATTRIBUTES,
        "shipping": SHIPPING,
        "variants": VARIANTS,
        "price": st.fixed_dictionaries({"percent": FIGURES}),
        "shorten_title": st.booleans(),
        "no_brand": st.booleans(),
    },
)


def canonical(content: dict[str, Any]) -> dict[str, Any] | None:
    """As it is kept, the order of attributes aside; nothing when it may not be kept at all."""
    override, faults = override_from_json(content)
    if faults:
        return None
    kept = override_to_json(override)
    if "attributes" in kept:
        kept["attributes"] = sorted(kept["attributes"], key=lambda one: str(one["id"]))
    return kept


def understood(text: str, *before: Line) -> tuple[list[CsvProduct], list[CsvFault]]:
    """A file's products beside what they have, and all faults."""
    kept = {line.product_id: line for line in before}
    found, faults = read(text)
    products = []
    for lines in found:
        product, wrong = product_of(lines, kept.get(lines.product_id))
        products.append(product)
        faults += wrong
    return products, faults


CATEGORIES = st.none() | st.just(("1008592", "v2"))


@given(st.lists(st.tuples(OVERRIDES, CATEGORIES), max_size=4))
def test_a_round_trip_changes_nothing(wanted: list[tuple[dict[str, Any], tuple[str, str] | None]]) -> None:
    kept = [(found, category) for content, category in wanted if (found := canonical(content)) is not None]
    lines = [
        Line(f"gid://leafmark/Product/{n}", "=handle", "'title", category, content)
        for n, (content, category) in enumerate(kept)
    ]
    text = write(lines, columns_of(lines))
    products, faults = understood(text)
    assert faults == []
    assert [one.category for one in products] == [line.category for line in lines]
    assert [one.product_id for one in read(text)[0]] == [line.product_id for line in lines]
    for line, product in zip(lines, products, strict=True):
        assert canonical(dict(product.content)) == dict(line.content)


FILE = """product_id,title,price,sku,quantity,attribute:100,more
p1,A candle,9.90,X-1,5,Red | #17,
p1,,8.90,X-2,many,,
p2,'=SUM(A1),,,,,{bad
p1,again,,,,,
,nobody,,,,,
p3,too,many,cells,1,2,3,4
p4,too few
"""


def test_faults_are_told_with_line_and_column() -> None:
    products, faults = understood(FILE)
    assert [(fault.row, fault.column) for fault in faults] == [
        (7, ""), (8, ""), (5, "product_id"), (6, "product_id"), (3, "quantity"), (4, "more"),
    ]  # fmt: skip
    assert [fault.message for fault in faults[:2]] == [
        "The line has 8 cells, the header 7.",
        "The line has 2 cells, the header 7. Write empty cells too: what is cut off would be forgotten.",
    ]
    first, second = products
    assert first.content["title"] == "A candle"
    assert first.content["attributes"] == [{"id": "100", "values": [{"name": "Red"}, {"id": "17"}]}]
    assert first.content["variants"] == [
        {"sku": "X-1", "price": "9.90", "quantity": 5},
        {"sku": "X-2", "price": "8.90"},
    ]
    assert second.content["title"] == "=SUM(A1)"
    assert first.column_of(("variants", "1", "price")) == (3, "price")
    assert first.column_of(("attributes", "0", "values")) == (2, "attribute:100")
    assert first.column_of(("shipping", "weight", "value")) == (2, "weight")
    assert first.column_of(("certifications", "0")) == (2, "more")


def test_a_wrong_header_is_told_before_anything_else() -> None:
    products, faults = read("title,colour,title\nA,red,B\n")
    assert products == []
    assert [fault.column for fault in faults] == ["colour", "title", "product_id"]
    assert read("") == ([], [CsvFault(1, "product_id", faults[2].message)])
