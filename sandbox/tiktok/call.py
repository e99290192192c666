"""One call that has passed the gateway, as the handlers see it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sandbox.tiktok.envelope import Refusal, bad_parameter
from sandbox.tiktok.fields import Fields
from sandbox.tiktok.grants import Grant
from sandbox.tiktok.markets import MARKETS, Market
from sandbox.tiktok.sellers import App, Seller, Shop
from sandbox.tiktok.state import TikTokState

if TYPE_CHECKING:  # the world holds this half's state
    from sandbox.world import World

MAX_PAGE = 100


@dataclass(slots=True)
class Call:
    """Who calls, for which shop, with what."""

    world: "World"
    path: Mapping[str, str]
    query: Mapping[str, str]
    app: App
    grant: Grant
    seller: Seller
    now: int
    one_shop: Shop | None = None
    body: Fields = field(default_factory=lambda: Fields({}))
    form: Mapping[str, str | bytes] = field(default_factory=dict)

    @property
    def state(self) -> TikTokState:
        """The platform's memory, read afresh since a reset replaces it."""
        return self.world.tiktok

    @property
    def shop(self) -> Shop:
        """The shop of the cipher; only for calls that want one."""
        if self.one_shop is None:
            raise Refusal(106013, "shop_cipher is required")
        return self.one_shop

    @property
    def market(self) -> Market:
        """The market of the shop."""
        return MARKETS[self.shop.region]

    def flag(self, name: str) -> bool:
        """A boolean of the query: `true`, `1`, `false`, `0` or absent."""
        value = self.query.get(name, "").lower()
        if value not in ("", "true", "false", "1", "0"):
            raise bad_parameter(f"Invalid parameter: {name} must be a bool")
        return value in ("true", "1")

    def listed(self, name: str) -> list[str]:
        """An array of the query: comma-joined, or a JSON-like list in brackets."""
        value = self.query.get(name, "").strip("[]")
        return [one.strip().strip('"') for one in value.split(",") if one.strip()]

    def page_size(self, code: int = 36009004) -> int:
        """The required `page_size`, 1 to 100."""
        value = self.query.get("page_size", "")
        if not value.isdigit() or not 1 <= int(value) <= MAX_PAGE:
            raise Refusal(code, "Invalid page_size: it must be between 1 and 100")
        return int(value)
