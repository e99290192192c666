"""What the Shopify side remembers: its shops."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Self, cast

from sandbox.catalogue.csv_reader import CsvError, read_products
from sandbox.catalogue.products import ProductData, built_in_products
from sandbox.clock import Clock
from sandbox.config import SandboxConfig
from sandbox.shopify.shops import Profile, Shop
from sandbox.shopify.store import Store

FIRST_SHOP = 68_817_500_001
MARKETS: Mapping[str, tuple[str, str, str]] = {  # currency, time zone, weight unit
    "US": ("USD", "America/New_York", "POUNDS"),
    "GB": ("GBP", "Europe/London", "KILOGRAMS"),
    "DE": ("EUR", "Europe/Berlin", "KILOGRAMS"),
    "FR": ("EUR", "Europe/Paris", "KILOGRAMS"),
    "ES": ("EUR", "Europe/Madrid", "KILOGRAMS"),
    "IT": ("EUR", "Europe/Rome", "KILOGRAMS"),
    "IE": ("EUR", "Europe/Dublin", "KILOGRAMS"),
    "JP": ("JPY", "Asia/Tokyo", "KILOGRAMS"),
    "ID": ("IDR", "Asia/Jakarta", "KILOGRAMS"),
    "MY": ("MYR", "Asia/Kuala_Lumpur", "KILOGRAMS"),
    "PH": ("PHP", "Asia/Manila", "KILOGRAMS"),
    "SG": ("SGD", "Asia/Singapore", "KILOGRAMS"),
    "TH": ("THB", "Asia/Bangkok", "KILOGRAMS"),
    "VN": ("VND", "Asia/Ho_Chi_Minh", "KILOGRAMS"),
    "BR": ("BRL", "America/Sao_Paulo", "KILOGRAMS"),
    "MX": ("MXN", "America/Mexico_City", "KILOGRAMS"),
}


@dataclass(slots=True)
class ShopifyState:
    """Shops by domain; `errors` are the rows of the product CSV that could not be loaded."""

    market: str
    written: tuple[ProductData, ...]
    size: int | None
    errors: tuple[CsvError, ...] = ()
    shops: dict[str, Shop] = field(default_factory=dict)
    base_url: str = "http://127.0.0.1"

    @classmethod
    def fresh(cls, config: SandboxConfig, clock: Clock, rng: Random) -> Self:
        """One shop, filled from the product CSV if one is named, else from the built-in store.

        Raises `csv_reader.UnreadableFile` for a file that is no product CSV at all.
        """
        written: tuple[ProductData, ...] = built_in_products()
        errors: tuple[CsvError, ...] = ()
        if config.products is not None:
            result = read_products(config.products)
            written, errors = result.products, result.errors
        state = cls(config.market.upper(), written, config.size, errors)
        state.add_shop(config.shopify_shop)
        return state

    def add_shop(self, domain: str, products: tuple[ProductData, ...] | None = None) -> Shop:
        """Open a shop; without `products` it holds the same as the first one."""
        store = Store(self.written, self.size) if products is None else Store(products)
        shop = Shop(domain, FIRST_SHOP + len(self.shops), _profile(domain, self.market), store)
        self.shops[domain] = shop
        return shop

    def dump(self) -> dict[str, object]:
        """For the state file."""
        return {"shops": [shop.dump() for shop in self.shops.values()], "base_url": self.base_url}

    def load(self, dumped: Mapping[str, object]) -> None:
        """From the state file."""
        shops = cast("list[Mapping[str, object]]", dumped["shops"])
        loaded = [Shop.load(one, Store(self.written, self.size)) for one in shops]
        self.shops = {shop.domain: shop for shop in loaded}
        self.base_url = str(dumped["base_url"])


def _profile(domain: str, market: str) -> Profile:
    currency, timezone, weight_unit = MARKETS.get(market, MARKETS["US"])
    name = domain.removesuffix(".myshopify.com")
    title = name.replace("-", " ").title()
    return Profile(title, f"owner@{name}.example", currency, market, timezone, weight_unit)
