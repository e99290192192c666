"""How much one operation may ask for, and what it is told when it asks for more."""

from datetime import UTC, datetime, timedelta

import pytest
from graphql import get_introspection_query, parse, validate

from graphql_schema import buckets
from graphql_schema.buckets import MAXIMUM, RESTORE_RATE, Buckets
from graphql_schema.limits import ShapeRule
from graphql_schema.schema import schema
from tests.graphql.conftest import Api


async def test_introspection_is_allowed_and_costs_nothing(api: Api) -> None:
    answer = await api.run(get_introspection_query())
    assert answer.data["__schema"]["queryType"] == {"name": "Query", "kind": "OBJECT"}
    assert answer.body["extensions"]["cost"]["requestedQueryCost"] == 0


async def test_the_cost_is_told_as_shopify_does(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(buckets, "RESTORE_RATE", 0)
    answer = await api.run("{ shop { id } products(first: 50) { nodes { id variants(first: 3) { nodes { sku } } } } }")
    assert answer.body["extensions"]["cost"] == {
        "requestedQueryCost": 1 + 1 + 50 * (1 + 1 + 3),
        "actualQueryCost": 2,
        "throttleStatus": {
            "maximumAvailable": MAXIMUM,
            "currentlyAvailable": MAXIMUM - 2,
            "restoreRate": 0,
        },
    }


async def test_a_variable_counts_with_its_value(api: Api) -> None:
    document = "query Q($n: Int = 7) { products(first: $n) { nodes { id } } }"
    asked = [await api.run(document), await api.run(document, n=3)]
    assert [one.body["extensions"]["cost"]["requestedQueryCost"] for one in asked] == [8, 4]


async def test_a_query_that_is_too_dear_does_not_run(api: Api) -> None:
    answer = await api.run("{ products(first: 250) { nodes { id variants(first: 250) { nodes { sku } } } } }")
    assert answer.codes == ["MAX_COST_EXCEEDED"]
    assert answer.body["data"] is None
    assert answer.body["extensions"]["cost"]["actualQueryCost"] is None
    assert answer.body["extensions"]["cost"]["requestedQueryCost"] == 1 + 250 * (1 + 1 + 250)


async def test_an_empty_bucket_throttles(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(buckets, "MAXIMUM", 5)
    monkeypatch.setattr(buckets, "RESTORE_RATE", 0)
    assert (await api.run("{ shop { id } }")).codes == []
    answer = await api.run("{ products(first: 4) { nodes { id } } }")
    assert answer.codes == ["THROTTLED"]
    assert answer.body["data"] is None
    assert answer.body["extensions"]["cost"] == {
        "requestedQueryCost": 5,
        "actualQueryCost": None,
        "throttleStatus": {"maximumAvailable": 5, "currentlyAvailable": 4, "restoreRate": 0},
    }


def test_a_bucket_refills_by_the_second_and_never_runs_over() -> None:
    now = datetime(2026, 11, 21, tzinfo=UTC)
    points = Buckets()
    assert points.spend("a", MAXIMUM, now)
    assert not points.spend("a", 1, now)
    assert points.spend("b", MAXIMUM, now)
    assert not points.spend("a", RESTORE_RATE + 1, now + timedelta(seconds=1))
    assert points.spend("a", RESTORE_RATE, now + timedelta(seconds=1))
    assert points.give_back("a", 7, now + timedelta(hours=1)).currently_available == MAXIMUM


def deep(levels: int) -> str:
    return "{ shop " + "{ a " * (levels - 2) + "{ id }" + " }" * (levels - 2) + " }"


@pytest.mark.parametrize(
    ("levels", "told"), [(12, []), (13, ["The operation is 13 levels deep; at most 12 are allowed."])]
)
def test_depth_is_limited(levels: int, told: list[str]) -> None:
    errors = validate(schema._schema, parse(deep(levels)), [ShapeRule])
    assert [error.message for error in errors] == told


def test_fragments_count_where_they_are_used() -> None:
    document = f"{{ shop {{ ...A }} }} fragment A on Shop {deep(12)}"
    assert len(validate(schema._schema, parse(document), [ShapeRule])) == 1


async def test_aliases_are_limited(api: Api) -> None:
    aliases = " ".join(f"a{n}: shop {{ id }}" for n in range(31))
    answer = await api.run(f"{{ {aliases} }}")
    assert answer.codes == ["GRAPHQL_VALIDATION_FAILED"]
    assert answer.messages == ["The operation has 31 aliases; at most 30 are allowed."]


async def test_fragments_in_fragments_do_not_multiply_the_work(api: Api) -> None:
    """Each level names the one below twice, under fields: reckoned naively that is 2 ** 60 points."""
    chain = " ".join(f"fragment F{n} on Query {{ ...F{n + 1} ... on Query {{ ...F{n + 1} }} }}" for n in range(60))
    answer = await api.run(f"{{ ...F0 }} {chain} fragment F60 on Query {{ a: shop {{ id }} }}")
    assert answer.messages == [f"The operation has {2**60} aliases; at most 30 are allowed."]


async def test_long_texts_are_not_parsed(api: Api) -> None:
    answer = await api.run("{ " + "shop { id } " * 1000 + "}")
    assert answer.codes == ["GRAPHQL_PARSE_FAILED"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("", "Say how many rows you want: first or last, from 1 to 250."),
        ("(first: 251)", "first must be from 1 to 250, not 251."),
        ("(last: 0)", "last must be from 1 to 250, not 0."),
        ("(first: 1, last: 1)", "Give either first or last, not both."),
        ('(first: 1, after: "x")', "after is not a cursor of this list"),
    ],
)
async def test_pages_out_of_range_are_refused(api: Api, arguments: str, message: str) -> None:
    answer = await api.run(f"{{ products{arguments} {{ nodes {{ id }} }} }}")
    assert answer.codes == ["BAD_USER_INPUT"]
    assert answer.messages[0].startswith(message)


@pytest.mark.parametrize("bad", ["", "1", "gid://shopify/Product/1", "gid://leafmark/Shop/x", "gid://leafmark/Task/x"])
async def test_ids_that_are_none_are_refused(api: Api, bad: str) -> None:
    answer = await api.run("query Q($id: ID!) { product(id: $id) { id } }", id=bad)
    assert answer.codes == ["BAD_USER_INPUT"]
    assert answer.body["errors"][0]["extensions"]["field"] == ["id"]
