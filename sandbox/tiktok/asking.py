"""Reads the fields of control actions and finds what they name; raises BadControl with the field."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sandbox.actions import BadControl
from sandbox.tiktok.grants import Grant
from sandbox.tiktok.product import Product
from sandbox.tiktok.sellers import App, Seller, Shop

if TYPE_CHECKING:
    from sandbox.world import World

Asked = Mapping[str, object]


def text(asked: Asked, name: str, default: str = "") -> str:
    """A string (or number) field."""
    found = asked.get(name)
    if found is None:
        return default
    if isinstance(found, bool) or not isinstance(found, str | int):
        raise BadControl(f"The field {name} must be text.", name)
    return str(found)


def texts(asked: Asked, name: str) -> list[str]:
    """A list of strings; one string stands for a list of one."""
    found = asked.get(name)
    if found is None:
        return []
    if isinstance(found, str):
        return [found]
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise BadControl(f"The field {name} must be a list of texts.", name)
    return found


def flag(asked: Asked, name: str, *, default: bool) -> bool:
    """A boolean field."""
    found = asked.get(name)
    if found is None:
        return default
    if not isinstance(found, bool):
        raise BadControl(f"The field {name} must be true or false.", name)
    return found


def whole(asked: Asked, name: str, default: int) -> int:
    """A whole number."""
    found = asked.get(name)
    if found is None:
        return default
    if isinstance(found, bool) or not isinstance(found, int):
        raise BadControl(f"The field {name} must be a whole number.", name)
    return found


def an_object(asked: Asked, name: str) -> Mapping[str, object]:
    """A JSON object; absent is an empty one."""
    found = asked.get(name)
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise BadControl(f"The field {name} must be a JSON object.", name)
    return found


def app_of(world: "World", asked: Asked) -> App:
    """`app_key`, or the first app."""
    key = text(asked, "app_key") or next(iter(world.tiktok.apps))
    if key not in world.tiktok.apps:
        raise BadControl(f"There is no app {key}.", "app_key")
    return world.tiktok.apps[key]


def seller_of(world: "World", asked: Asked) -> Seller:
    """`open_id`, or the first seller."""
    open_id = text(asked, "open_id") or next(iter(world.tiktok.sellers))
    if open_id not in world.tiktok.sellers:
        raise BadControl(f"There is no seller {open_id}.", "open_id")
    return world.tiktok.sellers[open_id]


def shop_of(world: "World", asked: Asked) -> Shop:
    """`shop_id`, or the first shop."""
    shop_id = text(asked, "shop_id") or next(iter(world.tiktok.shops))
    if shop_id not in world.tiktok.shops:
        raise BadControl(f"There is no shop {shop_id}.", "shop_id")
    return world.tiktok.shops[shop_id]


def product_of(world: "World", asked: Asked) -> Product:
    """`product_id`."""
    product_id = text(asked, "product_id")
    if product_id not in world.tiktok.products:
        raise BadControl(f"There is no product {product_id}.", "product_id")
    return world.tiktok.products[product_id]


def grants_of(world: "World", shop: Shop) -> list[Grant]:
    """Every living grant that covers the shop."""
    return [grant for grant in world.tiktok.grants.values() if shop.id in grant.shop_ids and not grant.revoked]
