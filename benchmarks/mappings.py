"""How fast the mapped/unmapped view counts a catalogue's source categories.

Run it by itself: ``python -m benchmarks.mappings [PRODUCTS]``. It starts a PostgreSQL of its own and prints one
``name value`` per line; the first line is the load of the machine.
"""

import asyncio
import os
import sys
import time
from collections.abc import Mapping
from statistics import median, quantiles
from uuid import UUID

from sqlalchemy import text

from benchmarks.categories import a_shop
from benchmarks.ground import Ground, ground, servers
from server.domain.paging import PageArgs
from server.services import mappings

ROUNDS = 40

_PRODUCTS = text("""
INSERT INTO product (id, shop_id, remote_id, handle, title, description_html, vendor, product_type, tags, status,
                     category_id, category_name, collections, metafields, options, is_gift_card, source_updated_at,
                     imported_at, search_text)
SELECT gen_random_uuid(), :shop_id, 'gid://shopify/Product/' || n, 'thing-' || n, 'Thing ' || n, repeat('word ', 150),
       'Vendor ' || n % 50, CASE WHEN n % 10 = 0 THEN '' ELSE 'Type ' || n % 211 END, '["a","b"]', 'ACTIVE',
       CASE WHEN n % 4 = 0 THEN NULL ELSE 'gid://shopify/TaxonomyCategory/hg-' || n % 7 || '-' || n % 41 END,
       CASE WHEN n % 4 = 0 THEN NULL ELSE 'Home > Part ' || n % 7 || ' > Piece ' || n % 41 END,
       CASE WHEN n % 3 = 0 THEN '[]' ELSE jsonb_build_array(
           jsonb_build_object('id', 'gid://shopify/Collection/' || n % 37),
           jsonb_build_object('id', 'gid://shopify/Collection/' || 100 + n % 11)) END,
       '{}', '[]', false, now(), now(), 'thing ' || n
FROM generate_series(1, :amount) AS n
""")


async def page(place: Ground, tiktok_shop_id: UUID, mapped: bool | None, search: str | None) -> float:
    """Milliseconds of the first page with its total; the connection is there already, as in an operation."""
    async with place.deps.database.read() as session:
        await session.connection()
        began = time.perf_counter()
        await mappings.page(
            session,
            shop_id=place.shop_id,
            tiktok_shop_id=tiktok_shop_id,
            mapped=mapped,
            search=search,
            args=PageArgs(first=50, total=True),
        )
        return (time.perf_counter() - began) * 1e3


async def measure(environment: Mapping[str, str], amount: int) -> None:
    """All source categories, the unmapped ones, and a search."""
    async with ground(environment) as place:
        shop = await a_shop(place)
        async with place.deps.database.write() as session:
            connection = await session.connection()
            await connection.execute(_PRODUCTS, {"shop_id": place.shop_id, "amount": amount})
            await connection.execute(text("ANALYZE product"))
        wishes = ((None, None), (False, None), (None, "piece"))
        taken = [await page(place, shop.id, *wish) for _ in range(ROUNDS) for wish in wishes]
    print(f"page_ms_median {median(taken):.2f}")
    print(f"page_ms_p95 {quantiles(taken, n=20)[-1]:.2f}")


def main() -> None:
    """Measure with so many products."""
    amount = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    print(f"load_1min {os.getloadavg()[0]:.2f}")
    print(f"products {amount}")
    with servers() as running:
        asyncio.run(measure(running.environment, amount))


if __name__ == "__main__":
    main()
