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

    @property
    def header_topic(self) -> str:
        """`products/update`: the last word is what happened, unless the topic is one of the irregular ones."""
        return topic_in_header(self.topic)


IRREGULAR = {"APP_SCOPES_UPDATE": "app/scopes_update", "BULK_OPERATIONS_FINISH": "bulk_operations/finish"}


def topic_in_header(topic: str) -> str:
    """The enum name as the header writes it."""
    if topic in IRREGULAR:
        return IRREGULAR[topic]
    noun, _, verb = topic.lower().rpartition("_")
    return f"{noun}/{verb}"
