"""Lost answers, killed workers, two tasks at once: no product is ever created twice."""

import asyncio

import pytest

from server.domain.listings import ListingStatus
from server.domain.tasks import TaskState
from tests.listing.leases import lapse
from tests.listing.stall import Stall, a_product, codes

IVORY, ROSE = (a_product(f"Beeswax Candle in {name}") for name in ("Ivory", "Rose"))
CREATE = "Create Product"

pytestmark = pytest.mark.usefixtures("twins_would_show")


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "tiktok", "code": 36009003},
        {"kind": "tiktok", "code": 36009002, "retry_after": "1"},
        {"kind": "http", "status": 503},
        {"kind": "reset"},
        {"kind": "broken_json"},
    ],
    ids=lambda fault: str(fault.get("code", fault["kind"])),
)
@pytest.mark.parametrize("after_effect", [False, True], ids=["before", "after"])
async def test_a_fault_before_or_after_the_effect(stall: Stall, fault: dict[str, object], after_effect: bool) -> None:
    stall.fault(operation=CREATE, first=1, after_effect=after_effect, **fault)
    task = await stall.listed(IVORY, ROSE)
    assert task.state is TaskState.SUCCEEDED, [codes(item) for item in await stall.items(task)]
    products = await stall.products()
    assert stall.created() == {product.remote_id: 1 for product in products}
    assert {one.remote_id for one in await stall.listings()} == set(stall.world.tiktok.products)
    assert await stall.open_intents() == []


async def test_a_lost_answer_is_found_by_asking(stall: Stall) -> None:
    stall.fault(kind="reset", operation=CREATE, first=1, after_effect=True)
    task = await stall.listed(IVORY)
    (item,) = await stall.items(task)
    assert item.outcome is not None
    assert item.outcome["adopted"] is True
    assert (stall.calls(CREATE), stall.calls("Search Products")) == (1, 3)
    (listing,) = await stall.listings()
    assert listing.category_id == "1008592"
    assert listing.remote_skus[0]["external_sku_id"].startswith("gid://shopify/ProductVariant/")


async def test_a_search_that_is_behind_does_not_make_a_twin(stall: Stall) -> None:
    """The search finds nothing: the same key is sent again, and the platform answers with the first product."""
    stall.fault(kind="reset", operation=CREATE, first=1, after_effect=True)
    empty = (
        '{"code":0,"message":"Success","request_id":"x","data":{"products":[],"total_count":0,"next_page_token":""}}'
    )
    stall.fault(kind="http", status=200, operation="Search Products", body=empty)
    task = await stall.listed(IVORY)
    assert task.state is TaskState.SUCCEEDED
    assert stall.calls(CREATE) == 2
    assert set(stall.created().values()) == {1}


async def test_a_worker_dies_in_the_middle_of_a_call(stall: Stall) -> None:
    await stall.imported(*(a_product(f"Candle number {number}") for number in range(12)))
    task = await stall.activated(await stall.template())
    stall.fault(kind="timeout", operation=CREATE, after_effect=True, skip=3, hang_s=30)
    working = asyncio.create_task(stall.once(task, worker="doomed"))
    deadline = asyncio.get_running_loop().time() + 20
    while len(stall.created()) < 9:
        assert asyncio.get_running_loop().time() < deadline, stall.created()
        await asyncio.sleep(0.02)
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)
    stall.world.faults.clear()
    assert len(await stall.open_intents()) == 12  # a slice's outcomes are kept together: none was
    await lapse(stall.deps, task)
    task = await stall.played(task)
    assert (task.state, task.succeeded) == (TaskState.SUCCEEDED, 12)
    assert set(stall.created().values()) == {1}
    assert len(stall.created()) == 12
    assert await stall.open_intents() == []


async def test_two_tasks_for_the_same_products(stall: Stall) -> None:
    products = await stall.imported(*(a_product(f"Candle number {number}") for number in range(10)))
    await stall.template()
    stall.world.settings.latency_ms = 30
    ids = [product.id for product in products]
    first, second = await stall.started(ids), await stall.started(list(reversed(ids)))
    await asyncio.gather(stall.played(first), stall.played(second))
    assert stall.created() == {product.remote_id: 1 for product in products}
    ends = [item.state for task in (first, second) for item in await stall.items(task)]
    assert sorted(ends) == ["SKIPPED"] * 10 + ["SUCCEEDED"] * 10
    skipped = [codes(item) for task in (first, second) for item in await stall.items(task) if item.state == "SKIPPED"]
    assert skipped == [["ALREADY_LISTED"]] * 10
    assert await stall.statuses() == {ListingStatus.IN_REVIEW: 10}


async def test_listing_what_is_listed_creates_nothing(stall: Stall) -> None:
    await stall.listed(IVORY)
    (product,) = await stall.products()
    task = await stall.played(await stall.started([product.id]))
    assert [(item.state, codes(item)) for item in await stall.items(task)] == [("SKIPPED", ["ALREADY_LISTED"])]
    assert stall.calls(CREATE) == 1
    assert await stall.statuses() == {ListingStatus.IN_REVIEW: 1}


async def test_the_same_key_is_the_same_task(stall: Stall) -> None:
    products = await stall.imported(IVORY)
    await stall.template()
    ids = [product.id for product in products]
    first = await stall.started(ids, key="once")
    await stall.played(first)
    again = await stall.started(ids, key="once")
    assert again.id == first.id
    assert await stall.statuses() == {ListingStatus.IN_REVIEW: 1}


async def test_an_unknown_outcome_outlives_its_task(stall: Stall) -> None:
    """All attempts end without an answer: the next task asks first, and adopts."""
    await stall.imported(IVORY)
    task = await stall.activated(await stall.template())
    stall.fault(kind="reset", operation=CREATE, after_effect=True)
    stall.fault(kind="tiktok", code=36009003, operation="Search Products", skip=2)
    task = await stall.played(task)
    assert task.state is TaskState.FAILED
    assert await stall.statuses() == {ListingStatus.SYNC_FAILED: 1}
    assert len(await stall.open_intents()) == 1
    stall.world.faults.clear()
    (product,) = await stall.products()
    again = await stall.played(await stall.started([product.id]))
    assert again.state is TaskState.SUCCEEDED
    assert stall.created() == {product.remote_id: 1}
    assert await stall.open_intents() == []
