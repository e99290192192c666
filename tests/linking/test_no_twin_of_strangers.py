"""A product that stands on TikTok Shop already is linked or held, never created again."""

from server.domain.linking import LinkState, OnMatch
from server.domain.listings import ListingOrigin, ListingStatus
from server.domain.tasks import ItemState, TaskKind, TaskState
from server.services.listings.mirror import linking
from server.store import remote_shelves
from tests.linking.shelf import Shelf
from tests.listing.stall import Stall, a_product, codes

CREATE = "Create Product"
S = ListingStatus


def candle(name: str, *skus: str) -> dict[str, object]:
    variants = [
        {"price": "9.90", "sku": sku, "quantity": 5, "weight": 250.0, "options": [f"No. {at}"]}
        for at, sku in enumerate(skus)
    ]
    if len(variants) == 1:
        del variants[0]["options"]
        return a_product(f"Beeswax Candle in {name}", variants=variants)
    return a_product(f"Beeswax Candle in {name}", variants=variants, options=["Kind"])


async def opened(stall: Stall, *more: dict[str, object]) -> None:
    """A shop with one listing, made before the others, so that there are pictures to copy."""
    task = await stall.listed(candle("Ivory", "IVORY"))
    assert task.state is TaskState.SUCCEEDED
    for one in more:
        stall.add(one)
    stall.world.clock.advance(7200)


async def listed(stall: Stall) -> list[tuple[str, list[str]]]:
    """List all that is not there: import starts it, since the default template is active."""
    await stall.imported()
    products = await stall.products()
    task = await stall.played(await stall.started([one.id for one in products]))
    items = await stall.items(task)
    return [(item.state, codes(item)) for item in items]


async def test_a_certain_match_is_linked_instead_of_created(stall: Stall, shelf: Shelf) -> None:
    await opened(stall, candle("Rose", "ROSE"))
    theirs = await shelf.put("ROSE")
    before = stall.calls(CREATE)
    ends = await listed(stall)
    assert ends == [("SKIPPED", ["ALREADY_LISTED"])] * 2
    assert stall.calls(CREATE) == before
    _, rose = await stall.listings()
    assert (rose.remote_id, rose.origin, rose.status) == (theirs, ListingOrigin.LINKED, S.IN_REVIEW)
    assert (rose.category_id, rose.sent) == ("1008592", None)
    assert [sku["external_sku_id"][:28] for sku in rose.remote_skus] == ["gid://shopify/ProductVariant"]
    (proposal,) = await shelf.proposals()
    assert (proposal.state, proposal.evidence, proposal.decided_by) == (LinkState.LINKED, ["ALL_SKUS"], "system")
    assert ("LINKED", "SWEEP", {"remote_id": [None, theirs]}) in await shelf.history()
    assert await stall.open_intents() == []


async def test_an_uncertain_match_waits_for_a_person(stall: Stall, shelf: Shelf) -> None:
    await opened(stall, candle("Rose", "ROSE", "ROSE-2"), candle("Lilac", "LILAC"))
    theirs = await shelf.put("ROSE")
    ends = await listed(stall)
    assert ends == [
        (ItemState.SKIPPED, ["ALREADY_LISTED"]),
        (ItemState.FAILED, ["LINK_UNDECIDED"]),
        (ItemState.SUCCEEDED, []),
    ]
    _, rose, lilac = await stall.listings()
    assert (rose.status, rose.remote_id, lilac.status) == (S.SYNC_FAILED, None, S.IN_REVIEW)
    (proposal,) = await shelf.proposals(LinkState.PENDING)
    assert (proposal.remote_id, proposal.conflicts) == (theirs, ["PARTIAL_SKUS"])
    async with stall.deps.database.write() as session:
        shop_id, now = stall.shop.id, stall.deps.clock()
        await linking.reject(session, shop_id=shop_id, proposal_id=proposal.id, by="user:1", now=now)
    assert (await listed(stall))[1] == (ItemState.SUCCEEDED, [])
    _, rose, _ = await stall.listings()
    assert rose.remote_id not in (None, theirs)
    assert await stall.open_intents() == []


async def decided(stall: Stall, shelf: Shelf, policy: OnMatch) -> list[tuple[str, list[str]]]:
    """A product that stands there, listed by the import under this policy, and once more by hand: how both ended."""
    await opened(stall, candle("Rose", "ROSE"))
    await shelf.put("ROSE")
    async with stall.deps.database.write() as session:
        await remote_shelves.change(session, **stall.where, on_match=policy)
    await stall.imported()
    _, rose = await stall.products()
    await stall.played(await stall.started([rose.id]))
    items = [
        item for task in await stall.tasks(TaskKind.LISTING) for item in await stall.items(await stall.played(task))
    ]
    return [(item.state, codes(item)) for item in items if item.subject_id == rose.id]


def roses(stall: Stall) -> int:
    """Products there that have the SKU."""
    return sum(product.base.skus[0].seller_sku == "ROSE" for product in stall.world.tiktok.products.values())


async def test_a_merchant_who_holds_matches_decides_each(stall: Stall, shelf: Shelf) -> None:
    held = (ItemState.FAILED, ["LINK_UNDECIDED"])
    assert await decided(stall, shelf, OnMatch.HOLD) == [held, held]
    assert roses(stall) == 1


async def test_a_merchant_who_wants_all_created_gets_one_of_their_own(stall: Stall, shelf: Shelf) -> None:
    ends = await decided(stall, shelf, OnMatch.CREATE)
    assert ends == [(ItemState.SKIPPED, ["ALREADY_LISTED"]), (ItemState.SUCCEEDED, [])]
    assert roses(stall) == 2


async def test_what_the_platform_knows_better_is_found_by_the_next_sweep(stall: Stall, shelf: Shelf) -> None:
    await opened(stall, candle("Rose", ""))
    await stall.imported()
    _, rose = await stall.products()
    async with stall.deps.database.write() as session:
        await remote_shelves.known(
            session, shop_id=stall.shop.id, tiktok_shop_id=stall.tiktok_shop.id, known_at=stall.deps.clock()
        )
    theirs = await shelf.put("ELSE", external=rose.remote_id)
    task = await stall.played(await stall.started([rose.id]))
    (item,) = await stall.items(task)
    assert (item.state, codes(item)) == ("FAILED", ["LISTING_THERE_ALREADY"])
    assert (await shelf.known()).due_at <= stall.deps.clock()
    await shelf.sweep()
    _, linked = await stall.listings()
    assert (linked.remote_id, linked.origin) == (theirs, ListingOrigin.LINKED)
