"""Calls that name products one by one are answered row by row; a repeated key finds its task, whatever came since."""

from collections.abc import AsyncIterator
from itertools import combinations
from typing import Any

import httpx
import pytest
from sqlmodel import select, update

from graphql_schema.asgi import create_for
from server.domain.listings import ListingStatus
from server.domain.tasks import TaskKind
from server.kit.ids import new_id, to_gid
from server.services.access import Scope
from server.tables import Intent, Listing, Product, ProductOverride, Task
from tests.graphql.conftest import Api, make_token
from tests.listing.stall import Stall, a_product
from tests.shops.platforms import count

ROWS = "results { product { id } userErrors { code field } } userErrors { code field }"
LIST = f"mutation L($input: ProductsListInput!) {{ productsList(input: $input) {{ task {{ id }} {ROWS} }} }}"
CHECK = f"mutation C($input: ProductsCheckInput!) {{ productsCheck(input: $input) {{ task {{ id }} {ROWS} }} }}"
EDIT = f"""mutation E($input: ListingsEditInput!) {{ listingsEdit(input: $input) {{
  task {{ id counts {{ total }} }} {ROWS.replace("product {", "listing { id } product {")}
}} }}"""
CLEAR = """mutation C($input: ProductOverrideClearInput!) { productOverrideClear(input: $input) {
  clearedCount results { done cleared userErrors { code field } } userErrors { code field }
} }"""
MOVE = """mutation M($id: ID!, $input: ListingChangeCategoryInput!) { listingChangeCategory(id: $id, input: $input) {
  task { id } userErrors { code field }
} }"""


async def client(stall: Stall, *scopes: Scope) -> Api:
    transport = httpx.ASGITransport(create_for(stall.deps))
    token, caller = await make_token(stall.deps, stall.shop.id, *scopes)
    return Api(httpx.AsyncClient(transport=transport, base_url="http://leafmark.test"), stall.shop.id, token, caller)


@pytest.fixture
async def api(stall: Stall) -> AsyncIterator[Api]:
    made = await client(stall)
    async with made.http:
        yield made


async def change(api: Api, stall: Stall, document: str, **asked: Any) -> dict[str, Any]:
    """The payload of a mutation whose input names the TikTok shop."""
    data = await api.data(document, input={"tiktokShopId": to_gid("TikTokShop", stall.tiktok_shop.id), **asked})
    payload: dict[str, Any] = next(iter(data.values()))
    return payload


def missing(at: int, name: str = "productIds") -> dict[str, Any]:
    return {"code": "NOT_FOUND", "field": ["input", name, str(at)]}


def not_taken(at: int, *name: str) -> dict[str, Any]:
    """A row that the task of a repeated key is without."""
    first, *inner = name or ("productIds",)
    return {"code": "CONFLICT", "field": ["input", first, str(at), *inner]}


NOBODY = to_gid("Product", new_id())


@pytest.mark.parametrize(("document", "kind"), [(LIST, TaskKind.LISTING), (CHECK, TaskKind.CHECK)])
async def test_products_that_are_not_there_are_refused_alone(
    stall: Stall, api: Api, document: str, kind: TaskKind
) -> None:
    first, second = (to_gid("Product", one.id) for one in await stall.imported(a_product(), a_product("Two candles")))
    await stall.template()
    before = await count(stall.deps, Task)
    asked = {"productIds": [first, NOBODY, second], "idempotencyKey": "once"}
    refused = [
        {"product": {"id": first}, "userErrors": []},
        {"product": None, "userErrors": [missing(1)]},
        {"product": {"id": second}, "userErrors": []},
    ]
    nothing = await change(api, stall, document, **asked, errorPolicy="REJECT_EVERYTHING")
    assert nothing == {"task": None, "results": refused, "userErrors": [missing(1)]}
    assert await count(stall.deps, Task, Listing) == [*before, 0]
    done = await change(api, stall, document, **asked)
    assert (done["results"], done["userErrors"]) == (refused, [])
    assert await count(stall.deps, Task) == [before[0] + 1]
    (task,) = await stall.tasks(kind)
    items = await stall.items(task)
    assert [to_gid("Product", item.subject_id) for item in items] == [first, second]
    again = await change(api, stall, document, **asked, errorPolicy="REJECT_EVERYTHING")
    assert (again["task"], again["userErrors"]) == (done["task"], [])
    assert again["results"] == [refused[0], {"product": None, "userErrors": [not_taken(1)]}, refused[2]]
    assert await count(stall.deps, Task) == [before[0] + 1]


async def test_a_repeated_key_finds_its_task_though_the_product_is_gone(stall: Stall, api: Api) -> None:
    (product,) = await stall.imported(a_product())
    asked = {"productIds": [to_gid("Product", product.id)], "idempotencyKey": "once"}
    first = await change(api, stall, LIST, **asked)
    assert first["task"] is not None
    async with stall.deps.database.write() as session:
        await session.exec(update(Product).values(deleted_at=stall.deps.clock()))
    again = await change(api, stall, LIST, **asked)
    assert (again["task"], again["userErrors"]) == (first["task"], [])
    later = await change(api, stall, LIST, **asked | {"idempotencyKey": "twice"})
    assert (later["task"], later["userErrors"]) == (None, [missing(0)])


async def test_edits_answer_each_listing_and_product(stall: Stall, api: Api) -> None:
    await stall.listed(a_product())
    (product,), (row,) = await stall.products(), await stall.listings()
    listing, gid, nobody = to_gid("Listing", row.id), to_gid("Product", product.id), to_gid("Listing", new_id())
    there = {"product": {"id": gid}, "listing": {"id": listing}, "userErrors": []}
    for name, known, unknown in (("listingIds", listing, nobody), ("productIds", gid, NOBODY)):
        told = await change(api, stall, EDIT, **{name: [unknown, known]})
        lost = {"product": None, "listing": None, "userErrors": [missing(0, name)]}
        assert (told["results"], told["userErrors"], told["task"]["counts"]) == ([lost, there], [], {"total": 1})
        told = await change(api, stall, EDIT, **{name: [unknown, known]}, errorPolicy="REJECT_EVERYTHING")
        assert (told["task"], told["userErrors"]) == (None, [missing(0, name)])
    before = await count(stall.deps, Task)
    ways: dict[str, Any] = {"listingIds": [listing], "productIds": [gid], "overrides": [], "filter": {}}
    for first, second in combinations(ways, 2):
        both = await change(api, stall, EDIT, **{first: ways[first], second: ways[second]})
        assert (both["task"], both["userErrors"]) == (None, [{"code": "INVALID", "field": ["input", second]}])
    assert await count(stall.deps, Task) == before


async def test_a_repeated_edit_tells_what_its_task_is_without(stall: Stall, api: Api) -> None:
    await stall.listed(a_product())
    (product,), (row,) = await stall.products(), await stall.listings()
    other = next(one for one in await stall.imported(a_product("Two candles")) if one.id != product.id)
    await stall.shelved(other, ListingStatus.LIVE)
    late = next(one for one in await stall.listings() if one.product_id == other.id)
    kinds = {"listingIds": ("Listing", row.id, late.id), "productIds": ("Product", product.id, other.id)}
    for name, (kind, first, second) in kinds.items():
        asked = {name: [to_gid(kind, first)], "idempotencyKey": name}
        told = await change(api, stall, EDIT, **asked)
        again = await change(api, stall, EDIT, **asked | {name: [to_gid(kind, second), to_gid(kind, first)]})
        assert (again["task"]["id"], again["userErrors"]) == (told["task"]["id"], [])
        assert [one["userErrors"] for one in again["results"]] == [[not_taken(0, name)], []]
        assert [one["listing"] for one in again["results"]] == [None, {"id": to_gid("Listing", row.id)}]


async def test_given_overrides_are_set_first_and_then_sent(stall: Stall, api: Api) -> None:
    await stall.listed(a_product())
    (product,) = await stall.products()
    (remote,) = stall.world.tiktok.products
    gid, before = to_gid("Product", product.id), await count(stall.deps, Task)
    rows = [{"productId": gid, "title": "A candle of pure beeswax"}, {"productId": NOBODY, "title": "Nobody's candle"}]
    nothing = await change(api, stall, EDIT, overrides=rows, errorPolicy="REJECT_EVERYTHING")
    wrong = {"code": "NOT_FOUND", "field": ["input", "overrides", "1", "productId"]}
    assert (nothing["task"], nothing["userErrors"]) == (None, [wrong])
    assert await count(stall.deps, Task, ProductOverride) == [*before, 0]
    told = await change(api, stall, EDIT, overrides=rows, idempotencyKey="pure")
    assert [row["userErrors"] for row in told["results"]] == [[], [wrong]]
    assert told["task"]["counts"] == {"total": 1}
    (task,) = await stall.tasks(TaskKind.EDIT)
    await stall.played(task)
    assert stall.world.tiktok.products[remote].newest.title == "A candle of pure beeswax"
    later = [{"productId": gid, "title": "Said again under the same key"}, rows[1]]
    again = await change(api, stall, EDIT, overrides=later, idempotencyKey="pure")
    assert again["task"]["id"] == told["task"]["id"]
    assert [row["userErrors"] for row in again["results"]] == [[], [not_taken(1, "overrides", "productId")]]
    cleared = await change(api, stall, CLEAR, productIds=[NOBODY, gid])
    assert cleared == {
        "clearedCount": 1,
        "results": [
            {"done": False, "cleared": False, "userErrors": [missing(0)]},
            {"done": True, "cleared": True, "userErrors": []},
        ],
        "userErrors": [],
    }
    gone = await change(api, stall, CLEAR, productIds=[NOBODY])
    assert (gone["clearedCount"], gone["userErrors"]) == (None, [missing(0)])


async def test_the_parts_of_an_override_that_can_be_done_are_sent(stall: Stall, api: Api) -> None:
    await stall.listed(a_product())
    (product,) = await stall.products()
    row = {"productId": to_gid("Product", product.id), "title": "A candle of wax", "descriptionHtml": "x" * 100_001}
    told = await change(api, stall, EDIT, overrides=[row], errorPolicy="IGNORE_FAILED")
    (result,) = told["results"]
    wrong = {"code": "INVALID", "field": ["input", "overrides", "0", "descriptionHtml"]}
    assert (result["userErrors"], told["task"]["counts"]) == ([wrong], {"total": 1})
    assert result["listing"] is not None
    (task,) = await stall.tasks(TaskKind.EDIT)
    await stall.played(task)
    (made,) = stall.world.tiktok.products.values()
    assert made.newest.title == "A candle of wax"


async def test_overrides_need_the_right_to_write_templates(stall: Stall) -> None:
    (product,) = await stall.imported(a_product())
    lister = await client(stall, Scope.READ_PRODUCTS, Scope.WRITE_LISTINGS)
    async with lister.http:
        own = {"productId": to_gid("Product", product.id), "title": "A candle of wax"}
        told = await change(lister, stall, EDIT, overrides=[own])
        await stall.shelved(product, ListingStatus.LIVE)
        [row] = await stall.listings()
        leaf = {"category": {"id": "1008592", "version": "V2"}}
        moved = await lister.run(MOVE, id=to_gid("Listing", row.id), input=leaf)
    assert told["userErrors"] == [{"code": "FORBIDDEN", "field": ["input", "overrides"]}]
    assert (moved.codes, moved.body["errors"][0]["extensions"]["scope"]) == (["FORBIDDEN"], "WRITE_TEMPLATES")
    assert await count(stall.deps, ProductOverride, Intent) == [0, 0]
    assert await stall.tasks(TaskKind.EDIT) == []


async def test_a_repeated_key_does_not_move_a_product_again(stall: Stall, api: Api) -> None:
    await stall.listed(a_product())
    (row,) = await stall.listings()
    kept, other = ({"id": one, "version": "V2"} for one in ("1008592", "1009104"))
    asked = {"category": kept, "idempotencyKey": "move"}
    first = await api.data(MOVE, id=to_gid("Listing", row.id), input=asked)
    again = await api.data(MOVE, id=to_gid("Listing", row.id), input=asked | {"category": other})
    assert again["listingChangeCategory"] == first["listingChangeCategory"]
    async with stall.deps.database.read() as session:
        override = (await session.exec(select(ProductOverride))).one()
    assert override.category_id == "1008592"
