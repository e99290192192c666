"""The category upgrade task and the market calendar (TikTok fact sheet 3.15, 7)."""

from datetime import UTC, date, datetime

import pytest

from sandbox.settings import Settings
from sandbox.tiktok.calendar import Audience, accepted_versions
from tests.sandbox_tiktok.conftest import Caller, good_body, listed

TASK = "/product/202407/products/category_upgrade_task"
SEARCH = "/product/202502/products/search"
PRODUCTS = "/product/202309/products"
HOUR = 3600


async def _old_products(shop: Caller, count: int) -> list[str]:
    """Live products of the old tree, listed while it was still taken."""
    shop.world.settings.strict_versions = False
    ids = [await listed(shop, version="v1") for _ in range(count)]
    shop.world.settings.strict_versions = True
    return ids


async def _in(shop: Caller, version: str) -> set[str]:
    body = {"status": "ACTIVATE", "category_version": version}
    found = await shop.ok("POST", SEARCH, query={"page_size": "100"}, body=body)
    return {one["id"] for one in found["products"]}


async def _fresh_token(shop: Caller) -> None:
    shop.token = (await shop.do("authorize"))["access_token"]


async def test_a_run_moves_live_products_within_two_hours(shop: Caller) -> None:
    ids = await _old_products(shop, 4)
    old = {one: shop.world.tiktok.products[one].base.category_id for one in ids}
    shop.world.clock.freeze()
    shop.world.clock.advance(25 * HOUR)
    young = (await _old_products(shop, 1))[0]
    await _fresh_token(shop)
    shop.world.outbox.kept.clear()
    assert await shop.ok("POST", TASK, body={}) == {}
    assert await shop.code("POST", TASK) == 12052234
    shop.world.clock.advance(HOUR)
    assert len(await _in(shop, "v2")) == 2
    assert await shop.code("POST", TASK) == 12052234
    shop.world.clock.advance(HOUR)
    assert (await _in(shop, "v2"), await _in(shop, "v1")) == (set(ids), {young})
    told = [one.body for one in shop.world.outbox.kept if one.topic == "18"]
    assert len(told) == 4
    for one in ids:
        new = shop.world.tiktok.products[one].base.category_id
        assert new in shop.world.tiktok.trees.becomes[old[one]]
        wanted = f'"product_id":"{one}","previous_category_id":"{old[one]}","current_category_id":"{new}"'
        assert any(wanted.encode() in body for body in told)
        assert (await shop.ok("GET", f"{PRODUCTS}/{one}"))["category_chains"][-1]["id"] == new
    shop.world.clock.advance(24 * HOUR)
    await _fresh_token(shop)
    await shop.ok("POST", TASK)
    shop.world.clock.advance(2 * HOUR)
    assert await _in(shop, "v1") == set()


async def test_only_live_products_move(shop: Caller) -> None:
    ids = await _old_products(shop, 2)
    await shop.ok("POST", f"{PRODUCTS}/deactivate", body={"product_ids": ids[:1]})
    shop.world.settings.upgrade, shop.world.settings.upgrade_min_live_hours = "immediate", 0
    await shop.ok("POST", TASK)
    assert [shop.world.tiktok.products[one].base.category_version for one in ids] == ["v1", "v2"]


async def test_some_are_left_behind(shop: Caller) -> None:
    await _old_products(shop, 12)
    settings = shop.world.settings
    settings.upgrade, settings.upgrade_min_live_hours, settings.upgrade_left_behind = "immediate", 0, 0.5
    await shop.ok("POST", TASK)
    left = len(await _in(shop, "v1"))
    assert 1 <= left <= 11
    settings.upgrade_left_behind = 0
    await shop.ok("POST", TASK)
    assert len(await _in(shop, "v1")) == 0


async def test_a_run_may_ripen_by_looks(shop: Caller) -> None:
    await _old_products(shop, 1)
    shop.world.settings.upgrade, shop.world.settings.upgrade_min_live_hours = "after 2 looks", 0
    await shop.ok("POST", TASK)
    assert [len(await _in(shop, "v2")) for _ in range(2)] == [0, 0]
    assert len(await _in(shop, "v2")) == 1


async def test_not_for_this_shop(shop: Caller) -> None:
    shop.world.settings.upgrade_available = False
    assert await shop.code("POST", TASK) == 12052265
    assert not shop.world.tiktok.upgrade_runs


async def test_a_vanished_leaf_stays(shop: Caller) -> None:
    trees = shop.world.tiktok.trees
    vanished = next(leaf.id for leaf in trees.v1.leaves() if not trees.becomes.get(leaf.id))
    product = shop.world.tiktok.products[(await _old_products(shop, 1))[0]]
    product.base = product.base.moved_to(vanished, "v1")
    shop.world.tiktok.put(product)
    assert (await shop.do("upgrade-by-platform"))["upgraded"] == []


async def test_the_platform_upgrades_without_a_task(shop: Caller) -> None:
    ids = await _old_products(shop, 1)
    shop.world.outbox.kept.clear()
    assert (await shop.do("upgrade-by-platform"))["upgraded"] == ids
    assert [one.topic for one in shop.world.outbox.kept] == ["18"]


async def test_old_products_cannot_be_edited_after_the_cut_off(shop: Caller) -> None:
    product_id = (await _old_products(shop, 1))[0]
    path = f"/product/202509/products/{product_id}/partial_edit"
    assert await shop.code("POST", path, body={"title": "A new title for an old product"}) == 12052217


CALENDAR = [
    ("US", date(2024, 5, 30), Audience.DEVELOPMENT, "v1 v2"),
    ("US", date(2024, 5, 30), Audience.EVERYONE, "v1"),
    ("US", date(2024, 7, 29), Audience.INVITED, "v1"),
    ("US", date(2024, 7, 30), Audience.INVITED, "v1 v2"),
    ("US", date(2024, 9, 5), Audience.EVERYONE, "v1"),
    ("US", date(2024, 9, 6), Audience.EVERYONE, "v1 v2"),
    ("US", date(2024, 9, 15), Audience.EVERYONE, "v1 v2"),
    ("US", date(2024, 9, 16), Audience.EVERYONE, "v2"),
    ("SG", date(2025, 8, 19), Audience.EVERYONE, "v1"),
    ("SG", date(2026, 1, 11), Audience.EVERYONE, "v1 v2"),
    ("SG", date(2026, 1, 12), Audience.EVERYONE, "v2"),
    ("GB", date(2025, 10, 12), Audience.EVERYONE, "v1"),
    ("DE", date(2025, 10, 13), Audience.EVERYONE, "v1 v2"),
    ("JP", date(2030, 1, 1), Audience.EVERYONE, "v1 v2"),
    ("BR", date(2024, 1, 1), Audience.EVERYONE, "v1 v2"),
]


@pytest.mark.parametrize(("region", "on", "audience", "accepted"), CALENDAR)
def test_the_calendar(region: str, on: date, audience: Audience, accepted: str) -> None:
    assert " ".join(sorted(accepted_versions(region, on, audience, Settings()))) == accepted
    assert accepted_versions(region, on, audience, Settings(strict_versions=False)) == {"v1", "v2"}


async def test_before_the_roll_out_only_the_old_tree_is_taken(shop: Caller) -> None:
    shop.world.clock.set(datetime(2024, 8, 1, tzinfo=UTC).timestamp())
    await _fresh_token(shop)
    body = await good_body(shop, version="v1")
    assert await shop.code("POST", PRODUCTS, body=body) == 0
    query = {"category_version": "v2"}
    assert await shop.code("GET", "/product/202309/categories", query=query) == 12052230
    await shop.do("shop", audience="invited")
    assert await shop.code("GET", "/product/202309/categories", query=query) == 0
    new = next(leaf.id for leaf in shop.world.tiktok.trees.v2.leaves() if leaf.id not in shop.world.tiktok.trees.v1)
    assert await shop.code("POST", PRODUCTS, body=body | {"category_id": new}) == 12052230
