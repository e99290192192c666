"""SQL recognizes products by the same keys as the pure rules, whatever stands in their SKUs and barcodes."""

import asyncio
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from sqlalchemy import text

from server.domain.linking import BLANKS, keys_of_product
from server.kit.ids import new_id
from server.store import link_matches
from server.store.session import Database
from server.tables import Product, Shop, Variant

KEYS = text(link_matches.KEYS.format(of_product="", of_variant=""))
LETTERS = some.one_of(some.sampled_from(BLANKS + "\u200b\u0661-aA0"), some.characters(exclude_categories=["Cs"]))
SKUS = some.none() | some.text(LETTERS.filter(lambda one: one != "\0"), max_size=12)
LONG = some.integers(250, 260).map(lambda length: "S" * length)
BARCODES = some.none() | some.text("0123456789 -\u0661x", max_size=16)
VARIANTS = some.lists(some.tuples(SKUS | LONG, BARCODES), min_size=1, max_size=5)


@dataclass(frozen=True)
class Ground:
    """A shop with one product, and the loop in which its database is spoken to."""

    runner: asyncio.Runner
    database: Database
    shop_id: UUID
    product_id: UUID


@pytest.fixture
def ground(database_url: str) -> Iterator[Ground]:
    with asyncio.Runner() as runner:
        database = Database(database_url)
        yield runner.run(_prepared(runner, database))
        runner.run(database.close())


async def _prepared(runner: asyncio.Runner, database: Database) -> Ground:
    now, product_id = datetime.now(UTC), new_id()
    shop = Shop(domain="one.myshopify.com", installed_at=now)
    async with database.write() as session:
        session.add(shop)
        await session.flush()
        session.add(
            Product(
                id=product_id,
                shop_id=shop.id,
                remote_id="gid://shopify/Product/1",
                title="",
                status="ACTIVE",
                source_updated_at=now,
                imported_at=now,
            )
        )
    return Ground(runner, database, shop.id, product_id)


def test_blanks_are_what_python_strips() -> None:
    assert set(BLANKS) == {chr(code) for code in range(sys.maxunicode + 1) if not chr(code).strip()}


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(VARIANTS)
def test_sql_and_the_pure_rules_make_the_same_keys(ground: Ground, rows: list[tuple[str | None, str | None]]) -> None:
    async def both() -> tuple[set[str], set[str]]:
        async with ground.database.read() as session:
            session.add_all(
                Variant(
                    shop_id=ground.shop_id,
                    product_id=ground.product_id,
                    remote_id=f"gid://shopify/ProductVariant/{at}",
                    position=at,
                    title="",
                    price=Decimal(1),
                    sku=sku,
                    barcode=barcode,
                )
                for at, (sku, barcode) in enumerate(rows, 1)
            )
            await session.flush()
            found = await (await session.connection()).execute(KEYS, {"shop_id": ground.shop_id, **link_matches.LIMITS})
            by_sql = {row.key for row in found}
            (product,) = await link_matches.products(session, shop_id=ground.shop_id, ids=[ground.product_id])
            await session.rollback()
            return by_sql, set(keys_of_product(product))

    by_sql, by_rules = ground.runner.run(both())
    assert by_sql == by_rules
