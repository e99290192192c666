"""How fast categories are found by name in a tree of 11,000 nodes, and what keeping such a tree costs.

Run it by itself: ``python -m benchmarks.categories --categories FILE`` with the public taxonomy as gz JSON lines, or
any file that the sandbox's ``--categories`` reads. It starts a PostgreSQL of its own, prints one ``name value`` per
line, and does nothing when the file is not there.
"""

import argparse
import asyncio
import gzip
import json
import os
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from statistics import median, quantiles
from uuid import UUID

from sqlalchemy import text

from benchmarks.ground import Ground, ground, servers
from sandbox.catalogue.categories import load_trees
from server.domain.categories import CategoryVersion
from server.domain.category_tree import FlatNode
from server.domain.markets import Market, SellerType
from server.domain.paging import PageArgs
from server.kit.secrets import Secret
from server.services import categories
from server.tables import TikTokAuthorization, TikTokShop

SEARCHES = (
    *("shoes", "run sho", "mug", "coffee", "dog toy", "shirt men", "a", "s", "table lamp", "zzzz", "appa acc", "wine"),
    *("glass wine", "guitar", "baby", "phone case", "cable", "soap", "bike", "tent camping", "ring", "watch", "ski"),
)
ROUNDS = 20
DEEPEST = 7
V2 = CategoryVersion.V2


def as_rows(source: Path, target: Path) -> None:
    """The taxonomy in the sandbox's form: whole numbers for ids, seven levels."""
    with gzip.open(source, "rt", encoding="utf-8") as file:
        found = [row for row in map(json.loads, file) if row["level"] <= DEEPEST]
    number = {row["id"]: str(place) for place, row in enumerate(found, 100_001)}
    lines = ["id\tparent_id\tname"]
    lines += [f"{number[row['id']]}\t{number.get(row['parent_id'], '0')}\t{row['name']}" for row in found]
    target.write_text("\n".join(lines) + "\n", "utf-8")


async def a_shop(place: Ground) -> TikTokShop:
    """A TikTok shop of the ground's store; nobody calls it."""
    deps, now = place.deps, place.deps.clock()
    sealed = deps.vault.seal(Secret("nothing"))
    grant = TikTokAuthorization(
        shop_id=place.shop_id,
        open_id="benchmark",
        access_token_sealed=sealed,
        access_expires_at=now,
        refresh_token_sealed=sealed,
        refresh_expires_at=now,
        authorized_at=now,
    )
    shop = TikTokShop(
        shop_id=place.shop_id,
        authorization_id=grant.id,
        remote_id="7400000000000000001",
        cipher_sealed=sealed,
        market=Market.US,
        seller_type=SellerType.LOCAL,
        connected_at=now,
    )
    async with deps.database.write() as session:
        session.add(grant)
        await session.flush()
        session.add(shop)
    return shop


async def keep(place: Ground, shop_id: UUID, nodes: list[FlatNode], locale: str = "") -> float:
    """Seconds to keep a tree."""
    began = time.perf_counter()
    async with place.deps.database.write() as session:
        await categories.keep(
            session,
            shop_id=place.shop_id,
            tiktok_shop_id=shop_id,
            version=V2,
            locale=locale,
            nodes=nodes,
            now=place.deps.clock(),
        )
    return time.perf_counter() - began


async def search(place: Ground, shop_id: UUID, words: str, *, leaves_only: bool, total: bool = False) -> float:
    """Milliseconds of one search, rows made and page cut; the connection is there already, as in an operation."""
    async with place.deps.database.read() as session:
        await session.connection()
        began = time.perf_counter()
        await categories.page(
            session,
            shop_id=place.shop_id,
            tiktok_shop_id=shop_id,
            version=V2,
            locale=None,
            search=words,
            leaves_only=leaves_only,
            args=PageArgs(first=25, total=total),
        )
        return (time.perf_counter() - began) * 1e3


async def measure(environment: Mapping[str, str], nodes: list[FlatNode]) -> None:
    """Two trees, so that one is not found in the other; the first reading, an unchanged one, and searches."""
    async with ground(environment) as place:
        shop = await a_shop(place)
        print("nodes", len(nodes))
        print(f"keep_first_s {await keep(place, shop.id, nodes):.2f}")
        await keep(place, shop.id, nodes, "de-DE")
        print(f"keep_unchanged_s {await keep(place, shop.id, nodes):.2f}")
        async with place.deps.database.write() as session:  # what autovacuum does within a minute of a first reading
            await (await session.connection()).execute(text("ANALYZE category"))
        await search(place, shop.id, "warm", leaves_only=False)
        for name, total in (("search", False), ("search_with_total", True)):
            taken = [
                await search(place, shop.id, words, leaves_only=leaves_only, total=total)
                for _ in range(ROUNDS)
                for words in SEARCHES
                for leaves_only in (False, True)
            ]
            print(f"{name}_ms_p50 {median(taken):.2f}")
            print(f"{name}_ms_p95 {quantiles(taken, n=20)[-1]:.2f}")
            print(f"{name}_ms_worst {max(taken):.2f}")
    print(f"load_1min {os.getloadavg()[0]:.2f}")


def main() -> None:
    """Read the file, if it is there, and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--categories", type=Path, required=True, help="taxonomy as .jsonl.gz, or rows")
    source: Path = parser.parse_args().categories
    if not source.exists():
        print("skipped: no such file")
        return
    with tempfile.TemporaryDirectory() as folder:
        rows = source
        if source.name.endswith(".jsonl.gz"):
            rows = Path(folder) / "tree.tsv"
            as_rows(source, rows)
        tree = load_trees(rows).tree("v2")
    nodes = [FlatNode(one.id, one.parent_id, one.name, one.is_leaf) for one in tree]
    with servers() as running:
        asyncio.run(measure(running.environment, nodes))


if __name__ == "__main__":
    main()
