"""What one part of an edit leaves of the others: remarks of the platform, refusals that pass, and items that broke."""

from datetime import timedelta
from typing import Any

import pytest

from sandbox.tiktok.cleaning import cleaned
from server.domain.offering import with_offers
from server.domain.snapshots import Snapshot
from server.domain.tasks import TaskState
from server.services.listings.editing import work
from tests.editing.bench import Bench
from tests.editing.test_edit_offers import put
from tests.listing.stall import CANDLES, a_product, codes

LEASE, PATIENCE = timedelta(minutes=10), timedelta(hours=6)
LOCKED, TITLE_REFUSED = 12052038, 12052261


def remarking(monkeypatch: pytest.MonkeyPatch) -> None:
    """The platform clears something of what it is given first."""
    remarks = ["The brand was cleared."]
    monkeypatch.setattr("sandbox.tiktok.listing.cleaned", lambda *given: (cleaned(*given)[0], remarks))


async def test_a_price_leaves_the_platforms_remark_standing(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """The brand is missing still; only an edit of the product itself tells of it anew."""
    remarking(monkeypatch)
    await bench.on_sale()
    assert codes(await bench.one()) == ["PLATFORM_NOTICE"]
    await bench.variant({"price": "21.50"})
    assert (await bench.edited()).succeeded == 1
    assert (bench.calls, codes(await bench.one())) == ({"Update Price": 1}, ["PLATFORM_NOTICE"])
    await bench.variant({"price": "0.00"})
    assert (await bench.edited()).state is TaskState.FAILED
    assert sorted(codes(await bench.one())) == ["PLATFORM_NOTICE", "PRICE_TOO_LOW"]
    await bench.variant({"price": "21.50"})
    await bench.store({"status": "ARCHIVED"})
    assert (await bench.edited()).succeeded == 1
    assert codes(await bench.one()) == ["PLATFORM_NOTICE"]
    await bench.store({"status": "ACTIVE", "title": "Beeswax Candle in Snow"})
    assert (await bench.edited()).succeeded == 1
    assert codes(await bench.one()) == []


async def test_a_price_that_is_locked_is_tried_again_whatever_else_is_at_fault(bench: Bench) -> None:
    """The tree is closed besides, and stays so."""
    await bench.on_sale()
    await bench.stall.trees()
    await put(bench, category_id="1")
    await bench.variant({"price": "21.50"})
    bench.stall.fault(kind="tiktok", code=LOCKED, operation="Update Price", first=1)
    await bench.edited()
    assert codes(await bench.one()) == ["CATEGORY_NOT_IN_TREE", "PRICE_LOCKED"]
    assert await bench.swept() == []
    bench.world.clock.advance(PATIENCE.total_seconds())
    (task,) = await bench.swept()
    (price,) = bench.remote().prices.values()
    assert (task.state, price.amount) == (TaskState.FAILED, "21.50")
    row = await bench.one()
    assert (codes(row), row.edit_due_at) == (["CATEGORY_NOT_IN_TREE"], None)


async def test_what_is_mended_meanwhile_does_not_wait_for_what_passes(bench: Bench) -> None:
    """A title is refused beside a locked price: the next one goes out soon, and with it the price."""
    await bench.on_sale()
    await bench.store({"title": "Beeswax Candle in Snow"})
    await bench.variant({"price": "21.50"})
    bench.stall.fault(kind="tiktok", code=LOCKED, operation="Update Price", first=1)
    bench.stall.fault(kind="tiktok", code=TITLE_REFUSED, operation="Partial Edit Product", first=1)
    await bench.edited()
    row = await bench.one()
    assert (codes(row), await bench.swept()) == (["PRICE_LOCKED", "TITLE_REFUSED"], [])
    assert row.edit_due_at is not None
    assert row.edit_due_at > bench.stall.deps.clock() + LEASE
    await bench.store({"title": "Beeswax Candle in Rose"})
    (task,) = await bench.swept()
    (price,) = bench.remote().prices.values()
    assert (task.succeeded, price.amount, bench.remote().newest.title) == (1, "21.50", "Beeswax Candle in Rose")
    assert (codes(await bench.one()), (await bench.one()).edit_due_at) == ([], None)


def broken(*_: Any) -> Any:
    raise ValueError("nobody foresaw this")


async def test_an_item_that_breaks_the_worker_is_left_alone_for_hours(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was due again as soon as its task's lease was over, and broke the next. What changes meanwhile is tried."""
    await bench.on_sale()
    await bench.variant({"price": "21.50"})
    with monkeypatch.context() as patch:
        patch.setattr(work, "price_body", broken)
        (task,) = await bench.swept()
        ended = (await bench.one()).edit_due_at
        assert [codes(item) for item in await bench.stall.items(task)] == [["INTERNAL"]]
        assert ended is not None
        assert ended > task.created_at + PATIENCE
        bench.world.clock.advance(LEASE.total_seconds())
        assert await bench.swept() == []
        await bench.variant({"price": "22.50"})
        assert len(await bench.swept()) == 1
    assert await bench.swept() == []
    bench.world.clock.advance(PATIENCE.total_seconds())
    (task,) = await bench.swept()
    (price,) = bench.remote().prices.values()
    assert (task.succeeded, price.amount, await bench.stall.open_intents()) == (1, "22.50", [])
    assert (await bench.one()).edit_due_at is None


async def test_what_cannot_be_described_is_never_described(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is found to differ: without a draft prices and stock go out, and the rest stays behind."""
    await bench.on_sale(a_product())
    await bench.stall.trees()
    await put(bench, category_id="1")
    await bench.variant({"price": "21.50"})

    def without_title(*given: Any) -> Snapshot:
        found = with_offers(*given)
        return Snapshot({**found.fields, "title": "Another"} | {"brand_id": "7"}, found.skus)

    with monkeypatch.context() as patch:
        patch.setattr("server.services.listings.editing.deciding.with_offers", without_title)
        task = await bench.edited()
    assert (task.state, bench.calls) == (TaskState.FAILED, {"Update Price": 1})
    await put(bench, category_id=CANDLES.id)
    assert (await bench.edited()).skipped == 1
