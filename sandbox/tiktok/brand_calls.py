"""Get Brands and Create Custom Brands (fact sheet 3.9)."""

from datetime import UTC, datetime

from sandbox.catalogue.brands import brands
from sandbox.catalogue.tree import Category
from sandbox.tiktok.call import Call
from sandbox.tiktok.entities import CustomBrand
from sandbox.tiktok.envelope import Refusal
from sandbox.tiktok.leaves import check_version, find_leaf, read_version
from sandbox.tiktok.operation import BASIC, Body, Operation
from sandbox.tiktok.paging import page

PER_DAY, IN_ALL = 50, 1000
MIN_NAME, MAX_NAME = 2, 30


def get_brands(call: Call) -> object:
    """Built-in and custom brands by prefix and authorization; `UNAUTHORIEZD` is spelled so."""
    size = call.page_size()
    category = _category(call)
    prefix = call.query.get("brand_name", "").casefold()
    rows = [brand.wire(category) for brand in brands() if brand.name.casefold().startswith(prefix)]
    rows += [_custom(one) for one in _own(call) if one.name.casefold().startswith(prefix)]
    if "is_authorized" in call.query:
        wanted = "AUTHORIZED" if call.flag("is_authorized") else "UNAUTHORIEZD"
        rows = [row for row in rows if row["authorized_status"] == wanted]
    found, token = page(rows, size, call.query.get("page_token", ""))
    return {"brands": list(found), "total_count": len(rows), "next_page_token": token}


def _category(call: Call) -> Category | None:
    version = read_version(call.query.get("category_version"))
    category_id = call.query.get("category_id")
    if category_id:
        return find_leaf(call.state, call.world.settings, call.shop, category_id, version, call.now).category
    if "category_version" in call.query:
        check_version(version, call.shop, call.world.settings, call.now)
    return None


def _own(call: Call) -> list[CustomBrand]:
    return [one for one in call.state.brands.values() if one.open_id == call.seller.open_id]


def _custom(one: CustomBrand) -> dict[str, object]:
    return {"id": one.id, "name": one.name, "authorized_status": "UNAUTHORIEZD", "is_t1_brand": False}


def create_brand(call: Call) -> object:
    """2 to 30 characters, a name once, 50 a day, 1,000 in all."""
    name = (call.body.text("name") or "").strip()
    if not MIN_NAME <= len(name) <= MAX_NAME:
        raise Refusal(12052190 if len(name) < MIN_NAME else 12052191, "The brand name must have 2 to 30 characters")
    own = _own(call)
    taken = {brand.name.casefold() for brand in brands()} | {one.name.casefold() for one in own}
    if name.casefold() in taken:
        raise Refusal(12052192, "The brand name exists already")
    today = datetime.fromtimestamp(call.now, UTC).date()
    if sum(datetime.fromtimestamp(one.create_time, UTC).date() == today for one in own) >= PER_DAY:
        raise Refusal(12052195, f"{PER_DAY} brands a day are allowed")
    if len(own) >= IN_ALL:
        raise Refusal(12052196, f"{IN_ALL} brands are allowed")
    brand = CustomBrand(call.state.ids.decimal("brand"), name, call.seller.open_id, call.now)
    call.state.brands[brand.id] = brand
    return {"id": brand.id}


OPERATIONS = (
    Operation(
        "Get Brands",
        "GET",
        "/product/202309/brands",
        BASIC,
        get_brands,
        imitates="prefix, authorization filter, brand_status by category, custom brands, paging",
        query=("category_id", "is_authorized", "brand_name", "page_size", "page_token", "category_version"),
    ),
    Operation(
        "Create Custom Brands",
        "POST",
        "/product/202309/brands",
        BASIC,
        create_brand,
        imitates="length, uniqueness, daily and total limit",
        leaves_out="which code of 12052189-12052206 stands for which fault is ours",
        cipher=False,
        body=Body.JSON,
    ),
)
