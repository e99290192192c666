"""Linking, unlinking and relinking by hand: guarded by what TikTok Shop itself says."""

from collections.abc import Awaitable
from uuid import UUID

import pytest

from server.domain.linking import LinkState
from server.domain.listings import ListingOrigin, ListingStatus
from server.kit.errors import AppError, Conflict, NotFound
from server.services.listings.mirror import linking, remote
from server.tables import Listing
from tests.linking.shelf import Shelf
from tests.linking.test_no_twin_of_strangers import candle, opened
from tests.listing.stall import Stall

S = ListingStatus

pytestmark = pytest.mark.usefixtures("twins_would_show")


async def linked(stall: Stall, product_id: UUID, remote_id: str) -> Listing:
    deps = stall.deps
    platform = remote.Platform(deps.database, deps.vault, deps.tiktok, deps.feed, deps.clock)
    return await remote.link(platform, **stall.where, product_id=product_id, remote_id=remote_id, by="user:1")


async def unlinked(stall: Stall, listing_id: UUID) -> Listing:
    async with stall.deps.database.write() as session:
        return await linking.unlink(
            session,
            stall.deps.feed,
            shop_id=stall.shop.id,
            listing_id=listing_id,
            by="user:1",
            now=stall.deps.clock(),
        )


async def refusal(call: Awaitable[object]) -> tuple[type[AppError], tuple[str, ...]]:
    with pytest.raises(AppError) as caught:
        await call
    return type(caught.value), caught.value.field


async def test_link_unlink_and_link_again(stall: Stall, shelf: Shelf) -> None:
    await opened(stall, candle("Rose", "ROSE"))
    theirs = await shelf.put("ELSE")
    await stall.imported()
    ivory, rose = await stall.products()
    row = await linked(stall, rose.id, theirs)
    assert (row.remote_id, row.status, row.origin) == (theirs, S.IN_REVIEW, ListingOrigin.LINKED)
    assert [sku["external_sku_id"] != "" for sku in row.remote_skus] == [True]
    assert (await linked(stall, rose.id, theirs)).id == row.id
    gone = await unlinked(stall, row.id)
    assert (gone.remote_id, gone.status, gone.remote_skus) == (None, S.NOT_SYNCED, [])
    assert theirs in stall.world.tiktok.products
    await shelf.sweep()
    assert [(one.state, one.decided_by) for one in await shelf.proposals()] == [(LinkState.UNLINKED, "user:1")]
    assert (await stall.listings())[1].remote_id is None
    await linked(stall, rose.id, theirs)
    assert [one.state for one in await shelf.proposals()] == [LinkState.LINKED]
    told = [(kind, cause) for kind, cause, _ in await shelf.history() if kind in ("LINKED", "UNLINKED")]
    assert told == [("LINKED", "MERCHANT"), ("UNLINKED", "MERCHANT"), ("LINKED", "MERCHANT")]
    assert ivory.id != rose.id


async def test_what_was_taken_apart_stays_apart_and_is_not_created_either(stall: Stall, shelf: Shelf) -> None:
    await opened(stall, candle("Rose", "ROSE"))
    theirs = await shelf.put("ROSE")
    await stall.imported()
    await shelf.sweep()
    row = (await stall.listings())[1]
    assert row.remote_id == theirs
    await unlinked(stall, row.id)
    task = await stall.played(await stall.started([row.product_id]))
    ((item,), listings) = await stall.items(task), await stall.listings()
    assert [problem["code"] for problem in item.problems] == ["LINK_UNDECIDED"]
    assert listings[1].remote_id is None
    assert len(stall.world.tiktok.products) == 2


async def test_what_stands_in_the_way(stall: Stall, shelf: Shelf) -> None:
    await opened(stall, candle("Rose", "ROSE"))
    theirs = await shelf.put("ELSE")
    await stall.imported()
    ivory, rose = await stall.products()
    taken = (await stall.listings())[0].remote_id
    assert taken is not None
    nobody = UUID(int=1)
    assert await refusal(linked(stall, ivory.id, theirs)) == (Conflict, ("input", "productId"))
    assert await refusal(linked(stall, rose.id, taken)) == (Conflict, ("input", "remoteId"))
    assert await refusal(linked(stall, rose.id, "1729000000000000001")) == (NotFound, ("input", "remoteId"))
    assert await refusal(linked(stall, rose.id, "not a number")) == (NotFound, ("input", "remoteId"))
    assert await refusal(linked(stall, nobody, theirs)) == (NotFound, ("input", "productId"))
    assert await refusal(unlinked(stall, nobody)) == (NotFound, ("listingId",))
    assert [one.remote_id for one in await stall.listings()] == [taken] + [None] * (len(await stall.listings()) - 1)
    assert await shelf.proposals() == []
