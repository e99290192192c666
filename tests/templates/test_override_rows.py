"""Overrides row by row: what can be done of a row with faults, and forgetting them again."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from server.domain.bulk import ErrorPolicy
from server.domain.categories import CategoryRef, CategoryVersion
from server.kit.errors import AppError
from server.kit.ids import new_id
from server.services.templates import clearing, overriding
from server.services.templates.clearing import ClearOutcome
from server.services.templates.overriding import OverrideOutcome, OverrideWish
from tests.templates.conftest import BOWLS, Desk

NO_LEAF = CategoryRef("999", CategoryVersion.V2)
LONG = "a" * 1_001


async def set_parts(desk: Desk, *wishes: OverrideWish) -> list[OverrideOutcome]:
    """What can be done is done."""
    async with desk.deps.database.write() as session:
        return await overriding.set_many(
            session,
            **desk.where,
            wishes=wishes,
            policy=ErrorPolicy.IGNORE_FAILED,
            actor="user:42",
            now=desk.deps.clock(),
        )


async def kept(desk: Desk, *product_ids: UUID) -> dict[UUID, tuple[str | None, dict[str, Any]]]:
    async with desk.deps.database.read() as session:
        rows = await overriding.by_products(session, **desk.where, product_ids=product_ids)
    return {one: (row.category_id, row.content) for one, row in rows.items()}


async def clear(desk: Desk, *product_ids: UUID, policy: ErrorPolicy) -> list[ClearOutcome]:
    async with desk.deps.database.write() as session:
        return await clearing.clear(
            session, **desk.where, product_ids=product_ids, policy=policy, actor="user:42", now=desk.deps.clock()
        )


def fields(errors: Sequence[AppError]) -> list[tuple[str, ...]]:
    return [tuple(error.field) for error in errors]


async def test_the_parts_of_a_row_without_faults_are_done(desk: Desk) -> None:
    [product] = await desk.add(["mug"])
    wish = OverrideWish(product, NO_LEAF, {"title": "A fine mug", "brand_id": "9"})
    [told] = await set_parts(desk, wish)
    assert (told.done, fields(told.errors)) == (True, [("input", "category", "id")])
    assert await kept(desk, product) == {product: (None, {"title": "A fine mug", "brand_id": "9"})}
    [told] = await set_parts(desk, OverrideWish(product, BOWLS, {"title": LONG, "colour": "red", "brand_id": "7"}))
    assert told.done
    assert {path[2] for path in fields(told.errors)} == {"title", "colour"}
    assert await kept(desk, product) == {product: (BOWLS.id, {"title": "A fine mug", "brand_id": "7"})}


async def test_a_row_of_which_nothing_can_be_done_is_refused(desk: Desk) -> None:
    product, second = await desk.add(["mug"], ["mug"])
    stranger = new_id()
    told = await set_parts(
        desk,
        OverrideWish(product, NO_LEAF, {"title": LONG}),
        OverrideWish(stranger, content={"title": "A fine mug"}),
        OverrideWish(second, content={"title": "A second mug"}),
        OverrideWish(second, content={"title": "Once more"}),
    )
    assert [one.done for one in told] == [False, False, True, False]
    assert fields(told[0].errors) == [("input", "category", "id"), ("input", "content", "title")]
    assert [fields(one.errors) for one in told[1:]] == [[("input", "productId")], [], [("input", "productId")]]
    assert await kept(desk, product, second) == {second: (None, {"title": "A second mug"})}


async def test_clearing_answers_each_row(desk: Desk) -> None:
    product, second = await desk.add(["mug"], ["mug"])
    await set_parts(desk, OverrideWish(product, content={"title": "A fine mug"}))
    stranger = new_id()
    told = await clear(desk, product, stranger, second, policy=ErrorPolicy.REJECT_EVERYTHING)
    assert [(one.done, one.had) for one in told] == [(False, False)] * 3
    assert len(await kept(desk, product)) == 1
    told = await clear(desk, product, stranger, second, policy=ErrorPolicy.REJECT_FAILED_ROWS)
    assert [(one.product_id, one.done, one.had) for one in told] == [
        (product, True, True),
        (stranger, False, False),
        (second, True, False),
    ]
    assert [one.error is not None and one.error.field for one in told] == [
        False,
        ("input", "productIds", "1"),
        False,
    ]
    assert await kept(desk, product) == {}
