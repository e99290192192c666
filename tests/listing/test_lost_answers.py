"""The answer of a creation is lost: what is not proved to be nothing is asked for again with the same key."""

from decimal import Decimal

import pytest
from sqlmodel import select, update

from server.clients import tiktok_sweep
from server.domain.listings import ListingStatus
from server.domain.tasks import TaskState
from server.kit.clock import from_unix
from server.tables import Intent, Variant
from tests.listing.stall import Stall, a_product, codes

IVORY, ROSE = (a_product(f"Beeswax Candle in {name}") for name in ("Ivory", "Rose"))
CREATE, SEARCH = "Create Product", "Search Products"
NOTHING_FOUND = (
    '{"code":0,"message":"Success","request_id":"x","data":{"products":[],"total_count":0,"next_page_token":""}}'
)

pytestmark = pytest.mark.usefixtures("twins_would_show")


def lose_the_answer(stall: Stall, *, search_is_behind: bool = True) -> None:
    """The first creation works, and nobody hears of it."""
    stall.fault(kind="reset", operation=CREATE, first=1, after_effect=True)
    if search_is_behind:
        stall.fault(kind="http", status=200, operation=SEARCH, body=NOTHING_FOUND)


async def intents(stall: Stall) -> list[tuple[str, str | None]]:
    """Keys and outcomes of all intents there ever were."""
    async with stall.deps.database.read() as session:
        return [(row.key, row.outcome) for row in await session.exec(select(Intent))]


async def cost(stall: Stall, price: str) -> None:
    """All variants cost so much from now on; at zero nothing can be built."""
    async with stall.deps.database.write() as session:
        await session.exec(update(Variant).values(price=Decimal(price)))


@pytest.mark.parametrize(
    "then", [{"kind": "tiktok", "code": 36009002}, {"kind": "http", "status": 503}], ids=["throttled", "503"]
)
async def test_a_resend_that_is_not_taken_says_nothing_of_the_first(stall: Stall, then: dict[str, object]) -> None:
    lose_the_answer(stall)
    stall.fault(operation=CREATE, first=4, **then)
    task = await stall.listed(IVORY)
    assert task.state is TaskState.SUCCEEDED, [codes(item) for item in await stall.items(task)]
    (listing,) = await stall.listings()
    assert await intents(stall) == [(f"{listing.id}:1", "MADE")]
    assert set(stall.created().values()) == {1}
    assert listing.generation == 1
    assert (listing.sent, listing.edit_due_at is not None) == (None, True)


async def test_what_cannot_be_built_any_more_keeps_its_lost_creation(stall: Stall) -> None:
    await stall.imported(IVORY)
    lose_the_answer(stall)
    task = await stall.once(await stall.activated(await stall.template()))
    await cost(stall, "0")
    stall.world.clock.advance(40)
    task = await stall.played(task)
    assert [codes(item) for item in await stall.items(task)] == [["PRICE_TOO_LOW"]]
    assert await stall.statuses() == {ListingStatus.SYNC_FAILED: 1}
    (listing,) = await stall.listings()
    assert await intents(stall) == [(f"{listing.id}:1", None)]
    await cost(stall, "19.90")
    (product,) = await stall.products()
    assert (await stall.played(await stall.started([product.id]))).state is TaskState.SUCCEEDED
    assert stall.created() == {product.remote_id: 1}
    assert await intents(stall) == [(f"{listing.id}:1", "MADE")]


async def test_an_id_that_is_taken_may_be_the_lost_creations_own(stall: Stall) -> None:
    """A platform that forgot the key knows the product all the same."""
    stall.world.settings.external_ids_unique = True
    await stall.imported(IVORY)
    lose_the_answer(stall)
    task = await stall.once(await stall.activated(await stall.template()))
    stall.world.tiktok.idempotency.clear()
    task = await stall.played(task)
    assert [codes(item) for item in await stall.items(task)] == [["LISTING_THERE_ALREADY"]]
    (listing,) = await stall.listings()
    assert await intents(stall) == [(f"{listing.id}:1", None)]
    assert set(stall.created().values()) == {1}


async def test_a_refused_product_ends_its_creation(stall: Stall) -> None:
    """A key that made a product would be answered with it: a refusal of the resend proves that there is none."""
    stall.fault(kind="reset", operation=CREATE, first=1)
    stall.fault(kind="tiktok", code=12052051, operation=CREATE, first=1)
    task = await stall.listed(IVORY)
    assert [codes(item) for item in await stall.items(task)] == [["TITLE_REFUSED"]]
    (listing,) = await stall.listings()
    assert await intents(stall) == [(f"{listing.id}:1", "NOTHING")]
    assert (listing.generation, stall.created()) == (2, {})


async def test_what_is_found_again_is_known_since_when_it_is_live(stall: Stall) -> None:
    lose_the_answer(stall, search_is_behind=False)
    await stall.listed(IVORY)
    ((listing,), (made,)) = await stall.listings(), stall.world.tiktok.products.values()
    told = from_unix(made.update_time)
    assert (listing.status, listing.live_since, listing.platform_updated_at) == (ListingStatus.LIVE, told, told)


async def test_what_was_lost_is_found_behind_the_end_of_a_search(stall: Stall, monkeypatch: pytest.MonkeyPatch) -> None:
    """A window with more hits than can be paged to is halved."""
    monkeypatch.setattr(tiktok_sweep, "SEARCH_LIMIT", 1)
    await stall.listed(IVORY)
    stall.world.clock.advance(60)
    stall.add(ROSE)
    lose_the_answer(stall, search_is_behind=False)
    before = stall.calls(SEARCH)
    await stall.imported()
    _, rose = await stall.products()
    task = await stall.played(await stall.started([rose.id]))
    assert task.state is TaskState.SUCCEEDED
    assert set(stall.created().values()) == {1}
    assert stall.calls(SEARCH) - before > 3
