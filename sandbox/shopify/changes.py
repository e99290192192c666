"""What a merchant does to a shop: products, stock, profile, scopes, uninstall; each sends its webhooks."""

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import cast

from sandbox.actions import BadControl
from sandbox.catalogue.products import ProductData, VariantData, product_from_json
from sandbox.shopify.connections import level_id
from sandbox.shopify.dumping import product_to_json
from sandbox.shopify.fields_products import LOCATION
from sandbox.shopify.hooks import emit
from sandbox.shopify.objects import Product, Variant, iso
from sandbox.shopify.payloads import deleted_payload, item_payload, level_payload, product_payload, shop_payload
from sandbox.shopify.shops import Profile, Shop
from sandbox.world import World

PRODUCT_FIELDS = frozenset(one.name for one in fields(ProductData))
VARIANT_FIELDS = frozenset(one.name for one in fields(VariantData))
LEVEL_FIELDS = frozenset({"quantity", "tracked"})
ITEM_FIELDS = frozenset({"weight", "weight_unit", "sku", "tracked", "requires_shipping", "cost", "country"})


def shop_of(world: World, domain: str | None) -> Shop:
    """A shop by its domain, the first one without; BadControl for an unknown one."""
    if domain is None:
        return next(iter(world.shopify.shops.values()))
    if domain not in world.shopify.shops:
        raise BadControl(f"There is no shop {domain}.", "shop")
    return world.shopify.shops[domain]


def product_of(shop: Shop, wanted: str) -> Product:
    """A product by GID, numeric id or handle."""
    number = wanted.rsplit("/", 1)[-1]
    found = shop.store.product(int(number)) if number.isdigit() else shop.store.by_handle(wanted)
    if found is None:
        raise BadControl(f"There is no product {wanted} in {shop.domain}.", "id")
    return found


def add_product(world: World, raw: Mapping[str, object], *, shop: str | None = None) -> Product:
    """A new product in its data-file form; sends `products/create`."""
    own = shop_of(world, shop)
    given = {"handle": f"product-{own.new_number()}", "title": "", **raw}
    product = own.store.add(_read(given), world.clock.now())
    _tell(world, own, "PRODUCTS_CREATE", product)
    return product


def change_product(world: World, wanted: str, patch: Mapping[str, object], *, shop: str | None = None) -> Product:
    """Replace the named fields; sends `products/update`. A patched `title` also ends a repetition's edition name."""
    own = shop_of(world, shop)
    product = product_of(own, wanted)
    _known(patch, PRODUCT_FIELDS)
    whole = product_to_json(product.data)
    if product.round:  # what is written now counts as written: no more suffixes by repetition
        whole |= {"title": product.title, "handle": product.handle, "variants": _settled(product)}
    data = _read(whole | dict(patch))
    changed = replace(product, round=0, data=data, updated=world.clock.now())
    own.store.put(changed)
    _tell(world, own, "PRODUCTS_UPDATE", changed)
    return changed


def change_variant(world: World, wanted: str, patch: Mapping[str, object], *, shop: str | None = None) -> Product:
    """Change one variant by GID or numeric id; sends `products/update` and the inventory topics that fit."""
    own = shop_of(world, shop)
    number = wanted.rsplit("/", 1)[-1]
    variant = own.store.variant(int(number)) if number.isdigit() else None
    if variant is None:
        raise BadControl(f"There is no variant {wanted} in {own.domain}.", "id")
    _known(patch, VARIANT_FIELDS)
    slot = variant.data.slot
    rows = _settled(variant.product)
    variants = [row | dict(patch) if row["slot"] == slot else row for row in rows]
    changed = change_product(world, variant.product.gid, {"variants": variants}, shop=own.domain)
    after = next(one for one in changed.variants if one.data.slot == slot)
    _tell_stock(world, own, after, frozenset(patch))
    return changed


def delete_product(world: World, wanted: str, *, shop: str | None = None) -> Product:
    """Delete; sends `products/delete`."""
    own = shop_of(world, shop)
    product = product_of(own, wanted)
    own.store.remove(product.index)
    emit(world, own, "PRODUCTS_DELETE", deleted_payload(product), product)
    return product


def change_shop(world: World, patch: Mapping[str, object], *, shop: str | None = None) -> Shop:
    """Change the shop's profile; sends `shop/update`."""
    own = shop_of(world, shop)
    _known(patch, frozenset(one.name for one in fields(Profile)))
    own.profile = replace(own.profile, **cast("dict[str, str]", dict(patch)))
    emit(world, own, "SHOP_UPDATE", shop_payload(own))
    return own


def change_scopes(world: World, scopes: list[str], *, shop: str | None = None) -> Shop:
    """Grant other scopes; sends `app/scopes_update`."""
    own = shop_of(world, shop)
    previous, own.scopes = own.scopes, list(scopes)
    payload = {
        "id": own.number + 1000,
        "previous": previous,
        "current": own.scopes,
        "shop_id": own.number,
        "updated_at": iso(world.clock.now()),
    }
    emit(world, own, "APP_SCOPES_UPDATE", payload)
    return own


def uninstall(world: World, *, shop: str | None = None) -> Shop:
    """The app is removed: tokens die, `app/uninstalled` is sent, subscriptions made by API go."""
    own = shop_of(world, shop)
    own.installed = False
    own.tokens.revoke_all()
    emit(world, own, "APP_UNINSTALLED", shop_payload(own))
    own.subscriptions.clear()
    return own


def install(world: World, *, shop: str | None = None) -> Shop:
    """The app is installed again; the platform calls nothing then."""
    own = shop_of(world, shop)
    own.installed = True
    return own


def _settled(product: Product) -> list[dict[str, object]]:
    """The variants as they show, suffixes included."""
    rows = cast("list[dict[str, object]]", product_to_json(product.data)["variants"])
    shown = zip(rows, product.variants, strict=True)
    return [row | {"sku": variant.sku, "barcode": variant.barcode} for row, variant in shown]


def _read(raw: Mapping[str, object]) -> ProductData:
    try:
        return product_from_json(raw)
    except (TypeError, ValueError) as error:
        raise BadControl(f"The product cannot be read: {error}.", "product") from error


def _known(patch: Mapping[str, object], names: frozenset[str]) -> None:
    for name in patch:
        if name not in names:
            raise BadControl(f"There is no field {name}; there are {', '.join(sorted(names))}.", name)


def _tell(world: World, shop: Shop, topic: str, product: Product) -> None:
    emit(world, shop, topic, product_payload(product, shop, world.shopify.base_url), product)


def _tell_stock(world: World, shop: Shop, variant: Variant, changed: frozenset[str]) -> None:
    if changed & LEVEL_FIELDS:
        emit(world, shop, "INVENTORY_LEVELS_UPDATE", level_payload(variant, LOCATION, level_id(variant)))
    if changed & ITEM_FIELDS:
        emit(world, shop, "INVENTORY_ITEMS_UPDATE", item_payload(variant))
