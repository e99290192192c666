"""A product that was moved to another category on TikTok Shop lies there for us too (webhook 18)."""

from sqlmodel import col, select

from server.domain.audits import read_move
from server.domain.categories import CategoryVersion
from server.domain.listings import ListingStatus
from server.tables import Category
from tests.linking.shelf import Shelf
from tests.linking.test_sweeps import candles
from tests.listing.stall import CANDLES, Stall
from tests.shops.deliveries import audit, outcomes, receive
from workers.inbox import run_inbox


def test_what_cannot_be_read_moves_nothing() -> None:
    whole = {"product_id": "17", "current_category_id": "2", "previous_category_id": "1", "update_time": 5}
    found = read_move("18", whole)
    assert found is not None
    assert (found.remote_id, found.before, found.category_id, found.at.timestamp()) == ("17", "1", "2", 5)
    assert read_move("15", whole) is None
    for name in ("product_id", "current_category_id", "update_time"):
        assert read_move("18", {key: value for key, value in whole.items() if key != name}) is None


async def test_the_listing_follows_its_product(stall: Stall, shelf: Shelf) -> None:
    await stall.trees()
    await stall.listed(*candles(1))
    (listing,) = await stall.listings()
    remote_id, ref, now = listing.remote_id or "", stall.tiktok_shop.remote_id, stall.world.clock.unix()
    async with stall.deps.database.read() as session:
        leaves = select(Category.remote_id).where(col(Category.is_leaf), Category.remote_id != CANDLES.id)
        newer, newest = list(await session.exec(leaves.order_by(col(Category.remote_id)).limit(2)))

    async def heard(name: str, before: str, after: str, at: int) -> tuple[str | None, CategoryVersion | None]:
        told = {
            "product_id": remote_id,
            "previous_category_id": before,
            "current_category_id": after,
            "update_time": at,
        }
        await receive(stall.deps, "18", ref, told, name=name)
        assert await run_inbox(stall.deps) == 1
        assert (await outcomes(stall.deps))[name] == ("noted", True)
        (row,) = await stall.listings()
        return row.category_id, row.category_version

    assert await heard("moved", CANDLES.id, newer, now + 10) == (newer, CategoryVersion.V2)
    assert await heard("again", CANDLES.id, newer, now + 10) == (newer, CategoryVersion.V2)
    await receive(stall.deps, "37", ref, audit(remote_id, "APPROVED", stall.deps.clock()), name="live")
    assert await run_inbox(stall.deps) == 1
    assert await shelf.statuses() == [ListingStatus.LIVE]
    assert await heard("late", "999", CANDLES.id, now - 10) == (newer, CategoryVersion.V2)
    assert await heard("unknown", newer, "nowhere", now + 20) == (newer, CategoryVersion.V2)
    assert await heard("on", newer, newest, now + 30) == (newest, CategoryVersion.V2)
    lines = [fields for kind, _, fields in await shelf.history() if kind == "CATEGORY_CHANGED"]
    assert lines == [{"category": [CANDLES.id, newer]}, {"category": [newer, newest]}]
