"""What a test script may do to this platform (`POST /_sandbox/shopify/...`)."""

from collections.abc import Callable, Mapping
from typing import cast

from sandbox.actions import Action, Answer, BadControl
from sandbox.catalogue.products import product_from_json
from sandbox.shopify import changes, id_tokens
from sandbox.shopify.objects import Product
from sandbox.shopify.shops import Shop, Standing
from sandbox.world import World

SHOP = "domain of the shop; the first one without"
Given = Mapping[str, object]


def _shop(given: Given) -> str | None:
    value = given.get("shop")
    return None if value is None else str(value)


def _shown(product: Product) -> Answer:
    return {"id": product.gid, "handle": product.handle, "title": product.title}


def _standing(shop: Shop) -> Answer:
    return {"shop": shop.domain, "installed": shop.installed, "standing": shop.standing, "scopes": shop.scopes}


def _object(given: Given, name: str) -> Given:
    value = given.get(name)
    if not isinstance(value, Mapping):
        raise BadControl(f"The field {name} must be an object.", name)
    return value


def _id_token(world: World, given: Given) -> Answer:
    shop = changes.shop_of(world, _shop(given))
    life = given.get("expires_in", 60)
    if isinstance(life, bool) or not isinstance(life, int):
        raise BadControl("The field expires_in must be a whole number of seconds.", "expires_in")
    return {"id_token": id_tokens.mint(world, shop.domain, str(given.get("user_id", "42")), life), "shop": shop.domain}


def _token(world: World, given: Given) -> Answer:
    """An access token without the exchange; `expiring` false makes the old non-expiring kind."""
    shop = changes.shop_of(world, _shop(given))
    life = world.settings.shopify_token_life_s if given.get("expiring", True) else None
    token = shop.tokens.give_offline(world.rng, world.clock.now(), life)
    return {"access_token": token.token, "expires_in": life, "scope": ",".join(shop.scopes), "shop": shop.domain}


def _expire(world: World, given: Given) -> Answer:
    shop = changes.shop_of(world, _shop(given))
    shop.tokens.expire_access(world.clock.now())
    return _standing(shop)


def _add(world: World, given: Given) -> Answer:
    return _shown(changes.add_product(world, _object(given, "product"), shop=_shop(given)))


def _change(world: World, given: Given) -> Answer:
    return _shown(changes.change_product(world, str(given["id"]), _object(given, "patch"), shop=_shop(given)))


def _change_variant(world: World, given: Given) -> Answer:
    return _shown(changes.change_variant(world, str(given["id"]), _object(given, "patch"), shop=_shop(given)))


def _delete(world: World, given: Given) -> Answer:
    return _shown(changes.delete_product(world, str(given["id"]), shop=_shop(given)))


def _change_shop(world: World, given: Given) -> Answer:
    return _standing(changes.change_shop(world, _object(given, "patch"), shop=_shop(given)))


def _scopes(world: World, given: Given) -> Answer:
    scopes = given["scopes"]
    if not isinstance(scopes, list) or not all(isinstance(one, str) for one in scopes):
        raise BadControl("The field scopes must be a list of texts.", "scopes")
    return _standing(changes.change_scopes(world, scopes, shop=_shop(given)))


def _set_standing(world: World, given: Given) -> Answer:
    shop = changes.shop_of(world, _shop(given))
    try:
        shop.standing = Standing(str(given["standing"]))
    except ValueError:
        names = ", ".join(Standing)
        raise BadControl(f"The field standing must be one of {names}.", "standing") from None
    return _standing(shop)


def _add_shop(world: World, given: Given) -> Answer:
    domain, rows = str(given["shop"]).lower(), given.get("products")
    if not domain.endswith(".myshopify.com"):
        raise BadControl("The field shop must end in .myshopify.com.", "shop")
    if domain in world.shopify.shops:
        raise BadControl(f"The shop {domain} is there already.", "shop")
    if rows is None:
        return _standing(world.shopify.add_shop(domain))
    try:
        products = tuple(product_from_json(row) for row in cast("list[Given]", rows))
    except (TypeError, ValueError) as error:
        raise BadControl(f"The products cannot be read: {error}.", "products") from error
    return _standing(world.shopify.add_shop(domain, products))


def _errors(world: World, _given: Given) -> Answer:
    rows = [{"line": one.line, "column": one.column, "message": one.message} for one in world.shopify.errors]
    return {"errors": rows}


def _simple(change: Callable[..., Shop]) -> Callable[[World, Given], Answer]:
    return lambda world, given: _standing(change(world, shop=_shop(given)))


PRODUCT = "required: GID, numeric id or handle"
ACTIONS: tuple[Action, ...] = (
    Action(
        "id-token",
        "Mint an ID token as the admin does for the embedded app",
        _id_token,
        {"shop": SHOP, "user_id": "Shopify user id, 42 without", "expires_in": "seconds, 60 without; may be negative"},
    ),
    Action(
        "token", "Give out an access token without the exchange", _token, {"shop": SHOP, "expiring": "true without"}
    ),
    Action("expire-tokens", "Let every access token run out now; refresh tokens stay", _expire, {"shop": SHOP}),
    Action(
        "add-product",
        "Add a product; sends products/create",
        _add,
        {"product": "required: the product in the form of the built-in store", "shop": SHOP},
    ),
    Action(
        "change-product",
        "Change a product; sends products/update",
        _change,
        {"id": PRODUCT, "patch": "required: the fields to replace", "shop": SHOP},
    ),
    Action(
        "change-variant",
        "Change a variant; sends products/update and the inventory topics that fit",
        _change_variant,
        {"id": "required: GID or numeric id", "patch": "required: the fields to replace", "shop": SHOP},
    ),
    Action("delete-product", "Delete a product; sends products/delete", _delete, {"id": PRODUCT, "shop": SHOP}),
    Action(
        "change-shop",
        "Change the shop's profile; sends shop/update",
        _change_shop,
        {"patch": "required: name, email, currency, country, timezone, weight_unit, plan", "shop": SHOP},
    ),
    Action(
        "scopes", "Grant other scopes; sends app/scopes_update", _scopes, {"scopes": "required: the list", "shop": SHOP}
    ),
    Action(
        "standing",
        "Freeze (402), lock (423) or block (430) the shop, or make it active",
        _set_standing,
        {"standing": "required: active, frozen, locked, blocked", "shop": SHOP},
    ),
    Action("uninstall", "Remove the app; sends app/uninstalled", _simple(changes.uninstall), {"shop": SHOP}),
    Action("install", "Install the app again", _simple(changes.install), {"shop": SHOP}),
    Action(
        "add-shop",
        "Open another shop",
        _add_shop,
        {"shop": "required: its domain", "products": "its products; the first shop's without"},
    ),
    Action("csv-errors", "What could not be used of the product CSV, with line and column", _errors),
)
