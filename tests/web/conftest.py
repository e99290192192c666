"""The same platforms and store as in ``tests/shops``."""

from tests.shops.conftest import client, deps, platforms, settings, shop, tiktok_shop

__all__ = ["client", "deps", "platforms", "settings", "shop", "tiktok_shop"]
