"""Templates: written with faults told by path, switched on and off, and what they list by themselves."""

from dataclasses import replace
from typing import Any

import pytest

from server.domain.categories import CategoryRef, CategoryVersion
from server.domain.listings import ListingStatus
from server.domain.paging import PageArgs
from server.domain.tasks import TaskKind, TaskState
from server.kit.errors import AppError, Conflict, Invalid, NotFound
from server.kit.ids import new_id
from server.services import listings, tasks, templates, tiktok_shops
from server.services.templates import TemplateDraft, TemplateInvalid, TemplatePatch
from server.tables import CategoryTemplate, Task
from tests.listing.stall import CANDLES, CONTENT, Stall, a_product, codes

DRAFT = TemplateDraft("Candles", CANDLES, CONTENT)
S = ListingStatus


async def make(stall: Stall, draft: TemplateDraft) -> CategoryTemplate:
    async with stall.deps.database.write() as session:
        return await templates.create(
            session, shop_id=stall.shop.id, tiktok_shop_id=stall.tiktok_shop.id, draft=draft, now=stall.deps.clock()
        )


async def all_templates(stall: Stall) -> list[CategoryTemplate]:
    async with stall.deps.database.read() as session:
        return (await templates.page(session, shop_id=stall.shop.id, args=PageArgs(first=50))).nodes


async def listing_tasks(stall: Stall) -> list[Task]:
    async with stall.deps.database.read() as session:
        page = await tasks.page(session, shop_id=stall.shop.id, kinds=[TaskKind.LISTING], args=PageArgs(first=50))
    return page.nodes


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        (replace(DRAFT, name="  "), ("input", "name")),
        (replace(DRAFT, name="x" * 256), ("input", "name")),
        (replace(DRAFT, rank=-1), ("input", "rank")),
        (replace(DRAFT, content={"stock": {"cap": 0}}), ("input", "content", "stock", "cap")),
        (replace(DRAFT, category=CategoryRef("one", CategoryVersion.V2)), ("input", "category", "id")),
    ],
)
async def test_faults_are_told_by_path_and_nothing_is_written(
    stall: Stall, draft: TemplateDraft, field: tuple[str, ...]
) -> None:
    with pytest.raises(Invalid) as caught:
        await make(stall, draft)
    assert caught.value.field == field
    assert await all_templates(stall) == []


async def test_all_faults_of_the_content_are_there(stall: Stall) -> None:
    with pytest.raises(TemplateInvalid) as caught:
        await make(stall, replace(DRAFT, content={"stock": {"cap": 0}, "colour": 1}))
    assert [fault.field[2:] for fault in caught.value.faults] == [("stock", "cap"), ("colour",)]


@pytest.mark.parametrize(("category_id", "says"), [("1", "has no category 1"), ("601450", "has subcategories")])
async def test_a_category_must_be_a_leaf_of_the_tree(stall: Stall, category_id: str, says: str) -> None:
    await stall.trees()
    with pytest.raises(Invalid, match=says):
        await make(stall, replace(DRAFT, category=CategoryRef(category_id, CategoryVersion.V2)))
    assert (await make(stall, DRAFT)).category_id == CANDLES.id


async def test_one_default_a_shop(stall: Stall) -> None:
    first = await make(stall, replace(DRAFT, is_default=True))
    second = await make(stall, replace(DRAFT, name="Other", is_default=True, rank=1))
    assert [(row.id, row.is_default) for row in await all_templates(stall)] == [(first.id, False), (second.id, True)]
    async with stall.deps.database.write() as session:
        changed = await templates.update(
            session,
            shop_id=stall.shop.id,
            template_id=first.id,
            patch=TemplatePatch(is_default=True),
            now=stall.deps.clock(),
        )
    assert changed.revision == 3
    assert [row.is_default for row in await all_templates(stall)] == [True, False]


async def test_strangers_see_nothing(stall: Stall) -> None:
    row = await make(stall, DRAFT)
    other = new_id()
    async with stall.deps.database.write() as session:
        with pytest.raises(NotFound):
            await templates.get(session, shop_id=other, template_id=row.id)
        with pytest.raises(NotFound):
            await templates.delete(session, shop_id=other, template_id=row.id, now=stall.deps.clock())
        with pytest.raises(NotFound):
            await templates.deactivate(session, shop_id=other, template_id=row.id, now=stall.deps.clock())
        with pytest.raises(NotFound):
            await templates.create(
                session, shop_id=other, tiktok_shop_id=stall.tiktok_shop.id, draft=DRAFT, now=stall.deps.clock()
            )
        assert await templates.by_ids(session, shop_id=other, ids=[row.id]) == {}
    assert len(await all_templates(stall)) == 1


RED = {"rules": {"conditions": [{"field": "TITLE", "operator": "CONTAINS", "value": "red"}]}}


async def test_each_product_goes_with_its_template(stall: Stall) -> None:
    await stall.imported(a_product("Candle in red"), a_product("Candle in blue"), a_product("Pair of red Candles"))
    red = await make(stall, replace(DRAFT, content=CONTENT | RED))
    rest = await stall.template()
    assert (await stall.played(await stall.activated(red))).total == 2
    assert (await stall.played(await stall.activated(rest))).total == 1
    assert [one.template_id for one in await stall.listings()] == [red.id, rest.id, red.id]


async def test_an_inactive_special_template_is_for_listing_by_hand(stall: Stall) -> None:
    products = await stall.imported(a_product("Candle in red"), a_product("Candle in blue"))
    red = await make(stall, replace(DRAFT, content=CONTENT | RED))
    await stall.played(await stall.started([one.id for one in products]))
    first, second = await stall.listings()
    assert (first.template_id, first.status) == (red.id, S.IN_REVIEW)
    assert (second.template_id, second.status, codes(second)) == (None, S.SYNC_FAILED, ["NO_TEMPLATE"])
    again = await stall.played(await stall.started([products[1].id], template_id=red.id))
    assert again.state is TaskState.SUCCEEDED


async def test_new_products_are_listed_while_a_template_is_active(stall: Stall) -> None:
    ivory, rose, olive = (a_product(f"Candle in {name}") for name in ("ivory", "rose", "olive"))
    await stall.listed(ivory)
    (template,) = await all_templates(stall)
    assert [task.total for task in await listing_tasks(stall)] == [1]
    await stall.imported()
    assert len(await listing_tasks(stall)) == 1
    stall.add(rose)
    await stall.imported()
    (newest, _) = sorted(await listing_tasks(stall), key=lambda task: task.created_at, reverse=True)
    assert (newest.total, newest.started_by, newest.input["cause"]) == (1, "system", "IMPORT")
    await stall.played(newest)
    assert await stall.statuses() == {S.IN_REVIEW: 2}
    async with stall.deps.database.write() as session:
        await templates.deactivate(session, shop_id=stall.shop.id, template_id=template.id, now=stall.deps.clock())
    stall.add(olive)
    await stall.imported()
    assert len(await listing_tasks(stall)) == 2
    assert await stall.statuses() == {S.IN_REVIEW: 2}


async def test_a_repeated_activation_switches_nothing_on_again(stall: Stall) -> None:
    """The merchant deactivated it meanwhile; a client that repeats its old request changes nothing."""
    await stall.imported(a_product())
    template = await stall.template()
    first = await stall.activated(template, key="once")
    await stall.played(first)
    async with stall.deps.database.write() as session:
        await templates.deactivate(session, shop_id=stall.shop.id, template_id=template.id, now=stall.deps.clock())
    stall.add(a_product("Rose Candle"))
    await stall.imported()
    again = await stall.activated(template, key="once")
    assert (again.id, [row.is_active for row in await all_templates(stall)]) == (first.id, [False])
    assert [task.id for task in await listing_tasks(stall)] == [first.id]
    assert await stall.statuses() == {S.IN_REVIEW: 1}
    await stall.activated(template, key="twice")
    assert [row.is_active for row in await all_templates(stall)] == [True]


async def test_a_disconnected_shop_takes_no_work(stall: Stall) -> None:
    products = await stall.imported(a_product())
    template = await stall.template()
    async with stall.deps.database.write() as session:
        await tiktok_shops.disconnect(session, stall.deps.queue, stall.deps.feed, **stall.where, now=stall.deps.clock())
    for attempt in (stall.started([products[0].id]), stall.activated(template)):
        with pytest.raises(Conflict) as caught:
            await attempt
        assert caught.value.code == "AUTHORIZATION_NEEDED"
    assert await listing_tasks(stall) == []
    assert await stall.listings() == []


@pytest.mark.parametrize(
    ("asked", "error", "field"),
    [
        ({"product_ids": []}, Invalid, ("input", "productIds")),
        ({"product_ids": None}, Invalid, ("input", "productIds")),
        ({"product_ids": [new_id()]}, NotFound, ("input", "productIds", "0")),
        ({"product_ids": None, "template_id": new_id()}, NotFound, ("input", "templateId")),
    ],
)
async def test_what_cannot_be_started(
    stall: Stall, asked: dict[str, Any], error: type[AppError], field: tuple[str, ...]
) -> None:
    with pytest.raises(error) as caught:
        await stall.started(**asked)
    assert caught.value.field == field
    assert await listing_tasks(stall) == []


async def test_cancelling_gives_the_listings_back(stall: Stall) -> None:
    await stall.imported(*(a_product(f"Candle number {number}") for number in range(5)))
    task = await stall.activated(await stall.template())
    assert await stall.statuses() == {S.QUEUED: 5}
    async with stall.deps.database.write() as session:
        await tasks.cancel(
            session, stall.deps.queue, stall.deps.feed, shop_id=stall.shop.id, task_id=task.id, now=stall.deps.clock()
        )
    assert (await stall.played(task)).state is TaskState.CANCELLED
    assert await stall.statuses() == {S.NOT_SYNCED: 5}
    assert stall.created() == {}
    again = await stall.played(await stall.activated((await all_templates(stall))[0]))
    assert (again.total, again.state) == (5, TaskState.SUCCEEDED)


async def test_counts_and_pages(stall: Stall) -> None:
    await stall.listed(a_product("Candle one"), a_product("Candle two", html=""), a_product("Draft", status="DRAFT"))
    shop_id, here = stall.shop.id, stall.tiktok_shop.id
    async with stall.deps.database.read() as session:
        counts = await listings.counts_by_status(session, shop_id=shop_id, tiktok_shop_id=here)
        failed = await listings.page(
            session, shop_id=shop_id, statuses=[S.SYNC_FAILED], args=PageArgs(first=5, total=True)
        )
        others = await listings.page(session, shop_id=new_id(), args=PageArgs(first=5, total=True))
        products = await stall.products()
        found = await listings.by_products(
            session, shop_id=shop_id, tiktok_shop_id=here, product_ids=[product.id for product in products]
        )
        with pytest.raises(NotFound):
            await listings.get(session, shop_id=new_id(), listing_id=failed.nodes[0].id)
    assert set(counts) == set(S)
    assert {state: amount for state, amount in counts.items() if amount} == {
        S.IN_REVIEW: 1,
        S.SYNC_FAILED: 1,
        S.NOT_SYNCED: 1,
    }
    assert (failed.total, others.total) == (1, 0)
    assert set(found) == {product.id for product in products[:2]}
