"""A long file is cut between products, by the bytes of a request and by products; the parts are the whole."""

import json

import pytest

from server.domain.override_csv import CsvFault, NoCsv, Part, parts_of, read

HEADER = "product_id,title\n"
APART = "The lines of a product must follow one another."


def narrow(amount: int, title: str = "New") -> str:
    return HEADER + "".join(f"gid://leafmark/Product/{n},{title}\n" for n in range(amount))


def cut(text: str, *, most_bytes: int = 900_000, most_products: int = 5_000) -> list[Part]:
    parts, faults = parts_of(text, most_bytes=most_bytes, most_products=most_products)
    assert faults == []
    assert text == HEADER + "".join(part.text.removeprefix(HEADER) for part in parts)
    return parts


def test_narrow_rows_are_cut_by_products() -> None:
    parts = cut(narrow(8_000))
    assert [(part.first, part.last) for part in parts] == [(2, 5_001), (5_002, 8_001)]
    assert [len(read(part.text)[0]) for part in parts] == [5_000, 3_000]
    assert [part.line_of(row) for part in parts for row in (1, 2, 3)] == [1, 2, 3, 1, 5_002, 5_003]


@pytest.mark.parametrize("title", ["日本語のマグカップ" * 20, '"a ""quoted"" title"', "a\tb" * 60])
def test_parts_are_measured_as_they_are_sent(title: str) -> None:
    parts = cut(narrow(8_000, title), most_bytes=300_000, most_products=8_000)
    sizes = [len(json.dumps(part.text, ensure_ascii=False).encode()) for part in parts]
    line = len(json.dumps(narrow(8_000, title).splitlines(keepends=True)[-1], ensure_ascii=False).encode()) - 2
    assert len(parts) > 1
    assert all(300_000 - line < size <= 300_002 for size in sizes[:-1])
    assert sizes[-1] <= 300_002


def test_lines_of_a_product_stay_together_with_blank_ones_between() -> None:
    text = f"{HEADER}a,1\n\na,2\n,\nb,1\nb,2\n\nc,1\n"
    parts = cut(text, most_products=1)
    assert [part.text for part in parts] == [f"{HEADER}a,1\n\na,2\n,\n", f"{HEADER}b,1\nb,2\n\n", f"{HEADER}c,1\n"]
    assert [(part.first, part.last) for part in parts] == [(2, 5), (6, 8), (9, 9)]


def test_lines_are_counted_as_an_editor_does() -> None:
    """Cells may hold line ends, those of the header too."""
    text = '"product_id","handle\n"\na,"1\n2"\nb,3\n'
    parts, _ = parts_of(text, most_bytes=1_000, most_products=1)
    assert [(part.first, part.last, part.line_of(3)) for part in parts] == [(3, 4, 3), (5, 5, 5)]


def test_a_product_in_two_parts_is_told() -> None:
    again = f"{narrow(6_000)} GID://leafmark/Product/7 ,Late\n"
    parts, faults = parts_of(again, most_bytes=900_000)
    assert len(parts) == 2
    assert faults == [CsvFault(6_002, "product_id", APART)]


def test_a_product_that_no_request_carries_is_told() -> None:
    _, faults = parts_of(f"{HEADER}a,1\nb,{'x' * 500}\nb,{'x' * 500}\n", most_bytes=1_000)
    assert [(fault.row, fault.column) for fault in faults] == [(3, "product_id")]


def test_a_file_without_products_is_one_part() -> None:
    assert [part.text for part in cut(HEADER)] == [HEADER]
    assert parts_of("", most_bytes=1_000) == ([Part("", 1, 0, 0)], [])
    assert parts_of("a,b\n1,2\n" * 9, most_bytes=10)[0] == [Part("a,b\n", 1, 1, 0)]
    with pytest.raises(NoCsv):
        parts_of(f'{HEADER}a,"open\n', most_bytes=1_000)


def test_marks_of_other_spreadsheets_are_kept() -> None:
    parts, faults = parts_of("product_id;title\na;1,5\nb;2\n", most_bytes=1_000, most_products=1)
    assert [part.text for part in parts] == ["product_id;title\na;1,5\n", "product_id;title\nb;2\n"]
    assert faults == []
