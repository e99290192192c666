"""A known daily limit holds on through a chunk over which the day changes, or Redis is emptied."""

from collections.abc import Callable

import pytest
from redis import Redis as SyncRedis

from server.clients.tiktok import Access
from server.clients.tiktok_product_answers import CreatedProduct
from server.clients.tiktok_products import TikTokProducts
from server.domain.estimates import next_midnight
from server.domain.tasks import TaskState
from server.services.quota import Quota
from server.tables import Task
from tests.listing.stall import Stall, a_product
from tests.listing.test_week import A_DAY, HOUR, PRODUCTS, VARIANT, closed, known, refusals


def after_the_fifth(monkeypatch: pytest.MonkeyPatch, happens: Callable[[], None]) -> None:
    """Something happens between the platform's fifth product and our hearing of it."""
    real, made = TikTokProducts.create, 0

    async def create(
        products: TikTokProducts, access: Access, body: dict[str, object], *, idempotency_key: str
    ) -> CreatedProduct:
        nonlocal made
        product = await real(products, access, body, idempotency_key=idempotency_key)
        made += 1
        if made == A_DAY:
            happens()
        return product

    monkeypatch.setattr(TikTokProducts, "create", create)


async def late_in_the_day(stall: Stall) -> Task:
    """The limit is known; ten minutes before midnight a task begins that is more than the day's room."""
    await closed(stall, A_DAY, A_DAY)
    stall.world.settings.daily_listing_limit = A_DAY
    await stall.imported(*(a_product(f"Candle {n}", variants=[VARIANT]) for n in range(PRODUCTS)))
    now = stall.deps.clock()
    stall.world.clock.advance((next_midnight(now) - now).total_seconds() - HOUR / 6)
    return await stall.activated(await stall.template())


async def test_a_chunk_over_midnight_knows_the_limit_of_the_new_day(
    stall: Stall, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = await late_in_the_day(stall)
    after_the_fifth(monkeypatch, lambda: stall.world.clock.advance(HOUR / 2))
    task = await stall.once(task)
    assert (task.state, task.succeeded, refusals(stall)) == (TaskState.WAITING, 2 * A_DAY, 0)
    assert await known(stall) == Quota(A_DAY, A_DAY, next_midnight(stall.deps.clock()))


async def test_a_chunk_during_which_redis_is_emptied_knows_the_limit_still(
    stall: Stall, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = await late_in_the_day(stall)
    with SyncRedis.from_url(redis_url) as redis:
        after_the_fifth(monkeypatch, redis.flushall)
        task = await stall.once(task)
    assert (task.state, task.succeeded, refusals(stall)) == (TaskState.WAITING, A_DAY, 0)
    assert await known(stall) == Quota(A_DAY, A_DAY, next_midnight(stall.deps.clock()))
