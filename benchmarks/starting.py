"""How long a task waits for its worker: from its commit to the first line of its story; and what waiting costs."""

import asyncio
import random
import time
from statistics import quantiles

from benchmarks.ground import Ground, started_key
from benchmarks.processor import own_seconds

WARM_UP = 20
IDLE_SECONDS = 5.0


async def measure(ground: Ground, worker: int, *, samples: int) -> dict[str, float]:
    """One task after the other, at odd moments, to a worker process (its pid) that has nothing else to do."""
    waits = [await _wait_of_one(ground) for _ in range(WARM_UP + samples)][WARM_UP:]
    await asyncio.sleep(1.0)
    busy = own_seconds(worker)
    await asyncio.sleep(IDLE_SECONDS)
    share = (own_seconds(worker) - busy) / IDLE_SECONDS
    cuts = quantiles(waits, n=100)
    return {"job_start_p50_ms": cuts[49], "job_start_p99_ms": cuts[98], "idle_worker_cpu_percent": share * 100}


async def _wait_of_one(ground: Ground) -> float:
    """Milliseconds. The monotonic clock is one for all processes of a machine."""
    await asyncio.sleep(random.uniform(0.01, 0.04))
    committed = 0

    async def note() -> None:
        nonlocal committed
        committed = time.monotonic_ns()

    task = await ground.open(1, on_commit=note)
    await ground.ended(task)
    began = await ground.deps.redis.get(started_key(task.id))
    assert began is not None, f"no worker process played {task.id}"
    return (int(began) - committed) / 1e6
