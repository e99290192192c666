"""A simulated week under a daily limit: no call is made in vain, work goes on by itself, and its end was foretold."""

import sys
from datetime import datetime, timedelta

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


async def begun(stall: Stall) -> Task:
    """A task of a week's work, begun at eight in the morning."""
    stall.world.settings.daily_listing_limit = A_DAY
    now = stall.deps.clock()
    stall.world.clock.advance((next_midnight(now) - now).total_seconds() + 8 * HOUR)
    await stall.imported(*(a_product(f"Candle {n}", variants=[VARIANT]) for n in range(PRODUCTS)))
    return await stall.activated(await stall.template())


async def test_a_week_under_a_daily_limit(stall: Stall, redis_url: str) -> None:
    """Hour by hour; on the third day Redis is emptied. Only the day that taught the limit saw calls refused."""
    task = await begun(stall)
    listed, foretold, taught = [], [], 0
    for hour in range(24 * 8):
        task = await stall.once(task)
        taught = taught or refusals(stall)
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
    assert 0 < taught <= stall.deps.settings.worker_calls
    assert refusals(stall) == taught
    assert await known(stall) == Quota(PRODUCTS % A_DAY, A_DAY)
    ended = task.finished_at
    assert ended is not None
    errors = [abs((ended - told).total_seconds()) for told in foretold if told is not None]
    assert len(errors) == len(foretold)
    sys.stdout.write(f"the estimate was off by {max(errors):.0f} s at most in {len(errors)} hours\n")
    assert max(errors) < HOUR


async def test_a_limit_learned_long_ago_is_tried_once_more(stall: Stall) -> None:
    """A shop that may list more by now is not held back for ever."""
    now, one = stall.deps.clock(), stall.tiktok_shop.id
    async with stall.deps.database.write() as session:
        await quota.count(session, shop_id=stall.shop.id, tiktok_shop_id=one, amount=100, now=now)
        await quota.close(session, shop_id=stall.shop.id, tiktok_shop_id=one, now=now)
    assert await known(stall) == Quota(100, 100, next_midnight(now))
    stall.world.clock.advance(timedelta(days=6).total_seconds())
    assert await known(stall) == Quota(0, 100)
    stall.world.clock.advance(timedelta(days=1).total_seconds())
    assert await known(stall) == Quota()
