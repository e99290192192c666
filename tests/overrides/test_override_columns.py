"""A column that a file lacks leaves what it stands for as it is; an empty cell of one that it has forgets."""

import csv
import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.override_csv import Line, columns_of, write
from tests.overrides.test_override_csv import CATEGORIES, OVERRIDES, canonical, understood

KEPT: dict[str, Any] = {
    "title": "A mug",
    "brand_id": "77",
    "pictures": ["https://a/1.jpg"],
    "attributes": [
        {"id": "100", "values": [{"id": None, "name": "Red"}], "source": None},
        {"id": "300", "values": [], "source": {"field": "VENDOR", "key": ""}},
    ],
    "shipping": {
        "weight_source": "CUSTOM",
        "weight": {"value": "0.5", "unit": "POUND"},
        "dimensions": {"length": "1", "width": "2", "height": "3", "unit": "INCH"},
    },
    "variants": [
        {"remote_id": "v1", "sku": "S 1", "price": "9.9", "quantity": 5},
        {"sku": "S2", "price": "8", "quantity": 6},
    ],
}
BEFORE = Line("p1", "a-mug", "Mug", ("1008592", "v2"), KEPT)
SHIPPING, VARIANTS = KEPT["shipping"], KEPT["variants"]
SIZE: dict[str, str] = SHIPPING["dimensions"]
RED, VENDOR = KEPT["attributes"]


def without(text: str, dropped: set[str]) -> str:
    """The file with columns cut out."""
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    names = [name for name in rows[0] if name not in dropped]
    out = io.StringIO()
    writer = csv.DictWriter(out, names, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def after(text: str, before: Line = BEFORE) -> tuple[dict[str, Any], tuple[str, str] | None]:
    """What the file makes of the product, in the form that is kept, and its category."""
    products, faults = understood(text, before)
    assert faults == []
    (product,) = products
    kept = canonical(dict(product.content))
    assert kept is not None
    return kept, product.category


@given(OVERRIDES, CATEGORIES, st.data())
def test_an_export_with_columns_cut_out_changes_nothing(
    content: dict[str, Any], category: tuple[str, str] | None, data: st.DataObject
) -> None:
    before = Line("p1", "handle", "title", category, canonical(content) or {})
    columns = columns_of([before])
    dropped = data.draw(st.sets(st.sampled_from([name for name in columns if name not in {"product_id", "sku"}])))
    kept, still = after(without(write([before], columns), dropped), before)
    assert (sorted_variants(kept), still) == (sorted_variants(dict(before.content)), category)


def sorted_variants(content: dict[str, Any]) -> dict[str, Any]:
    """Variants in any order are the same."""
    return content | {"variants": sorted(content.get("variants", ()), key=lambda one: str(one["sku"]))}


FILES: list[tuple[str, str, dict[str, Any]]] = [
    ("only a title", "product_id,title\np1,New\n", {"title": "New"}),
    ("a title emptied", "product_id,title\np1,\n", {"title": None}),
    ("one side", "product_id,width\np1,7\n", {"shipping": SHIPPING | {"dimensions": SIZE | {"width": "7"}}}),
    ("no weight", "product_id,weight\np1,\n", {"shipping": SHIPPING | {"weight_source": None, "weight": None}}),
    ("a weight in the unit that stands", "product_id,weight\np1,0.7\n",
     {"shipping": SHIPPING | {"weight": {"value": "0.7", "unit": "POUND"}}}),
    ("another attribute", "product_id,attribute:200\np1,Big\n",
     {"attributes": [RED, {"id": "200", "values": [{"id": None, "name": "Big"}], "source": None}, VENDOR]}),
    ("an attribute emptied", "product_id,attribute:100\np1,\n", {"attributes": [VENDOR]}),
    ("an attribute that has its value from the store", "product_id,attribute:300\np1,\n", {}),
    ("a column goes before the rest", "product_id,attribute:300\np1,Acme\n",
     {"attributes": [RED, {"id": "300", "values": [{"id": None, "name": "Acme"}], "source": None}]}),
    ("the rest emptied", "product_id,more\np1,\n", {"attributes": [RED]}),
    ("the rest goes before what has no column", 'product_id,more\np1,"{""title"":""T"",""shipping"":{""dimensions"":'
     '{""length"":7,""width"":7,""height"":7,""unit"":""INCH""}},""attributes"":[{""id"":""100"",""values"":[{""id"":""5""}]}],'
     '""variants"":[{""sku"":""S3"",""price"":7}]}"\n',
     {"title": "T", "shipping": SHIPPING | {"dimensions": {"length": "7", "width": "7", "height": "7", "unit": "INCH"}},
      "attributes": [{"id": "100", "values": [{"id": "5", "name": ""}], "source": None}],
      "variants": [{"sku": "S3", "price": "7"}]}),
    ("a price by SKU", "product_id,sku,price\np1,S 1,12\np1,S2,8\n",
     {"variants": [VARIANTS[0] | {"price": "12"}, VARIANTS[1]]}),
    ("a variant left out keeps its other figures", "product_id,variant_id,price\np1,v1,12\n",
     {"variants": [VARIANTS[0] | {"price": "12"}, {"sku": "S2", "quantity": 6}]}),
    ("all prices emptied", "product_id,price\np1,\n",
     {"variants": [{"remote_id": "v1", "sku": "S 1", "quantity": 5}, {"sku": "S2", "quantity": 6}]}),
    ("a new variant", "product_id,sku,price\np1,S 1,9.90\np1,S2,8\np1,S3,7\n",
     {"variants": [*VARIANTS, {"sku": "S3", "price": "7"}]}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "changed"), [row[1:] for row in FILES], ids=[row[0] for row in FILES])
def test_what_a_file_says_is_all_that_changes(text: str, changed: dict[str, Any]) -> None:
    wanted = canonical(KEPT | changed)
    assert wanted is not None
    assert after(text) == (wanted, ("1008592", "v2"))


def test_a_category_is_forgotten_by_its_id_alone() -> None:
    assert after("product_id,category_id\np1,\n") == (canonical(KEPT), None)
    assert after("product_id,category_id\np1,5\n") == (canonical(KEPT), ("5", "v2"))


def test_a_line_that_may_mean_two_variants_is_told() -> None:
    twins = [{"remote_id": "v1", "sku": "S", "price": "1"}, {"remote_id": "v2", "sku": "S", "price": "2"}]
    before = Line("p1", "", "", None, {"variants": twins})
    _, faults = understood("product_id,sku,price\np1,S,3\n", before)
    assert [(fault.row, fault.column, fault.message) for fault in faults] == [
        (2, "variant_id", "Several variants are meant. Keep the columns variant_id and sku.")
    ]
