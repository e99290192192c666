"""What the control API shows of this platform: credentials and products."""

from collections.abc import Iterator
from heapq import merge
from itertools import islice
from typing import TYPE_CHECKING

from sandbox.actions import Answer
from sandbox.tiktok.lifecycle import Status
from sandbox.tiktok.product import Product
from sandbox.tiktok.sellers import Seller, Shop
from sandbox.tiktok.state import TikTokState

if TYPE_CHECKING:
    from sandbox.world import World

ALL_VERSIONS = frozenset({"v1", "v2"})
ALL_STATUSES = frozenset(Status)


def credentials(world: "World") -> Answer:
    """Apps, sellers, shops and the tokens issued so far; `authorize` (an action) issues one without a browser."""
    state = world.tiktok
    return {
        "apps": [
            {"app_key": app.key, "app_secret": app.secret, "service_id": app.service_id} for app in state.apps.values()
        ],
        "redirect_url": world.settings.redirect_url,
        "sellers": [_seller(state, seller) for seller in state.sellers.values()],
        "access_tokens": [
            {"access_token": token.token, "expires": token.expires, "open_id": state.grants[token.grant_id].open_id}
            for token in list(state.access_tokens.values())[-20:]
        ],
    }


def products(world: "World", limit: int) -> list[Answer]:
    """The newest products of all shops in short form."""
    state = world.tiktok
    runs: list[Iterator[Product]] = [shelf.newest_first(ALL_STATUSES, ALL_VERSIONS) for shelf in state.shelves.values()]
    newest = merge(*runs, key=lambda product: product.number, reverse=True)
    return [_product(state, product) for product in islice(newest, limit)]


def _seller(state: TikTokState, seller: Seller) -> Answer:
    return {
        "open_id": seller.open_id,
        "name": seller.name,
        "seller_type": seller.seller_type.value,
        "is_active": seller.is_active,
        "shops": [_shop(state.shops[shop_id]) for shop_id in seller.shop_ids],
    }


def _shop(shop: Shop) -> Answer:
    return {
        "id": shop.id,
        "cipher": shop.cipher,
        "code": shop.code,
        "name": shop.name,
        "region": shop.region,
        "is_active": shop.is_active,
        "warehouses": [{"id": one.id, "type": one.type, "effect_status": one.effect_status} for one in shop.warehouses],
    }


def _product(state: TikTokState, product: Product) -> Answer:
    return {
        "id": product.id,
        "shop_id": product.shop_id,
        "title": product.base.title,
        "status": product.status.value,
        "audit": product.audit.value,
        "category_id": product.base.category_id,
        "category_version": product.base.category_version,
        "external_product_id": product.base.external_product_id,
        "skus": len(product.base.skus),
        "source": product.source,
        "made_by": product.made_by,
        "create_time": product.create_time,
        "region": state.shops[product.shop_id].region,
    }
