"""A sandbox on a real port, both clients before it, and a small good product."""

import io
from dataclasses import dataclass, replace

import httpx
from PIL import Image

from sandbox.config import SandboxConfig
from server.clients.buckets import Rate
from server.clients.pace import Lane
from server.clients.shopify import ShopifyClient
from server.clients.tiktok import TikTokAccess, TikTokClient
from server.clients.tiktok_auth import TikTokToken
from server.clients.tiktok_bodies import CreateProductBody
from server.domain.categories import CategoryRef, CategoryVersion

CONFIG = SandboxConfig(size=12, strict_versions=False)
FAST = {lane: Rate(start=1000.0, floor=1.0, ceiling=1000.0, growth=1.0, burst=1000.0) for lane in Lane}
V2 = CategoryVersion.V2


@dataclass
class Stage:
    """Both clients, and the control API."""

    origin: str
    http: httpx.AsyncClient
    control: httpx.AsyncClient
    tiktok: TikTokClient
    shopify: ShopifyClient

    async def told(self, path: str, /, **body: object) -> dict[str, str]:
        response = await self.control.post(f"{self.origin}/_sandbox/{path}", json=body)
        assert response.is_success, response.text
        answer: dict[str, str] = response.json()
        return answer


def _jpeg() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (600, 600), "navy").save(file, "JPEG")
    return file.getvalue()


async def good_body(stage: Stage, access: TikTokAccess) -> CreateProductBody:
    """The smallest good product of a leaf that demands little."""
    tiktok = stage.tiktok
    uploaded = await tiktok.media.upload_image(access, _jpeg(), filename="mug.jpg")
    assert (uploaded.width, uploaded.height) == (600, 600)
    leaf = await undemanding_leaf(stage, access)
    [warehouse] = [entry for entry in await tiktok.shops.warehouses(access) if entry.sells]
    return {
        "title": "Enamel mug for camping",
        "description": "<p>Holds 350 ml.</p>",
        "category_id": leaf.id,
        "category_version": V2,
        "main_images": [{"uri": uploaded.uri}],
        "external_product_id": "gid://shopify/Product/1",
        "package_weight": {"value": "1", "unit": "POUND"},
        "package_dimensions": {"length": "4", "width": "4", "height": "4", "unit": "INCH"},
        "skus": [
            {
                "seller_sku": "MUG-1",
                "price": {"amount": "12.90", "currency": "USD"},
                "inventory": [{"warehouse_id": warehouse.id, "quantity": 5}],
            }
        ],
    }


async def undemanding_leaf(stage: Stage, access: TikTokAccess) -> CategoryRef:
    nodes = await stage.tiktok.categories.tree(access, V2)
    for node in nodes:
        if not node.is_leaf or node.permission_statuses != ("AVAILABLE",):
            continue
        leaf = CategoryRef(node.id, V2)
        rules = await stage.tiktok.categories.rules(access, leaf)
        attributes = await stage.tiktok.categories.attributes(access, leaf)
        demanded = [entry for entry in rules.product_certifications if entry.is_required]
        if not demanded and not rules.size_chart.is_required and not any(entry.is_required for entry in attributes):
            return leaf
    raise AssertionError(f"no undemanding leaf among {len(nodes)} nodes")


@dataclass
class Tokens:
    """A token source over the real refresh."""

    stage: Stage
    access: TikTokAccess
    token: TikTokToken
    renewals: int = 0

    async def current(self) -> TikTokAccess:
        return self.access

    async def renewed(self, stale: TikTokAccess) -> TikTokAccess:
        self.renewals += 1
        self.token = await self.stage.tiktok.auth.refresh(self.token.refresh_token)
        return replace(stale, access_token=self.token.access_token)
