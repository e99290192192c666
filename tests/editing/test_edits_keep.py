"""What is not ours is kept by partial and full edits, what was refused is sent again whole, and peace is noticed."""

from dataclasses import replace

from sqlmodel import update

from sandbox.tiktok.product import Verdict
from server.domain.history import ChangeKind
from server.domain.listings import ListingStatus
from server.services.listings.editing import elsewhere
from server.tables import CategoryTemplate
from tests.editing.bench import Bench
from tests.editing.test_owners import meddled
from tests.listing.stall import CONTENT, a_product, codes

OTHER_LEAF = "1019872"
STYLE, ROOM, MODERN, VINTAGE, BEDROOM = "100323", "100324", "1005645", "1005652", "1005694"


def style(value: str) -> dict[str, object]:
    """Template content that says one attribute."""
    return CONTENT | {"attributes": [{"id": STYLE, "values": [{"id": value, "name": "Style"}]}]}


async def says(bench: Bench, **values: object) -> None:
    """The only template says something else."""
    async with bench.stall.deps.database.write() as session:
        await session.exec(update(CategoryTemplate).values(**values))


async def test_attributes_that_the_seller_added_are_kept_by_a_partial_edit(bench: Bench) -> None:
    """A list that is sent replaces the whole list (TikTok fact sheet 3.11)."""
    await bench.on_sale(content=style(MODERN))
    theirs = [{"id": STYLE, "values": [{"id": MODERN}]}, {"id": ROOM, "values": [{"id": BEDROOM}]}]
    bench.sellers({"product_attributes": theirs})
    await says(bench, content=style(VINTAGE))
    task = await bench.edited()
    assert task.succeeded == 1, [item.problems for item in await bench.stall.items(task)]
    assert bench.calls == {"Get Product": 1, "Partial Edit Product": 1}
    await bench.reviewed()
    kept = {one.id: [value.id for value in one.values] for one in bench.remote().base.product_attributes}
    assert kept == {STYLE: [VINTAGE], ROOM: [BEDROOM]}
    assert codes(await bench.one()) == []


async def test_a_category_that_the_review_refused_is_moved_to_again(bench: Bench) -> None:
    """It stands in its old leaf: the next edit moves it, axes and all, and not the new leaf's values into the old."""
    bench.world.settings.audit = "never"
    sizes = [{"options": [size], "price": "10.00", "sku": size, "quantity": 3, "weight": 50.0} for size in "SL"]
    await bench.on_sale(a_product(options=["Size"], variants=sizes), content=style(MODERN))
    await bench.stall.trees()
    old = bench.remote().base.category_id
    await says(bench, category_id=OTHER_LEAF, content=CONTENT)
    assert (await bench.edited()).succeeded == 1
    await bench.reviewed(Verdict("fail", ("blurred",)))
    row = await bench.one()
    assert (row.status, codes(row), bench.remote().base.category_id) == (
        ListingStatus.LIVE,
        ["EDIT_REVIEW_FAILED"],
        old,
    )
    await bench.store({"title": "Beeswax Candle in Snow"})
    task = await bench.edited()
    assert task.succeeded == 1, [item.problems for item in await bench.stall.items(task)]
    assert bench.calls == {"Get Product": 1, "Edit Product": 1}
    await bench.reviewed()
    base, row = bench.remote().base, await bench.one()
    assert (base.category_id, base.category_version, base.title) == (OTHER_LEAF, "v2", "Beeswax Candle in Snow")
    assert [[axis.value_name for axis in sku.sales_attributes] for sku in base.skus] == [["S"], ["L"]]
    assert (row.category_id, row.status, codes(row)) == (OTHER_LEAF, ListingStatus.LIVE, [])
    assert (await bench.edited()).skipped == 1


async def test_what_the_seller_takes_back_is_held_no_longer(bench: Bench) -> None:
    """Nobody decided: the seller wrote our words again, and our next ones go out."""
    row = await meddled(bench)
    assert codes(row) == ["CHANGED_ON_TIKTOK"] * 2
    product = bench.sellers({"title": "Beeswax Candle in Ivory"})
    (sku,) = product.base.skus
    product.prices[sku.id] = replace(product.prices[sku.id], amount="19.90")
    async with bench.stall.deps.database.write() as session:
        await elsewhere.heard(
            session,
            **bench.stall.where,
            remote_id=row.remote_id or "",
            source="SELLER_CENTER",
            now=bench.stall.deps.clock(),
        )
    await bench.store({"title": "Beeswax Candle in Snow"})
    await bench.variant({"price": "20.00"})
    (task,) = await bench.swept()
    assert task.succeeded == 1, [item.problems for item in await bench.stall.items(task)]
    await bench.reviewed()
    (price,) = bench.remote().prices.values()
    row = await bench.one()
    assert (bench.remote().base.title, price.amount, codes(row)) == ("Beeswax Candle in Snow", "20.00", [])
    assert row.ownership == {}
    told = [line.fields for line in await bench.history() if line.kind is ChangeKind.CHANGED_ON_TIKTOK]
    assert {"title": ["Hand Poured Candle", "Beeswax Candle in Ivory"]} in told
