"""Webhook subscriptions made through the API (Shopify fact sheet 2.5)."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Subscription:
    """One subscription of our app in one shop. `topic` is the enum name (`PRODUCTS_UPDATE`)."""

    number: int
    topic: str
    uri: str
    created: float
    updated: float
    filter: str | None = None
    include_fields: list[str] = field(default_factory=list)
    name: str | None = None

    @property
    def gid(self) -> str:
        """The id."""
        return f"gid://shopify/WebhookSubscription/{self.number}"


IRREGULAR = {"APP_SCOPES_UPDATE": "app/scopes_update", "BULK_OPERATIONS_FINISH": "bulk_operations/finish"}


def topic_in_header(topic: str) -> str:
    """The enum name as the header writes it, `products/update`: the last word is what happened, with exceptions."""
    if topic in IRREGULAR:
        return IRREGULAR[topic]
    noun, _, verb = topic.lower().rpartition("_")
    return f"{noun}/{verb}"
