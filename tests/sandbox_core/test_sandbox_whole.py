"""Both platforms behind one door: the same script and seed give the same bytes, and a restart changes nothing."""

import hashlib
import hmac
from pathlib import Path
from typing import Any

import httpx
import orjson

from sandbox.app import Sandbox, create_app
from sandbox.config import SandboxConfig

START = 1_767_225_600


class Seller:
    """Calls the sandbox's TikTok side over any client, signing by the documented rule and nothing else."""

    def __init__(self, client: httpx.AsyncClient, app: dict[str, str], shop: dict[str, str], token: str) -> None:
        self.client, self.app, self.shop, self.token = client, app, shop, token

    async def call(self, method: str, path: str, body: object = None, **query: str) -> httpx.Response:
        content = b"" if body is None else orjson.dumps(body)
        now = (await self.client.get("/_sandbox/clock")).json()["now"]
        query |= {"app_key": self.app["app_key"], "timestamp": str(int(now)), "shop_cipher": self.shop["cipher"]}
        text = path + "".join(key + query[key] for key in sorted(query)) + content.decode()
        secret = self.app["app_secret"]
        query["sign"] = hmac.new(secret.encode(), (secret + text + secret).encode(), hashlib.sha256).hexdigest()
        headers = {"x-tts-access-token": self.token, "content-type": "application/json"}
        return await self.client.request(method, path, params=query, headers=headers, content=content)


def sandbox(config: SandboxConfig, arrived: list[bytes]) -> Sandbox:
    def take(request: httpx.Request) -> httpx.Response:
        arrived.append(request.headers["authorization"].encode() + request.content)
        return httpx.Response(200)

    app = create_app(config)
    app.world.clock.freeze()
    app.world.clock.set(START)
    app.world.pulse.transport = httpx.MockTransport(take)
    return app


async def enter(client: httpx.AsyncClient) -> Seller:
    found: dict[str, Any] = (await client.get("/_sandbox/credentials")).json()["tiktok"]
    token = (await client.post("/_sandbox/tiktok/authorize", json={})).json()["access_token"]
    return Seller(client, found["apps"][0], found["sellers"][0]["shops"][0], token)


async def script(app: Sandbox, arrived: list[bytes]) -> list[bytes]:
    """A little of everything; every answer and every webhook, in order."""
    answers: list[bytes] = []
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://sandbox.test") as client:
        seller = await enter(client)
        body = {"data": {"product_id": "1"}, "platform": "tiktok", "topic": 18, "shop": seller.shop["id"]}
        await client.post("/_sandbox/faults", json={"kind": "tiktok", "code": 36009002, "chance": 0.3})
        for _ in range(10):
            answers.append((await seller.call("GET", "/logistics/202309/warehouses")).content)
            await client.post("/_sandbox/webhooks/send", json=body)
            await client.post("/_sandbox/clock", json={"advance": 7})
        await client.post("/_sandbox/webhooks/settle", json={})
    await app.world.pulse.stop()
    return answers + arrived


async def test_the_same_script_and_seed_give_the_same_bytes() -> None:
    runs: list[list[bytes]] = []
    for seed in (5, 5, 6):
        arrived: list[bytes] = []
        config = SandboxConfig(seed=seed, tiktok_webhook_url="http://app.test/")
        runs.append(await script(sandbox(config, arrived), arrived))
    assert runs[0] == runs[1]
    assert runs[0] != runs[2]
    codes = [orjson.loads(answer)["code"] for answer in runs[0][:10]]
    assert set(codes) == {0, 36009002}


async def test_a_restart_changes_no_answer(tmp_path: Path) -> None:
    config = SandboxConfig(state=tmp_path / "world.json")
    app = sandbox(config, [])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://sandbox.test") as client:
        seller = await enter(client)
        before = (await seller.call("GET", "/logistics/202309/warehouses")).json()
    await app.world.pulse.stop()
    again = create_app(config)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(again), base_url="http://sandbox.test") as client:
        seller.client = client
        after = (await seller.call("GET", "/logistics/202309/warehouses")).json()
        products = (await client.get("/_sandbox/products", params={"platform": "shopify", "limit": 5})).json()
    await again.world.pulse.stop()
    assert (before["code"], after["code"]) == (0, 0)
    assert after["data"] == before["data"]
    assert "shopify" in products
