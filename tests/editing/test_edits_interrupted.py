"""Lost answers, killed workers, limits and refusals: in the end the platform shows what is wanted, once told."""

import asyncio

import pytest
from sqlmodel import update

from server.domain.listings import ListingOrigin, ListingStatus
from server.domain.ownership import OF_LINKED, Ownership
from server.domain.tasks import TaskState
from server.tables import CategoryTemplate, Listing
from tests.editing.bench import Bench
from tests.listing.leases import lapse
from tests.listing.stall import a_product, codes

OTHER_LEAF = "1019872"
SIZE = {"length": 10, "width": 10, "height": 10, "unit": "CENTIMETER"}


@pytest.mark.parametrize(
    ("operation", "patch", "looks"),
    [
        ("Update Price", {"price": "21.50"}, (1, 1)),
        ("Update Inventory", {"quantity": 9}, (1, 1)),
        ("Partial Edit Product", {"weight": 900.0}, (6, 2)),  # not repeated blindly: each lost answer is looked after
    ],
)
@pytest.mark.parametrize("after_effect", [False, True], ids=["before", "after"])
async def test_a_lost_answer(
    bench: Bench, operation: str, patch: dict[str, object], looks: tuple[int, int], after_effect: bool
) -> None:
    """Whether the edit arrived or not: in the end the platform shows what is wanted, and nobody else is blamed."""
    await bench.on_sale(content={"shipping": {"dimensions": SIZE}})
    await bench.variant(patch)
    bench.stall.fault(kind="reset", operation=operation, first=5, after_effect=after_effect)
    task = await bench.edited()
    assert task.state is TaskState.SUCCEEDED, [item.problems for item in await bench.stall.items(task)]
    assert bench.calls["Get Product"] == looks[after_effect]
    assert await bench.stall.open_intents() == []
    row = await bench.one()
    assert (row.ownership, codes(row)) == ({}, [])
    bench.stall.world.faults.clear()
    await bench.reviewed()
    assert (await bench.edited()).skipped == 1
    product = bench.remote()
    ((stock,),) = product.stock.values()
    (price,) = product.prices.values()
    assert (price.amount, stock.quantity, product.base.package_weight and product.base.package_weight.value) == (
        patch.get("price", "19.90"),
        patch.get("quantity", 5),
        "0.9" if "weight" in patch else "0.25",
    )


async def test_a_worker_dies_in_the_middle(bench: Bench) -> None:
    await bench.on_sale(*(a_product(f"Candle number {number}") for number in range(6)))
    for number in range(6):
        await bench.store({"title": f"Candle of wax {number}"}, handle=f"candle-number-{number}")
    task = await bench.started()
    bench.stall.fault(kind="timeout", operation="Partial Edit Product", after_effect=True, skip=2, hang_s=30)
    working = asyncio.create_task(bench.stall.once(task, worker="doomed"))
    deadline = asyncio.get_running_loop().time() + 20
    while sum(product.newest.title.startswith("Candle of wax") for product in bench.products()) < 5:
        assert asyncio.get_running_loop().time() < deadline, bench.counted()
        await asyncio.sleep(0.02)
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)
    bench.stall.world.faults.clear()
    assert len(await bench.stall.open_intents()) == 6  # a slice's outcomes are kept together: none was
    await lapse(bench.stall.deps, task)
    task = await bench.stall.played(task)
    assert task.state is TaskState.SUCCEEDED, task
    await bench.reviewed()
    assert {product.base.title for product in bench.products()} == {f"Candle of wax {number}" for number in range(6)}
    assert await bench.stall.open_intents() == []
    assert {tuple(codes(row)) for row in await bench.stall.listings()} == {()}


async def test_a_platform_limit_parks_the_edit(bench: Bench) -> None:
    await bench.on_sale()
    await bench.variant({"price": "21.50"})
    bench.stall.fault(kind="tiktok", code=12052109, operation="Update Price", first=1)
    task = await bench.stall.once(await bench.started())
    assert task.state is TaskState.WAITING
    task = await bench.stall.played(task, rounds=120)
    (item,) = await bench.stall.items(task)
    assert (task.succeeded, item.attempts) == (1, 1)


async def test_a_refusal_is_the_merchants_to_mend_and_the_rest_goes_out(bench: Bench) -> None:
    await bench.on_sale()
    await bench.variant({"price": "21.50", "quantity": 8})
    bench.stall.fault(kind="tiktok", code=12052038, operation="Update Price", first=1)
    task = await bench.edited()
    (item,) = await bench.stall.items(task)
    assert (task.state, codes(item), bench.calls) == (
        TaskState.FAILED,
        ["PRICE_LOCKED"],
        {"Update Price": 1, "Update Inventory": 1},
    )
    assert codes(await bench.one()) == ["PRICE_LOCKED"]
    (line,) = [one for one in await bench.history() if one.kind == "REFUSED"]
    assert (line.fields, line.actor, bool(line.request_id)) == ({"refused": [None, "PRICE_LOCKED"]}, "user:1", True)
    await bench.edited()
    assert bench.calls == {"Update Price": 1}
    assert codes(await bench.one()) == []


async def test_another_category_moves_by_full_edit(bench: Bench) -> None:
    (row,) = await bench.on_sale()
    await bench.stall.trees()
    async with bench.stall.deps.database.write() as session:
        await session.exec(update(CategoryTemplate).values(category_id=OTHER_LEAF))
    task = await bench.edited()
    assert task.state is TaskState.SUCCEEDED, [item.problems for item in await bench.stall.items(task)]
    assert bench.calls == {"Get Product": 1, "Edit Product": 1}
    await bench.reviewed()
    row = await bench.one()
    assert (bench.remote().base.category_id, bench.remote().base.category_version) == (OTHER_LEAF, "v2")
    assert (row.category_id, row.status) == (OTHER_LEAF, ListingStatus.LIVE)
    assert "CATEGORY_CHANGED" in [line.kind for line in await bench.history()]


async def test_a_linked_product_keeps_its_words_and_follows_price_and_stock(bench: Bench) -> None:
    """Nothing is known of what somebody else made: it is read first, and only price and stock are the store's."""
    await bench.on_sale()
    bench.sellers({"title": "Made by another connector"})
    of_linked = Ownership(own=OF_LINKED).to_json()
    async with bench.stall.deps.database.write() as session:
        await session.exec(update(Listing).values(sent=None, origin=ListingOrigin.LINKED, ownership=of_linked))
    await bench.variant({"price": "21.50"})
    await bench.edited()
    assert bench.calls == {"Get Product": 1, "Update Price": 1, "Update Inventory": 1}
    row = await bench.one()
    assert (bench.remote().base.title, codes(row)) == ("Made by another connector", [])
    assert row.ownership["owners"]["TITLE"] == "TIKTOK"
    await bench.edited()
    assert bench.calls == {}


async def test_an_edit_whose_outcome_is_unknown_makes_no_twin(bench: Bench) -> None:
    """The task ends without an answer; listing the product again finds it there, and the next edit asks first."""
    (row,) = await bench.on_sale()
    await bench.store({"title": "Beeswax Candle in Snow"})
    bench.stall.fault(kind="reset", operation="Partial Edit Product", after_effect=True)
    bench.stall.fault(kind="tiktok", code=36009003, operation="Get Product", skip=1)
    task = await bench.edited()
    assert (task.state, len(await bench.stall.open_intents())) == (TaskState.FAILED, 1)
    bench.stall.world.faults.clear()
    task = await bench.stall.played(await bench.stall.started([row.product_id]))
    assert [codes(item) for item in await bench.stall.items(task)] == [["ALREADY_LISTED"]]
    assert len(bench.products()) == 1
    task = await bench.edited()
    assert (bench.calls["Get Product"], await bench.stall.open_intents(), codes(await bench.one())) == (1, [], [])
    assert bench.remote().newest.title == "Beeswax Candle in Snow"
