"""Products given to templates by hand, row by row; the order of templates; overrides."""

from datetime import UTC, datetime
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.bulk import ErrorPolicy
from server.domain.category_choices import TakenBy
from server.kit.errors import Invalid, NotFound
from server.kit.ids import new_id
from server.services.listings.creating import planning
from server.services.listings.creating.planning import Planned
from server.services.templates import assigning, overriding, reorder
from server.services.templates.assigning import AssignOutcome
from server.services.templates.ordering import fresh_ranks, permuted
from server.services.templates.overriding import OverrideOutcome, OverrideWish
from server.tables import CategoryTemplate
from tests.templates.conftest import BOWLS, MUGS, Desk, takes


async def assign(desk: Desk, template_id: UUID, *product_ids: UUID, **how: Any) -> list[AssignOutcome]:
    async with desk.deps.database.write() as session:
        return await assigning.assign(
            session,
            shop_id=desk.shop.id,
            template_id=template_id,
            product_ids=product_ids,
            actor="user:42",
            now=desk.deps.clock(),
            **how,
        )


async def unassign(desk: Desk, template_id: UUID, *product_ids: UUID) -> list[AssignOutcome]:
    async with desk.deps.database.write() as session:
        return await assigning.unassign(
            session,
            shop_id=desk.shop.id,
            template_id=template_id,
            product_ids=product_ids,
            actor="user:1",
            now=desk.deps.clock(),
        )


async def plans(desk: Desk, *product_ids: UUID) -> list[Planned]:
    async with desk.deps.database.read() as session:
        found = await planning.plan(session, **desk.where, product_ids=product_ids, now=desk.deps.clock())
    return [found[one] for one in product_ids]


async def winners(desk: Desk, *product_ids: UUID) -> list[tuple[UUID | None, TakenBy]]:
    return [(one.template.id if one.template else None, one.taken_by) for one in await plans(desk, *product_ids)]


async def test_by_hand_goes_before_rules_and_the_rules_come_back(desk: Desk) -> None:
    by_rule, other = await desk.make("By rule", takes("mug")), await desk.make("Other")
    product, second = await desk.add(["mug"], ["mug"])
    assert [one.done for one in await assign(desk, other.id, product)] == [True]
    assert await winners(desk, product, second) == [(other.id, TakenBy.ASSIGNMENT), (by_rule.id, TakenBy.RULE)]
    [moved] = await assign(desk, by_rule.id, product)
    assert (moved.done, moved.before) == (True, other.id)
    [left] = await unassign(desk, by_rule.id, product)
    assert (left.done, left.before) == (True, by_rule.id)
    assert await winners(desk, product) == [(by_rule.id, TakenBy.RULE)]


@pytest.mark.parametrize(
    ("policy", "done"),
    [
        (ErrorPolicy.IGNORE_FAILED, [True, False, False]),
        (ErrorPolicy.REJECT_FAILED_ROWS, [True, False, False]),
        (ErrorPolicy.REJECT_EVERYTHING, [False, False, False]),
    ],
)
async def test_rows_are_answered_in_their_order(desk: Desk, policy: ErrorPolicy, done: list[bool]) -> None:
    template = await desk.make("Mugs")
    [product] = await desk.add(["mug"])
    told = await assign(desk, template.id, product, new_id(), product, policy=policy)
    assert [one.done for one in told] == done
    assert [one.error and (type(one.error), one.error.field) for one in told] == [
        None,
        (NotFound, ("input", "productIds", "1")),
        (Invalid, ("input", "productIds", "2")),
    ]
    async with desk.deps.database.read() as session:
        counted = await assigning.counts(session, shop_id=desk.shop.id, ids=[template.id])
    assert counted == ({template.id: 1} if done[0] else {})


async def test_what_was_not_given_cannot_be_taken(desk: Desk) -> None:
    mugs, others = await desk.make("Mugs", takes("mug")), await desk.make("Others")
    product, second = await desk.add(["mug"], ["mug"])
    await assign(desk, others.id, second)
    told = await unassign(desk, mugs.id, product, second)
    assert [(one.done, one.error and one.error.code) for one in told] == [(False, "CONFLICT")] * 2
    assert await winners(desk, second) == [(others.id, TakenBy.ASSIGNMENT)]


async def test_strangers_products_and_templates_are_not_there(desk: Desk) -> None:
    template = await desk.make("Mugs")
    [product] = await desk.add(["mug"])
    async with desk.deps.database.write() as session:
        with pytest.raises(NotFound):
            await assigning.assign(
                session,
                shop_id=new_id(),
                template_id=template.id,
                product_ids=[product],
                actor="user:1",
                now=desk.deps.clock(),
            )


async def ordered(desk: Desk, *ids: UUID) -> list[CategoryTemplate]:
    async with desk.deps.database.write() as session:
        return await reorder(session, **desk.where, template_ids=ids, actor="user:42", now=desk.deps.clock())


async def test_templates_take_each_others_places(desk: Desk) -> None:
    a, b, c, last = [await desk.make(name, takes("mug")) for name in "abc"] + [await desk.make("d", is_default=True)]
    [product] = await desk.add(["mug"])
    assert [row.name for row in await ordered(desk, c.id, a.id)] == ["c", "b", "a", "d"]
    assert await winners(desk, product) == [(c.id, TakenBy.RULE)]
    again = await ordered(desk, c.id, b.id, a.id)
    assert [(row.name, row.revision) for row in again[:3]] == [(row.name, row.revision) for row in again[:3]]
    for bad, error in ((last.id, Invalid), (new_id(), NotFound)):
        with pytest.raises(error) as caught:
            await ordered(desk, b.id, bad)
        assert caught.value.field == ("input", "templateIds", "1")


@given(st.lists(st.integers(0, 1_000_000), max_size=20))
def test_fresh_ranks_rise_and_change_no_more_than_they_must(ranks: list[int]) -> None:
    ranks = sorted(ranks)
    told = fresh_ranks(ranks)
    assert all(one < other for one, other in pairwise(told))
    assert all(0 <= one <= 1_000_000 for one in told)
    if len(set(ranks)) == len(ranks):
        assert told == ranks


def a_row(rank: int) -> CategoryTemplate:
    now = datetime(2026, 11, 21, tzinfo=UTC)
    return CategoryTemplate(
        shop_id=new_id(), tiktok_shop_id=new_id(), name="T", rank=rank, created_at=now, updated_at=now
    )


@given(st.permutations(range(6)), st.integers(1, 6))
def test_those_that_are_not_named_keep_their_places(order: list[int], named: int) -> None:
    rows = [a_row(place) for place in range(6)]
    wanted = [rows[at].id for at in order[:named]]
    after = permuted(rows, wanted)
    assert [row.id for row in after if row.id in set(wanted)] == wanted
    assert all(after[at] is row for at, row in enumerate(rows) if row.id not in set(wanted))


async def override(desk: Desk, *wishes: OverrideWish, **how: Any) -> list[OverrideOutcome]:
    async with desk.deps.database.write() as session:
        return await overriding.set_many(
            session, **desk.where, wishes=wishes, actor="user:42", now=desk.deps.clock(), **how
        )


async def test_a_products_own_category_and_content_go_first(desk: Desk) -> None:
    await desk.make("Mugs", takes("mug") | {"brand_id": "7"})
    [product] = await desk.add(["mug"])
    [told] = await override(desk, OverrideWish(product, BOWLS, {"brand_id": "9", "title": "The best bowl there is"}))
    assert told.override is not None
    assert told.override.revision == 1
    [plan] = await plans(desk, product)
    assert (plan.category.ref, plan.effective.content.brand_id) == (BOWLS, "9")
    [told] = await override(desk, OverrideWish(product, content={"brand_id": None}))
    assert told.override is not None
    assert (told.override.revision, told.override.content) == (2, {"title": "The best bowl there is"})
    [told] = await override(desk, OverrideWish(product, None, {"title": None}))
    assert (told.done, told.override) == (True, None)
    [plan] = await plans(desk, product)
    assert (plan.category.ref, plan.effective.content.brand_id) == (MUGS, "7")


async def test_faults_of_overrides_stay_with_their_rows(desk: Desk) -> None:
    product, second = await desk.add(["mug"], ["mug"])
    told = await override(
        desk,
        OverrideWish(product, content={"title": "A fine mug"}),
        OverrideWish(new_id(), content={"title": "X"}),
        OverrideWish(second, content={"stock": {"cap": 0}, "colour": "red"}),
    )
    assert [one.done for one in told] == [True, False, False]
    assert [error.field for one in told for error in one.errors] == [
        ("input", "productId"),
        ("input", "content", "stock", "cap"),
        ("input", "content", "colour"),
    ]
    everything = await override(
        desk,
        OverrideWish(product, content={"title": "Another"}),
        OverrideWish(second, content={"colour": "red"}),
        policy=ErrorPolicy.REJECT_EVERYTHING,
    )
    assert [one.done for one in everything] == [False, False]
    async with desk.deps.database.read() as session:
        rows = await overriding.by_products(session, **desk.where, product_ids=[product, second])
    assert {one: row.content for one, row in rows.items()} == {product: {"title": "A fine mug"}}
