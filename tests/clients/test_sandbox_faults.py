"""Both platforms out of order: what is repeated, what is asked about first, and nothing made twice."""

import time

import pytest

from server.clients.errors import Upstream
from server.clients.shopify import ShopifyAccess
from server.clients.tiktok import TikTokAccess
from server.clients.tiktok_products import ProductFilter
from tests.clients.stage import V2, Stage, good_body

BROKEN: list[dict[str, object]] = [
    {"kind": "timeout", "hang_s": 0.2},
    {"kind": "reset"},
    {"kind": "broken_json"},
    {"kind": "truncated"},
    {"kind": "http", "status": 502},
    {"kind": "tiktok", "code": 36009007},
]


@pytest.mark.parametrize("after_effect", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("fault", BROKEN, ids=lambda fault: str(fault["kind"]))
async def test_a_create_in_doubt_is_asked_about_and_made_once(
    stage: Stage, access: TikTokAccess, fault: dict[str, object], after_effect: bool
) -> None:
    body = await good_body(stage, access)
    products = stage.tiktok.products
    await stage.told(
        "faults", path="/product/202309/products", method="POST", first=1, after_effect=after_effect, **fault
    )
    with pytest.raises(Upstream) as caught:
        await products.create(access, body, idempotency_key="k1")
    assert caught.value.outcome_unknown
    there = [hit.id for hit in (await products.search(access, ProductFilter(V2))).products]
    # A cut answer is cut from the real one, so the call has always happened.
    happened = after_effect or fault["kind"] in ("broken_json", "truncated")
    assert len(there) == int(happened)
    made = await products.create(access, body, idempotency_key="k1")
    assert [hit.id for hit in (await products.search(access, ProductFilter(V2))).products] == [made.product_id]
    assert there in ([], [made.product_id])


async def test_reads_survive_faults(stage: Stage, access: TikTokAccess) -> None:
    await stage.told("faults", kind="tiktok", code=36009002, status=429, retry_after="1", first=1)
    start = time.monotonic()
    assert await stage.tiktok.shops.warehouses(access)
    assert time.monotonic() - start >= 1.0
    for fault in BROKEN:
        await stage.told("faults", first=1, **fault)
        assert await stage.tiktok.shops.warehouses(access)


async def test_shopify_reads_survive_throttling(stage: Stage, store: ShopifyAccess) -> None:
    await stage.told("faults", kind="throttled", path="/shopify", first=1)
    await stage.told("faults", kind="http", status=429, retry_after="1", path="/shopify", first=1)
    assert (await stage.shopify.shop_profile(store)).domain == store.shop
