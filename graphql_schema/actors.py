"""Who started something."""

from enum import StrEnum

import strawberry

from graphql_schema.enums import publish
from server.domain import actors


class ActorKind(StrEnum):
    """How somebody acted."""

    USER = "USER"
    TOKEN = "TOKEN"  # noqa: S105 - the name of a kind
    SYSTEM = "SYSTEM"
    OUTSIDE = "OUTSIDE"


publish(
    ActorKind,
    "How somebody acted.",
    {
        ActorKind.USER: "A merchant in the Shopify admin.",
        ActorKind.TOKEN: "A client with an API token.",
        ActorKind.SYSTEM: "Leafmark itself, for example because a template is active.",
        ActorKind.OUTSIDE: "Somebody on TikTok Shop: the seller in Seller Center, another app, or the platform.",
    },
)


@strawberry.type
class Actor:
    """Who started something."""

    kind: ActorKind = strawberry.field(description="How they acted.")
    name: str = strawberry.field(description="The user's Shopify id, the token's name, or what in Leafmark acted.")

    @classmethod
    def of(cls, started_by: str) -> "Actor":
        """Read ``user:42``, ``token:ERP``, ``system:sweep`` or ``tiktok``."""
        if started_by == actors.OUTSIDE:
            return cls(kind=ActorKind.OUTSIDE, name=started_by)
        kind, _, name = started_by.partition(":")
        known = kind.upper() in ActorKind.__members__
        return cls(kind=ActorKind[kind.upper()] if known else ActorKind.SYSTEM, name=name or started_by)
