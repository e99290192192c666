"""How cells are written and read: formulas, spaces, values, units, quotes, and files of other spreadsheets."""

from typing import Any

import pytest

from server.domain.override_csv import Line, columns_of, read, write
from server.domain.override_csv.columns import guarded, opened
from server.domain.overrides import override_from_json
from tests.overrides.test_override_csv import understood

CELLS = [
    ("-2+3", "'-2+3"), ("=1", "'=1"), ("+1", "'+1"), ("@a", "'@a"), ("＝1", "'＝1"), ("\n=1", "'\n=1"),
    ("'=1", "''=1"), ("'tis a mug", "''tis a mug"), ("a-b", "a-b"), ("", ""),
]  # fmt: skip


@pytest.mark.parametrize(("text", "cell"), CELLS)
def test_no_cell_is_taken_for_a_formula(text: str, cell: str) -> None:
    assert guarded(text) == cell
    assert opened(cell) == text


def test_an_apostrophe_that_a_person_wrote_stays() -> None:
    assert [opened(cell) for cell in ("'tis", "'", "''", "'90s mug")] == ["'tis", "'", "'", "'90s mug"]


def content_of(text: str) -> dict[str, Any]:
    (product,), faults = understood(text)
    assert faults == []
    return dict(product.content)


def test_a_value_keeps_both_its_id_and_its_name() -> None:
    values = [{"id": "17", "name": "Deep red"}, {"id": "18", "name": ""}, {"id": None, "name": "Blue"}]
    line = Line("p1", "", "", None, {"attributes": [{"id": "100", "values": values, "source": None}]})
    text = write([line], columns_of([line]))
    assert "#17 Deep red | #18 | Blue" in text
    assert content_of(text) == {
        "attributes": [{"id": "100", "values": [{"id": "17", "name": "Deep red"}, {"id": "18"}, {"name": "Blue"}]}]
    }


def test_spaces_of_a_sku_are_its_own() -> None:
    assert content_of("product_id,sku,price\np1, X 1 , 9.90 \n") == {"variants": [{"sku": " X 1 ", "price": "9.90"}]}


@pytest.mark.parametrize("quantity", ["many", "-1", "1.5", "9" * 19, "9" * 5_000])
def test_a_quantity_is_a_whole_number_of_a_length_that_can_be(quantity: str) -> None:
    (product,), faults = understood(f"product_id,sku,price,quantity\np1,X-1,9.90,{quantity}\n")
    assert [(fault.row, fault.column, fault.message) for fault in faults] == [
        (2, "quantity", "This must be a whole number.")
    ]
    assert product.content == {"variants": [{"sku": "X-1", "price": "9.90"}]}


def test_a_figure_without_its_unit_is_told() -> None:
    _, faults = understood("product_id,weight,length,width,height\np1,2,1,1,1\n")
    assert [(fault.row, fault.column, fault.message) for fault in faults] == [
        (2, "weight_unit", "Say the unit, one of GRAM, KILOGRAM, OUNCE, POUND."),
        (2, "size_unit", "Say the unit, one of CENTIMETER, INCH."),
    ]


@pytest.mark.parametrize("mark", [";", "\t"])
def test_files_of_other_spreadsheets_are_read(mark: str) -> None:
    text = 'product_id,title,attribute:100\np1,"A mug, red",Red\n'.replace(",", mark)
    assert content_of(text) == {
        "title": f"A mug{mark} red",
        "attributes": [{"id": "100", "values": [{"name": "Red"}]}],
    }
    assert content_of('"product_id";"title"\r\n"p1";"A, B"\r\n') == {"title": "A, B"}


def test_an_open_quote_swallows_no_lines() -> None:
    products, faults = read('product_id,title\np1,good\np2,"open\np3,lost\n')
    assert products == []
    assert [(fault.row, fault.column, fault.message) for fault in faults] == [
        (3, "", "A quote that is opened here is never closed. Close it, or save the file as CSV once more.")
    ]
    products, faults = read('product_id,title\np1,"a"b\n')
    assert (products, [(fault.row, fault.column) for fault in faults]) == ([], [(2, "")])
    assert faults[0].message.startswith("This is no CSV: ")


def test_a_line_is_told_by_its_first() -> None:
    """Cells may hold line ends: the number is what an editor shows."""
    _, faults = understood('product_id,title,quantity,sku\np1,"a\nb",1,S\n\np2,"c\nd",x,T\n')
    assert [(fault.row, fault.column) for fault in faults] == [(5, "quantity")]


REST = [
    ('{"attributes": 5}', "more"), ('{"attributes": ["a"]}', "more"), ('{"attributes": [{"id": "7"}]}', "attribute:7"),
    ('{"shipping": []}', "more"), ('{"shipping": {"x": 1}}', "weight"), ('{"variants": {}}', "more"),
    ('{"variants": [5]}', "more"), ('{"colour": 1}', "more"), ("[]", "more"),
]  # fmt: skip


@pytest.mark.parametrize(("more", "column"), REST)
def test_what_is_no_content_in_the_rest_is_told(more: str, column: str) -> None:
    quoted = more.replace('"', '""')
    text = f'product_id,weight,weight_unit,attribute:1,more\np1,2,KILOGRAM,Red,"{quoted}"\n'
    (product,), told = understood(text)
    _, faults = override_from_json(product.content)
    places = {(fault.row, fault.column) for fault in told} | {product.column_of(path) for path, _ in faults}
    assert places == {(2, column)}
