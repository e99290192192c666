"""Which failures count: the newest of a product, in shops that can be called, of what is not on TikTok Shop by now."""

from uuid import UUID

import pytest
from sqlmodel import col, update

from server.domain.listings import ListingStatus
from server.domain.tasks import ItemState, TaskKind, TaskState
from server.kit.errors import Conflict
from server.services.retrying import RetryFilter
from server.store import retrying as store
from server.tables import Product, TikTokShop
from tests.listing.stall import Stall, a_product
from tests.listing.test_retrying import again, item, refusal, task

L, E, R = TaskKind.LISTING, TaskKind.EDIT, TaskKind.RECOMMENDATION
S = ListingStatus
NOTHING = ("CONFLICT", ("input",))


@pytest.fixture
async def product(stall: Stall) -> Product:
    (one,) = await stall.imported(a_product())
    await stall.template()
    return one


async def chosen(stall: Stall, wanted: RetryFilter) -> list[UUID]:
    async with stall.deps.database.read() as session:
        return [one.item_id for one in await store.failed(session, shop_id=stall.shop.id, wanted=wanted)]


@pytest.mark.parametrize("kind", [L, E, R])
async def test_what_ended_otherwise_since_is_no_failure(stall: Stall, product: Product, kind: TaskKind) -> None:
    first = await stall.failed(kind, product, {})
    await stall.shelved(product, S.LIVE if kind is E else S.NOT_SYNCED)
    (failure,) = await stall.items(first)
    assert await chosen(stall, RetryFilter(kinds=[kind])) == [failure.id]
    await stall.failed(kind, product, {}, state=ItemState.SUCCEEDED)
    for ids in (task(first.id), item(failure.id), None):
        assert await refusal(stall, ids, RetryFilter(kinds=[kind])) == NOTHING
    assert len(await stall.tasks(kind)) == 2


async def test_only_the_newest_failure_is_asked_for_its_codes(stall: Stall, product: Product) -> None:
    first = await stall.failed(L, product, {"products": 1}, code="PRICE_TOO_LOW")
    second = await stall.failed(L, product, {"products": 1}, code="IMAGES_MISSING")
    (newest,) = await stall.items(second)
    by_code = {code: RetryFilter(kinds=[L], problem_codes=[code]) for code in ("PRICE_TOO_LOW", "IMAGES_MISSING")}
    assert await chosen(stall, by_code["PRICE_TOO_LOW"]) == []
    assert await chosen(stall, by_code["IMAGES_MISSING"]) == [newest.id]
    assert await chosen(stall, RetryFilter(kinds=[L], task_ids=[first.id])) == [newest.id]
    assert await refusal(stall, wanted=by_code["PRICE_TOO_LOW"]) == NOTHING


async def test_a_cancelled_task_that_did_nothing_hides_no_failure(stall: Stall, product: Product) -> None:
    first = await stall.failed(L, product, {})
    (failure,) = await stall.items(first)
    await stall.failed(L, product, {}, state=ItemState.SKIPPED, ended=TaskState.CANCELLED, code=None)
    assert await chosen(stall, RetryFilter(kinds=[L])) == [failure.id]


async def test_what_was_deleted_comes_back_only_when_its_item_is_named(stall: Stall, product: Product) -> None:
    first = await stall.failed(L, product, {})
    (failure,) = await stall.items(first)
    await stall.shelved(product, S.DELETED)
    assert await refusal(stall, task(first.id)) == await refusal(stall, wanted=RetryFilter(kinds=[L])) == NOTHING
    assert [listing.status for listing in await stall.listings()] == [S.DELETED]
    (opened,) = await again(stall, item(failure.id))
    assert (opened.total, opened.retry_of) == (1, first.id)


async def test_edits_of_what_is_not_on_tiktok_are_left_out(stall: Stall, product: Product) -> None:
    first = await stall.failed(E, product, {})
    (failure,) = await stall.items(first)
    assert await refusal(stall, item(failure.id)) == NOTHING
    await stall.shelved(product, S.DELETED)
    assert await refusal(stall, item(failure.id)) == NOTHING
    await stall.shelved(product, S.LIVE)
    assert await chosen(stall, RetryFilter(kinds=[E])) == [failure.id]


async def disconnected(stall: Stall) -> None:
    async with stall.deps.database.write() as session:
        mine = col(TikTokShop.id) == stall.tiktok_shop.id
        await session.exec(update(TikTokShop).where(mine).values(disconnected_at=stall.deps.clock()))


async def test_a_disconnected_shop_is_left_out_unless_it_is_named(stall: Stall, product: Product) -> None:
    failed = await stall.failed(L, product, {})
    looked = await stall.failed(R, product, {})
    (failure,) = await stall.items(failed)
    await disconnected(stall)
    code, shop = "AUTHORIZATION_NEEDED", RetryFilter(tiktok_shop_id=stall.tiktok_shop.id)
    assert await refusal(stall, item(failure.id)) == (code, ("input", "ids"))
    assert await refusal(stall, task(failed.id)) == (code, ("input", "ids"))
    assert await refusal(stall, wanted=shop) == (code, ("input", "filter", "tiktokShopId"))
    assert await refusal(stall, wanted=RetryFilter(kinds=[L])) == (code, ("input", "filter"))
    assert await stall.tasks(L) == [failed]
    (opened,) = await again(stall)
    assert (opened.kind, opened.retry_of) == (R, looked.id)


async def test_the_refusal_says_what_to_do(stall: Stall, product: Product) -> None:
    await stall.failed(L, product, {})
    await disconnected(stall)
    with pytest.raises(Conflict, match="is disconnected; connect it again"):
        await again(stall)
