"""How fast a whole catalogue is matched with templates' rules, against a bare count of the same rows.

Run it by itself: ``python -m benchmarks.templates [--products N]``. It starts a PostgreSQL of its own and prints one
``name value`` per line; the first line is the load of the machine.
"""

import argparse
import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice
from statistics import median
from uuid import UUID

from sqlalchemy import text

from benchmarks.categories import a_shop
from benchmarks.ground import Ground, ground, servers
from benchmarks.rule_mix import products, templates
from server.domain.templates import Template
from server.kit.ids import new_id
from server.store import product_traits
from server.store.matching import template_matching
from server.store.matching.template_crossings import crossings
from server.store.session import Session

ROUNDS = 7
_BATCH = 2000

_PRODUCTS = text("""
INSERT INTO product (id, shop_id, remote_id, handle, title, description_html, vendor, product_type, tags, status,
                     collections, options, is_gift_card, source_updated_at, imported_at, search_text)
SELECT id, :shop_id, CAST(id AS text), '', 'Thing', repeat('word ', 100), '', '', '[]', 'ACTIVE', '[]', '[]', false,
       now(), now(), ''
FROM unnest(CAST(:ids AS uuid[])) AS id
""")
_COUNT = text("SELECT count(*) FROM product_traits WHERE shop_id = :shop_id")


async def fill(place: Ground, amount: int) -> None:
    """The catalogue, without statistics, as right after an import."""
    made = products(amount)
    while batch := list(islice(made, _BATCH)):
        ids = [new_id() for _ in batch]
        async with place.deps.database.write() as session:
            connection = await session.connection()
            await connection.execute(_PRODUCTS, {"shop_id": place.shop_id, "ids": ids})
            traits = dict(zip(ids, batch, strict=True))
            await product_traits.write(session, shop_id=place.shop_id, traits=traits, now=place.deps.clock())


async def taken_ms(place: Ground, look: Callable[[Session], Awaitable[object]]) -> float:
    """Milliseconds of the middle round; the connection is there already, as in an operation."""
    took = []
    for _ in range(ROUNDS):
        async with place.deps.database.read() as session:
            await session.connection()
            began = time.perf_counter()
            await look(session)
            took.append((time.perf_counter() - began) * 1e3)
    return median(took)


async def measure(environment: Mapping[str, str], amount: int) -> None:
    """The count, then winners, tallies and the first products of one template, with few templates and with many."""
    async with ground(environment) as place:
        shop = await a_shop(place)
        await fill(place, amount)

        async def count(session: Session) -> object:
            return (await (await session.connection()).execute(_COUNT, {"shop_id": place.shop_id})).scalar_one()

        print(f"bare_count_ms {await taken_ms(place, count):.1f}")
        for number in (10, 1000):
            for name, look in looks(place.shop_id, shop.id, templates(number)).items():
                print(f"{name}_{number}_templates_ms {await taken_ms(place, look):.1f}", flush=True)


def looks(
    shop_id: UUID, tiktok_shop_id: UUID, asked: Sequence[Template]
) -> dict[str, Callable[[Session], Awaitable[object]]]:
    """What the API asks of a whole catalogue; a preview's count, moves and first products come from one statement."""
    after = [replace(asked[0], rank=asked[-2].rank + 1), *asked[1:]]
    calls: dict[str, Callable[..., Awaitable[object]]] = {
        "taken": partial(template_matching.taken, templates=asked),
        "winners": partial(template_matching.winners, templates=asked),
        "winners_not_synced": partial(template_matching.winners, templates=asked, only_not_synced=True),
        "tallies": partial(template_matching.tallies, templates=asked),
        "preview": partial(crossings, before=asked, after=after),
        "first_products": partial(template_matching.first_products, templates=asked, template_id=asked[0].id, limit=20),
    }
    return {name: partial(call, shop_id=shop_id, tiktok_shop_id=tiktok_shop_id) for name, call in calls.items()}


def main() -> None:
    """Measure with so many products."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--products", type=int, default=100_000, help="how large the catalogue is (100,000)")
    amount = parser.parse_args().products
    print(f"load_1min {os.getloadavg()[0]:.2f}")
    print(f"products {amount}")
    with servers() as running:
        asyncio.run(measure(running.environment, amount))


if __name__ == "__main__":
    main()
