"""What nothing can hold is refused before anything is looked at: texts with NUL, endless numbers and moments."""

from typing import Any

import pytest

from graphql_schema.texts import place_of_nul
from tests.graphql.conftest import Api

PROBLEMS = "query P($filter: ProblemsFilter) { problems(filter: $filter, first: 1) { totalCount } }"
RETRY = """mutation R($filter: TaskRetryFilter, $key: String) {
    taskRetry(filter: $filter, idempotencyKey: $key) { tasks { id } userErrors { code } } }"""
FIX = """mutation F($key: String) { taskItemFixAndRetry(itemId: "gid://leafmark/TaskItem/1", patch: {},
    idempotencyKey: $key) { task { id } userErrors { code } } }"""

SENT: dict[str, tuple[str, dict[str, Any], list[str]]] = {
    "a key": (RETRY, {"filter": {}, "key": "a\0b"}, ["key"]),
    "a key of a fix": (FIX, {"key": "\0"}, ["key"]),
    "a code": (PROBLEMS, {"filter": {"codes": ["TITLE_EMPTY", "\0"]}}, ["filter", "codes", "1"]),
    "a code to try again": (RETRY, {"filter": {"problemCodes": ["\0"]}}, ["filter", "problemCodes", "0"]),
    "a search": (
        "query S($s: String) { products(filter: {search: $s}, first: 1) { totalCount } }",
        {"s": "a\0"},
        ["s"],
    ),
    "a cursor": ("query C($a: String) { tasks(first: 1, after: $a) { totalCount } }", {"a": "\0"}, ["a"]),
    "an id": ("query N($id: ID!) { node(id: $id) { id } }", {"id": "gid://leafmark/Task/\0"}, ["id"]),
}


@pytest.mark.parametrize("name", sorted(SENT))
async def test_no_variable_holds_nul(api: Api, name: str) -> None:
    document, variables, place = SENT[name]
    answer = await api.run(document, **variables)
    assert (answer.codes, answer.body["data"]) == (["BAD_USER_INPUT"], None)
    assert answer.body["errors"][0]["extensions"]["field"] == place
    assert answer.messages[0].startswith("A text holds the character NUL")


async def test_nor_does_the_document(api: Api) -> None:
    written = (
        r'{ problems(filter: {codes: ["\u0000"]}, first: 1) { totalCount } }',
        r'mutation { taskRetry(filter: {}, idempotencyKey: "a\u0000b") { tasks { id } } }',
        r'query S($s: String = "\u{0}") { products(filter: {search: $s}, first: 1) { totalCount } }',
    )
    for document in written:
        answer = await api.run(document)
        assert (answer.codes, answer.body["data"]) == (["BAD_USER_INPUT"], None), document


ENDLESS = "9" * 5_000
DEFAULTS = """mutation S($t: DateTime, $n: Decimal) { tiktokShopDefaultsSet(input: {
    tiktokShopId: "x", price: {percent: $n}, certifications: [{id: "1", expiresAt: $t}]}) { userErrors { code } } }"""
EARLY, LATE = "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"
UNREADABLE: dict[str, tuple[str, dict[str, Any], str]] = {
    "an id": (f"query N($id: ID! = {ENDLESS}) {{ node(id: $id) {{ id }} }}", {}, "BAD_USER_INPUT"),
    "a page": (f"{{ products(first: {ENDLESS}) {{ totalCount }} }}", {}, "GRAPHQL_VALIDATION_FAILED"),
    "a number": (DEFAULTS.replace("$n}", f"{ENDLESS}}}"), {}, "GRAPHQL_VALIDATION_FAILED"),
    "a moment": (DEFAULTS.replace("$t}", f'"{EARLY}"}}'), {}, "GRAPHQL_VALIDATION_FAILED"),
    "a moment before all": (DEFAULTS, {"t": EARLY}, "BAD_USER_INPUT"),
    "a moment after all": (DEFAULTS, {"t": LATE}, "BAD_USER_INPUT"),
    "a number beyond all": (DEFAULTS, {"n": "1e99999999999999999999"}, "BAD_USER_INPUT"),
}


@pytest.mark.parametrize("name", sorted(UNREADABLE))
async def test_numbers_and_moments_beyond_all_are_refused(api: Api, name: str) -> None:
    document, variables, code = UNREADABLE[name]
    answer = await api.run(document, **variables)
    assert set(answer.codes) == {code}
    assert answer.body["data"] in (None, {"node": None})


def test_the_first_place_is_told_however_deep_it_is() -> None:
    deep: Any = ["fine", "a\0b", "\0"]
    for _ in range(2_000):
        deep = [deep]
    place = place_of_nul({"a": 1, "b": None, "c": deep, "d": "\0"})
    assert place == ("c", *["0"] * 2_000, "1")
    assert place_of_nul({"a": ["x", {"b": "y"}], "c": 1.5, "d": True}) is None
