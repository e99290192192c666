"""Authorized shops, active shops, listing prerequisites."""

import orjson

from sandbox.tiktok.call import Call
from sandbox.tiktok.deauthorization import deauthorize
from sandbox.tiktok.envelope import Refusal
from sandbox.tiktok.operation import AUTHORIZATION, BASIC, SHOP_INFO, Operation
from sandbox.tiktok.sellers import Shop

# The lower-case k stands in the documentation (fact sheet 3.3).
CHECK_ITEMS = (
    "SHOP_STATUS",
    "SHOP_TAX",
    "PICKUP_WAREHOUSE",
    "RETURN_WAREHOUSE",
    "DELIVERY_OPTION",
    "SHIPPING_TEMPLATE",
    "PRODUCT_QUANTITY_LIMIT",
    "EXTENDED_PRODUCER_RESPONSIBILITY",
    "BANk_ACCOUNT",
    "CONTACT_INFO",
)


def get_authorized_shops(call: Call) -> object:
    """Every shop of the grant with its cipher (1.4)."""
    if not call.grant.shop_ids:
        raise Refusal(101000, "The access token has no shop")
    return {"shops": [_shop(shop) for shop in _shops(call)]}


def get_active_shops(call: Call) -> object:
    """Ids and regions of active shops."""
    return {"shops": [{"id": shop.id, "region": shop.region} for shop in _shops(call) if shop.is_active]}


def remove_shop(call: Call) -> object:
    """Remove one shop's authorization; the webhook follows."""
    deauthorize(call.world, call.app.key, call.shop.id)
    return {}


def check_prerequisites(call: Call) -> object:
    """What stands in the way of listing (3.3), from the settings and from the shop itself."""
    reasons = _reasons(call)
    return {
        "check_results": [
            {
                "check_item": item,
                "is_failed": item.upper() in reasons,
                "fail_reasons": reasons.get(item.upper(), []),
            }
            for item in CHECK_ITEMS
        ]
    }


def check_prerequisites_202309(call: Call) -> object:
    """The older shape: each item a string that holds JSON."""
    reasons = _reasons(call)

    def item(name: str) -> str:
        failed = reasons.get(name.upper(), [])
        return orjson.dumps({"is_failed": name.upper() in reasons, "fail_reasons": failed}).decode()

    logistics = ("PICKUP_WAREHOUSE", "RETURN_WAREHOUSE", "DELIVERY_OPTION", "SHIPPING_TEMPLATE")
    return {
        "shop": {
            "status": item("SHOP_STATUS"),
            "tax_info": item("SHOP_TAX"),
            "bank_account": item("BANK_ACCOUNT"),
            "contact_info": item("CONTACT_INFO"),
            "logistics": {name.lower(): item(name) for name in logistics},
            "gne": {
                "product_quantity_limit": item("PRODUCT_QUANTITY_LIMIT"),
                "epr": item("EXTENDED_PRODUCER_RESPONSIBILITY"),
            },
        }
    }


def _reasons(call: Call) -> dict[str, list[str]]:
    settings, shop = call.world.settings, call.shop
    found = {item.upper(): list(reasons) for item, reasons in settings.prerequisites_failed.items()}
    if not (settings.shop_active and settings.seller_active and shop.is_active and call.seller.is_active):
        found.setdefault("SHOP_STATUS", ["The shop is inactive"])
    for item, kind in (("PICKUP_WAREHOUSE", "SALES_WAREHOUSE"), ("RETURN_WAREHOUSE", "RETURN_WAREHOUSE")):
        if not any(one.type == kind and one.effect_status == "ENABLED" for one in shop.warehouses):
            found.setdefault(item, ["No enabled warehouse"])
    return found


def _shops(call: Call) -> list[Shop]:
    return [call.state.shops[shop_id] for shop_id in call.seller.shop_ids if shop_id in call.grant.shop_ids]


def _shop(shop: Shop) -> dict[str, object]:
    return {
        "id": shop.id,
        "name": shop.name,
        "region": shop.region,
        "seller_type": shop.seller_type.value,
        "cipher": shop.cipher,
        "code": shop.code,
    }


OPERATIONS = (
    Operation(
        "Get Authorized Shops",
        "GET",
        "/authorization/202309/shops",
        AUTHORIZATION,
        get_authorized_shops,
        imitates="all shops of the grant with cipher and code; 101000 for a token without a shop",
        cipher=False,
    ),
    Operation(
        "Remove Shop Authorization",
        "DELETE",
        "/authorization/202403/shops",
        AUTHORIZATION,
        remove_shop,
        imitates="the shop leaves the grant, webhook 6 follows",
        leaves_out="known from the Node SDK only",
        answers_closed_shops=True,
    ),
    Operation(
        "Get Active Shops",
        "GET",
        "/seller/202309/shops",
        SHOP_INFO,
        get_active_shops,
        imitates="id and region of active shops",
        cipher=False,
    ),
    Operation(
        "Check Listing Prerequisites",
        "GET",
        "/product/202312/prerequisites",
        BASIC,
        check_prerequisites,
        imitates="all ten items, failing by setting, by shop state and by warehouses; `BANk_ACCOUNT` spelled so",
        answers_closed_shops=True,
    ),
    Operation(
        "Check Listing Prerequisites (202309)",
        "GET",
        "/product/202309/prerequisites",
        BASIC,
        check_prerequisites_202309,
        imitates="the same checks in the older shape",
        leaves_out="what stands inside the strings is ours",
        answers_closed_shops=True,
    ),
)
