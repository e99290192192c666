"""On whose behalf a Shopify call is made, and which shop names may become part of an address."""

import re
from dataclasses import dataclass
from typing import Protocol

from server.kit.errors import Invalid
from server.kit.secrets import Secret

_SHOP = re.compile(r"[a-z0-9][a-z0-9-]{0,62}\.myshopify\.com")


@dataclass(frozen=True, slots=True)
class ShopifyAccess:
    """``shop`` is ``{name}.myshopify.com``."""

    shop: str
    token: Secret


class ShopifyTokenSource(Protocol):
    """Implemented by the services; refreshes once for all who ask."""

    async def current(self) -> ShopifyAccess:
        """The stored token, refreshed beforehand when it is near its end."""
        ...

    async def renewed(self, stale: ShopifyAccess) -> ShopifyAccess:
        """A token other than the stale one; raises ``Upstream`` when the merchant must open the app again."""
        ...


Access = ShopifyAccess | ShopifyTokenSource


def shop_address(url_template: str, shop: str) -> str:
    """The shop's base URL. Only a plain ``myshopify.com`` name is put into it; anything else is ``Invalid``."""
    if not _SHOP.fullmatch(shop):
        raise Invalid("A shop is named like example.myshopify.com.", field=("shop",))
    return url_template.format(shop=shop).rstrip("/")
