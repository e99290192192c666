"""What the task machine itself costs: tasks whose stories do nothing, for one and two workers."""

import time
from statistics import median

from benchmarks.ground import Ground, Servers
from benchmarks.processor import tree_seconds


async def measure(servers: Servers, ground: Ground, pids: list[int], *, items: int, rounds: int) -> dict[str, float]:
    """Medians over rounds of: products a second, and wall and processor time an item. Opening the task is apart."""
    found: dict[str, list[float]] = {}
    for _ in range(rounds):
        for name, value in (await _one_round(servers, ground, pids, items)).items():
            found.setdefault(name, []).append(value)
    return {f"machine_{items}_items_{len(pids)}w_{name}": median(values) for name, values in found.items()}


async def _one_round(servers: Servers, ground: Ground, pids: list[int], items: int) -> dict[str, float]:
    began = time.perf_counter()
    committed = began

    async def note() -> None:
        nonlocal committed
        committed = time.perf_counter()

    before = _busy(servers, pids)
    task = await ground.open(items, on_commit=note)
    done = await ground.ended(task)
    seconds = time.perf_counter() - committed
    assert done.succeeded == items, done
    spent = {name: value - before[name] for name, value in _busy(servers, pids).items()}
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
