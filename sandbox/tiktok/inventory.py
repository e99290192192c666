"""Update Inventory and Inventory Search (fact sheet 3.14)."""

from sandbox.tiktok.call import Call
from sandbox.tiktok.checks.ground import Fault
from sandbox.tiktok.checks.stock import stock_faults
from sandbox.tiktok.content import Sku, Stock
from sandbox.tiktok.envelope import Refusal
from sandbox.tiktok.operation import BASIC, WRITE, Body, Operation
from sandbox.tiktok.product import Product
from sandbox.tiktok.products_get import find_product
from sandbox.tiktok.reading_skus import read_inventory

MAX_PRODUCTS, MAX_SKUS = 100, 600
Json = dict[str, object]


def update_inventory(call: Call) -> object:
    """Each SKU by itself: one that is refused is reported inside, the others take effect; zero is allowed."""
    given = [(one.text("id") or "", read_inventory(one)) for one in call.body.children("skus") or ()]
    product = find_product(call)
    if not given:
        raise Refusal(12052902, "The SKU list is empty")
    errors = []
    for sku_id, sent in given:
        if product.sku(sku_id) is None:
            raise Refusal(12052557, f"The SKU does not belong to this product: {sku_id or '(empty)'}")
        stocks = _with_only_warehouse(call, sent or ())
        faults = _faults(call, stocks)
        if faults:
            errors.append(_error(sku_id, faults))
        else:
            product.stock[sku_id] = stocks
    product.update_time = call.now
    call.state.put(product)
    return {"errors": errors} if errors else {}


def _with_only_warehouse(call: Call, stocks: tuple[Stock, ...]) -> tuple[Stock, ...]:
    """`warehouse_id` may be left out where the shop has one sales warehouse."""
    sales = [one.id for one in call.shop.warehouses if one.type == "SALES_WAREHOUSE"]
    if len(stocks) != 1 or stocks[0].warehouse_id or len(sales) != 1:
        return stocks
    one = stocks[0]
    return (Stock(sales[0], one.quantity, one.backorder_quantity, one.handling_time),)


def _faults(call: Call, stocks: tuple[Stock, ...]) -> list[tuple[str, Fault]]:
    if not stocks:
        return [("", Fault(12052486, "The inventory of a SKU is missing"))]
    if len({stock.warehouse_id for stock in stocks}) < len(stocks):
        return [("", Fault(12052555, "A warehouse is given twice"))]
    return [
        (stock.warehouse_id, fault)
        for stock in stocks
        for fault in stock_faults([stock], call.state, call.shop, least=0)
    ]


def _error(sku_id: str, faults: list[tuple[str, Fault]]) -> Json:
    first = faults[0][1]
    extra = [
        {"warehouse_id": warehouse_id, "code": fault.code, "message": fault.message} for warehouse_id, fault in faults
    ]
    return {"code": first.code, "message": first.message, "detail": {"sku_id": sku_id, "extra_errors": extra}}


def search_inventory(call: Call) -> object:
    """By SKU ids (they win) or product ids; unknown ones are left out."""
    product_ids, sku_ids = call.body.texts("product_ids") or [], call.body.texts("sku_ids") or []
    if len(sku_ids) > MAX_SKUS or len(product_ids) > MAX_PRODUCTS:
        raise Refusal(12052910, f"At most {MAX_PRODUCTS} product_ids or {MAX_SKUS} sku_ids")
    if not sku_ids and not product_ids:
        raise Refusal(12052910, "Invalid input: product_ids or sku_ids are required")
    if sku_ids:
        return {"inventory": _by_sku(call, sku_ids)}
    mine = (call.state.products.get(product_id) for product_id in dict.fromkeys(product_ids))
    found = [product for product in mine if product is not None and product.shop_id == call.shop.id]
    return {"inventory": [_row(product, product.base.skus) for product in found]}


def _by_sku(call: Call, sku_ids: list[str]) -> list[Json]:
    shelf, wanted = call.state.shelf(call.shop.id), set(sku_ids)
    products = {product.id: product for sku_id in sku_ids if (product := shelf.with_sku_id(sku_id))}
    return [_row(product, tuple(sku for sku in product.base.skus if sku.id in wanted)) for product in products.values()]


def _row(product: Product, skus: tuple[Sku, ...]) -> Json:
    return {"product_id": product.id, "skus": [_sku(product, sku) for sku in skus]}


def _sku(product: Product, sku: Sku) -> Json:
    stocks = product.stock.get(sku.id, ())
    return {
        "id": sku.id,
        "seller_sku": sku.seller_sku,
        "total_available_quantity": sum(stock.quantity or 0 for stock in stocks),
        "total_committed_quantity": 0,
        "warehouse_inventory": [
            {"warehouse_id": stock.warehouse_id, "available_quantity": stock.quantity or 0, "committed_quantity": 0}
            for stock in stocks
        ],
    }


OPERATIONS = (
    Operation(
        "Update Inventory",
        "POST",
        "/product/202309/products/{product_id}/inventory/update",
        WRITE,
        update_inventory,
        imitates="all warehouses of a SKU replaced, partial errors by SKU and warehouse, zero allowed",
        leaves_out="committed stock, webhooks 27 and 68",
        body=Body.JSON,
    ),
    Operation(
        "Inventory Search",
        "POST",
        "/product/202309/inventory/search",
        BASIC,
        search_inventory,
        imitates="by product ids (100) or SKU ids (600)",
        leaves_out="committed stock",
        body=Body.JSON,
    ),
)
