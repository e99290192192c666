"""How long before its end a token is renewed."""

from datetime import timedelta

TIKTOK_EARLY = timedelta(hours=24)
"""A TikTok token lives seven days; refresh within its last one (TikTok fact sheet 1.3)."""
SHOPIFY_EARLY = timedelta(minutes=5)
"""A Shopify token lives an hour; refresh within its last five minutes (Shopify fact sheet 1.6)."""
