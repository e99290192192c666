"""A simulated week under a daily limit: no call is made in vain, work goes on by itself, and its end was foretold."""

from collections.abc import Callable
from datetime import datetime, timedelta
from time import monotonic

import pytest
from redis import Redis as SyncRedis

from server.domain.estimates import next_midnight
from server.domain.listings import ListingStatus
from server.domain.tasks import TaskState
from server.services import estimates, quota, tasks
from server.services.quota import Quota
from server.tables import Task
from tests.listing.stall import Stall, a_product

PRODUCTS, A_DAY = 33, 5
REFUSED = 12052093
SECONDS_OFF = 10.0
"""How far the estimate of a week may miss, beside the real time the week takes: the clock runs on meanwhile."""
HOUR = timedelta(hours=1).total_seconds()
S = ListingStatus
VARIANT = {"price": "19.90", "quantity": 5, "weight": 250.0}


async def estimated(stall: Stall, task: Task) -> datetime | None:
    async with stall.deps.database.read() as session:
        row = await tasks.get(session, shop_id=stall.shop.id, task_id=task.id)
        found = await estimates.finish_times(session, shop_id=stall.shop.id, tasks=[row], now=stall.deps.clock())
    return found[task.id]


async def known(stall: Stall) -> Quota:
    one = stall.tiktok_shop.id
    async with stall.deps.database.read() as session:
        return (await quota.quotas(session, shop_id=stall.shop.id, ids=[one], now=stall.deps.clock()))[one]


def refusals(stall: Stall) -> int:
    return sum(call.code == REFUSED for call in stall.world.calls.entries)


async def begun(stall: Stall, products: int = PRODUCTS) -> Task:
    """A task of a week's work, begun at eight in the morning."""
    stall.world.settings.daily_listing_limit = A_DAY
    now = stall.deps.clock()
    stall.world.clock.advance((next_midnight(now) - now).total_seconds() + 8 * HOUR)
    await stall.imported(*(a_product(f"Candle {n}", variants=[VARIANT]) for n in range(products)))
    return await stall.activated(await stall.template())


async def test_a_week_under_a_daily_limit(
    stall: Stall, redis_url: str, record_property: Callable[[str, object], None]
) -> None:
    """Hour by hour; on the third day Redis is emptied. Only the two days that taught the limit saw calls refused."""
    began = monotonic()
    task = await begun(stall)
    listed, foretold, taught = [], [], [0, 0]
    for hour in range(24 * 8):
        task = await stall.once(task)
        if hour < 2 * 24 - 8:
            taught[hour >= 24 - 8] = refusals(stall)
        if task.state.is_final:
            break
        statuses = await stall.statuses()
        listed.append(statuses[S.IN_REVIEW] + statuses[S.LIVE])
        foretold.append(await estimated(stall, task))
        if hour == 60:
            with SyncRedis.from_url(redis_url) as redis:
                redis.flushall()
        stall.world.clock.advance(HOUR)
    assert (task.state, task.succeeded, task.failed) == (TaskState.SUCCEEDED, PRODUCTS, 0)
    assert listed == [A_DAY] * 16 + [day * A_DAY for day in range(2, 7) for _ in range(24)]
    first, both = taught
    assert 0 < first <= stall.deps.settings.worker_calls
    assert first < both <= 2 * stall.deps.settings.worker_calls
    assert refusals(stall) == both
    assert await known(stall) == Quota(PRODUCTS % A_DAY, A_DAY)
    ended = task.finished_at
    assert ended is not None
    errors = [abs((ended - told).total_seconds()) for told in foretold if told is not None]
    assert len(errors) == len(foretold)
    off = max(errors)
    record_property("measured", f"a week's estimated end was off by {off:.0f} s at most, asked {len(errors)} times")
    assert off <= SECONDS_OFF + (monotonic() - began)


async def test_a_week_on_a_platform_whose_day_begins_elsewhere(stall: Stall) -> None:
    """At 08:00 UTC, as on the US west coast: a day's worth is listed on each of its days, asked for once an hour."""
    stall.world.settings.listing_day_begins_h = 8.0
    task = await begun(stall)
    days, asked = [], []
    for _ in range(7):
        before = refusals(stall)
        for _ in range(24):
            task = await stall.once(task)
            stall.world.clock.advance(HOUR)
        days.append(task.succeeded)
        asked.append(refusals(stall) - before)
    assert (task.state, days) == (TaskState.SUCCEEDED, [5, 10, 15, 20, 25, 30, 33])
    assert max(asked[2:]) <= 9 * stall.deps.settings.worker_calls


async def closed(stall: Stall, *amounts: int) -> Quota:
    """Days that each ended in a refusal after so many."""
    where = {"shop_id": stall.shop.id, "tiktok_shop_id": stall.tiktok_shop.id}
    for amount in amounts:
        now = stall.deps.clock()
        async with stall.deps.database.write() as session:
            await quota.close(session, **where, day=now.date(), now=now)
            await quota.count(session, **where, listed={now.date(): amount})
        shown = await known(stall)
        assert (shown.listed, shown.resumes_at) == (amount, next_midnight(now))
        stall.world.clock.advance(timedelta(days=1).total_seconds())
    return await known(stall)


@pytest.mark.parametrize(
    ("amounts", "expected"),
    [
        ((2,), Quota(guess=2)),
        ((100,), Quota(daily_limit=100)),
        ((2, 2), Quota(daily_limit=2)),
        ((2, 5), Quota(guess=5)),
        ((100, 60), Quota(guess=60)),
        ((100, 60, 1000), Quota(daily_limit=1000)),
        ((0,), Quota()),
        ((7, 0, 7), Quota(daily_limit=7)),
    ],
)
async def test_which_refusals_tell_the_shops_limit(stall: Stall, amounts: tuple[int, ...], expected: Quota) -> None:
    """Fewer than the platform ever gives may be what others left: believed when two days told the same."""
    assert await closed(stall, *amounts) == expected


async def test_what_others_list_is_not_taken_for_our_limit(stall: Stall) -> None:
    """The seller lists 98 by hand and we two: tomorrow there is room for a hundred again."""
    task = await begun(stall)
    stall.world.settings.daily_listing_limit = 100
    today = stall.deps.clock().date().isoformat()
    stall.world.tiktok.listings_today[f"{stall.tiktok_shop.remote_id}/{today}"] = 98
    task = await stall.once(task)
    assert (task.succeeded, await known(stall)) == (2, Quota(2, None, next_midnight(stall.deps.clock()), 2))
    stall.world.clock.advance(24 * HOUR)
    task = await stall.once(task)
    assert (task.state, task.succeeded) == (TaskState.SUCCEEDED, PRODUCTS)


async def test_what_was_listed_before_midnight_and_told_after_it(stall: Stall) -> None:
    """Each call counts on its own day; a refusal of yesterday closes yesterday."""
    where = {"shop_id": stall.shop.id, "tiktok_shop_id": stall.tiktok_shop.id}
    now = stall.deps.clock()
    yesterday = now.date() - timedelta(days=1)
    async with stall.deps.database.write() as session:
        await quota.count(session, **where, listed={now.date(): 3, yesterday: 40})
        await quota.close(session, **where, day=yesterday, now=now)
    assert await known(stall) == Quota(3)


async def test_a_later_task_leaves_the_days_room_to_the_earlier_one(stall: Stall) -> None:
    """Two tasks on one known limit: the first ends first, and the second when it was told."""
    await closed(stall, A_DAY, A_DAY)
    stall.world.settings.daily_listing_limit = A_DAY
    products = await stall.imported(*(a_product(f"Candle {n}", variants=[VARIANT]) for n in range(17)))
    template, ids = await stall.template(), [one.id for one in products]
    task = await stall.started(ids[:13], template_id=template.id)
    late = await stall.started(ids[13:], template_id=template.id)
    now, foretold = stall.deps.clock(), list[datetime | None]()
    for hours in ((next_midnight(now) - now).total_seconds() / HOUR, *[8] * 9):
        late, task = await stall.once(late), await stall.once(task)
        foretold.append(await estimated(stall, late))
        stall.world.clock.advance(hours * HOUR)
    assert (task.succeeded, late.succeeded, refusals(stall)) == (13, 4, 0)
    assert task.finished_at is not None
    assert late.finished_at is not None
    assert [(one - now).days for one in (task.finished_at, late.finished_at)] == [1, 2]
    told = [one for one in foretold if one is not None]
    assert max(abs((late.finished_at - one).total_seconds()) for one in told) < HOUR


async def test_a_limit_learned_long_ago_is_tried_once_more(stall: Stall) -> None:
    """A shop that may list more by now is not held back for ever."""
    now, one = stall.deps.clock(), stall.tiktok_shop.id
    async with stall.deps.database.write() as session:
        await quota.count(session, shop_id=stall.shop.id, tiktok_shop_id=one, listed={now.date(): 100})
        await quota.close(session, shop_id=stall.shop.id, tiktok_shop_id=one, day=now.date(), now=now)
    assert await known(stall) == Quota(100, 100, next_midnight(now))
    stall.world.clock.advance(timedelta(days=6).total_seconds())
    assert await known(stall) == Quota(0, 100)
    stall.world.clock.advance(timedelta(days=1).total_seconds())
    assert await known(stall) == Quota()
