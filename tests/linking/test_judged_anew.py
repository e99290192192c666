"""What was judged of a match is judged anew before products are created: pairs come, go, and are decided."""

import pytest
from sqlmodel import col, update

from sandbox.tiktok.lifecycle import Event
from server.domain.linking import LinkState, OnMatch
from server.domain.listings import ListingStatus
from server.domain.tasks import ItemState
from server.store import remote_shelves
from server.tables import Product, Variant
from tests.linking.shelf import Shelf
from tests.linking.test_by_hand import linked, unlinked
from tests.linking.test_no_twin_of_strangers import candle, opened
from tests.listing.stall import Stall, codes

CREATE = "Create Product"
UNDECIDED = (ItemState.FAILED, ["LINK_UNDECIDED"])
MADE: tuple[ItemState, list[str]] = (ItemState.SUCCEEDED, [])

pytestmark = pytest.mark.usefixtures("twins_would_show")


async def listed(stall: Stall, product: Product) -> tuple[ItemState, list[str]]:
    task = await stall.played(await stall.started([product.id]))
    (item,) = await stall.items(task)
    return item.state, codes(item)


async def policy(stall: Stall, on_match: OnMatch) -> None:
    async with stall.deps.database.write() as session:
        await remote_shelves.change(session, **stall.where, on_match=on_match)


async def test_what_was_unlinked_before_any_sweep_is_not_made_again(stall: Stall, shelf: Shelf) -> None:
    """Our own product: made after the last look, so that the mirror never met it."""
    await stall.listed(candle("Ivory", "IVORY"))
    ((product,), (listing,)) = await stall.products(), await stall.listings()
    assert await shelf.mirror() == {}
    stall.world.clock.advance(1200)
    await unlinked(stall, listing.id)
    stall.world.clock.advance(300)
    assert await listed(stall, product) == UNDECIDED
    assert stall.calls(CREATE) == 1
    stall.world.clock.advance(7200)
    await shelf.sweep()
    assert await listed(stall, product) == UNDECIDED
    assert stall.calls(CREATE) == 1


async def test_what_was_unlinked_and_is_gone_holds_nothing_after_a_sweep(stall: Stall, shelf: Shelf) -> None:
    await stall.listed(candle("Ivory", "IVORY"))
    ((product,), (listing,)) = await stall.products(), await stall.listings()
    await unlinked(stall, listing.id)
    (gone,) = stall.world.tiktok.products.values()
    assert gone.apply(Event.DELETE, stall.world.clock.unix())
    stall.world.tiktok.put(gone)
    stall.world.clock.advance(7200)
    await shelf.sweep()
    assert await listed(stall, product) == MADE


async def test_certain_pairs_are_linked_once_the_merchant_wants_it(stall: Stall, shelf: Shelf) -> None:
    await opened(stall, candle("Rose", "ROSE"))
    theirs = await shelf.put("ROSE")
    await stall.imported()
    _, rose = await stall.products()
    await policy(stall, OnMatch.HOLD)
    assert await listed(stall, rose) == UNDECIDED
    await policy(stall, OnMatch.LINK)
    assert await listed(stall, rose) == (ItemState.SKIPPED, ["ALREADY_LISTED"])
    assert (await stall.listings())[1].remote_id == theirs
    assert [one.state for one in await shelf.proposals()] == [LinkState.LINKED]


async def test_what_another_product_was_linked_to_holds_nothing(stall: Stall, shelf: Shelf) -> None:
    await opened(stall, candle("Rose", "ROSE"), candle("Lilac", "ROSE"))
    theirs = await shelf.put("ROSE")
    await stall.imported()
    _, rose, lilac = await stall.products()
    assert [await listed(stall, one) for one in (rose, lilac)] == [UNDECIDED] * 2
    await linked(stall, rose.id, theirs)
    assert [(one.product_id, one.state) for one in await shelf.proposals()] == [(rose.id, LinkState.LINKED)]
    assert await listed(stall, lilac) == MADE
    assert await shelf.proposals(LinkState.PENDING) == []


async def test_what_was_unlinked_from_one_and_linked_to_another_holds_nothing(stall: Stall, shelf: Shelf) -> None:
    await opened(stall, candle("Rose", "ROSE"), candle("Lilac", "LILAC"))
    theirs = await shelf.put("ROSE")
    await stall.imported()
    _, rose, lilac = await stall.products()
    row = await linked(stall, rose.id, theirs)
    await unlinked(stall, row.id)
    assert await listed(stall, rose) == UNDECIDED
    await linked(stall, lilac.id, theirs)
    assert await listed(stall, rose) == MADE


async def test_what_matches_nothing_any_more_is_made(stall: Stall, shelf: Shelf) -> None:
    await opened(stall, candle("Rose", "ROSE", "ROSE-2"))
    await shelf.put("ROSE")
    await stall.imported()
    _, rose = await stall.products()
    assert await listed(stall, rose) == UNDECIDED
    async with stall.deps.database.write() as session:
        mended = update(Variant).where(col(Variant.product_id) == rose.id, col(Variant.sku) == "ROSE")
        await session.exec(mended.values(sku="ROSE-1"))
    assert await listed(stall, rose) == MADE
    assert await shelf.proposals() == []
    assert (await stall.listings())[1].status is ListingStatus.IN_REVIEW
