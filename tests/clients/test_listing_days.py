"""The shop's listings of a day: reserved, given back, taken over by a repetition, closed for an hour or a day."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import anyio
import httpx
import pytest
from redis.asyncio import Redis

from server.clients.errors import Upstream, UpstreamKind
from server.clients.pace import Pace
from server.clients.quota import Closing, ListingDay
from server.clients.retry import RetryPolicy
from server.clients.tiktok import TikTokAccess, TikTokClient
from server.clients.tiktok_product_answers import BulkOutcome
from server.clients.tiktok_products import TikTokProducts
from server.kit.secrets import Secret

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
MIDNIGHT = NOON + timedelta(hours=12)
TODAY = NOON.date()
HALF_A_DAY = 12 * 3600
ACCESS = TikTokAccess(Secret("t"), "c", "shop")
BODY = {"category_id": "1", "category_version": "v2"}
USED_UP = {"code": 12052093}


@dataclass
class Time:
    """A clock that stands until it is moved."""

    now: datetime = NOON

    def clock(self) -> datetime:
        return self.now

    async def sleep(self, _seconds: float) -> None:
        """Waiting takes no time here: the day stays."""


@dataclass
class Shop:
    """A client before a platform that answers as told, and the day it keeps."""

    pace: Pace
    time: Time
    answer: Callable[[], httpx.Response]
    calls: list[httpx.Request] = field(default_factory=list)

    async def create(self, key: str) -> str:
        return (await self.products().create(ACCESS, BODY, idempotency_key=key)).product_id

    async def put_up(self, *ids: str) -> BulkOutcome:
        return await self.products().activate(ACCESS, ids)

    def products(self) -> TikTokProducts:
        def platform(request: httpx.Request) -> httpx.Response:
            self.calls.append(request)
            return self.answer()

        return TikTokClient(
            http=httpx.AsyncClient(transport=httpx.MockTransport(platform)),
            app_key="app",
            app_secret=Secret("s"),
            api_url="https://api.test",
            auth_url="https://auth.test",
            clock=self.time.clock,
            pace=self.pace,
            policy=RetryPolicy(sleep=self.time.sleep),
        ).products

    async def day(self) -> ListingDay:
        return await self.pace.listings_today("app:shop")

    async def refused(self, key: str) -> Upstream:
        with pytest.raises(Upstream) as caught:
            await self.create(key)
        return caught.value


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    async with Redis.from_url(redis_url) as client:
        yield client


@pytest.fixture(params=["alone", "shared"])
def shop(request: pytest.FixtureRequest, redis: Redis) -> Shop:
    time = Time()
    pace = Pace(redis if request.param == "shared" else None, clock=time.clock, sleep=time.sleep)
    return Shop(pace, time, lambda: httpx.Response(200, json={"code": 0, "data": {"product_id": "7"}}))


async def know(shop: Shop, listed: int, limit: int) -> None:
    await shop.pace.know_listings("app:shop", ListingDay(listed, limit))


def no_connection() -> httpx.Response:
    raise httpx.ConnectError("nobody there")


def no_answer() -> httpx.Response:
    raise httpx.ReadTimeout("late")


async def test_calls_that_never_left_take_no_room(shop: Shop) -> None:
    await know(shop, 0, 5)
    shop.answer = no_connection
    for at in range(10):
        assert not (await shop.refused(f"k{at}")).outcome_unknown
    assert len(shop.calls) == 40
    assert await shop.day() == ListingDay(0, 5)


async def test_a_call_without_an_answer_keeps_its_place_and_its_repetition_takes_no_other(shop: Shop) -> None:
    await know(shop, 0, 5)
    good, shop.answer = shop.answer, no_answer
    for _ in range(4):
        assert (await shop.refused("lost")).outcome_unknown
    assert (await shop.refused("other")).outcome_unknown
    assert await shop.day() == ListingDay(2, 5)
    shop.answer = lambda: httpx.Response(200, json={"code": 36009003})
    assert (await shop.refused("lost")).outcome_unknown
    shop.answer = good
    assert await shop.create("lost") == "7"
    assert await shop.day() == ListingDay(2, 5)


async def test_a_lost_call_may_be_repeated_when_the_day_is_full(shop: Shop) -> None:
    await know(shop, 4, 5)
    good, shop.answer = shop.answer, no_answer
    await shop.refused("lost")
    shop.answer = good
    assert (await shop.refused("new")).platform == "The pace"
    assert await shop.create("lost") == "7"
    assert len(shop.calls) == 2
    assert await shop.day() == ListingDay(5, 5)


async def test_a_refusal_after_listings_ends_the_day(shop: Shop) -> None:
    await shop.create("k1")
    shop.answer = lambda: httpx.Response(200, json=USED_UP)
    error = await shop.refused("k2")
    assert (error.code, error.retry_after, error.used_up) == ("DAILY_LISTING_LIMIT", HALF_A_DAY, TODAY)
    error = await shop.refused("k3")
    assert (error.kind, error.platform, error.used_up) == (UpstreamKind.PLATFORM_LIMIT, "The pace", None)
    assert (error.retry_after, len(shop.calls)) == (HALF_A_DAY, 2)
    assert await shop.day() == ListingDay(1, None, MIDNIGHT)
    shop.time.now = MIDNIGHT
    assert await shop.day() == ListingDay()


async def test_a_refusal_before_the_first_listing_closes_an_hour(shop: Shop) -> None:
    """The platform's day begins at another hour than ours: what it refuses then is of its day before."""
    good, shop.answer = shop.answer, lambda: httpx.Response(200, json=USED_UP)
    error = await shop.refused("k1")
    assert (error.retry_after, error.used_up) == (3600, None)
    assert await shop.day() == ListingDay(0, None, NOON + timedelta(hours=1))
    assert (await shop.refused("k2")).retry_after == 3600
    assert len(shop.calls) == 1
    shop.time.now += timedelta(hours=1)
    shop.answer = good
    assert await shop.create("k1") == "7"
    assert await shop.day() == ListingDay(1)


async def test_a_refusal_told_after_midnight_is_of_the_day_of_its_call(shop: Shop) -> None:
    shop.time.now = MIDNIGHT - timedelta(seconds=1)
    await shop.create("k1")

    def late() -> httpx.Response:
        shop.time.now = MIDNIGHT + timedelta(seconds=1)
        return httpx.Response(200, json=USED_UP)

    good, shop.answer = shop.answer, late
    error = await shop.refused("k2")
    assert (error.retry_after, error.used_up) == (1, TODAY)
    assert await shop.day() == ListingDay()
    shop.answer = good
    assert await shop.create("k2") == "7"
    assert await shop.day() == ListingDay(1)


async def test_what_is_remembered_of_the_day_is_kept_without_asking(shop: Shop) -> None:
    await know(shop, 1, 4)
    for at in range(3):
        await shop.create(f"k{at}")
    error = await shop.refused("k4")
    assert (error.code, error.retry_after, len(shop.calls)) == ("DAILY_LISTING_LIMIT", HALF_A_DAY, 3)
    await know(shop, 2, 4)
    assert await shop.day() == ListingDay(4, 4)
    await shop.pace.know_listings("app:shop", ListingDay(4, None, MIDNIGHT))
    assert await shop.day() == ListingDay(4, None, MIDNIGHT)


async def test_other_shops_and_other_processes(redis: Redis) -> None:
    time = Time()
    one, other = (Pace(redis, clock=time.clock, sleep=time.sleep) for _ in range(2))
    day = await one.reserve_listing("k")
    await one.listing_made("k", day)
    assert await one.close_listing("k", day) == Closing(MIDNIGHT, TODAY)
    with pytest.raises(Upstream) as caught:
        await other.reserve_listing("k")
    assert (caught.value.code, caught.value.retry_after) == ("DAILY_LISTING_LIMIT", HALF_A_DAY)
    await other.reserve_listing("another shop")


async def test_parallel_calls_do_not_pass_a_known_limit_together(redis: Redis) -> None:
    paces = [Pace(redis), Pace(redis)]
    await paces[0].know_listings("k", ListingDay(limit=5))
    reserved: list[bool] = []

    async def try_one(pace: Pace) -> None:
        try:
            await pace.reserve_listing("k")
        except Upstream:
            reserved.append(False)
        else:
            reserved.append(True)

    async with anyio.create_task_group() as group:
        for at in range(20):
            group.start_soon(try_one, paces[at % 2])
    assert reserved.count(True) == 5


def refusing(**codes: int) -> Callable[[], httpx.Response]:
    """Of a bulk call these products are refused, each with its code."""
    errors = [{"code": code, "message": "no", "detail": {"product_id": one[1:]}} for one, code in codes.items()]
    return lambda: httpx.Response(200, json={"code": 0, "data": {"errors": errors}})


async def test_products_that_are_put_up_again_take_the_days_room(shop: Shop) -> None:
    await know(shop, 1, 5)
    shop.answer = refusing(_2=12052901)
    assert (await shop.put_up("1", "2", "3")).closing is None
    assert await shop.day() == ListingDay(3, 5)
    shop.answer = lambda: httpx.Response(200, json={"code": 0, "data": {}})
    with pytest.raises(Upstream) as caught:
        await shop.put_up("4", "5", "6")
    assert (caught.value.code, caught.value.platform, caught.value.retry_after) == (
        "DAILY_LISTING_LIMIT", "The pace", 60,
    )  # fmt: skip
    assert (len(shop.calls), await shop.day()) == (1, ListingDay(3, 5))
    await shop.put_up("4", "5")
    with pytest.raises(Upstream) as caught:
        await shop.put_up("6")
    assert (caught.value.retry_after, len(shop.calls), await shop.day()) == (HALF_A_DAY, 2, ListingDay(5, 5))


async def test_a_product_refused_for_the_day_closes_it(shop: Shop) -> None:
    """Of three one was put up before the day was used up."""
    shop.answer = refusing(_2=12052093, _3=12052093)
    assert (await shop.put_up("1", "2", "3")).closing == Closing(MIDNIGHT, TODAY)
    assert await shop.day() == ListingDay(1, None, MIDNIGHT)
    assert (await shop.refused("k")).platform == "The pace"
    assert len(shop.calls) == 1


async def test_products_refused_before_anything_was_listed_close_an_hour(shop: Shop) -> None:
    shop.answer = refusing(_1=12052093, _2=12052093)
    later = NOON + timedelta(hours=1)
    assert (await shop.put_up("1", "2")).closing == Closing(later, None)
    assert await shop.day() == ListingDay(0, None, later)


@pytest.mark.parametrize(("answer", "kept"), [(no_answer, 2), (no_connection, 0)])
async def test_a_bulk_call_that_failed_keeps_its_places_if_it_may_have_worked(
    shop: Shop, answer: Callable[[], httpx.Response], kept: int
) -> None:
    await know(shop, 0, 5)
    shop.answer = answer
    with pytest.raises(Upstream):
        await shop.put_up("1", "2")
    assert await shop.day() == ListingDay(kept, 5)
