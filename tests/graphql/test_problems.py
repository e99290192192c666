"""Problems of listings: counted by code, put away until they go and come back."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from graphql_schema.export import error_codes
from graphql_schema.problems import Problem as Shown
from server.domain.listings import ListingStatus
from server.domain.problems import Problem, Remedy, Severity, distinct
from server.domain.runs import ItemResult
from server.domain.tasks import ItemState
from server.kit.ids import new_id, to_gid
from server.services.listings.creating.outcomes import Effect, Outcome, record
from server.tables import Listing
from tests.graphql.conftest import Seller

TITLE = Problem("TITLE_EMPTY", ("title",), "The title is empty.")
WEIGHT = Problem("WEIGHT_FROM_BACKUP", ("weight",), "The backup was sent.", Severity.WARNING)
ODD = Problem("PLATFORM_REFUSED", (), "Something new.", Severity.ERROR, Remedy.CONTACT_SUPPORT, 12999999)

TALLIES = """query T($filter: ProblemsFilter) { problems(filter: $filter, first: 10) { totalCount nodes {
    code severity listingsCount example { message platformCode } listings(first: 5) { nodes { id } } } } }"""
DESCRIBED = """query D($after: String) { problems(first: 100, after: $after) {
    nodes { code description } pageInfo { hasNextPage endCursor } } }"""
DISMISS = """mutation D($input: ProblemDismissInput!) {
    problemDismiss(input: $input) { changed userErrors { code field message } } }"""


async def listed(seller: Seller, *problems: Sequence[Problem]) -> list[UUID]:
    """One failed listing for each row of problems."""
    now, ids = seller.deps.clock(), [new_id() for _ in problems]
    products = await seller.add_products(len(problems))
    async with seller.deps.database.write() as session:
        for listing_id, product_id, found in zip(ids, products, problems, strict=True):
            session.add(
                Listing(
                    id=listing_id,
                    shop_id=seller.shop_id,
                    tiktok_shop_id=seller.tiktok_shop_id,
                    product_id=product_id,
                    status=ListingStatus.SYNC_FAILED,
                    problems=[one.to_json() for one in found],
                    updated_at=now,
                )
            )
    return ids


async def found(seller: Seller, **wanted: Any) -> dict[str, list[str]]:
    """Listing ids by problem code, in the order answered."""
    page = (await seller.api.data(TALLIES, filter=wanted))["problems"]
    assert page["totalCount"] == len(page["nodes"])
    assert all(one["listingsCount"] == len(one["listings"]["nodes"]) for one in page["nodes"])
    return {one["code"]: [listing["id"] for listing in one["listings"]["nodes"]] for one in page["nodes"]}


async def put_away(seller: Seller, **which: Any) -> tuple[int | None, list[str]]:
    payload = (await seller.api.data(DISMISS, input=which))["problemDismiss"]
    return payload["changed"], [error["code"] for error in payload["userErrors"]]


async def settled(seller: Seller, listing_id: UUID, *problems: Problem) -> None:
    """A task ended the listing's item with these problems."""
    outcome = Outcome(ItemResult(new_id(), ItemState.FAILED, problems), listing_id, Effect.NOT_ASKED)
    async with seller.deps.database.write() as session:
        await record(session, shop_id=seller.shop_id, task_id=new_id(), outcomes=[outcome], now=seller.deps.clock())


def test_a_finding_is_told_once() -> None:
    again = Problem("TITLE_EMPTY", ("title",), "In other words.")
    elsewhere = Problem("TITLE_EMPTY", ("skus", "0"), "Elsewhere.")
    assert distinct([TITLE, WEIGHT, again, elsewhere]) == [TITLE, WEIGHT, elsewhere]


def test_each_word_of_the_platform_is_told() -> None:
    title, weight = (
        Problem("PLATFORM_NOTICE", (), f"TikTok Shop shortened the {what}.", Severity.WARNING)
        for what in ("title", "weight")
    )
    one, other = (
        Problem("PRICE_REFUSED", ("variants", "price"), f"SKU {sku} costs too much.", platform_code=12052073)
        for sku in (1, 2)
    )
    assert distinct([title, one, weight, other, title, one]) == [title, one, weight, other]


async def test_problems_are_counted_by_code(seller: Seller) -> None:
    first, second, third, _ = [
        to_gid("Listing", one) for one in await listed(seller, [TITLE, WEIGHT], [TITLE, ODD], [WEIGHT], [])
    ]
    everything = {"TITLE_EMPTY": [first, second], "PLATFORM_REFUSED": [second], "WEIGHT_FROM_BACKUP": [first, third]}
    assert list((await found(seller)).items()) == list(everything.items())
    assert await found(seller, severity="WARNING") == {"WEIGHT_FROM_BACKUP": [first, third]}
    assert await found(seller, codes=["PLATFORM_REFUSED"], remedies=["CONTACT_SUPPORT"]) == {
        "PLATFORM_REFUSED": [second]
    }
    assert await found(seller, remedies=["WAIT"]) == {}
    page = (await seller.api.data(TALLIES, filter={"codes": ["PLATFORM_REFUSED"]}))["problems"]
    assert page["nodes"][0]["example"] == {"message": "Something new.", "platformCode": 12999999}


async def test_each_published_code_has_a_description(seller: Seller) -> None:
    published = json.loads(error_codes())["problems"]
    assert {"TITLE_REFUSED", "INTERNAL", "SECRET_UNREADABLE", "TITLE_EMPTY"} <= published.keys()
    await listed(seller, [Problem(code, (), "Told by the test.") for code in published])
    seen, after = dict[str, str](), None
    while True:
        page = (await seller.api.data(DESCRIBED, after=after))["problems"]
        seen |= {one["code"]: one["description"] for one in page["nodes"]}
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert seen == published


async def test_a_number_too_long_for_an_int_stands_in_the_message(seller: Seller) -> None:
    numbers = {2**31 - 1: 2**31 - 1, 2**31: None, 12_345_678_901: None}
    for number, shown in numbers.items():
        told = Shown.of_value(replace(ODD, platform_code=number))
        words = "Something new." if shown is not None else f"Something new. ({number})"
        assert (told.platform_code, told.message) == (shown, words)
        said = replace(ODD, platform_code=number, message=f"Something new ({number}).")
        assert Shown.of_value(said).message == said.message
    await listed(seller, [replace(ODD, platform_code=2**31)])
    page = (await seller.api.data(TALLIES, filter={}))["problems"]
    assert page["nodes"][0]["example"] == {"message": "Something new. (2147483648)", "platformCode": None}


async def test_a_dismissed_problem_is_not_told_until_it_comes_back(seller: Seller) -> None:
    first, second = await listed(seller, [TITLE, WEIGHT], [TITLE])
    gids = [to_gid("Listing", first), to_gid("Listing", second)]
    assert await put_away(seller, code="TITLE_EMPTY", listingIds=gids[:1]) == (1, [])
    assert await put_away(seller, code="TITLE_EMPTY", listingIds=gids[:1]) == (0, [])
    assert await found(seller) == {"TITLE_EMPTY": gids[1:], "WEIGHT_FROM_BACKUP": gids[:1]}
    assert await found(seller, dismissed=True) == {"TITLE_EMPTY": gids[:1]}
    await settled(seller, first, TITLE)
    assert await found(seller, dismissed=True) == {"TITLE_EMPTY": gids[:1]}
    await settled(seller, first, WEIGHT)
    await settled(seller, first, TITLE)
    assert await found(seller) == {"TITLE_EMPTY": gids}


async def test_dismissing_goes_for_all_and_is_taken_back(seller: Seller) -> None:
    await listed(seller, [TITLE], [TITLE, WEIGHT])
    assert await put_away(seller, code="TITLE_EMPTY", tiktokShopId=seller.tiktok_gid) == (2, [])
    assert list(await found(seller)) == ["WEIGHT_FROM_BACKUP"]
    assert await put_away(seller, code="TITLE_EMPTY", restore=True) == (2, [])
    assert list(await found(seller)) == ["TITLE_EMPTY", "WEIGHT_FROM_BACKUP"]


async def test_one_number_of_the_platforms_is_dismissed_and_brought_back(seller: Seller) -> None:
    other, longer = replace(ODD, platform_code=12000001), replace(ODD, platform_code=112999999)
    await listed(seller, [ODD, other], [other, longer])

    async def numbers(*, dismissed: bool) -> list[int]:
        page = (await seller.api.data(TALLIES, filter={"dismissed": dismissed}))["problems"]["nodes"]
        return sorted(one["example"]["platformCode"] for one in page)

    assert await put_away(seller, code="PLATFORM_REFUSED", platformCode=12999999) == (1, [])
    assert await numbers(dismissed=False) == [12000001, 112999999]
    assert await put_away(seller, code="PLATFORM_REFUSED") == (3, [])
    assert await put_away(seller, code="PLATFORM_REFUSED", platformCode=12999999, restore=True) == (1, [])
    assert (await numbers(dismissed=False), await numbers(dismissed=True)) == ([12999999], [12000001, 112999999])
    assert await put_away(seller, code="PLATFORM_REFUSED", platformCode=7) == (0, [])


async def test_a_refused_dismissal_does_nothing(seller: Seller) -> None:
    (listing_id,) = await listed(seller, [TITLE])
    mine = to_gid("Listing", listing_id)
    assert await put_away(seller, code="no code!") == (None, ["INVALID"])
    assert await put_away(seller, code="NO_SUCH_CODE") == (None, ["INVALID"])
    assert await put_away(seller, code="TITLE_EMPTY", listingIds=[]) == (None, ["INVALID"])
    assert await put_away(seller, code="TITLE_EMPTY", listingIds=[mine, to_gid("Listing", new_id())]) == (
        None,
        ["NOT_FOUND"],
    )
    assert await found(seller) == {"TITLE_EMPTY": [mine]}
