"""Failed items tried again: by task, by item, by filter; nothing is opened twice, nothing that stands is touched."""

from uuid import UUID

import pytest
from sqlmodel import col, update

from server.domain.listings import ListingStatus
from server.domain.tasks import TaskKind, TaskState
from server.kit.errors import AppError
from server.kit.ids import new_id
from server.services import retrying
from server.services.retrying import Name, RetryFilter
from server.tables import Task, Variant
from tests.listing.stall import Stall, a_product

VARIANT = {"price": "19.90", "quantity": 5, "weight": 250.0}
GOOD = a_product("Candle in Ivory", variants=[VARIANT])
BARE = a_product("Without a picture", images=[], variants=[VARIANT])
FREE = a_product("For nothing", variants=[VARIANT | {"price": "0.00"}])
S = ListingStatus


def task(*ids: UUID) -> list[Name]:
    return [Name(True, one) for one in ids]


def item(*ids: UUID) -> list[Name]:
    return [Name(False, one) for one in ids]


async def again(
    stall: Stall, ids: list[Name] | None = None, wanted: RetryFilter | None = None, *, key: str | None = None
) -> list[Task]:
    async with stall.deps.database.write() as session:
        bench = retrying.Bench(
            session, stall.deps.queue, stall.deps.feed, stall.shop.id, "token:test", stall.deps.clock()
        )
        return await retrying.retry(bench, ids=ids, wanted=wanted, idempotency_key=key)


async def refusal(
    stall: Stall, ids: list[Name] | None = None, wanted: RetryFilter | None = None
) -> tuple[str, tuple[str, ...]]:
    with pytest.raises(AppError) as caught:
        await again(stall, ids, wanted)
    return caught.value.code, caught.value.field


async def test_a_tasks_failures_are_tried_again(stall: Stall) -> None:
    first = await stall.listed(GOOD, BARE, FREE)
    assert (first.state, first.succeeded, first.failed) == (TaskState.PARTIALLY_SUCCEEDED, 1, 2)
    async with stall.deps.database.write() as session:
        await session.exec(update(Variant).where(col(Variant.price) == 0).values(price=5))
    (second,) = await again(stall, task(first.id), key="once more")
    assert (second.retry_of, second.total, second.started_by) == (first.id, 2, "token:test")
    assert [one.id for one in await again(stall, task(first.id), key="once more")] == [second.id]
    second = await stall.played(second)
    assert (second.succeeded, second.failed) == (1, 1)
    assert list(stall.created().values()) == [1, 1]
    (third,) = await again(stall, task(first.id))
    assert third.total == 1


async def test_items_and_filters_choose(stall: Stall) -> None:
    first = await stall.listed(GOOD, BARE, FREE)
    failed = {one.problems[0]["code"]: one.id for one in await stall.items(first) if one.problems}
    assert set(failed) == {"IMAGES_MISSING", "PRICE_TOO_LOW"}
    (one,) = await again(stall, item(failed["IMAGES_MISSING"]))
    assert one.total == 1
    assert (await stall.played(one)).failed == 1
    unsold = RetryFilter(tiktok_shop_id=stall.tiktok_shop.id, kinds=[TaskKind.LISTING], problem_codes=["PRICE_TOO_LOW"])
    (two,) = await again(stall, wanted=unsold)
    subjects = [one.subject_id for one in await stall.items(two)]
    assert subjects == [one.subject_id for one in await stall.items(first) if one.id == failed["PRICE_TOO_LOW"]]
    assert (await stall.statuses())[S.QUEUED] == 1


async def test_what_cannot_be_tried_again_opens_nothing(stall: Stall) -> None:
    done = await stall.listed(GOOD)
    (one,) = await stall.items(done)
    imported = (await stall.tasks(TaskKind.IMPORT))[0]
    nobody: UUID = new_id()
    named = ("input", "ids")
    cases = [
        (await refusal(stall, task(done.id)), ("CONFLICT", ("input",))),
        (await refusal(stall, task(done.id, nobody)), ("NOT_FOUND", (*named, "1"))),
        (await refusal(stall, task(imported.id)), ("INVALID", (*named, "0"))),
        (await refusal(stall, item(nobody)), ("NOT_FOUND", (*named, "0"))),
        (await refusal(stall, task(one.id)), ("NOT_FOUND", (*named, "0"))),
        (await refusal(stall, item(one.id)), ("INVALID", (*named, "0"))),
        (await refusal(stall, []), ("INVALID", named)),
        (await refusal(stall, item(*[one.id] * 251)), ("INVALID", named)),
        (
            await refusal(stall, wanted=RetryFilter(tiktok_shop_id=nobody)),
            ("NOT_FOUND", ("input", "filter", "tiktokShopId")),
        ),
    ]
    assert [found for found, _ in cases] == [expected for _, expected in cases]
    assert await stall.tasks(TaskKind.LISTING) == [done]
    assert (await stall.statuses())[S.QUEUED] == 0
    assert sum(stall.created().values()) == 1


async def test_a_named_template_is_kept_however_often_it_is_tried(stall: Stall) -> None:
    (product,) = await stall.imported(BARE)
    await stall.template()
    named = await stall.template(is_default=False)
    tried = await stall.played(await stall.started([product.id], template_id=named.id))
    for _ in range(2):
        (tried,) = await again(stall, task(tried.id))
        assert tried.input == {"template_id": str(named.id), "products": 1}
        tried = await stall.played(tried)
        assert (tried.failed, [one.template_id for one in await stall.listings()]) == (1, [named.id])


async def test_one_task_for_each_way_of_listing_and_the_same_key_finds_them_all(stall: Stall) -> None:
    products = await stall.imported(BARE, FREE)
    template = await stall.template()
    first = await stall.played(await stall.started([products[0].id], template_id=template.id))
    other = await stall.played(await stall.started([products[1].id]))
    opened = await again(stall, wanted=RetryFilter(kinds=[TaskKind.LISTING]), key="all")
    assert sorted(((one.retry_of, one.input["template_id"]) for one in opened), key=str) == sorted(
        [(first.id, str(template.id)), (other.id, None)], key=str
    )
    assert await again(stall, wanted=RetryFilter(kinds=[TaskKind.LISTING]), key="all") == opened


async def test_unfinished_templates_do_not_take_what_an_activation_could_not_list(stall: Stall) -> None:
    first = await stall.listed(BARE)
    (listing,) = await stall.listings()
    greedy = {"rules": {"conditions": [{"field": "TITLE", "operator": "CONTAINS", "value": "picture"}]}}
    await stall.template(is_default=False, content=greedy)
    (second,) = await again(stall, task(first.id))
    assert second.input == {"template_id": None, "template_ids": []}
    assert [one.template_id for one in await stall.listings()] == [listing.template_id]
    second = await stall.played(second)
    (third,) = await again(stall, task(second.id))
    assert [one.template_id for one in await stall.listings()] == [listing.template_id]
    assert (third.retry_of, third.total) == (second.id, 1)


async def test_a_check_and_a_change_of_status_are_asked_for_again_as_they_were(stall: Stall) -> None:
    (product,) = await stall.imported(BARE)
    template = await stall.template(is_default=False)
    asked = [(TaskKind.CHECK, {"template_id": str(template.id)}), (TaskKind.STATUS, {"action": "DEACTIVATE"})]
    for kind, question in asked:
        failed = await stall.failed(kind, product, question)
        if kind is TaskKind.STATUS:
            await stall.shelved(product, S.LIVE)
        (opened,) = await again(stall, task(failed.id))
        assert (opened.kind, opened.input, opened.retry_of, opened.total) == (kind, question, failed.id, 1)


async def test_long_keys_that_begin_alike_and_keys_like_ours_are_keys_of_their_own(stall: Stall) -> None:
    products = await stall.imported(BARE, FREE)
    template = await stall.template()
    await stall.played(await stall.started([products[0].id], template_id=template.id))
    await stall.played(await stall.started([products[1].id]))
    keys, seen = ["k" * 120, "k" * 120 + "1", "k" * 120 + "#1", "k" * 128], set[UUID]()
    for key in keys:
        opened = await again(stall, wanted=RetryFilter(kinds=[TaskKind.LISTING]), key=key)
        assert len(opened) == 2
        assert seen.isdisjoint(one.id for one in opened)
        seen.update(one.id for one in opened)
        for one in opened:
            await stall.played(one)
    assert len(seen) == 2 * len(keys)


async def test_a_key_that_listed_products_retries_nothing(stall: Stall) -> None:
    products = await stall.imported(GOOD, BARE)
    await stall.template()
    first = await stall.played(await stall.started([one.id for one in products], key="mine"))
    assert first.failed == 1
    with pytest.raises(AppError) as caught:
        await again(stall, task(first.id), key="mine")
    assert (caught.value.code, caught.value.field) == ("CONFLICT", ("input", "idempotencyKey"))
    assert await stall.tasks(TaskKind.LISTING) == [first]
    assert (await stall.statuses())[S.QUEUED] == 0
