"""Texts with NUL, which PostgreSQL cannot keep, are refused before anything is looked at, wherever they stand."""

from typing import Any

import pytest

from graphql_schema.texts import place_of_nul
from tests.graphql.conftest import Api, Seller

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


async def test_ids_written_as_numbers_of_any_length_are_no_ids(seller: Seller) -> None:
    answer = await seller.api.run(f"query N($id: ID! = {'9' * 5_000}) {{ node(id: $id) {{ id }} }}")
    assert answer.codes == ["BAD_USER_INPUT"]


def test_the_first_place_is_told_however_deep_it_is() -> None:
    deep: Any = ["fine", "a\0b", "\0"]
    for _ in range(2_000):
        deep = [deep]
    place = place_of_nul({"a": 1, "b": None, "c": deep, "d": "\0"})
    assert place == ("c", *["0"] * 2_000, "1")
    assert place_of_nul({"a": ["x", {"b": "y"}], "c": 1.5, "d": True}) is None
