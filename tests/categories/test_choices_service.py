"""Categories decided for many products at once: what rows say, in at most three statements (R12, R14)."""

from collections.abc import Mapping
from uuid import UUID, uuid4

import pytest
from sqlalchemy import event

from server.domain.categories import CategoryRef, CategoryVersion
from server.domain.category_choices import CategoryChoice, Taken, TakenBy
from server.domain.recommendations import PlatformAnswer, RecommendationState
from server.domain.templates import Template
from server.kit.ids import new_id
from server.services import category_choices
from server.tables import CategoryTemplate, Recommendation
from tests.mappings.conftest import BOWLS, KNIVES, MUGS, Bench, a_type, bench

__all__ = ["bench"]

V1, V2 = CategoryVersion.V1, CategoryVersion.V2


def a_template(category: CategoryRef | None, name: str = "Table") -> Template:
    return Template(new_id(), name, category)  # type: ignore[arg-type,unused-ignore]  # null is automatic


async def approved(bench: Bench, product_id: UUID, ref: CategoryRef) -> None:
    row = Recommendation(
        **bench.where,
        product_id=product_id,
        state=RecommendationState.APPROVED,
        version=ref.version,
        chosen_id=ref.id,
        chosen_version=ref.version,
        asked_at=bench.deps.clock(),
        platform_answer=PlatformAnswer.UNREACHABLE,
    )
    async with bench.deps.database.write() as session:
        session.add(row)


async def default(bench: Bench, ref: CategoryRef) -> None:
    now = bench.deps.clock()
    row = CategoryTemplate(
        **bench.where,
        name="Rest",
        is_default=True,
        category_id=ref.id,
        category_version=ref.version,
        created_at=now,
        updated_at=now,
    )
    async with bench.deps.database.write() as session:
        session.add(row)


async def decided(bench: Bench, products: Mapping[UUID, Taken]) -> tuple[dict[UUID, CategoryChoice], int]:
    """The choices, and how many statements they took."""
    said: list[str] = []

    def count(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        said.append(statement)

    async with bench.deps.database.read() as session:
        connection = await session.connection()
        event.listen(connection.sync_connection, "before_cursor_execute", count)
        found = await category_choices.decide(session, **bench.where, products=products, listable={V2})
    return found, len(said)


async def test_each_product_is_decided_by_the_strongest_who_speaks(bench: Bench) -> None:
    [own, given, agreed, sorted_in, rest, by_rule] = await bench.add(product_type="Mugs", amount=6)
    [lone] = await bench.add()
    await bench.set(a_type("Mugs"), MUGS)
    await approved(bench, agreed, KNIVES)
    await default(bench, BOWLS)
    table, automatic, last = a_template(KNIVES), a_template(None), a_template(BOWLS, "Rest")
    found, statements = await decided(
        bench,
        {
            own: Taken(table, TakenBy.RULE, BOWLS),
            given: Taken(table, TakenBy.ASSIGNMENT),
            agreed: Taken(automatic, TakenBy.RULE),
            sorted_in: Taken(automatic, TakenBy.ASSIGNMENT),
            rest: Taken(last),
            by_rule: Taken(table, TakenBy.RULE),
            lone: Taken(automatic, TakenBy.RULE),
        },
    )
    assert {product: (choice.ref, str(choice.source)) for product, choice in found.items()} == {
        own: (BOWLS, "OVERRIDE"),
        given: (KNIVES, "TEMPLATE"),
        agreed: (KNIVES, "APPROVAL"),
        sorted_in: (MUGS, "MAPPING"),
        rest: (MUGS, "MAPPING"),
        by_rule: (KNIVES, "TEMPLATE"),
        lone: (BOWLS, "DEFAULT_TEMPLATE"),
    }
    assert statements == 3
    assert found[sorted_in].because == "its product type “Mugs” is mapped"
    assert found[lone].because == "nothing else decides, and the default template “Rest” has it"


async def test_nothing_is_read_where_people_named_the_category(bench: Bench) -> None:
    [product] = await bench.add()
    found, statements = await decided(bench, {product: Taken(a_template(MUGS), TakenBy.RULE)})
    assert (found[product].ref, statements) == (MUGS, 0)


async def test_what_belongs_to_a_closed_tree_is_passed_over(bench: Bench) -> None:
    [product] = await bench.add(product_type="Mugs")
    await approved(bench, product, CategoryRef("2", V1))
    await bench.set(a_type("Mugs"), MUGS)
    found, _ = await decided(bench, {product: Taken()})
    assert (found[product].ref, found[product].source) == (MUGS, "MAPPING")


@pytest.mark.parametrize("amount", [1, 40_000])
async def test_more_products_are_no_more_statements(bench: Bench, amount: int) -> None:
    await bench.add(product_type="Mugs")
    products = {uuid4(): Taken(a_template(None), TakenBy.RULE) for _ in range(amount)}
    found, statements = await decided(bench, products)
    assert (len(found), statements) == (amount, 3)
    assert {choice.ref for choice in found.values()} == {None}
