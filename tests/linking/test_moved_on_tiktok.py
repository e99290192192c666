"""A product that was moved to another category on TikTok Shop lies there for us too (webhook 18)."""

from dataclasses import dataclass

import pytest
from sqlmodel import col, select, update

from server.domain.audits import read_move
from server.domain.categories import CategoryVersion
from server.domain.listings import ListingStatus
from server.tables import Category, CategoryTemplate
from tests.editing.bench import Bench
from tests.editing.test_edits_interrupted import OTHER_LEAF
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


@dataclass(frozen=True, slots=True)
class Moves:
    """A listed candle, two other leaves, and words for what webhook 18 says of it."""

    stall: Stall
    shelf: Shelf
    remote_id: str
    others: tuple[str, str]
    began: int

    async def heard(self, name: str, before: str, after: str, at: int) -> tuple[str | None, CategoryVersion | None]:
        """Where the listing lies after it; ``at`` counts from the beginning."""
        told = {
            "product_id": self.remote_id,
            "previous_category_id": before,
            "current_category_id": after,
            "update_time": self.began + at,
        }
        await receive(self.stall.deps, "18", self.stall.tiktok_shop.remote_id, told, name=name)
        assert await run_inbox(self.stall.deps) == 1
        assert (await outcomes(self.stall.deps))[name] == ("noted", True)
        (row,) = await self.stall.listings()
        return row.category_id, row.category_version

    async def lines(self) -> list[list[str]]:
        """Each move as its history tells it."""
        told = [fields for kind, _, fields in await self.shelf.history() if kind == "CATEGORY_CHANGED"]
        return [fields["category"] for fields in told]


@pytest.fixture
async def moves(stall: Stall, shelf: Shelf) -> Moves:
    await stall.trees()
    await stall.listed(*candles(1))
    (listing,) = await stall.listings()
    async with stall.deps.database.read() as session:
        leaves = select(Category.remote_id).where(col(Category.is_leaf), Category.remote_id != CANDLES.id)
        one, other = list(await session.exec(leaves.order_by(col(Category.remote_id)).limit(2)))
    return Moves(stall, shelf, listing.remote_id or "", (one, other), stall.world.clock.unix())


async def test_the_listing_follows_its_product(moves: Moves, stall: Stall, shelf: Shelf) -> None:
    heard, (newer, newest) = moves.heard, moves.others
    assert await heard("moved", CANDLES.id, newer, 10) == (newer, CategoryVersion.V2)
    assert await heard("again", CANDLES.id, newer, 10) == (newer, CategoryVersion.V2)
    news = audit(moves.remote_id, "APPROVED", stall.deps.clock())
    await receive(stall.deps, "37", stall.tiktok_shop.remote_id, news, name="live")
    assert await run_inbox(stall.deps) == 1
    assert await shelf.statuses() == [ListingStatus.LIVE]
    assert await heard("late", "999", CANDLES.id, -10) == (newer, CategoryVersion.V2)
    assert await heard("unknown", newer, "nowhere", 20) == (newer, CategoryVersion.V2)
    assert await heard("on", newer, newest, 30) == (newest, CategoryVersion.V2)
    assert await moves.lines() == [[CANDLES.id, newer], [newer, newest]]


async def test_there_and_back_told_in_the_wrong_order(moves: Moves, stall: Stall) -> None:
    """The way back changes nothing when it is heard first; the way there must not when it comes after it."""
    other, third = moves.others
    stall.world.clock.advance(60)
    assert await moves.heard("back", other, CANDLES.id, 20) == (CANDLES.id, CategoryVersion.V2)
    assert await moves.heard("there", CANDLES.id, other, 10) == (CANDLES.id, CategoryVersion.V2)
    assert await moves.heard("back again", other, CANDLES.id, 20) == (CANDLES.id, CategoryVersion.V2)
    assert await moves.lines() == [[other, CANDLES.id]]
    assert await moves.heard("on", CANDLES.id, third, 30) == (third, CategoryVersion.V2)
    assert await moves.lines() == [[other, CANDLES.id], [CANDLES.id, third]]


async def test_two_moves_told_in_the_wrong_order(moves: Moves, stall: Stall) -> None:
    other, third = moves.others
    stall.world.clock.advance(60)
    assert await moves.heard("second", other, third, 20) == (third, CategoryVersion.V2)
    assert await moves.heard("first", CANDLES.id, other, 10) == (third, CategoryVersion.V2)
    assert await moves.lines() == [[CANDLES.id, third]]


async def test_the_echo_of_our_own_edit_tells_nothing_new(stall: Stall, shelf: Shelf) -> None:
    bench = Bench(stall)
    (listing,) = await bench.on_sale()
    await stall.trees()
    async with stall.deps.database.write() as session:
        await session.exec(update(CategoryTemplate).values(category_id=OTHER_LEAF))
    assert (await bench.edited()).succeeded == 1
    stall.world.clock.advance(60)
    await bench.reviewed()
    moves = Moves(stall, shelf, listing.remote_id or "", ("", ""), stall.world.clock.unix())
    told = await moves.lines()
    assert len(told) == 1
    assert await moves.heard("echo", CANDLES.id, OTHER_LEAF, 0) == (OTHER_LEAF, CategoryVersion.V2)
    assert await moves.lines() == told
