"""What the task machine itself costs: tasks whose stories do nothing, for one and two workers."""

import asyncio
import time
from statistics import median

from benchmarks.ground import Ground, Servers
from benchmarks.processor import tree_seconds


async def measure(
    servers: Servers, ground: Ground, pids: list[int], *, items: int, rounds: int, followers: int = 0
) -> dict[str, float]:
    """Medians over rounds of: products a second, and wall and processor time an item. Opening the task is apart.

    ``followers`` read the whole log meanwhile, in this process, as subscriptions do.
    """
    found: dict[str, list[float]] = {}
    for _ in range(rounds):
        for name, value in (await _one_round(servers, ground, pids, items, followers)).items():
            found.setdefault(name, []).append(value)
    prefix = f"machine_{items}_items_{len(pids)}w" + (f"_{followers}_followers" if followers else "")
    return {f"{prefix}_{name}": median(values) for name, values in found.items()}


async def _one_round(servers: Servers, ground: Ground, pids: list[int], items: int, followers: int) -> dict[str, float]:
    began = time.perf_counter()
    committed = began

    async def note() -> None:
        nonlocal committed
        committed = time.perf_counter()

    before = _busy(servers, pids)
    task = await ground.open(items, on_commit=note)
    following = [asyncio.create_task(ground.followed(task)) for _ in range(followers)]
    done = await ground.ended(task)
    seconds = time.perf_counter() - committed
    spent = {name: value - before[name] for name, value in _busy(servers, pids).items()}
    lines = await asyncio.gather(*following)
    assert done.succeeded == items, done
    assert all(seen == done.seq for seen in lines), (lines, done.seq)
    return {
        "open_ms": (committed - began) * 1e3,
        "products_per_second": items / seconds,
        "overhead_us_per_item": seconds / items * 1e6,
        "worker_cpu_us_per_item": spent["worker"] / items * 1e6,
        **{f"{name}_cpu_seconds": value for name, value in spent.items()},
    }


def _busy(servers: Servers, pids: list[int]) -> dict[str, float]:
    return {
        "worker": sum(map(tree_seconds, pids)),
        "postgres": tree_seconds(servers.postgres.pid),
        "redis": tree_seconds(servers.redis.pid),
    }
