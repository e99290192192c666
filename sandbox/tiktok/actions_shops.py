"""Control actions about sellers, shops, warehouses, categories and upgrades."""

from typing import TYPE_CHECKING

from sandbox.actions import Action, Answer, BadControl
from sandbox.tiktok import upgrading
from sandbox.tiktok.asking import Asked, flag, seller_of, shop_of, text, texts
from sandbox.tiktok.calendar import Audience
from sandbox.tiktok.entities import SizeChartTemplate
from sandbox.tiktok.founding import found_seller
from sandbox.tiktok.markets import MARKETS
from sandbox.tiktok.sellers import App, SellerType

if TYPE_CHECKING:
    from sandbox.world import World


def _app(world: "World", asked: Asked) -> Answer:
    ids = world.tiktok.ids
    app = App(
        text(asked, "app_key") or ids.token("app_key", 13),
        text(asked, "app_secret") or ids.token("app_secret", 40),
        text(asked, "service_id") or ids.decimal("service"),
    )
    world.tiktok.apps[app.key] = app
    return {"app_key": app.key, "app_secret": app.secret, "service_id": app.service_id}


def _seller(world: "World", asked: Asked) -> Answer:
    region, kind = text(asked, "region", "US"), text(asked, "seller_type", "LOCAL")
    regions = texts(asked, "regions")
    if not {region, *regions} <= set(MARKETS):
        raise BadControl(f"Known markets: {', '.join(sorted(MARKETS))}.", "region")
    if kind not in set(SellerType):
        raise BadControl("seller_type is LOCAL or CROSS_BORDER.", "seller_type")
    seller, shops = found_seller(world.tiktok.ids, region, SellerType(kind), regions)
    world.tiktok.add_seller(seller, shops)
    return {
        "open_id": seller.open_id,
        "shops": [{"id": shop.id, "cipher": shop.cipher, "region": shop.region} for shop in shops],
    }


def _shop(world: "World", asked: Asked) -> Answer:
    shop = shop_of(world, asked)
    audience = text(asked, "audience", shop.audience)
    if audience not in set(Audience):
        raise BadControl("audience is development, invited or everyone.", "audience")
    shop.audience = Audience(audience)
    shop.is_active = flag(asked, "is_active", default=shop.is_active)
    shop.is_on_probation = flag(asked, "is_on_probation", default=shop.is_on_probation)
    return {"id": shop.id, "is_active": shop.is_active, "audience": shop.audience.value}


def _seller_active(world: "World", asked: Asked) -> Answer:
    seller = seller_of(world, asked)
    seller.is_active = flag(asked, "is_active", default=False)
    return {"open_id": seller.open_id, "is_active": seller.is_active}


def _warehouse(world: "World", asked: Asked) -> Answer:
    shop, warehouse_id = shop_of(world, asked), text(asked, "warehouse_id")
    status = text(asked, "effect_status", "ENABLED")
    if status not in ("ENABLED", "DISABLED", "RESTRICTED"):
        raise BadControl("effect_status is ENABLED, DISABLED or RESTRICTED.", "effect_status")
    for warehouse in shop.warehouses:
        if warehouse.id == warehouse_id:
            warehouse.effect_status = status
            return {"id": warehouse.id, "effect_status": status}
    raise BadControl(f"The shop has no warehouse {warehouse_id}.", "warehouse_id")


def _upgrade_by_platform(world: "World", asked: Asked) -> Answer:
    shop = shop_of(world, asked)
    shelf = world.tiktok.shelf(shop.id)
    products = [product.id for product in shelf.newest_first(upgrading.LIVE, upgrading.OLD_TREE)]
    return {"upgraded": upgrading.upgrade(world, reversed(products))}


def _size_chart(world: "World", asked: Asked) -> Answer:
    seller, ids = seller_of(world, asked), world.tiktok.ids
    uri = "tos-sandbox-i-aphluv4xwc/" + ids.token("image", 32)
    name = text(asked, "name", "Size chart")
    url = f"https://sandbox.invalid/{uri}"
    template = SizeChartTemplate(ids.decimal("size_chart"), name, seller.open_id, uri, url, "en-US")
    world.tiktok.size_charts[template.id] = template
    return {"template_id": template.id}


SHOP = {"shop_id": "the first shop by default"}
ACTIONS = (
    Action(
        "app",
        "Register another app (its webhooks are signed with the first app's secret)",
        _app,
        {"app_key": "made up by default", "app_secret": "made up by default", "service_id": "made up by default"},
    ),
    Action(
        "seller",
        "Found another seller with shops",
        _seller,
        {
            "region": "US by default",
            "seller_type": "LOCAL (default) or CROSS_BORDER",
            "regions": "markets of a CROSS_BORDER seller",
        },
    ),
    Action(
        "shop",
        "Change a shop",
        _shop,
        {
            **SHOP,
            "is_active": "false closes it (36009043)",
            "is_on_probation": "true allows 100 listings a day",
            "audience": "development, invited or everyone: which wave of the category roll-out it belongs to",
        },
    ),
    Action(
        "seller-active",
        "Open or close a seller (36009044)",
        _seller_active,
        {"open_id": "the first seller by default", "is_active": "false by default"},
    ),
    Action(
        "warehouse",
        "Enable, disable or restrict a warehouse",
        _warehouse,
        {**SHOP, "warehouse_id": "required", "effect_status": "ENABLED, DISABLED or RESTRICTED"},
    ),
    Action(
        "upgrade-by-platform",
        "The platform upgrades all live products itself, without a task (US, 8 October 2024)",
        _upgrade_by_platform,
        SHOP,
    ),
    Action(
        "size-chart",
        "The seller makes a size chart template",
        _size_chart,
        {"open_id": "the first seller by default", "name": "its name"},
    ),
)
