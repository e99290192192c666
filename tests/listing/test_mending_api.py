"""Trying again and mending over the API: ids stand apart from the rest, and refusals name the arguments as they are."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from graphql_schema.asgi import create_for
from server.domain.tasks import TaskKind
from server.kit.ids import to_gid
from server.tables import Task, TaskItem
from tests.graphql.conftest import Api, make_token
from tests.listing.stall import Stall, a_product

ERRORS = "userErrors { code field }"
RETRY = f"""
mutation R($ids: [ID!], $filter: TaskRetryFilter, $key: String) {{
  taskRetry(ids: $ids, filter: $filter, idempotencyKey: $key) {{ tasks {{ kind counts {{ total }} }} {ERRORS} }}
}}
"""
FIX = f"""
mutation F($id: ID!, $patch: FixPatch!, $layer: FixLayer, $key: String) {{
  taskItemFixAndRetry(itemId: $id, patch: $patch, layer: $layer, idempotencyKey: $key) {{
    task {{ kind counts {{ total }} }} {ERRORS}
  }}
}}
"""


@pytest.fixture
async def api(stall: Stall) -> AsyncIterator[Api]:
    transport = httpx.ASGITransport(create_for(stall.deps))
    async with httpx.AsyncClient(transport=transport, base_url="http://leafmark.test") as client:
        token, caller = await make_token(stall.deps, stall.shop.id)
        yield Api(client, stall.shop.id, token, caller)


async def failure(stall: Stall, product: dict[str, object], code: str) -> tuple[Task, TaskItem]:
    (row,) = await stall.imported(product)
    await stall.template()
    task = await stall.failed(TaskKind.LISTING, row, {"products": 1}, code=code)
    return task, (await stall.items(task))[0]


SHOWN = """
query S($id: ID!) { task(id: $id) { items(first: 1) { nodes { problems { code remedy fixLayers } } } } }
"""


async def test_a_problem_tells_who_mends_it_and_in_which_layers(stall: Stall, api: Api) -> None:
    (row,) = await stall.imported(a_product())
    cases = {
        "WEIGHT_MISSING": ("FIX_PRODUCT", ["PRODUCT", "TEMPLATE", "SHOP_DEFAULTS"]),
        "SKU_REQUIRED": ("FIX_PRODUCT", []),
        "NOT_ON_TIKTOK": ("LIST", []),
    }
    for code, (remedy, layers) in cases.items():
        task = await stall.failed(TaskKind.LISTING, row, {"products": 1}, code=code)
        shown = (await api.data(SHOWN, id=to_gid("Task", task.id)))["task"]["items"]["nodes"][0]["problems"]
        assert shown == [{"code": code, "remedy": remedy, "fixLayers": layers}]


def refused(code: str, *field: str) -> list[dict[str, object]]:
    return [{"code": code, "field": list(field)}]


async def test_ids_and_filters_of_a_retry(stall: Stall, api: Api) -> None:
    task, item = await failure(stall, a_product(images=[]), "IMAGES_MISSING")
    failed, one = to_gid("Task", task.id), to_gid("TaskItem", item.id)
    cases: list[tuple[dict[str, Any], list[dict[str, object]]]] = [
        ({}, refused("INVALID", "ids")),
        ({"ids": []}, refused("INVALID", "ids")),
        ({"ids": [failed, to_gid("Product", item.subject_id)]}, refused("BAD_USER_INPUT", "ids", "1")),
        ({"ids": [to_gid("Task", item.id)]}, refused("NOT_FOUND", "ids", "0")),
        (
            {"filter": {"tiktokShopId": to_gid("TikTokShop", item.id)}},
            refused("NOT_FOUND", "filter", "tiktokShopId"),
        ),
        ({"filter": {"kinds": ["LISTING"]}, "key": "k" * 129}, refused("INVALID", "idempotencyKey")),
    ]
    for asked, expected in cases:
        assert (await api.data(RETRY, **asked))["taskRetry"] == {"tasks": [], "userErrors": expected}, asked
    assert await stall.tasks(TaskKind.LISTING) == [task]
    opened = {"tasks": [{"kind": "LISTING", "counts": {"total": 1}}], "userErrors": []}
    for _ in range(2):
        answer = await api.data(RETRY, ids=[failed, one], filter={"problemCodes": ["IMAGES_MISSING"]}, key="again")
        assert answer["taskRetry"] == opened
    assert len(await stall.tasks(TaskKind.LISTING)) == 2


async def test_patches_are_refused_where_they_stand(stall: Stall, api: Api) -> None:
    task, item = await failure(stall, a_product(html=""), "DESCRIPTION_EMPTY")
    one = to_gid("TaskItem", item.id)
    html = {"descriptionHtml": "<p>Burns for a day.</p>"}
    cases: list[tuple[dict[str, Any], list[dict[str, object]]]] = [
        ({"id": to_gid("TaskItem", task.id), "patch": html}, refused("NOT_FOUND", "itemId")),
        ({"id": one, "patch": {"descriptionHtml": "x" * 100_001}}, refused("INVALID", "patch", "descriptionHtml")),
        ({"id": one, "patch": html, "layer": "TEMPLATE"}, refused("INVALID", "patch", "descriptionHtml")),
        ({"id": one, "patch": {"pictures": ["ftp://x"]}}, refused("INVALID", "patch", "pictures", "0")),
        ({"id": one, "patch": {"title": "Another good title"}}, refused("INVALID", "patch")),
        ({"id": one, "patch": html, "key": ""}, refused("INVALID", "idempotencyKey")),
    ]
    for asked, expected in cases:
        assert (await api.data(FIX, **asked))["taskItemFixAndRetry"] == {"task": None, "userErrors": expected}, asked
    assert await stall.tasks(TaskKind.LISTING) == [task]
    answer = await api.data(FIX, id=one, patch=html)
    assert answer["taskItemFixAndRetry"] == {"task": {"kind": "LISTING", "counts": {"total": 1}}, "userErrors": []}
