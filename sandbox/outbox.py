"""Signed webhooks on their way out."""

from collections.abc import Mapping


class Outbox:
    """Queues webhooks; a background task delivers them with the platforms' retry schedules."""

    def tiktok(
        self,
        kind: int,
        shop_id: str,
        data: Mapping[str, object],
        *,
        seller_open_id: str | None = None,
        url: str | None = None,
    ) -> None:
        """Queue a TikTok webhook (TikTok fact sheet 4); `url` overrides the app's address (Event API, 4.5)."""

    def shopify(
        self,
        topic: str,
        shop: str,
        payload: Mapping[str, object],
        *,
        url: str | None = None,
        api_version: str = "2026-10",
        name: str | None = None,
        event_id: str | None = None,
        subscription: str | None = None,
    ) -> None:
        """Queue a Shopify webhook (Shopify fact sheet 2); `url` is the subscription's address."""
