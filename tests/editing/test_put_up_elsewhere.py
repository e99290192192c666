"""The store took a product off, and another hand puts it on sale: that is held and told, and nothing goes over it."""

import pytest

from server.domain.history import ChangeKind
from server.domain.listings import ListingStatus
from server.domain.ownership import FieldGroup, Owner
from server.services.listings.editing import owning
from tests.editing.bench import Bench, stall_source
from tests.listing.stall import codes


async def put_up(bench: Bench) -> None:
    """Archived in the store, so off sale; then the seller activates it, and we hear of it."""
    (row,) = await bench.on_sale()
    await bench.store({"status": "ARCHIVED"})
    assert (await bench.edited()).succeeded == 1
    products, source = bench.stall.deps.tiktok.products, await stall_source(bench.stall)
    bench.world.clock.advance(60)
    await products.activate(source, [row.remote_id or ""])
    await bench.reviewed()
    assert (await bench.one()).status is ListingStatus.LIVE


async def taken_off(bench: Bench) -> None:
    """By the seller."""
    products, source = bench.stall.deps.tiktok.products, await stall_source(bench.stall)
    bench.world.clock.advance(60)
    await products.deactivate(source, [bench.remote().id])
    await bench.looked()


async def held(bench: Bench) -> None:
    await put_up(bench)
    (task,) = await bench.swept()
    assert [codes(item) for item in await bench.stall.items(task)] == [["CHANGED_ON_TIKTOK"]]


async def owned(bench: Bench, owner: Owner) -> None:
    async with bench.stall.deps.database.write() as session:
        await owning.set_listing(
            session,
            shop_id=bench.stall.shop.id,
            listing_id=(await bench.one()).id,
            wishes={FieldGroup.STATUS: owner},
            actor="user:1",
            now=bench.stall.deps.clock(),
        )


async def test_it_is_held_and_told_by_itself(bench: Bench) -> None:
    await put_up(bench)
    before = bench.counted()
    (task,) = await bench.swept()
    assert (task.skipped, bench.counted() - before) == (1, {"Get Product": 1})
    row = await bench.one()
    assert ({group: one["fields"] for group, one in row.ownership["held"].items()}, codes(row)) == (
        {"STATUS": {"on_sale": True}},
        ["CHANGED_ON_TIKTOK"],
    )
    (line,) = [one for one in await bench.history() if one.kind == ChangeKind.CHANGED_ON_TIKTOK]
    assert (line.fields, line.actor) == ({"on_sale": [False, True]}, "tiktok")
    assert (bench.remote().status.value, row.edit_due_at) == ("ACTIVATE", None)
    task = await bench.edited()
    assert ([codes(item) for item in await bench.stall.items(task)], bench.calls) == ([["CHANGED_ON_TIKTOK"]], {})


async def test_the_stores_word_takes_it_off_again(bench: Bench) -> None:
    await held(bench)
    await owned(bench, Owner.STORE)
    assert [task.succeeded for task in await bench.swept()] == [1]
    row = await bench.one()
    assert (bench.remote().status.value, row.status) == ("SELLER_DEACTIVATED", ListingStatus.DEACTIVATED)
    assert (row.ownership["held"], codes(row)) == ({}, [])


async def test_tiktoks_word_leaves_it_on_sale(bench: Bench) -> None:
    await held(bench)
    await owned(bench, Owner.TIKTOK)
    (task,) = await bench.swept()
    assert [codes(item) for item in await bench.stall.items(task)] == [["KEPT_ON_TIKTOK"]]
    assert (bench.remote().status.value, codes(await bench.one())) == ("ACTIVATE", [])


async def test_nothing_is_held_once_the_store_wants_it_on_sale_too(bench: Bench) -> None:
    await held(bench)
    await bench.store({"status": "ACTIVE"})
    await bench.variant({"price": "21.50", "quantity": 2})
    before = bench.stall.calls("Activate Product")
    task = await bench.edited()
    assert (task.succeeded, bench.calls) == (1, {"Update Price": 1, "Update Inventory": 1})
    assert bench.stall.calls("Activate Product") == before
    row = await bench.one()
    assert (row.ownership, codes(row), row.sent and row.sent["fields"]["on_sale"]) == ({}, [], True)


@pytest.mark.parametrize("status", ["ARCHIVED", "ACTIVE"])
async def test_what_the_seller_takes_off_again_is_held_no_longer(bench: Bench, status: str) -> None:
    """And the store puts it up as ever."""
    await held(bench)
    await taken_off(bench)
    if status == "ARCHIVED":
        assert [task.skipped for task in await bench.swept()] == [1]
    else:
        await bench.store({"status": status})
        assert (await bench.edited()).succeeded == 1
        await bench.reviewed()
    row = await bench.one()
    assert (row.ownership, codes(row)) == ({}, [])
    assert bench.remote().status.value == ("SELLER_DEACTIVATED" if status == "ARCHIVED" else "ACTIVATE")


async def test_what_both_put_up_is_nobodys_change(bench: Bench) -> None:
    """The store takes it back before our edit comes to it."""
    await put_up(bench)
    await bench.store({"status": "ACTIVE"})
    task = await bench.edited()
    row = await bench.one()
    assert (task.skipped, row.ownership, codes(row)) == (1, {}, [])
    assert row.sent is not None
    assert row.sent["fields"]["on_sale"] is True
