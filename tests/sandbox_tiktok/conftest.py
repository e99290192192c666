"""One sandbox in-process, a caller that signs, and a shop ready to list."""

import hashlib
import hmac
import io
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from PIL import Image

from sandbox.app import Sandbox, create_app
from sandbox.config import SandboxConfig
from sandbox.world import World

Json = dict[str, Any]  # answers are read freely in tests


@dataclass
class Caller:
    """Signs as an independent client would: written here from fact sheet 2.1, not taken from the sandbox."""

    http: httpx.AsyncClient
    world: World
    app_key: str
    secret: str
    token: str = ""
    cipher: str = ""
    changes: dict[str, str | None] = field(default_factory=dict)

    async def raw(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: object = None,
        content: bytes | None = None,
        content_type: str = "application/json",
        cipher: bool = True,
        token: str | None = None,
        **overrides: str | None,
    ) -> httpx.Response:
        params = {"app_key": self.app_key, "timestamp": str(self.world.clock.unix()), **(query or {})}
        if cipher:
            params["shop_cipher"] = self.cipher
        params = {key: value for key, value in (params | overrides).items() if value is not None}
        sent = content if content is not None else (json.dumps(body).encode() if body is not None else b"")
        params.setdefault("sign", self.sign(path, params, b"" if content_type.startswith("multipart") else sent))
        if params["sign"] == "":
            del params["sign"]
        headers = {"content-type": content_type}
        if (self.token if token is None else token) != "":
            headers["x-tts-access-token"] = self.token if token is None else token
        return await self.http.request(method, path, params=params, content=sent, headers=headers)

    def sign(self, path: str, params: Mapping[str, str], sent: bytes) -> str:
        pairs = "".join(key + params[key] for key in sorted(params) if key not in ("sign", "access_token"))
        text = self.secret.encode() + path.encode() + pairs.encode() + sent + self.secret.encode()
        return hmac.new(self.secret.encode(), text, hashlib.sha256).hexdigest()

    async def call(self, method: str, path: str, **options: Any) -> Json:
        response = await self.raw(method, path, **options)
        answer: Json = response.json()
        assert set(answer) == {"code", "message", "request_id", "data"}, answer
        return answer

    async def ok(self, method: str, path: str, **options: Any) -> Any:
        answer = await self.call(method, path, **options)
        assert answer["code"] == 0, answer
        return answer["data"]

    async def code(self, method: str, path: str, **options: Any) -> int:
        code: int = (await self.call(method, path, **options))["code"]
        return code

    async def upload(self, width: int = 800, height: int = 800, use_case: str = "MAIN_IMAGE", kind: str = "PNG") -> Any:
        return await self.ok("POST", "/product/202309/images/upload", **form(picture(width, height, kind), use_case))

    async def do(self, action: str, **fields: object) -> Any:
        """One control action."""
        response = await self.http.post(f"/_sandbox/tiktok/{action}", json=fields)
        assert response.status_code == 200, response.text
        return response.json()


def picture(width: int, height: int, kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("L", (width, height), 200).save(out, kind)
    return out.getvalue()


def form(raw: bytes, use_case: str | None = "MAIN_IMAGE") -> dict[str, Any]:
    """A multipart body by hand."""
    head = b'--bnd\r\ncontent-disposition: form-data; name="data"; filename="a.png"\r\ncontent-type: image/png\r\n\r\n'
    extra = b""
    if use_case is not None:
        extra = b'--bnd\r\ncontent-disposition: form-data; name="use_case"\r\n\r\n' + use_case.encode() + b"\r\n"
    return {
        "content": extra + head + raw + b"\r\n--bnd--\r\n",
        "content_type": "multipart/form-data; boundary=bnd",
        "cipher": False,
    }


@pytest.fixture
def config(tmp_path: Path) -> SandboxConfig:
    """Seed 7, audits only when told; a store of one product, since this half does not look at it."""
    store = tmp_path / "store.csv"
    store.write_text("Handle,Title,Variant Price\nmug,Mug,12.50\n")
    return SandboxConfig(seed=7, audit="never", redirect_url="https://app.example/callback?keep=1", products=store)


@pytest.fixture
async def sandbox(config: SandboxConfig) -> AsyncIterator[Sandbox]:
    app = create_app(config)
    yield app
    await app.world.pulse.stop()


@pytest.fixture
async def stranger(sandbox: Sandbox) -> AsyncIterator[Caller]:
    """Somebody who knows the app but has no token yet."""
    transport = httpx.ASGITransport(app=sandbox)
    async with httpx.AsyncClient(transport=transport, base_url="http://sandbox") as http:
        config = sandbox.world.config
        yield Caller(http, sandbox.world, config.tiktok_app_key, config.tiktok_app_secret)


@pytest.fixture
async def shop(stranger: Caller) -> Caller:
    """Authorized for the first shop, through the front door."""
    answer = await stranger.http.get("/open/authorize", params={"service_id": stranger.world.config.tiktok_service_id})
    code = httpx.QueryParams(urlsplit(answer.headers["location"]).query)["code"]
    token = await stranger.http.get(
        "/api/v2/token/get",
        params={
            "app_key": stranger.app_key,
            "app_secret": stranger.secret,
            "auth_code": code,
            "grant_type": "authorized_code",
        },
    )
    stranger.token = token.json()["data"]["access_token"]
    stranger.cipher = (await stranger.ok("GET", "/authorization/202309/shops", cipher=False))["shops"][0]["cipher"]
    return stranger


async def good_body(shop: Caller, leaf: str | None = None, version: str = "v2", **changes: object) -> Json:
    """A body of Create Product that keeps every rule of its leaf, filled in as a client would."""
    title = "Ceramic Coffee Mug with Handle, 350 ml, Dishwasher Safe"
    if leaf is None:
        found = await shop.ok(
            "POST",
            "/product/202309/categories/recommend",
            body={"product_title": title, "category_version": version},
        )
        leaf = found["leaf_category_id"]
    base = f"/product/202309/categories/{leaf}"
    attributes = await shop.ok("GET", f"{base}/attributes", query={"category_version": version})
    warehouses = await shop.ok("GET", "/logistics/202309/warehouses")
    sales = next(one for one in warehouses["warehouses"] if one["type"] == "SALES_WAREHOUSE")
    image = await shop.upload()
    body: Json = {
        "title": title,
        "description": "<p>A mug for every morning.</p>",
        "category_id": leaf,
        "category_version": version,
        "main_images": [{"uri": image["uri"]}],
        "product_attributes": [_harmless(one) for one in attributes["attributes"] if one["is_requried"]],
        "package_weight": {"value": "0.4", "unit": "KILOGRAM"},
        "package_dimensions": {"length": "12", "width": "10", "height": "10", "unit": "CENTIMETER"},
        "skus": [
            {
                "seller_sku": "MUG-0001",
                "price": {"amount": "12.50", "currency": "USD"},
                "inventory": [{"warehouse_id": sales["id"], "quantity": 5}],
            }
        ],
    }
    return body | changes


def _harmless(attribute: Json) -> Json:
    """The value that calls for nothing more."""
    values = attribute.get("values") or [{"name": "1"}]
    chosen = next((one for one in values if one["name"] in ("No", "None")), values[0])
    return {"id": attribute["id"], "values": [chosen]}


async def listed(shop: Caller, verdict: str | None = "pass", version: str = "v2", **changes: object) -> str:
    """A product that is live (or where the verdict left it); its id."""
    body = await good_body(shop, None, version, **changes)
    product_id: str = (await shop.ok("POST", "/product/202309/products", body=body))["product_id"]
    if verdict is not None:
        await shop.do("judge", product_id=product_id, verdict=verdict)
    return product_id
