"""The life-cycle table itself, and bulk calls over it (TikTok fact sheet 3.14)."""

import pytest

from sandbox.tiktok.lifecycle import MOVES, Audit, Event, Status, move
from tests.sandbox_tiktok.conftest import Caller, Json, good_body, listed

PRODUCTS = "/product/202309/products"
DOCUMENTED = [
    (Status.DRAFT, Event.SUBMIT, "PENDING/AUDITING"),
    (Status.PENDING, Event.PASS, "ACTIVATE/APPROVED"),
    (Status.PENDING, Event.PRE_APPROVE, "PENDING/PRE_APPROVED"),
    (Status.PENDING, Event.FAIL, "FAILED/FAILED"),
    (Status.FAILED, Event.SUBMIT, "PENDING/AUDITING"),
    (Status.PLATFORM_DEACTIVATED, Event.SUBMIT, "PENDING/AUDITING"),
    (Status.ACTIVATE, Event.SUBMIT, "ACTIVATE/AUDITING"),
    (Status.ACTIVATE, Event.PRICE_OR_STOCK, "ACTIVATE/APPROVED"),
    (Status.ACTIVATE, Event.DEACTIVATE, "SELLER_DEACTIVATED/NONE"),
    (Status.SELLER_DEACTIVATED, Event.ACTIVATE, "PENDING/AUDITING"),
    (Status.PLATFORM_DEACTIVATED, Event.ACTIVATE, "PENDING/AUDITING"),
    (Status.ACTIVATE, Event.REMOVE, "PLATFORM_DEACTIVATED/NONE"),
    (Status.FREEZE, Event.UNFREEZE, "PLATFORM_DEACTIVATED/NONE"),
    (Status.DELETED, Event.RECOVER, "SELLER_DEACTIVATED/NONE"),
    (Status.FREEZE, Event.DELETE, None),
    (Status.DELETED, Event.DELETE, None),
    (Status.DRAFT, Event.ACTIVATE, None),
    (Status.PENDING, Event.DEACTIVATE, None),
    (Status.FREEZE, Event.SUBMIT, None),
]


@pytest.mark.parametrize(("status", "event", "led"), DOCUMENTED)
def test_documented_moves(status: Status, event: Event, led: str | None) -> None:
    found = move(status, event)
    assert (found and "/".join(found)) == led


def test_every_state_can_be_reached_and_frozen() -> None:
    seen, todo = set(), [Status.DRAFT]
    while todo:
        status = todo.pop()
        seen.add(status)
        todo.extend({led for led, _ in MOVES[status].values()} - seen)
    assert seen == set(Status) == set(MOVES)
    assert {audit for moves in MOVES.values() for _, audit in moves.values()} == set(Audit)
    assert {status for status in Status if Event.FREEZE not in MOVES[status]} == {Status.FREEZE, Status.DELETED}


async def _status(shop: Caller, product_id: str) -> str:
    return shop.world.tiktok.products[product_id].status.value


async def test_deactivate_activate_delete_recover(shop: Caller) -> None:
    product_id = await listed(shop)
    ids = {"product_ids": [product_id]}
    assert await shop.ok("POST", f"{PRODUCTS}/deactivate", body=ids) == {}
    assert await _status(shop, product_id) == "SELLER_DEACTIVATED"
    assert await shop.ok("POST", f"{PRODUCTS}/activate", body=ids) == {}
    assert await _status(shop, product_id) == "PENDING"
    await shop.do("judge", product_id=product_id)
    assert await _status(shop, product_id) == "ACTIVATE"
    assert await shop.ok("DELETE", PRODUCTS, body=ids) == {}
    assert await shop.code("GET", f"{PRODUCTS}/{product_id}") == 12052901
    assert await shop.ok("POST", f"{PRODUCTS}/recover", body=ids) == {}
    assert await _status(shop, product_id) == "SELLER_DEACTIVATED"


async def test_partial_failures_stand_inside(shop: Caller) -> None:
    live = await listed(shop)
    pending = await listed(shop, None)
    asked = [live, pending, "1729000000000000001", "x", ""]
    data = await shop.ok("POST", f"{PRODUCTS}/deactivate", body={"product_ids": asked})
    found = [(one["code"], one["detail"]["product_id"]) for one in data["errors"]]
    assert found == [(12052901, pending), (12052032, "1729000000000000001"), (12052031, "x"), (12052030, "")]
    assert await _status(shop, live) == "SELLER_DEACTIVATED"


async def test_activation_checks_the_product_again(shop: Caller) -> None:
    product_id = await listed(shop)
    await shop.ok("POST", f"{PRODUCTS}/deactivate", body={"product_ids": [product_id]})
    leaf = shop.world.tiktok.products[product_id].base.category_id
    shop.world.tiktok.images.clear()
    data = await shop.ok("POST", f"{PRODUCTS}/activate", body={"product_ids": [product_id]})
    error = data["errors"][0]
    assert (error["code"], [one["code"] for one in error["detail"]["extra_errors"]]) == (12052990, [12052722])
    assert await _status(shop, product_id) == "SELLER_DEACTIVATED"
    assert leaf


async def test_twenty_ids_at_most(shop: Caller) -> None:
    ids = [str(number) for number in range(21)]
    assert await shop.code("POST", f"{PRODUCTS}/activate", body={"product_ids": ids}) == 12019120
    assert await shop.code("POST", f"{PRODUCTS}/activate", body={}) == 12052030


async def test_another_shops_product(shop: Caller) -> None:
    product_id = await listed(shop)
    other = await shop.do("seller", region="GB")
    shop.token = (await shop.do("authorize", open_id=other["open_id"]))["access_token"]
    shop.cipher = other["shops"][0]["cipher"]
    assert await shop.code("GET", f"{PRODUCTS}/{product_id}") == 12052048
    data = await shop.ok("DELETE", PRODUCTS, body={"product_ids": [product_id]})
    assert data["errors"][0]["code"] == 12052048
    assert await _status(shop, product_id) == "ACTIVATE"


async def test_the_platform_intervenes(shop: Caller) -> None:
    product_id = await listed(shop)
    shop.world.outbox.kept.clear()
    await shop.do("intervene", product_id=product_id, event="freeze", reason="counterfeit")
    assert await shop.code("GET", f"{PRODUCTS}/{product_id}") == 12052901
    assert await shop.code("PUT", f"/product/202509/products/{product_id}", body={}) == 12052901
    await shop.do("intervene", product_id=product_id, event="unfreeze")
    assert await _status(shop, product_id) == "PLATFORM_DEACTIVATED"
    assert [one.topic for one in shop.world.outbox.kept] == ["5", "5"]
    assert b'"PRODUCT_STATUS_CHANGED","suspended_reason":"counterfeit"' in shop.world.outbox.kept[0].body


async def test_other_hands(shop: Caller) -> None:
    body: Json = await good_body(shop)
    made = await shop.do("other-hand", body=body)
    theirs = await shop.do("other-hand", body=body | {"title": "Made by another connector"}, made_by="OtherApp")
    sources = [(one.source, one.made_by) for one in shop.world.tiktok.products.values()]
    assert sources == [("SELLER_CENTER", "seller"), ("OPEN_API", "OtherApp")]
    await shop.do("judge", product_id=made["product_id"])
    shop.world.outbox.kept.clear()
    await shop.do("other-hand", product_id=made["product_id"], body={"title": "Renamed by hand for the buyers"})
    await shop.do("judge", product_id=made["product_id"])
    changed = next(one.body for one in shop.world.outbox.kept if one.topic == "15")
    assert b'"change_source":"SELLER_CENTER","changed_fields":["title"]' in changed
    assert theirs["status"] == "PENDING"


async def test_a_dump_brings_everything_back(shop: Caller) -> None:
    product_id = await listed(shop)
    dumped = shop.world.tiktok.dump()
    before = await shop.ok("GET", f"{PRODUCTS}/{product_id}")
    shop.world.reset()
    assert product_id not in shop.world.tiktok.products
    shop.world.tiktok.load(dumped)
    assert await shop.ok("GET", f"{PRODUCTS}/{product_id}") == before
    assert shop.world.tiktok.dump() == dumped
    found = await shop.ok("POST", "/product/202502/products/search", query={"page_size": "10"}, body={})
    assert [one["id"] for one in found["products"]] == [product_id]
