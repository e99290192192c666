"""SQL and the pure rules say the same of the same products, whichever way the SQL goes about it."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from random import Random
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from server.domain.rule_tests import holds
from server.domain.rules import RuleGroup
from server.domain.template_content import TemplateContent
from server.domain.templates import Template, choose
from server.domain.traits import Traits, folded
from server.kit.ids import new_id
from server.store import product_traits
from server.store.matching import match_sql, template_matching
from server.store.matching.template_matching import Matched
from server.store.session import Database
from server.tables import Product, Shop
from tests.domain.factories import template
from tests.rules.odd import odd_product, rules, texts
from tests.rules.where import Where

PRODUCTS = 24


@dataclass(frozen=True)
class Ground:
    """A shop with products, and the loop in which its database is spoken to."""

    runner: asyncio.Runner
    database: Database
    shop_id: UUID
    product_ids: tuple[UUID, ...]
    nowhere: UUID

    @property
    def where(self) -> Where:
        return Where(shop_id=self.shop_id, tiktok_shop_id=self.nowhere)


@pytest.fixture
def ground(database_url: str) -> Iterator[Ground]:
    with asyncio.Runner() as runner:
        database = Database(database_url)
        yield runner.run(_prepared(runner, database))
        runner.run(database.close())


async def _prepared(runner: asyncio.Runner, database: Database) -> Ground:
    now = datetime.now(UTC)
    shop = Shop(domain="one.myshopify.com", installed_at=now)
    ids = tuple(new_id() for _ in range(PRODUCTS))
    async with database.write() as session:
        session.add(shop)
        await session.flush()
        session.add_all(
            Product(
                id=one,
                shop_id=shop.id,
                remote_id=str(one),
                title="",
                status="ACTIVE",
                source_updated_at=now,
                imported_at=now,
            )
            for one in ids
        )
    return Ground(runner, database, shop.id, ids, new_id())


def numbered(groups: list[RuleGroup], *, default: bool) -> list[Template]:
    made = [
        template(TemplateContent(rules=group), id=UUID(int=n), name=f"t{n}", is_default=False, rank=n % 3)
        for n, group in enumerate(groups, 1)
    ]
    return [*made, template(id=UUID(int=99), name="rest", is_default=True)] if default else made


@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    some.integers(0, 2**32),
    some.lists(rules, min_size=1, max_size=8),
    some.booleans(),
    some.booleans(),
)
def test_sql_and_the_pure_rules_agree(
    ground: Ground, seed: int, groups: list[RuleGroup], default: bool, many: bool
) -> None:
    random = Random(seed)
    by_id = {product_id: odd_product(random) for product_id in ground.product_ids}
    templates = numbered(groups, default=default)

    async def both() -> tuple[dict[UUID, UUID], list[Matched], template_matching.Tallies, dict[UUID, Traits]]:
        async with ground.database.read() as session:
            await product_traits.write(session, shop_id=ground.shop_id, traits=by_id, now=datetime.now(UTC))
            return (
                await template_matching.winners(session, **ground.where, templates=templates),
                await template_matching.matches(session, **ground.where, templates=templates),
                await template_matching.tallies(session, **ground.where, templates=templates),
                await product_traits.by_ids(session, shop_id=ground.shop_id, product_ids=ground.product_ids),
            )

    with pytest.MonkeyPatch.context() as patch:
        if many:
            patch.setattr(match_sql, "_FEW", 0)
        winners, seen, tallies, kept = ground.runner.run(both())
    assert kept == by_id
    expected = {product_id: choose(one, templates) for product_id, one in by_id.items()}
    assert winners == {product_id: match.template.id for product_id, match in expected.items() if match}
    for row in seen:
        assert row.winner == winners.get(row.product_id)
        assert set(row.takers) == {
            one.id for one in templates if one.is_default or holds(one.content.rules, by_id[row.product_id])
        }
    for one in templates:
        tally = tallies.of[one.id]
        assert tally.matched == sum(one.id in row.takers for row in seen)
        assert tally.won == sum(row.winner == one.id for row in seen)
        assert sum(tally.lost_to.values()) == tally.matched - tally.won
    assert tallies.untaken == PRODUCTS - len(winners)


@given(texts, some.text())
def test_folding_twice_changes_nothing(odd: str, anything: str) -> None:
    for one in (odd, anything):
        assert folded(folded(one)) == folded(one)
