"""Search Products: filters, paging, limits (TikTok fact sheet 3.13)."""

from collections.abc import Sequence
from dataclasses import replace

from sandbox.tiktok.lifecycle import Status
from tests.sandbox_tiktok.conftest import Caller, Json, good_body, listed

SEARCH = "/product/202502/products/search"


async def _search(shop: Caller, size: int = 100, token: str = "", path: str = SEARCH, **body: object) -> Json:
    query = {"page_size": str(size)} | ({"page_token": token} if token else {})
    found: Json = await shop.ok("POST", path, query=query, body=body)
    return found


def _ids(found: Json) -> Sequence[str]:
    return [one["id"] for one in found["products"]]


async def _many(shop: Caller, count: int) -> list[str]:
    """Copies of one product, put on the shelf directly, one second apart."""
    first = shop.world.tiktok.products[await listed(shop)]
    ids = [first.id]
    for number in range(1, count):
        at = first.create_time + number
        sku = replace(first.base.skus[0], id=f"9{number}", seller_sku=f"S{number}")
        content = replace(first.base, skus=(sku,), category_version="v1" if number % 2 else "v2")
        product = replace(first, id=f"8{number}", number=number + 1, base=content, create_time=at, update_time=at)
        shop.world.tiktok.put(product)
        ids.append(product.id)
    shop.world.tiktok.ids.counters["product"] = count
    return ids


async def test_pages_newest_first_and_stable_under_inserts(shop: Caller) -> None:
    ids = await _many(shop, 7)
    first = await _search(shop, 3)
    assert (_ids(first), first["total_count"]) == (ids[:3:-1], 7)
    await listed(shop)
    second = await _search(shop, 3, first["next_page_token"])
    third = await _search(shop, 3, second["next_page_token"])
    assert [*_ids(second), *_ids(third)] == ids[3::-1]
    assert third["next_page_token"] == ""


async def test_by_version_and_status(shop: Caller) -> None:
    ids = await _many(shop, 6)
    assert _ids(await _search(shop, category_version="v1")) == ids[5::-2]
    assert _ids(await _search(shop, category_version="V2", status="ACTIVATE")) == ids[4::-2]
    assert (await _search(shop, status="DRAFT"))["total_count"] == 0
    product = shop.world.tiktok.products[ids[0]]
    product.status = Status.DELETED
    shop.world.tiktok.put(product)
    assert (await _search(shop))["total_count"] == 5
    assert _ids(await _search(shop, status="DELETED")) == [ids[0]]


async def test_by_skus_and_times(shop: Caller) -> None:
    ids = await _many(shop, 6)
    start = shop.world.tiktok.products[ids[0]].create_time
    assert _ids(await _search(shop, seller_skus=["S2", "S4", "none"])) == [ids[4], ids[2]]
    assert _ids(await _search(shop, sku_ids=["93"])) == [ids[3]]
    found = await _search(shop, 1, create_time_ge=start + 2, create_time_le=start + 4)
    assert (_ids(found), found["total_count"]) == ([ids[4]], 3)
    assert _ids(await _search(shop, update_time_ge=start + 5)) == [ids[5]]
    assert _ids(await _search(shop, audit_status=["AUDITING"])) == []


async def test_older_versions(shop: Caller) -> None:
    ids = await _many(shop, 4)
    assert _ids(await _search(shop, path="/product/202312/products/search", category_version="v1")) == ids[3::-2]
    query = {"page_size": "10", "category_version": "v1"}
    body = {"status": "ALL", "audit_status": ["FAILED"]}
    found = await shop.ok("POST", "/product/202309/products/search", query=query, body=body)
    assert _ids(found) == ids[3::-2]
    assert shop.world.calls.entries[-1].unknown_fields == ["audit_status"]


async def test_refusals(shop: Caller) -> None:
    size = {"page_size": "10"}
    cases: list[tuple[dict[str, str], Json, int]] = [
        ({}, {}, 12019118),
        ({"page_size": "101"}, {}, 12019118),
        ({"page_size": "0"}, {}, 12019118),
        (size | {"page_token": "junk"}, {}, 12019119),
        (size, {"status": "ACTIVE"}, 12019108),
        (size, {"create_time_ge": 2, "create_time_le": 1}, 12019109),
        (size, {"seller_skus": [str(one) for one in range(11)]}, 12019027),
        (size, {"sku_ids": [str(one) for one in range(11)]}, 12019087),
        (size, {"listing_platforms": ["TIKTOK_SHOP"]}, 12019108),
        (size, {"category_version": "v9"}, 36009004),
    ]
    assert [await shop.code("POST", SEARCH, query=query, body=body) for query, body, _ in cases] == [
        code for _, _, code in cases
    ]


async def test_ten_thousand_results_at_most(shop: Caller) -> None:
    await _many(shop, 10_050)
    token, seen = "", 0
    for _ in range(100):
        found = await _search(shop, 100, token)
        seen, token = seen + len(found["products"]), found["next_page_token"]
    assert (seen, found["total_count"]) == (10_000, 10_050)
    assert await shop.code("POST", SEARCH, query={"page_size": "100", "page_token": token}, body={}) == 12052180


async def test_rows_carry_no_category(shop: Caller) -> None:
    await listed(shop, title=(await good_body(shop))["title"])
    row = (await _search(shop))["products"][0]
    assert not [name for name in row if "categor" in name and name != "recommended_categories"]
    assert row["sales_regions"] == ["US"]
