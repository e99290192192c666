"""Small steps that the webhook tests share."""

from typing import Any

import httpx
import orjson

from sandbox.world import World

SHOP = "7494049642642441621"


async def settle(client: httpx.AsyncClient) -> None:
    answer = (await client.post("/_sandbox/webhooks/settle", json={})).json()
    assert answer["settled"], answer


async def advance(client: httpx.AsyncClient, seconds: float) -> None:
    await client.post("/_sandbox/clock", json={"advance": seconds})
    await settle(client)


async def rule(client: httpx.AsyncClient, **given: object) -> dict[str, Any]:
    answer = await client.post("/_sandbox/webhooks/rules", json=given)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def products(arrived: list[httpx.Request]) -> list[str]:
    return [orjson.loads(request.content)["data"]["product_id"] for request in arrived]


def send(world: World, *product_ids: str, kind: int = 18) -> None:
    for product_id in product_ids:
        world.outbox.tiktok(kind, SHOP, {"product_id": product_id})
