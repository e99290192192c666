"""The TikTok Shop client: one per process, composed of one part per noun."""

import httpx

from server.clients.pace import Pace
from server.clients.retry import RetryPolicy
from server.clients.tiktok_access import Access, TikTokAccess, TokenSource
from server.clients.tiktok_auth import TikTokAuth
from server.clients.tiktok_calls import TikTokCalls
from server.clients.tiktok_categories import TikTokCategories
from server.clients.tiktok_media import TikTokMedia
from server.clients.tiktok_products import TikTokProducts
from server.clients.tiktok_shop import TikTokShops
from server.clients.tiktok_upgrade import TikTokUpgrades
from server.kit.clock import Clock
from server.kit.secrets import Secret

__all__ = ["API_URL", "AUTH_URL", "Access", "TikTokAccess", "TikTokClient", "TokenSource"]

API_URL = "https://open-api.tiktokglobalshop.com"
AUTH_URL = "https://auth.tiktok-shops.com"


class TikTokClient:
    """``auth``, ``products``, ``categories``, ``media``, ``shops``, ``upgrades``; every failure is an ``Upstream``."""

    def __init__(
        self,
        http: httpx.AsyncClient,
        app_key: str,
        app_secret: Secret,
        api_url: str,
        auth_url: str,
        clock: Clock,
        pace: Pace | None,
        policy: RetryPolicy | None = None,
    ) -> None:
        policy = policy or RetryPolicy()
        calls = TikTokCalls(http, app_key, app_secret, api_url, clock, pace, policy)
        self.auth = TikTokAuth(calls, http, app_key, app_secret, auth_url, clock, policy)
        self.products = TikTokProducts(calls)
        self.categories = TikTokCategories(calls)
        self.media = TikTokMedia(calls)
        self.shops = TikTokShops(calls)
        self.upgrades = TikTokUpgrades(calls)
