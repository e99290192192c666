"""The platform's news: late, doubled and out of order, a listing ends where the newest news says."""

from datetime import UTC, datetime
from itertools import permutations
from typing import Any

import pytest

from server.clients.tiktok_product_answers import TikTokProduct
from server.domain.audits import read_news
from server.domain.listings import ListingStatus
from server.services import tiktok_shops
from server.services.listings import Heard, apply_audit, apply_product, standing_of
from server.tables import Listing
from tests.listing.stall import Stall, a_product, codes

S = ListingStatus
FIRST_PASS, FAILURE, CHANGED = "PRODUCT_FIRST_PASS_REVIEW", "PRODUCT_AUDIT_FAILURE", "PRODUCT_STATUS_CHANGED"


def status(word: str, at: int, **more: Any) -> tuple[str, dict[str, Any]]:
    return "5", {"product_id": 17, "status": word, "update_time": at, **more}


def audit(word: str, at: int, **more: Any) -> tuple[str, dict[str, Any]]:
    return "37", {"product_id": "17", "audit": {"status": word, **more}, "update_time": at}


@pytest.mark.parametrize(
    ("news", "expected", "found"),
    [
        (status(FIRST_PASS, 5), S.LIVE, []),
        (status(FAILURE, 5, suspended_reason="blurry"), S.REVIEW_FAILED, ["REVIEW_FAILED"]),
        (status(CHANGED, 5), None, []),
        (status("SOMETHING_NEW", 5), None, []),
        (audit("AUDITING", 5), S.IN_REVIEW, []),
        (audit("APPROVED", 5), S.LIVE, []),
        (audit("FAILED", 5), S.REVIEW_FAILED, ["REVIEW_FAILED"]),
        (audit("PRE_APPROVED", 5, pre_approved_reasons=["KYC_PENDING"]), S.IN_REVIEW, ["REVIEW_AWAITS_SHOP"]),
        (audit("PRE_APPROVED", 5, pre_approved_reason="KYC_PENDING"), S.IN_REVIEW, ["REVIEW_AWAITS_SHOP"]),
        (audit("NONE", 5), None, []),
    ],
)
def test_what_news_means(news: tuple[str, dict[str, Any]], expected: ListingStatus | None, found: list[str]) -> None:
    read = read_news(*news)
    assert read is not None
    assert (read.remote_id, read.at, read.status) == ("17", datetime.fromtimestamp(5, UTC), expected)
    assert [problem.code for problem in read.problems] == found
    if found == ["REVIEW_AWAITS_SHOP"]:
        assert "identity check" in read.problems[0].message


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"product_id": 1},
        {"update_time": 1},
        {"product_id": 1, "update_time": True},
        {"product_id": 1, "update_time": "x"},
    ],
)
def test_news_that_cannot_be_read(data: dict[str, Any]) -> None:
    assert read_news("5", data) is None
    assert read_news("18", {"product_id": 1, "update_time": 1}) is None


@pytest.mark.parametrize(
    ("word", "expected", "found"),
    [
        ("SCHEDULED", S.IN_REVIEW, ["REVIEW_AWAITS_SHOP"]),
        ("DRAFT", S.DEACTIVATED, ["DRAFT_ON_TIKTOK"]),
        ("SELLER_DEACTIVATED", S.DEACTIVATED, []),
        ("PLATFORM_DEACTIVATED", S.DEACTIVATED, ["PLATFORM_DEACTIVATED"]),
        ("FREEZE", S.FROZEN, ["PLATFORM_FROZEN"]),
        ("ACTIVATE", S.LIVE, []),
    ],
)
def test_where_a_product_stands(word: str, expected: ListingStatus, found: list[str]) -> None:
    """One whose sale begins later is not on sale yet: the 24 hours of being live do not begin either."""
    status_now, problems = standing_of(TikTokProduct(id="17", status=word), ["unsafe", "unsafe"])
    assert (status_now, [problem.code for problem in problems]) == (expected, found)
    if expected in (S.FROZEN, S.DEACTIVATED) and found and word != "DRAFT":
        assert problems[0].message.count("unsafe") == 1


async def listed(stall: Stall) -> Listing:
    await stall.listed(a_product())
    (listing,) = await stall.listings()
    return listing


async def hear(stall: Stall, listing: Listing, news: tuple[str, dict[str, Any]]) -> Heard:
    topic, data = news
    async with stall.deps.database.write() as session:
        return await apply_audit(
            session,
            stall.deps.feed,
            **stall.where,
            topic=topic,
            data=data | {"product_id": listing.remote_id},
            now=stall.deps.clock(),
        )


async def test_any_order_ends_the_same(stall: Stall) -> None:
    listing = await listed(stall)
    story = [audit("AUDITING", 10), status(FIRST_PASS, 20), audit("APPROVED", 20), status(FAILURE, 5)]
    for order in permutations(story):
        async with stall.deps.database.write() as session:
            row = await session.get_one(Listing, listing.id)
            row.status, row.live_since, row.platform_updated_at = S.IN_REVIEW, None, None
            session.add(row)
        for news in (*order, order[0]):
            await hear(stall, listing, news)
        (after,) = await stall.listings()
        assert (after.status, after.platform_updated_at) == (S.LIVE, datetime.fromtimestamp(20, UTC)), order
        assert after.live_since == datetime.fromtimestamp(20, UTC)
        assert after.problems == []


async def test_a_failed_review_tells_why(stall: Stall) -> None:
    listing = await listed(stall)
    assert await hear(stall, listing, status(FAILURE, 20, suspended_reason="blurry picture")) is Heard.APPLIED
    (after,) = await stall.listings()
    assert (after.status, codes(after)) == (S.REVIEW_FAILED, ["REVIEW_FAILED"])
    assert "blurry picture" in after.problems[0]["message"]
    assert await hear(stall, listing, status(FIRST_PASS, 19)) is Heard.STALE


async def test_a_live_product_stays_live_while_its_new_version_is_audited(stall: Stall) -> None:
    listing = await listed(stall)
    await hear(stall, listing, audit("APPROVED", 20))
    assert await hear(stall, listing, audit("AUDITING", 30)) is Heard.APPLIED
    assert await hear(stall, listing, audit("FAILED", 40)) is Heard.LOOK
    (after,) = await stall.listings()
    assert (after.status, after.live_since) == (S.LIVE, datetime.fromtimestamp(20, UTC))


async def test_strangers_are_unknown(stall: Stall) -> None:
    topic, data = audit("APPROVED", 20)
    async with stall.deps.database.write() as session:
        answer = await apply_audit(
            session, stall.deps.feed, **stall.where, topic=topic, data=data, now=stall.deps.clock()
        )
    assert answer is Heard.UNKNOWN


@pytest.mark.parametrize(
    ("event", "expected", "found"),
    [("remove", S.DEACTIVATED, ["PLATFORM_DEACTIVATED"]), (None, S.LIVE, [])],
)
async def test_looking_at_the_product(
    stall: Stall, event: str | None, expected: ListingStatus, found: list[str]
) -> None:
    listing = await listed(stall)
    deps, url = stall.deps, stall.deps.settings.tiktok_api_url
    if event:
        answer = await deps.http.post(
            f"{url}/_sandbox/tiktok/intervene",
            json={"product_id": listing.remote_id, "event": event, "reason": "unsafe"},
        )
        assert answer.status_code == 200, answer.text
    assert await hear(stall, listing, status(CHANGED, 20)) is Heard.LOOK
    access = tiktok_shops.token_source(deps.database, deps.vault, deps.tiktok, **stall.where, clock=deps.clock)
    product = await deps.tiktok.products.get(access, listing.remote_id or "")
    async with deps.database.write() as session:
        heard = await apply_product(
            session,
            deps.feed,
            shop_id=stall.shop.id,
            tiktok_shop_id=stall.tiktok_shop.id,
            product=product,
            now=deps.clock(),
        )
    assert heard is Heard.APPLIED
    (after,) = await stall.listings()
    assert (after.status, codes(after)) == (expected, found)
