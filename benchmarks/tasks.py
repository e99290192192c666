"""What tasks cost: how soon one starts, what the machine adds to an item, and how fast products are really listed.

Run it by itself: ``python -m benchmarks.tasks [--products N] [--quick]``. It starts servers of its own and prints one
``name value`` per line.
"""

import argparse
import asyncio
from collections.abc import Mapping

from benchmarks import listed, machine, starting
from benchmarks.ground import Servers, ground, servers

WORKERS = (1, 2)


def tell(found: Mapping[str, float]) -> None:
    """As soon as it is known."""
    for name, value in found.items():
        print(name, f"{value:.3f}" if abs(value) < 100 else f"{value:.0f}", flush=True)


async def measure_machine(running: Servers, *, quick: bool) -> None:
    """Starts, then tasks that do nothing."""
    rounds = 1 if quick else 3
    for amount in WORKERS:
        with running.workers(amount) as workers:
            pids = [worker.pid for worker in workers]
            async with ground(running.environment) as place:
                if amount == 1:
                    tell(await starting.measure(place, pids[0], samples=60 if quick else 300))
                tell(await machine.measure(running, place, pids, items=10_000, rounds=rounds))
                if amount == 1:
                    tell(await machine.measure(running, place, pids, items=10_000, rounds=rounds, followers=1))
                if not quick:
                    tell(await machine.measure(running, place, pids, items=100_000, rounds=1))


def main() -> None:
    """Everything, or only some of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--products", type=int, help="how many products are listed (2,000; quick: 300)")
    parser.add_argument("--quick", action="store_true", help="fewer samples and rounds, small tasks only")
    asked = parser.parse_args()
    with servers() as running:
        asyncio.run(measure_machine(running, quick=asked.quick))
    for amount in WORKERS:
        tell(listed.measure(products=asked.products or (300 if asked.quick else 2_000), workers=amount))


if __name__ == "__main__":
    main()
