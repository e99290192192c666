"""All processes of the app keep one pace: what one uses up the other waits for."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest

from server.clients.buckets import Rate, RedisBuckets
from server.clients.errors import Upstream, UpstreamKind
from server.clients.tiktok import TikTokAccess
from server.deps import Deps, open_deps
from server.domain.categories import CategoryVersion
from server.kit.secrets import Secret
from server.settings import Settings
from tests.listing.stall import Stall


@pytest.fixture
async def processes(stall: Stall) -> AsyncIterator[tuple[Deps, Deps]]:
    """Two of them, each with connections of its own, before the same platform: 20 reads a second, 40 at once."""
    slow = Settings.model_validate(stall.deps.settings.model_dump() | {"tiktok_reads_per_second": 20.0})
    async with AsyncExitStack() as stack:
        yield (
            await stack.enter_async_context(open_deps(slow)),
            await stack.enter_async_context(open_deps(slow)),
        )


async def reads(deps: Deps, amount: int, shop: str) -> None:
    """Calls whose answer does not matter; the platform knows no such token."""

    async def one() -> None:
        access = TikTokAccess(Secret("nobody"), "none", shop)
        with pytest.raises(Upstream) as caught:
            await deps.tiktok.categories.tree(access, CategoryVersion.V2)
        assert caught.value.kind is UpstreamKind.NEEDS_AUTHORIZATION

    async with asyncio.TaskGroup() as group:
        for _ in range(amount):
            group.create_task(one())


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, float]]:
    """What the shared pace tells callers to wait: the key of each, and seconds."""
    told: list[tuple[str, float]] = []
    take = RedisBuckets.take

    async def noted(self: RedisBuckets, key: str, rate: Rate, cost: float, patience: float) -> float:
        wait = await take(self, key, rate, cost, patience)
        told.append((key, wait))
        return wait

    monkeypatch.setattr(RedisBuckets, "take", noted)
    return told


async def test_two_processes_share_one_pace(processes: tuple[Deps, Deps], waits: list[tuple[str, float]]) -> None:
    one, other = processes
    loop = asyncio.get_running_loop()
    began = loop.time()
    await asyncio.gather(reads(one, 30, "A"), reads(other, 30, "A"))
    took = loop.time() - began
    # 60 calls: 40 at once, then 20 at 20 a second, which grows by 15 % within a second of use.
    assert took >= 0.85, f"60 calls took {took:.2f} s"
    await reads(other, 30, "B")
    assert [wait for key, wait in waits if ":B:" in key] == [0.0] * 30, "another shop's calls waited too"
