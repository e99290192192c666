"""Pages of lists that are in memory anyway: walked by cursors, and no cursor is guessed."""

from typing import Any

import pytest

from tests.graphql.conftest import Seller

VARIANTS = """query V($first: Int, $after: String, $last: Int, $before: String) { products(first: 1) { nodes {
  variants(first: $first, after: $after, last: $last, before: $before) {
    nodes { title } pageInfo { startCursor endCursor hasNextPage hasPreviousPage }
  } } } }"""
PROBLEMS = "query P($after: String) { problems(first: 1, after: $after) { totalCount } }"


async def variants(seller: Seller, **page: Any) -> tuple[list[str], dict[str, Any]]:
    """Titles of a page, and where it stands."""
    found = (await seller.api.data(VARIANTS, **page))["products"]["nodes"][0]["variants"]
    return [node["title"] for node in found["nodes"]], found["pageInfo"]


async def test_variants_are_walked_both_ways(seller: Seller) -> None:
    await seller.add_products(1, variants=5)
    first, info = await variants(seller, first=2)
    second, after = await variants(seller, first=2, after=info["endCursor"])
    third, end = await variants(seller, first=2, after=after["endCursor"])
    assert (first, second, third) == (["V0", "V1"], ["V2", "V3"], ["V4"])
    assert (after["hasPreviousPage"], after["hasNextPage"], end["hasNextPage"]) == (True, True, False)
    back, _ = await variants(seller, last=2, before=end["startCursor"])
    assert back == second


@pytest.mark.parametrize("page", [{"first": 2, "after": "17"}, {"last": 2, "before": "eyJhIjoxfQ"}])
async def test_an_unknown_cursor_is_refused(seller: Seller, page: dict[str, Any]) -> None:
    await seller.add_products(1, variants=3)
    answer = await seller.api.run(VARIANTS, **page)
    assert answer.codes == ["BAD_USER_INPUT"]
    assert answer.messages[0].startswith(f"{'after' if 'after' in page else 'before'} is not a cursor of this list")
    assert (await seller.api.run(PROBLEMS, after="ERROR:TITLE_EMPTY::FIX_PRODUCT")).codes == ["BAD_USER_INPUT"]
