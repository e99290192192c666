"""The pace: bursts, reservations, slowing down, growing back, sharing through Redis and doing without it."""

import multiprocessing
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from redis import Redis as SyncRedis
from redis.asyncio import Redis

from server.clients.buckets import Buckets, LocalBuckets, Rate, RedisBuckets
from server.clients.errors import Upstream, UpstreamKind
from server.clients.pace import TIKTOK_RATES, Lane, Pace
from server.clients.retry import NO_RETRY
from server.clients.tiktok import TikTokAccess, TikTokClient
from server.kit.secrets import Secret

SLOW = Rate(start=0.01, floor=0.001, ceiling=1.0, growth=0.0, burst=3.0)
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    async with Redis.from_url(redis_url) as client:
        yield client


@pytest.fixture(params=["local", "redis"])
def buckets(request: pytest.FixtureRequest, redis: Redis) -> Buckets:
    return RedisBuckets(redis) if request.param == "redis" else LocalBuckets(lambda: 1000.0)


async def test_a_burst_then_reserved_slots_then_refusals(buckets: Buckets) -> None:
    waits = [await buckets.take("k", SLOW, 1.0, 250.0) for _ in range(7)]
    assert [round(wait, -1) for wait in waits] == [0, 0, 0, 100, 200, 300, 300]
    assert await buckets.take("other", SLOW, 1.0, 0.0) == 0.0


async def test_a_cut_empties_the_bucket_and_halves_the_rate_once(buckets: Buckets) -> None:
    await buckets.take("k", SLOW, 1.0, 0.0)
    for _ in range(3):
        await buckets.cut("k", SLOW, 30.0)
    waits = [await buckets.take("k", SLOW, 1.0, 1000.0) for _ in range(2)]
    assert [round(wait, -1) for wait in waits] == [30, 230]


async def test_what_the_platform_tells_is_believed(buckets: Buckets) -> None:
    points = Rate(start=50.0, floor=1.0, ceiling=2000.0, growth=0.0, burst=1000.0)
    await buckets.learn("k", available=40.0, maximum=2000.0, restore=50.0)
    assert round(await buckets.take("k", points, 140.0, 100.0), 1) == 2.0
    assert round(await buckets.take("k", points, 50.0, 100.0), 1) == 3.0


@pytest.mark.parametrize(("cut", "expected"), [(False, 4.0), (True, 1.0 + 10 * 0.1)])
async def test_rates_grow_with_use_fast_before_the_first_cut_and_slowly_after(cut: bool, expected: float) -> None:
    now = [1000.0]
    rate = Rate(start=2.0, floor=0.5, ceiling=4.0, growth=0.1, burst=1.0)
    local = LocalBuckets(lambda: now[0])
    await local.take("k", rate, 1.0, 100.0)
    if cut:
        await local.cut("k", rate, 0.0)
    for _ in range(10):
        now[0] += 1.0
        await local.take("k", rate, 0.001, 100.0)
    now[0] += 100.0
    await local.take("k", rate, 1.0, 0.0)
    # The long silence counted as one second, and a rate of r grants the next slot after 1/r.
    grown = min(expected + (0.1 if cut else 0.0), 4.0)
    assert await local.take("k", rate, 1.0, 100.0) == pytest.approx(1 / grown)


async def test_the_rate_never_falls_below_its_floor() -> None:
    now = [1000.0]
    local = LocalBuckets(lambda: now[0])
    rate = Rate(start=2.0, floor=0.5, ceiling=4.0, growth=0.0, burst=1.0)
    for _ in range(6):
        now[0] += 2.0
        await local.cut("k", rate, 0.0)
    await local.take("k", rate, 1.0, 100.0)
    assert await local.take("k", rate, 1.0, 100.0) == pytest.approx(2.0)


def _grab(redis_url: str, grants: "multiprocessing.Queue[int]") -> None:
    script = RedisBuckets(Redis.from_url(redis_url))._take
    with SyncRedis.from_url(redis_url) as client:
        numbers = [0.001, 1.0, 0.0, 50.0, 1.0, 0.0]
        answers = [client.eval(script.script, 1, "leafmark:pace:shared", *map(str, numbers)) for _ in range(40)]
    grants.put(sum(float(answer) == 0.0 for answer in answers))


def test_processes_share_one_bucket(redis_url: str) -> None:
    context = multiprocessing.get_context("spawn")
    grants: multiprocessing.Queue[int] = context.Queue()
    processes = [context.Process(target=_grab, args=(redis_url, grants)) for _ in range(3)]
    for process in processes:
        process.start()
    total = sum(grants.get(timeout=60) for _ in processes)
    for process in processes:
        process.join(timeout=60)
    assert total == 50


@dataclass
class Sleeper:
    """Time that passes only when slept."""

    now: datetime = NOON
    slept: list[float] = field(default_factory=list)

    def clock(self) -> datetime:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += timedelta(seconds=seconds)


async def test_reads_do_not_wait_behind_writes() -> None:
    time = Sleeper()
    pace = Pace(rates=TIKTOK_RATES, clock=time.clock, sleep=time.sleep, patience=5.0)
    await pace.throttled("app:shop", Lane.WRITE, 60.0)
    for _ in range(10):
        await pace.admit("app:shop", Lane.READ)
    assert time.slept == []
    with pytest.raises(Upstream) as caught:
        await pace.admit("app:shop", Lane.WRITE)
    assert caught.value.kind is UpstreamKind.PLATFORM_LIMIT
    assert caught.value.retry_after == pytest.approx(60.0)


async def test_a_wait_within_our_patience_is_slept() -> None:
    time = Sleeper()
    pace = Pace(rates={Lane.WRITE: SLOW}, clock=time.clock, sleep=time.sleep, patience=150.0)
    for _ in range(4):
        await pace.admit("k", Lane.WRITE)
    assert time.slept == [pytest.approx(100.0)]


async def test_without_redis_each_process_keeps_its_own_pace() -> None:
    time = Sleeper()
    dead = Redis(host="127.0.0.1", port=1)
    pace = Pace(dead, rates={Lane.READ: SLOW, Lane.WRITE: SLOW}, clock=time.clock, sleep=time.sleep, patience=1.0)
    for _ in range(3):
        await pace.admit("k", Lane.READ)
    with pytest.raises(Upstream):
        await pace.admit("k", Lane.READ)
    await pace.throttled("k", Lane.WRITE, 9.0)
    with pytest.raises(Upstream) as caught:
        await pace.admit("k", Lane.WRITE)
    assert caught.value.retry_after == pytest.approx(9.0)
    await pace.close_listing("k", await pace.reserve_listing("k"))
    with pytest.raises(Upstream):
        await pace.reserve_listing("k")
    await dead.aclose()


async def test_the_client_tells_the_pace_what_it_met() -> None:
    time, calls = Sleeper(), 0
    answers = [httpx.Response(429, json={"code": 36009002}, headers={"retry-after": "60"})]
    answers += [httpx.Response(200, json={"code": 12052093})]

    def platform(request: httpx.Request) -> httpx.Response:
        nonlocal calls
        calls += 1
        return answers[calls - 1]

    pace = Pace(clock=time.clock, sleep=time.sleep, patience=5.0)
    client = TikTokClient(
        http=httpx.AsyncClient(transport=httpx.MockTransport(platform)),
        app_key="app",
        app_secret=Secret("s"),
        api_url="https://api.test",
        auth_url="https://auth.test",
        clock=time.clock,
        pace=pace,
        policy=NO_RETRY,
    )
    access = TikTokAccess(Secret("t"), "c", "shop")
    body = {"category_id": "1", "category_version": "v2"}
    with pytest.raises(Upstream):
        await client.products.create(access, body, idempotency_key="k")
    with pytest.raises(Upstream) as caught:
        await client.products.create(access, body, idempotency_key="k")
    assert (caught.value.platform, calls) == ("The pace", 1)
    assert caught.value.retry_after == pytest.approx(60.0)
    time.now += timedelta(seconds=61)
    with pytest.raises(Upstream) as caught:
        await client.products.create(access, body, idempotency_key="k")
    assert (caught.value.code, caught.value.retry_after, calls) == ("DAILY_LISTING_LIMIT", 3600, 2)
    with pytest.raises(Upstream) as caught:
        await client.products.create(access, body, idempotency_key="k")
    assert (caught.value.code, calls) == ("DAILY_LISTING_LIMIT", 2)
