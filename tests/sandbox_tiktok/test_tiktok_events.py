"""The Event API and who hears what (TikTok fact sheet 4.5)."""

import pytest

from sandbox.tiktok.operations import OPERATIONS
from tests.sandbox_tiktok.conftest import Caller, listed

PATH = "/event/202309/webhooks"


async def test_addresses_by_topic(shop: Caller) -> None:
    wanted = {"event_type": "PRODUCT_CREATION", "address": "https://hooks.example/a"}
    assert await shop.ok("PUT", PATH, body=wanted) == {}
    found = await shop.ok("GET", PATH)
    assert (found["total_count"], found["webhooks"][0]["address"]) == (1, "https://hooks.example/a")
    await listed(shop)
    assert [(one.topic, one.url) for one in shop.world.outbox.kept] == [
        ("16", "https://hooks.example/a"),
        ("5", ""),
        ("37", ""),
    ]
    for _ in range(2):
        assert await shop.ok("DELETE", PATH, body={"event_type": "PRODUCT_CREATION"}) == {}
    assert (await shop.ok("GET", PATH))["total_count"] == 0


@pytest.mark.parametrize(
    ("address", "event_type"),
    [
        ("http://hooks.example/a", "PRODUCT_CREATION"),
        ("https://hooks.example:8443/a", "PRODUCT_CREATION"),
        ("https://127.0.0.1/a", "PRODUCT_CREATION"),
        ("https://hooks.example/" + "a" * 255, "PRODUCT_CREATION"),
        ("", "PRODUCT_CREATION"),
        ("https://hooks.example/a", "SIZE_CHART"),
        ("https://hooks.example/a", ""),
    ],
)
async def test_refused_addresses(shop: Caller, address: str, event_type: str) -> None:
    assert await shop.code("PUT", PATH, body={"event_type": event_type, "address": address}) == 36009004
    assert (await shop.ok("GET", PATH))["total_count"] == 0


async def test_product_news_needs_the_basic_scope(shop: Caller) -> None:
    scopes = ["seller.product.write", "seller.product.basic", "seller.logistics"]
    await listed(shop)
    assert len(shop.world.outbox.kept) == 3
    await shop.do("scopes", scopes=scopes[:1])
    await shop.do("intervene", product_id=next(iter(shop.world.tiktok.products)), event="freeze")
    assert len(shop.world.outbox.kept) == 3


def test_the_registry_is_whole() -> None:
    places = [(one.method, one.path) for one in OPERATIONS]
    names = [one.name for one in OPERATIONS]
    assert len(set(places)) == len(places) == 53
    assert len(set(names)) == len(names)
    assert all(one.imitates and one.version.isdigit() and len(one.version) == 6 for one in OPERATIONS)


@pytest.mark.parametrize("operation", OPERATIONS, ids=[f"{one.method} {one.path}" for one in OPERATIONS])
async def test_every_call_answers_in_the_envelope(shop: Caller, operation: object) -> None:
    """Nothing breaks on an empty body: a code of the platform, or success."""
    one = next(row for row in OPERATIONS if row is operation)
    path = one.path
    for name in ("product_id", "category_id", "warehouse_id", "global_product_id"):
        path = path.replace(f"{{{name}}}", "1")
    answer = await shop.call(one.method, path, body={} if one.method != "GET" else None, cipher=one.cipher)
    assert isinstance(answer["code"], int)
    assert (answer["code"] == 36009014) == (one.handler is None)
    assert shop.world.calls.entries[-1].operation == one.name
