"""News in crowds: two workers take sets of it that speak of the same products in other orders."""

import asyncio
from datetime import timedelta

from sqlalchemy import text

from server.deps import Deps
from server.tables import TikTokShop
from tests.shops.deliveries import audit, listed, outcomes, receive
from workers.inbox import run_inbox

SET = 100


async def test_sets_in_opposite_orders_never_lock_each_other_out(deps: Deps, tiktok_shop: TikTokShop) -> None:
    """Each worker holds its set's listings in the order of their ids before the first is written."""
    ids = [str(1729592969712207008 + number) for number in range(SET)]
    for remote_id in ids:
        await listed(deps, tiktok_shop, remote_id)
    now = deps.clock()
    for round_ in range(4):
        for place, remote_id in enumerate(ids if round_ % 2 else reversed(ids)):
            at = now + timedelta(seconds=round_ * SET + place)
            news = audit(remote_id, "APPROVED", at)
            await receive(deps, "37", tiktok_shop.remote_id, news, name=f"{round_}:{place}", at=at)
    async with asyncio.timeout(60):
        handled = await asyncio.gather(*(run_inbox(deps) for _ in range(4)))
    assert sum(handled) == 4 * SET
    assert {done for _, done in (await outcomes(deps)).values()} == {True}
    async with deps.database.read() as session:
        found = await (await session.connection()).execute(
            text("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        )
        assert found.scalar_one() == 0
