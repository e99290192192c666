"""Who owns what of a product that was linked: what stands there stays, until the merchant says otherwise."""

from server.domain.ownership import FieldGroup, Owner
from server.services.listings.editing import owning
from server.services.listings.mirror import linking
from server.tables import Listing
from tests.editing.bench import Bench, stall_source
from tests.listing.stall import codes

OURS = {FieldGroup.PRICE, FieldGroup.STOCK, FieldGroup.STATUS}
KEPT = {group.value: "TIKTOK" for group in FieldGroup if group not in OURS}


async def unlinked(bench: Bench, row: Listing) -> Listing:
    async with bench.stall.deps.database.write() as session:
        return await linking.unlink(
            session,
            bench.stall.deps.feed,
            shop_id=bench.stall.shop.id,
            listing_id=row.id,
            by="user:1",
            now=bench.stall.deps.clock(),
        )


async def linked(bench: Bench, row: Listing) -> Listing:
    """Tied anew to the product that stands there, after it was let go."""
    remote = await bench.stall.deps.tiktok.products.get(await stall_source(bench.stall), row.remote_id or "")
    if row.status != "NOT_SYNCED":
        await unlinked(bench, row)
    async with bench.stall.deps.database.write() as session:
        return await linking.link_by_hand(
            session,
            bench.stall.deps.feed,
            **bench.stall.where,
            product_id=row.product_id,
            remote=remote,
            by="user:1",
            now=bench.stall.deps.clock(),
        )


async def said(bench: Bench, row: Listing, wishes: dict[FieldGroup, Owner | None]) -> Listing:
    async with bench.stall.deps.database.write() as session:
        return await owning.set_listing(
            session,
            shop_id=bench.stall.shop.id,
            listing_id=row.id,
            wishes=wishes,
            actor="user:1",
            now=bench.stall.deps.clock(),
        )


async def test_a_linked_product_begins_with_its_words_kept(bench: Bench) -> None:
    (row,) = await bench.on_sale()
    row = await linked(bench, row)
    assert (row.ownership, row.elsewhere_at, row.sent) == ({"owners": KEPT, "held": {}}, None, None)


async def test_a_word_before_the_first_edit_frees_that_field_alone(bench: Bench) -> None:
    (row,) = await bench.on_sale()
    row = await linked(bench, row)
    await said(bench, row, {FieldGroup.TITLE: Owner.STORE})
    await bench.store({"title": "Beeswax Candle in Snow", "html": "<p>Burns for two days.</p>"})
    assert (await bench.edited()).succeeded == 1
    await bench.reviewed()
    base = bench.remote().base
    assert (base.title, base.description) == ("Beeswax Candle in Snow", "<p>Burns for a day.</p>")
    assert (await bench.one()).ownership == {"owners": KEPT | {"TITLE": "STORE"}, "held": {}}


async def test_a_word_after_the_first_edit_does_the_same(bench: Bench) -> None:
    (row,) = await bench.on_sale()
    row = await linked(bench, row)
    await bench.store({"title": "Beeswax Candle in Snow", "html": "<p>Burns for two days.</p>"})
    await bench.edited()
    assert bench.remote().newest.title == "Beeswax Candle in Ivory"
    await said(bench, row, {FieldGroup.TITLE: Owner.STORE})
    assert (await bench.edited()).succeeded == 1
    await bench.reviewed()
    base = bench.remote().base
    assert (base.title, base.description) == ("Beeswax Candle in Snow", "<p>Burns for a day.</p>")


async def test_words_of_an_earlier_link_count_no_more(bench: Bench) -> None:
    (row,) = await bench.on_sale()
    row = await linked(bench, row)
    await said(bench, row, {FieldGroup.TITLE: Owner.STORE, FieldGroup.PRICE: Owner.LOCKED})
    remote_id = row.remote_id
    row = await unlinked(bench, row)
    assert (row.ownership, row.elsewhere_at) == ({}, None)
    row.remote_id = remote_id
    assert (await linked(bench, row)).ownership == {"owners": KEPT, "held": {}}


PICTURES = [{"kind": "jpg", "width": 700, "height": 700, "slot": slot} for slot in (8, 9)]
DESCRIBED = '<p>Burns for two days.</p><img src="https://pictures.invalid/candle.jpg">'


async def test_pictures_that_are_not_sent_are_not_uploaded(bench: Bench) -> None:
    """Thousands of products are linked, and their prices follow the store: their pictures go nowhere."""
    (row,) = await bench.on_sale()
    await linked(bench, row)
    before = bench.stall.calls("Upload Product Image")
    await bench.store({"images": PICTURES, "html": DESCRIBED})
    await bench.variant({"price": "21.50"})
    task = await bench.edited()
    assert (task.succeeded, bench.calls["Update Price"]) == (1, 1), [
        one.problems for one in await bench.stall.items(task)
    ]
    task = await bench.edited()
    (item,) = await bench.stall.items(task)
    assert (codes(item), [problem["path"] for problem in item.problems]) == (
        ["KEPT_ON_TIKTOK", "KEPT_ON_TIKTOK"],
        [["description"], ["pictures"]],
    )
    assert bench.stall.calls("Upload Product Image") == before
    await said(bench, row, {FieldGroup.PICTURES: Owner.STORE})
    assert (await bench.edited()).succeeded == 1
    assert bench.stall.calls("Upload Product Image") == before + 2
    await bench.reviewed()
    assert len(bench.remote().base.main_images) == 2
    assert bench.remote().base.description == "<p>Burns for a day.</p>"
