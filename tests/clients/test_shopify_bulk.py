"""Exports and webhook subscriptions."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from server.clients.errors import Upstream, UpstreamKind
from server.clients.shopify_shapes import parted
from tests.clients.shopify_double import ACCESS, Wire, connection, data
from tests.clients.shopify_lines import grouped


def started(body: dict[str, Any]) -> httpx.Response:
    operation = {"id": "gid://shopify/BulkOperation/1", "status": "CREATED"}
    return data({"bulkOperationRunQuery": {"bulkOperation": operation, "userErrors": []}})


async def test_an_export_is_followed_and_read_in_batches() -> None:
    lines = b"\n".join(grouped(7)) + b"\n"
    operation: dict[str, object] = {
        "id": "gid://shopify/BulkOperation/1",
        "status": "COMPLETED",
        "url": "https://storage.test/x?sig=1",
        "objectCount": "49",
        "rootObjectCount": "7",
        "fileSize": str(len(lines)),
    }
    half = len(lines) // 2

    class Breaking(httpx.AsyncByteStream):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            yield lines[:half]
            raise httpx.ReadError("broken")

    wire = Wire(
        started,
        data({"bulkOperation": operation | {"status": "RUNNING", "url": None}}),
        data({"bulkOperation": operation}),
        httpx.Response(200, stream=Breaking()),
        httpx.Response(206, content=lines[half:]),
    )
    client = wire.client()
    run = await client.bulk.start_products(ACCESS)
    assert (run.id, run.is_final) == ("gid://shopify/BulkOperation/1", False)
    assert not (await client.bulk.poll(ACCESS, run.id)).is_final
    run = await client.bulk.poll(ACCESS, run.id)
    assert (run.completed, run.root_object_count, run.object_count, run.file_size) == (True, 7, 49, len(lines))
    batches = [batch async for batch in client.bulk.products(run, batch=3)]
    assert [len(batch) for batch in batches] == [3, 3, 1]
    assert sum(len(product.variants) for batch in batches for product in parted(batch)[0]) == 21
    assert wire.requests[-1].headers["range"] == f"bytes={half}-"
    assert "x-shopify-access-token" not in wire.requests[-1].headers


async def test_an_empty_export_and_a_failed_one() -> None:
    operation: dict[str, object] = {"id": "gid://shopify/BulkOperation/1", "status": "COMPLETED", "url": None}
    client = Wire(
        data({"bulkOperation": operation}), data({"bulkOperation": operation | {"status": "FAILED"}})
    ).client()
    run = await client.bulk.poll(ACCESS, "gid://shopify/BulkOperation/1")
    assert [batch async for batch in client.bulk.products(run)] == []
    run = await client.bulk.poll(ACCESS, "gid://shopify/BulkOperation/1")
    with pytest.raises(Upstream) as caught:
        await anext(client.bulk.products(run))
    assert caught.value.code == "EXPORT_FAILED"
    assert (await Wire(data({"bulkOperation": None})).client().bulk.poll(ACCESS, "x")).status == "EXPIRED"


async def test_a_second_export_is_the_platforms_limit() -> None:
    refused = [{"field": None, "message": "busy", "code": "OPERATION_IN_PROGRESS"}]
    wire = Wire(data({"bulkOperationRunQuery": {"bulkOperation": None, "userErrors": refused}}))
    with pytest.raises(Upstream) as caught:
        await wire.client().bulk.start_products(ACCESS)
    assert (caught.value.kind, caught.value.platform_word) == (UpstreamKind.PLATFORM_LIMIT, "OPERATION_IN_PROGRESS")
    assert len(wire.requests) == 1


async def test_webhooks_are_made_so() -> None:
    ours = "https://leafmark.test/webhooks/shopify"

    def hook(number: int, topic: str, uri: str = ours) -> dict[str, object]:
        return {"id": f"gid://shopify/WebhookSubscription/{number}", "topic": topic, "uri": uri}

    def platform(body: dict[str, Any]) -> httpx.Response:
        if "mutation WebhookCreate" in body["query"]:
            made = hook(9, body["variables"]["topic"], body["variables"]["uri"])
            return data({"webhookSubscriptionCreate": {"webhookSubscription": made, "userErrors": []}})
        if "mutation WebhookDelete" in body["query"]:
            gone = body["variables"]["id"]
            return data({"webhookSubscriptionDelete": {"deletedWebhookSubscriptionId": gone, "userErrors": []}})
        if body["variables"]["after"] is None:
            return data({"webhookSubscriptions": connection([hook(1, "PRODUCTS_UPDATE"), hook(2, "SHOP_UPDATE")], "c")})
        return data(
            {
                "webhookSubscriptions": connection(
                    [hook(3, "PRODUCTS_UPDATE", "https://old.test"), hook(4, "PRODUCTS_UPDATE")]
                )
            }
        )

    wire = Wire(platform)
    made = await wire.client().webhooks.make_it_so(ACCESS, {"PRODUCTS_UPDATE", "PRODUCTS_DELETE"}, ours)
    assert [entry.topic for entry in made.created] == ["PRODUCTS_DELETE"]
    assert [entry.id[-1] for entry in made.removed] == ["1", "2", "3"]
