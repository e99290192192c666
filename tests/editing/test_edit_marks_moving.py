"""Moving one product on the merchant's word, whoever owned its category; and what is said when nothing is sent."""

from uuid import UUID

from sqlmodel import update

from server.domain.categories import CategoryRef, CategoryVersion
from server.domain.ownership import FieldGroup, Owner
from server.services.templates import moving
from server.tables import CategoryTemplate, Task
from tests.editing.bench import Bench
from tests.editing.test_edit_marks_linked import KEPT, linked, said
from tests.listing.stall import codes

OTHER_LEAF = CategoryRef("1019872", CategoryVersion.V2)


async def moved(bench: Bench, listing_id: UUID) -> Task:
    async with bench.stall.deps.database.write() as session:
        task = await moving.move(
            session,
            bench.stall.deps.queue,
            bench.stall.deps.feed,
            shop_id=bench.stall.shop.id,
            listing_id=listing_id,
            category=OTHER_LEAF,
            started_by="user:1",
            idempotency_key=None,
            now=bench.stall.deps.clock(),
        )
    return await bench.stall.played(task)


async def test_a_linked_product_moves_on_the_merchants_word(bench: Bench) -> None:
    (row,) = await bench.on_sale()
    await bench.stall.trees()
    row = await linked(bench, row)
    task = await moved(bench, row.id)
    assert task.succeeded == 1, [item.problems for item in await bench.stall.items(task)]
    await bench.reviewed()
    assert (bench.remote().base.category_id, bench.remote().base.title) == (OTHER_LEAF.id, "Beeswax Candle in Ivory")
    row = await bench.one()
    assert (row.category_id, row.ownership["owners"]) == (OTHER_LEAF.id, KEPT | {"CATEGORY": "STORE"})


async def test_a_move_that_is_not_ours_to_make_is_said_to_be_kept(bench: Bench) -> None:
    (row,) = await bench.on_sale()
    await bench.stall.trees()
    await said(bench, row, {FieldGroup.CATEGORY: Owner.LOCKED})
    async with bench.stall.deps.database.write() as session:
        await session.exec(update(CategoryTemplate).values(category_id=OTHER_LEAF.id))
    task = await bench.edited()
    (item,) = await bench.stall.items(task)
    assert (task.skipped, codes(item), item.problems[0]["path"]) == (1, ["KEPT_ON_TIKTOK"], ["category"])
    assert item.problems[0]["remedy"] == "CHOOSE_OWNER"
    assert bench.counted()["Edit Product"] == 0
