"""Everything the TikTok half remembers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Self

from pydantic import TypeAdapter

from sandbox.catalogue.categories import load_trees
from sandbox.catalogue.tree import Trees
from sandbox.clock import Clock
from sandbox.config import BadConfig, SandboxConfig
from sandbox.tiktok.entities import ComplianceEntity, CustomBrand, SizeChartTemplate
from sandbox.tiktok.founding import found_seller
from sandbox.tiktok.grants import AccessToken, AuthCode, Grant
from sandbox.tiktok.identifiers import Identifiers
from sandbox.tiktok.markets import MARKETS
from sandbox.tiktok.product import Product, Verdict
from sandbox.tiktok.rates import Rates
from sandbox.tiktok.sellers import App, Seller, SellerType, Shop
from sandbox.tiktok.shelf import Shelf
from sandbox.tiktok.upgrades import UpgradeRun
from sandbox.tiktok.uploads import File, Image


@dataclass(slots=True)
class Memory:
    """What the state file keeps: plain dictionaries by id."""

    ids: Identifiers
    apps: dict[str, App] = field(default_factory=dict)
    sellers: dict[str, Seller] = field(default_factory=dict)
    shops: dict[str, Shop] = field(default_factory=dict)
    codes: dict[str, AuthCode] = field(default_factory=dict)
    grants: dict[str, Grant] = field(default_factory=dict)
    access_tokens: dict[str, AccessToken] = field(default_factory=dict)
    products: dict[str, Product] = field(default_factory=dict)
    images: dict[str, Image] = field(default_factory=dict)
    files: dict[str, File] = field(default_factory=dict)
    brands: dict[str, CustomBrand] = field(default_factory=dict)
    size_charts: dict[str, SizeChartTemplate] = field(default_factory=dict)
    manufacturers: dict[str, ComplianceEntity] = field(default_factory=dict)
    responsible_persons: dict[str, ComplianceEntity] = field(default_factory=dict)
    upgrade_runs: dict[str, UpgradeRun] = field(default_factory=dict)
    # "shop/key" -> product id; "shop/day" -> listings; "shop/axis name" -> attribute id; "axis/value name" -> value id
    idempotency: dict[str, str] = field(default_factory=dict)
    listings_today: dict[str, int] = field(default_factory=dict)
    custom_axes: dict[str, str] = field(default_factory=dict)
    custom_values: dict[str, str] = field(default_factory=dict)
    replicas: dict[str, list[str]] = field(default_factory=dict)
    # product id -> the verdict a script chose for its next audit
    verdicts: dict[str, Verdict] = field(default_factory=dict)


MEMORY = TypeAdapter(Memory)


class TikTokState(Memory):
    """Memory plus the look-ups made from it."""

    __slots__ = ("ciphers", "grants_by_refresh", "image_urls", "made", "rates", "shelves", "trees")

    trees: Trees
    shelves: dict[str, Shelf]
    ciphers: dict[str, str]
    grants_by_refresh: dict[str, str]
    image_urls: set[str]
    made: dict[str, tuple[str, str]]
    rates: Rates

    @classmethod
    def fresh(cls, config: SandboxConfig, clock: Clock, rng: Random) -> Self:
        """One app and one seller of the configured market and type; raises BadConfig for others."""
        region, kind = config.market.upper(), config.seller_type.upper()
        if region not in MARKETS:
            raise BadConfig(f"The market {config.market} is unknown. Known are {', '.join(sorted(MARKETS))}.")
        if kind not in set(SellerType):
            raise BadConfig(f"The seller type {config.seller_type} is unknown. Use LOCAL or CROSS_BORDER.")
        state = cls(Identifiers(salt=rng.getrandbits(40)))
        state.trees = load_trees(config.categories)
        state._clear_look_ups()
        state.apps[config.tiktok_app_key] = App(
            config.tiktok_app_key, config.tiktok_app_secret, config.tiktok_service_id
        )
        seller, shops = found_seller(state.ids, region, SellerType(kind))
        state.add_seller(seller, shops)
        return state

    def add_seller(self, seller: Seller, shops: list[Shop]) -> None:
        """Make a seller and their shops known."""
        self.sellers[seller.open_id] = seller
        for shop in shops:
            self.shops[shop.id] = shop
            self.ciphers[shop.cipher] = shop.id

    def add_grant(self, grant: Grant) -> None:
        """Make a grant known by its refresh token."""
        self.grants[grant.id] = grant
        self.grants_by_refresh[grant.refresh_token] = grant.id

    def add_image(self, image: Image) -> None:
        """Make an uploaded picture known by its uri and its url."""
        self.images[image.uri] = image
        self.image_urls.add(image.url)

    def custom_axis(self, shop_id: str, name: str) -> str:
        """The id of an axis the shop named itself; made at its first use."""
        return self._made(self.custom_axes, shop_id, name)

    def custom_value(self, attribute_id: str, name: str) -> str:
        """The id of a value of the seller's own; made at its first use."""
        return self._made(self.custom_values, attribute_id, name)

    def is_custom_axis(self, shop_id: str, attribute_id: str) -> bool:
        """Whether this shop made the sales attribute by naming it in a product."""
        return self.made.get(attribute_id, ("", ""))[0] == shop_id

    def is_custom_value(self, value_id: str) -> bool:
        """Whether the value was made by naming it in a product."""
        return value_id in self.made

    def _made(self, book: dict[str, str], owner: str, name: str) -> str:
        key = f"{owner}/{name}"
        if key not in book:
            book[key] = self.ids.short("custom")
            self.made[book[key]] = (owner, name)
        return book[key]

    def shelf(self, shop_id: str) -> Shelf:
        """The products of a shop."""
        return self.shelves.setdefault(shop_id, Shelf())

    def put(self, product: Product) -> None:
        """Remember a product, new or changed."""
        self.products[product.id] = product
        self.shelf(product.shop_id).put(product)

    def dump(self) -> dict[str, object]:
        """Everything, as JSON values."""
        found: dict[str, object] = MEMORY.dump_python(self, mode="json")
        return found

    def load(self, dumped: Mapping[str, object]) -> None:
        """Replace everything by a dump."""
        memory = MEMORY.validate_python(dumped)
        for name in Memory.__slots__:
            setattr(self, name, getattr(memory, name))
        self._clear_look_ups()
        for shop in self.shops.values():
            self.ciphers[shop.cipher] = shop.id
        for grant in self.grants.values():
            self.grants_by_refresh[grant.refresh_token] = grant.id
        for book in (self.custom_axes, self.custom_values):
            for key, made_id in book.items():
                owner, _, name = key.partition("/")
                self.made[made_id] = (owner, name)
        self.image_urls.update(image.url for image in self.images.values())
        for product in self.products.values():
            self.shelf(product.shop_id).put(product)

    def _clear_look_ups(self) -> None:
        self.shelves, self.ciphers, self.grants_by_refresh = {}, {}, {}
        self.image_urls, self.made, self.rates = set(), {}, Rates()
