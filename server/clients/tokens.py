"""When a token is to be renewed: a value, decided without a clock or a row."""

from datetime import datetime, timedelta
from typing import Protocol


class Expiring(Protocol):
    """Anything that knows its end, a token as answered as well as a row."""

    @property
    def expires_at(self) -> datetime:
        """Aware, UTC."""
        ...


TIKTOK_EARLY = timedelta(hours=24)
"""A TikTok token lives seven days; refresh within its last one (TikTok fact sheet 1.3)."""
SHOPIFY_EARLY = timedelta(minutes=5)
"""A Shopify token lives an hour; refresh within its last five minutes (Shopify fact sheet 1.6)."""


def due(token: Expiring, now: datetime, early: timedelta) -> bool:
    """Whether to refresh before the next call."""
    return token.expires_at - now < early
