"""A patch changes what it names and leaves the rest of a part alone."""

from typing import Any

import pytest

from server.domain.patching import laid_over

SIZE = {"length": "10", "width": "10", "height": "10", "unit": "CENTIMETER"}
KILO = {"value": "1", "unit": "KILOGRAM"}
WOOL, RED = {"id": "1", "values": [{"name": "Wool"}]}, {"id": "2", "values": [{"name": "Red"}]}
SILK = {"id": "1", "values": [{"name": "Silk"}]}

CASES: list[tuple[str, dict[str, Any], dict[str, Any], dict[str, Any]]] = [
    ("nothing was there", {}, {"attributes": [WOOL]}, {"attributes": [WOOL]}),
    ("one attribute more", {"attributes": [RED]}, {"attributes": [WOOL]}, {"attributes": [WOOL, RED]}),
    ("an attribute anew", {"attributes": [WOOL, RED]}, {"attributes": [SILK]}, {"attributes": [SILK, RED]}),
    (
        "its source goes with it",
        {"attributes": [{**WOOL, "source": {"field": "VENDOR", "key": ""}}]},
        {"attributes": [SILK]},
        {"attributes": [SILK]},
    ),
    ("a part forgotten", {"attributes": [WOOL]}, {"attributes": None}, {"attributes": None}),
    (
        "a proof gets its date",
        {"certifications": [{"id": "7", "image_uris": ["a"], "expires_at": None}, {"id": "8"}]},
        {"certifications": [{"id": "7", "expires_at": 5}]},
        {"certifications": [{"id": "7", "image_uris": ["a"], "expires_at": 5}, {"id": "8"}]},
    ),
    ("weight beside size", {"shipping": {"dimensions": SIZE}}, {"shipping": {"weight": KILO}},
     {"shipping": {"dimensions": SIZE, "weight": KILO}}),
    (
        "one figure of one variant",
        {"variants": [{"sku": "A", "price": "5", "quantity": 2}, {"remote_id": "9", "price": "7"}]},
        {"variants": [{"sku": "A", "price": "6"}]},
        {"variants": [{"sku": "A", "price": "6", "quantity": 2}, {"remote_id": "9", "price": "7"}]},
    ),
    ("other parts whole", {"price": {"percent": "5"}, "title": "Old"}, {"price": {"fixed": "1"}},
     {"price": {"fixed": "1"}}),
    ("what is no list is left to be refused", {"attributes": [WOOL]}, {"attributes": "red"}, {"attributes": "red"}),
    ("what is no object too", {"shipping": {"weight": KILO}}, {"shipping": [1]}, {"shipping": [1]}),
    ("one said twice stays twice", {"attributes": [RED]}, {"attributes": [WOOL, SILK]},
     {"attributes": [WOOL, SILK, RED]}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "patch", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_a_patch_is_laid_over(content: dict[str, Any], patch: dict[str, Any], expected: dict[str, Any]) -> None:
    assert laid_over(content, patch) == expected
