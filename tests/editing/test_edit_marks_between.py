"""What comes between looking at a listing and writing what was done: newer news and the merchant's word are kept."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from sandbox.tiktok.product import Verdict
from server.domain.listings import ListingStatus
from server.domain.ownership import FieldGroup, Owner
from server.kit.errors import Conflict
from server.services.listings.editing import elsewhere, owning
from server.services.listings.editing import work as edits
from server.services.listings.mirror import linking
from server.tables import Listing, Task
from tests.editing.bench import Bench
from tests.listing.stall import a_product, codes

Act = Callable[[], Awaitable[object]]
Meanwhile = Callable[[Act], Awaitable[Task]]


@pytest.fixture
def meanwhile(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> Meanwhile:
    """Edit all; act after the calls, before what they did is written."""
    written = edits.record

    async def edited(act: Act) -> Task:
        async def late(*args: object, **named: object) -> None:
            await act()
            await written(*args, **named)  # type: ignore[arg-type]  # hands on what it was given

        with monkeypatch.context() as patched:
            patched.setattr(edits, "record", late)
            return await bench.edited()

    return edited


async def say(bench: Bench, row: Listing, wishes: dict[FieldGroup, Owner | None]) -> Listing:
    async with bench.stall.deps.database.write() as session:
        return await owning.set_listing(
            session,
            shop_id=bench.stall.shop.id,
            listing_id=row.id,
            wishes=wishes,
            actor="user:1",
            now=bench.stall.deps.clock(),
        )


async def with_a_held_title(bench: Bench) -> Listing:
    (row,) = await bench.on_sale()
    bench.sellers({"title": "Hand Poured Candle"})
    async with bench.stall.deps.database.write() as session:
        await elsewhere.heard(
            session,
            **bench.stall.where,
            remote_id=row.remote_id or "",
            source="SELLER_CENTER",
            now=bench.stall.deps.clock(),
        )
    await bench.swept()
    row = await bench.one()
    assert list(row.ownership["held"]) == ["TITLE"]
    return row


async def test_news_of_the_review_goes_before_what_the_edit_writes(bench: Bench, meanwhile: Meanwhile) -> None:
    """The product was refused, is mended, and passes before the mending is written down."""
    bench.world.settings.audit = "never"
    await bench.stall.listed(a_product())
    await bench.reviewed(Verdict("fail", reasons=("Blurred",)))
    assert (await bench.one()).status is ListingStatus.REVIEW_FAILED
    await bench.store({"title": "Beeswax Candle in Snow"})
    assert (await meanwhile(bench.reviewed)).succeeded == 1
    row = await bench.one()
    assert (row.status, row.live_since is not None, codes(row)) == (ListingStatus.LIVE, True, [])
    assert row.sent is not None
    assert row.sent["fields"]["title"] == "Beeswax Candle in Snow"


async def test_a_word_on_a_listing_that_is_being_sent_is_refused(bench: Bench, meanwhile: Meanwhile) -> None:
    row = await with_a_held_title(bench)
    await bench.variant({"price": "21.50"})

    async def decided() -> None:
        with pytest.raises(Conflict, match="being sent"):
            await say(bench, row, {FieldGroup.TITLE: Owner.STORE})

    assert (await meanwhile(decided)).succeeded == 1
    assert list((await bench.one()).ownership["held"]) == ["TITLE"]
    assert (await say(bench, row, {FieldGroup.TITLE: Owner.STORE})).ownership["held"] == {}


async def test_a_word_that_comes_while_the_product_is_looked_at_is_kept(bench: Bench, meanwhile: Meanwhile) -> None:
    """The look finds nothing to send, and what it writes is older than the word."""
    row = await with_a_held_title(bench)
    async with bench.stall.deps.database.write() as session:
        at = bench.stall.deps.clock() + timedelta(seconds=1)
        await elsewhere.heard(
            session, **bench.stall.where, remote_id=row.remote_id or "", source="SELLER_CENTER", now=at
        )

    async def decided() -> None:
        await say(bench, row, {FieldGroup.TITLE: Owner.STORE})

    await meanwhile(decided)
    row = await bench.one()
    assert (row.ownership["held"], row.ownership["owners"], codes(row)) == ({}, {"TITLE": "STORE"}, [])
    assert row.edit_due_at is not None
    (task,) = await bench.swept()
    assert task.succeeded == 1
    await bench.reviewed()
    assert bench.remote().base.title == "Beeswax Candle in Ivory"


async def test_a_listing_that_was_let_go_meanwhile_stays_unlinked(bench: Bench, meanwhile: Meanwhile) -> None:
    row = await with_a_held_title(bench)
    async with bench.stall.deps.database.write() as session:
        at = bench.stall.deps.clock() + timedelta(seconds=1)
        await elsewhere.heard(
            session, **bench.stall.where, remote_id=row.remote_id or "", source="SELLER_CENTER", now=at
        )

    async def let_go() -> None:
        async with bench.stall.deps.database.write() as session:
            await linking.unlink(
                session,
                bench.stall.deps.feed,
                shop_id=bench.stall.shop.id,
                listing_id=row.id,
                by="user:1",
                now=bench.stall.deps.clock(),
            )

    await meanwhile(let_go)
    row = await bench.one()
    assert (row.status, row.sent, row.ownership) == (ListingStatus.NOT_SYNCED, None, {})


async def test_a_wait_for_the_sale_that_is_over_already_is_due(bench: Bench, meanwhile: Meanwhile) -> None:
    """The review passes after the product was looked at, before we write that the price waits for it."""
    bench.world.settings.audit = "never"
    await bench.stall.listed(a_product())
    await bench.variant({"price": "21.50"})
    task = await meanwhile(bench.reviewed)
    assert [codes(item) for item in await bench.stall.items(task)] == [["EDIT_WAITS_FOR_REVIEW"]]
    assert (await bench.one()).edit_due_at is not None
    (task,) = await bench.swept()
    assert task.succeeded == 1
    (price,) = bench.remote().prices.values()
    assert price.amount == "21.50"
