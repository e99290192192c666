"""Leases: one at a time, never lost to a failure, a dead holder waited for only so long."""

import asyncio

import pytest

from server.deps import Deps
from server.kit.clock import system_clock
from server.kit.ids import new_id
from server.services import leases
from server.store import leases as store
from server.tables.leases import Lease
from tests.shops.platforms import Platforms, count


async def test_one_holder_at_a_time_and_the_next_at_once(deps: Deps) -> None:
    async with leases.held(deps.database, name="a", clock=deps.clock) as mine:
        assert mine
        async with leases.held(deps.database, name="a", clock=deps.clock) as second:
            assert not second
        async with leases.held(deps.database, name="b", clock=deps.clock) as other:
            assert other
    assert await count(deps, Lease) == [0]
    async with leases.held(deps.database, name="a", clock=deps.clock) as again:
        assert again


async def test_a_failure_gives_it_back(deps: Deps) -> None:
    with pytest.raises(ValueError, match="broken"):
        async with leases.held(deps.database, name="a", clock=deps.clock):
            raise ValueError("broken")
    assert await count(deps, Lease) == [0]


async def test_a_cancelled_holder_gives_it_back(deps: Deps) -> None:
    inside = asyncio.Event()

    async def hold() -> None:
        async with leases.held(deps.database, name="a", clock=deps.clock):
            inside.set()
            await asyncio.sleep(60)

    task = asyncio.create_task(hold())
    await inside.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert await count(deps, Lease) == [0]


async def test_a_dead_holders_lease_runs_out_and_his_late_end_harms_nobody(deps: Deps, platforms: Platforms) -> None:
    async with leases.held(deps.database, name="a", clock=deps.clock):
        platforms.world.clock.advance(leases.LIFE.total_seconds() - 1)
        async with leases.held(deps.database, name="a", clock=deps.clock) as early:
            assert not early
        platforms.world.clock.advance(2)
        late = leases.held(deps.database, name="a", clock=deps.clock)
        assert await late.__aenter__()
    assert await count(deps, Lease) == [1]
    await late.__aexit__(None, None, None)
    assert await count(deps, Lease) == [0]


async def test_all_who_ask_at_once_get_what_one_of_them_made(deps: Deps) -> None:
    made: list[int] = []

    async def known() -> int | None:
        return made[0] if made else None

    async def make() -> int:
        await asyncio.sleep(0.05)
        made.append(7)
        return 7

    asked = [leases.once(deps.database, name="a", clock=deps.clock, known=known, make=make) for _ in range(10)]
    assert await asyncio.gather(*asked) == [7] * 10
    assert made == [7]


async def test_when_one_fails_the_next_tries(deps: Deps) -> None:
    tries: list[int] = []

    async def known() -> int | None:
        return None if len(tries) < 3 else 7

    async def make() -> int:
        tries.append(1)
        raise ValueError("not yet")

    asked = [leases.once(deps.database, name="a", clock=system_clock, known=known, make=make) for _ in range(5)]
    answers = await asyncio.gather(*asked, return_exceptions=True)
    assert sorted(type(answer).__name__ for answer in answers) == ["ValueError"] * 3 + ["int"] * 2


async def test_only_the_holder_can_give_it_back(deps: Deps) -> None:
    async with leases.held(deps.database, name="a", clock=deps.clock):
        async with deps.database.write() as session:
            await store.give_back(session, name="a", holder=new_id())
        assert await count(deps, Lease) == [1]
