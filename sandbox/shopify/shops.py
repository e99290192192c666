"""One shop of the sandbox: its products, tokens, webhook subscriptions, bulk operations and standing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import cast

from sandbox.shopify.bucket import Bucket
from sandbox.shopify.bulk_operations import BulkOperation
from sandbox.shopify.store import Store
from sandbox.shopify.subscriptions import Subscription
from sandbox.shopify.tokens import TokenBook

DEFAULT_SCOPES = ("read_products", "read_inventory")


class Standing(StrEnum):
    """Whether the shop answers; the others than ACTIVE have their own HTTP status (Shopify fact sheet 3.5)."""

    ACTIVE = "active"
    FROZEN = "frozen"
    LOCKED = "locked"
    BLOCKED = "blocked"


@dataclass(slots=True)
class Profile:
    """What `shop` answers and `shop/update` tells."""

    name: str
    email: str
    currency: str
    country: str
    timezone: str
    weight_unit: str
    plan: str = "Basic"


@dataclass(slots=True)
class Shop:
    """A shop by its `*.myshopify.com` domain. `installed` is our app's installation."""

    domain: str
    number: int
    profile: Profile
    store: Store
    scopes: list[str] = field(default_factory=lambda: list(DEFAULT_SCOPES))
    installed: bool = True
    standing: Standing = Standing.ACTIVE
    tokens: TokenBook = field(default_factory=TokenBook)
    bucket: Bucket = field(default_factory=Bucket)
    subscriptions: dict[int, Subscription] = field(default_factory=dict)
    bulk: dict[int, BulkOperation] = field(default_factory=dict)
    next_number: int = 1
    # The products as they were when a bulk operation completed; lost with a restart, then the living ones answer.
    frozen_stores: dict[int, Store] = field(default_factory=dict)

    @property
    def gid(self) -> str:
        """The id."""
        return f"gid://shopify/Shop/{self.number}"

    def new_number(self) -> int:
        """A number never given before in this shop."""
        self.next_number += 1
        return self.next_number

    def dump(self) -> dict[str, object]:
        """For the state file."""
        return {
            "domain": self.domain,
            "number": self.number,
            "profile": asdict(self.profile),
            "store": self.store.dump(),
            "scopes": self.scopes,
            "installed": self.installed,
            "standing": self.standing,
            "tokens": self.tokens.dump(),
            "subscriptions": [asdict(one) for one in self.subscriptions.values()],
            "bulk": [asdict(one) for one in self.bulk.values()],
            "next_number": self.next_number,
        }

    @classmethod
    def load(cls, dumped: Mapping[str, object], store: Store) -> Shop:
        """From the state file, over a store as the configuration makes it."""
        rows = cast("Mapping[str, list[dict[str, object]]]", dumped)
        subscriptions = [Subscription(**one) for one in rows["subscriptions"]]  # type: ignore[arg-type]  # dumped by us
        bulk = [BulkOperation(**one) for one in rows["bulk"]]  # type: ignore[arg-type]  # dumped by us
        store.load(cast("Mapping[str, object]", dumped["store"]))
        return cls(
            domain=str(dumped["domain"]),
            number=cast("int", dumped["number"]),
            profile=Profile(**cast("dict[str, str]", dumped["profile"])),
            store=store,
            scopes=cast("list[str]", dumped["scopes"]),
            installed=bool(dumped["installed"]),
            standing=Standing(str(dumped["standing"])),
            tokens=TokenBook.load(cast("Mapping[str, object]", dumped["tokens"])),
            subscriptions={one.number: one for one in subscriptions},
            bulk={one.number: one for one in bulk},
            next_number=cast("int", dumped["next_number"]),
        )
