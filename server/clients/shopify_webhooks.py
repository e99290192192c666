"""Webhook subscriptions: make the shop's set equal to ours (Shopify fact sheet 2.5)."""

from collections.abc import Collection
from dataclasses import dataclass

from server.clients.shopify_access import Access
from server.clients.shopify_calls import ShopifyCalls
from server.clients.shopify_documents import WEBHOOK_CREATE, WEBHOOK_DELETE, WEBHOOKS


@dataclass(frozen=True, slots=True)
class Subscription:
    """``topic`` is the enum word (``PRODUCTS_UPDATE``), ``uri`` where it goes."""

    id: str
    topic: str
    uri: str


@dataclass(frozen=True, slots=True)
class MadeSo:
    """What had to change; both empty when all was so already."""

    created: tuple[Subscription, ...]
    removed: tuple[Subscription, ...]


class ShopifyWebhooks:
    """``client.webhooks``: shop-specific subscriptions, for installations that ship no TOML."""

    def __init__(self, calls: ShopifyCalls) -> None:
        self._calls = calls

    async def listed(self, access: Access) -> tuple[Subscription, ...]:
        """All of this app's subscriptions in the shop."""
        found: list[Subscription] = []
        cursor: str | None = None
        while True:
            connection = (await self._calls.graphql(access, WEBHOOKS, {"after": cursor})).data["webhookSubscriptions"]
            found.extend(Subscription(node["id"], node["topic"], node["uri"]) for node in connection["nodes"])
            if not connection["pageInfo"]["hasNextPage"]:
                return tuple(found)
            cursor = connection["pageInfo"]["endCursor"]

    async def make_it_so(self, access: Access, topics: Collection[str], uri: str) -> MadeSo:
        """Each topic exactly once at ``uri``: the missing are created first, then strays and doubles removed."""
        listed = await self.listed(access)
        kept = {entry.topic: entry for entry in listed if entry.topic in topics and entry.uri == uri}
        created = tuple([await self._create(access, topic, uri) for topic in sorted(set(topics) - kept.keys())])
        strays = tuple(entry for entry in listed if kept.get(entry.topic) != entry)
        for stray in strays:
            await self._calls.mutate(access, WEBHOOK_DELETE, "webhookSubscriptionDelete", {"id": stray.id})
        return MadeSo(created, strays)

    async def _create(self, access: Access, topic: str, uri: str) -> Subscription:
        asked = {"topic": topic, "uri": uri}
        payload = await self._calls.mutate(access, WEBHOOK_CREATE, "webhookSubscriptionCreate", asked)
        made = payload["webhookSubscription"]
        return Subscription(made["id"], made["topic"], made["uri"])
