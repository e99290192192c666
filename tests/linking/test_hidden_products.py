"""Frozen and deleted products cannot be read: how they are found among many others that came to the same end."""

import pytest
from sqlmodel import update

from sandbox.tiktok.lifecycle import Event
from server.clients.tiktok_products import PAGE_SIZE
from server.domain.listings import ListingStatus
from server.tables import Listing
from tests.linking.shelf import Shelf
from tests.linking.test_sweeps import candles
from tests.listing.stall import Stall
from tests.shops.deliveries import outcomes, receive
from workers.inbox import run_inbox

S = ListingStatus


async def told(stall: Stall, listing: Listing, name: str = "n1") -> int:
    """Webhook 5 of a product, worked off; how often it was searched for."""
    said = {
        "product_id": int(listing.remote_id or ""),
        "status": "PRODUCT_STATUS_CHANGED",
        "update_time": stall.world.tiktok.products[listing.remote_id or ""].update_time,
    }
    before = stall.calls("Search Products")
    await receive(stall.deps, "5", stall.tiktok_shop.remote_id, said, name=name)
    assert await run_inbox(stall.deps) == 1
    assert (await outcomes(stall.deps))[name] == ("looked: applied", True)
    return stall.calls("Search Products") - before


def befell(stall: Stall, remote_id: str, event: Event) -> None:
    """It happened to a product, and no webhook came yet."""
    product = stall.world.tiktok.products[remote_id]
    assert product.apply(event, stall.world.clock.unix())
    stall.world.tiktok.put(product)


async def crowd(stall: Stall, shelf: Shelf, event: Event) -> None:
    """Strangers, more than a page of them, newer than ours."""
    for at in range(PAGE_SIZE + 5):
        befell(stall, await shelf.put(f"THEIRS-{at}"), event)


@pytest.mark.parametrize(("event", "expected", "searches"), [(Event.FREEZE, S.FROZEN, 1), (Event.DELETE, S.DELETED, 2)])
async def test_a_hidden_product_is_found_by_its_variants(
    stall: Stall, shelf: Shelf, event: Event, expected: ListingStatus, searches: int
) -> None:
    """All of a moment, as when the platform freezes a whole brand."""
    await stall.listed(*candles(2))
    first, second = await stall.listings()
    stall.world.clock.advance(60)
    for one in (first, second):
        befell(stall, one.remote_id or "", event)
    await crowd(stall, shelf, event)
    assert await told(stall, first) == searches
    assert await told(stall, second, name="n2") == searches
    assert await shelf.statuses() == [expected] * 2


async def test_one_whose_variants_nobody_knows_is_searched_for_since_the_news(stall: Stall, shelf: Shelf) -> None:
    """What befell others that day before is not paged through."""
    await stall.listed(*candles(1))
    await crowd(stall, shelf, Event.FREEZE)
    stall.world.clock.advance(3600)
    (listing,) = await stall.listings()
    befell(stall, listing.remote_id or "", Event.FREEZE)
    async with stall.deps.database.write() as session:
        await session.exec(update(Listing).values(remote_skus=[]))
    stall.world.clock.advance(3 * 24 * 3600)  # the news was long on its way
    assert await told(stall, listing) == 1
    assert await shelf.statuses() == [S.FROZEN]


async def test_one_that_no_search_by_variants_shows_is_searched_for_since_the_news(stall: Stall, shelf: Shelf) -> None:
    await stall.listed(*candles(1))
    (listing,) = await stall.listings()
    stall.world.clock.advance(60)
    befell(stall, listing.remote_id or "", Event.DELETE)
    async with stall.deps.database.write() as session:
        skus = [sku | {"id": "1729000000000000001"} for sku in listing.remote_skus]
        await session.exec(update(Listing).values(remote_skus=skus))
    assert await told(stall, listing) == 4
    assert await shelf.statuses() == [S.DELETED]
