"""Warehouses, their delivery options, and shipping templates."""

from sandbox.tiktok.call import Call
from sandbox.tiktok.envelope import Refusal, bad_parameter
from sandbox.tiktok.operation import LOGISTICS, Operation
from sandbox.tiktok.sellers import Shop, Warehouse

OPTION_NAMES = ("Standard shipping", "Express shipping")
SCOPES = ("WAREHOUSE", "PRODUCT")


def delivery_option_ids(shop: Shop) -> frozenset[str]:
    """Every delivery option of the shop's warehouses."""
    return frozenset(option_id for one in shop.warehouses for option_id in _options(one))


def template_ids(shop: Shop) -> frozenset[str]:
    """The shop's shipping templates; the sandbox gives each shop one."""
    return frozenset({_template_id(shop)})


def _template_id(shop: Shop) -> str:
    return str(int(shop.id) + 7)


def _options(warehouse: Warehouse) -> dict[str, str]:
    return {str(int(warehouse.id) + place): name for place, name in enumerate(OPTION_NAMES, start=1)}


def get_warehouses(call: Call) -> object:
    """Get Warehouse List (3.17)."""
    return {"warehouses": [_warehouse(one, call.shop) for one in call.shop.warehouses]}


def _warehouse(one: Warehouse, shop: Shop) -> dict[str, object]:
    return {
        "id": one.id,
        "entity_id": one.entity_id,
        "name": one.name,
        "effect_status": one.effect_status,
        "type": one.type,
        "sub_type": one.sub_type,
        "is_default": one.is_default,
        "address": {
            "region": shop.region,
            "region_code": one.region,
            "state": "Sandbox State",
            "city": "Sandbox City",
            "distict": "Sandbox District",
            "town": "",
            "contact_person": shop.name,
            "postal_code": "10001",
            "full_address": f"1 Sandbox Street, Sandbox City, {one.region}",
            "phone_number": "+1 5550100",
            "address_line1": "1 Sandbox Street",
            "address_line2": "",
            "address_line3": "",
            "address_line4": "",
            "first_name": "Sandbox",
            "last_name": "Seller",
            "geolocation": {"latitude": "0.0", "longitude": "0.0"},
        },
    }


def get_delivery_options(call: Call) -> object:
    """Delivery options of a warehouse."""
    scope = call.query.get("scope", "WAREHOUSE")
    if scope not in SCOPES:
        raise bad_parameter("Invalid parameter: scope must be WAREHOUSE or PRODUCT")
    warehouse = next((one for one in call.shop.warehouses if one.id == call.path["warehouse_id"]), None)
    if warehouse is None:
        raise Refusal(12052097, "The warehouse is unknown")
    kind = "SEND_BY_SELLER"
    return {
        "delivery_options": [
            {
                "id": option_id,
                "name": name,
                "type": kind,
                "description": name,
                "dimension_limit": {},
                "weight_limit": {},
            }
            for option_id, name in _options(warehouse).items()
        ]
    }


def get_templates(call: Call) -> object:
    """Shipping templates of the seller."""
    template = {"template_id": _template_id(call.shop), "template_name": "Default template", "is_default": True}
    return {"templates": [{"template_is_available": True, "template": template, "service_unreachable_reason": []}]}


OPERATIONS = (
    Operation(
        "Get Warehouse List",
        "GET",
        "/logistics/202309/warehouses",
        LOGISTICS,
        get_warehouses,
        imitates="sales and return warehouses with address and effect status, `distict` spelled so",
        leaves_out="real addresses",
    ),
    Operation(
        "Get Warehouse Delivery Options",
        "GET",
        "/logistics/202309/warehouses/{warehouse_id}/delivery_options",
        LOGISTICS,
        get_delivery_options,
        imitates="two options for each warehouse, scope checked",
        leaves_out="weight and dimension limits",
        query=("scope",),
    ),
    Operation(
        "Get Shipping Templates",
        "GET",
        "/logistics/202510/seller_templates",
        LOGISTICS,
        get_templates,
        imitates="one default template for each shop",
        leaves_out="fees, regions and whether a parcel fits",
        query=("page_size", "page_token", "template_type"),
    ),
)
