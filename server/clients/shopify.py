"""The Shopify client: one per process; every failure is an ``Upstream``."""

from collections.abc import AsyncIterator
from datetime import datetime

import httpx

from server.clients.pace import Pace
from server.clients.retry import RetryPolicy
from server.clients.shopify_access import Access, ShopifyAccess, ShopifyTokenSource
from server.clients.shopify_auth import ShopifyAuth, ShopifyToken
from server.clients.shopify_bulk import ShopifyBulk
from server.clients.shopify_calls import ShopifyCalls
from server.clients.shopify_products import (
    ProductCount,
    ProductPage,
    ShopProfile,
    read_count,
    read_one,
    read_pages,
    read_shop,
)
from server.clients.shopify_shapes import ShopifyImage, ShopifyProduct, ShopifyVariant, Unreadable
from server.clients.shopify_webhooks import ShopifyWebhooks
from server.kit.clock import Clock
from server.kit.secrets import Secret

__all__ = [
    "API_VERSION",
    "ProductCount",
    "ProductPage",
    "ShopProfile",
    "ShopifyAccess",
    "ShopifyClient",
    "ShopifyImage",
    "ShopifyProduct",
    "ShopifyToken",
    "ShopifyTokenSource",
    "ShopifyVariant",
    "Unreadable",
]

API_VERSION = "2026-10"


class ShopifyClient:
    """Products, the shop and tokens as methods; exports at ``bulk``, subscriptions at ``webhooks``."""

    def __init__(
        self,
        http: httpx.AsyncClient,
        client_id: str,
        client_secret: Secret,
        url_template: str,
        api_version: str,
        clock: Clock,
        pace: Pace | None = None,
        policy: RetryPolicy | None = None,
    ) -> None:
        policy = policy or RetryPolicy()
        self._auth = ShopifyAuth(http, client_id, client_secret, url_template, clock, policy)
        self._calls = ShopifyCalls(http, client_id, url_template, api_version, clock, pace, policy)
        self.bulk = ShopifyBulk(self._calls, http)
        self.webhooks = ShopifyWebhooks(self._calls)

    async def exchange_token(self, shop: str, id_token: Secret) -> ShopifyToken:
        """An expiring offline token for the ID token of a signed-in merchant."""
        return await self._auth.exchange(shop, id_token)

    async def refresh(self, shop: str, refresh_token: Secret) -> ShopifyToken:
        """Both tokens anew; ``NEEDS_AUTHORIZATION`` when the merchant must open the app again."""
        return await self._auth.refresh(shop, refresh_token)

    async def shop_profile(self, access: Access) -> ShopProfile:
        """Name, currency, units, country."""
        return await read_shop(self._calls, access)

    async def product_count(self, access: Access) -> ProductCount:
        """How many products the store has."""
        return await read_count(self._calls, access)

    def product_pages(
        self, access: Access, *, after: str | None = None, updated_since: datetime | None = None
    ) -> AsyncIterator[ProductPage]:
        """Pages of products with all their variants, oldest change first; ``after`` continues a cursor."""
        return read_pages(self._calls, access, after, updated_since)

    async def product(self, access: Access, gid: str) -> ShopifyProduct | Unreadable | None:
        """One product with all its variants, or nothing when it is gone."""
        return await read_one(self._calls, access, gid)
