"""Stock: known sales warehouses of this shop, each once, quantity 1 to 99,999 (0 allowed on update)."""

from collections.abc import Iterable, Iterator

from sandbox.tiktok.checks.ground import Fault, Ground
from sandbox.tiktok.content import Content, Stock
from sandbox.tiktok.sellers import Shop
from sandbox.tiktok.state import TikTokState

MAX_QUANTITY = 99_999


def check_stock(content: Content, ground: Ground) -> Iterator[Fault]:
    """Every SKU's inventory; an edit may leave it out for SKUs that exist."""
    if not any(one.type == "SALES_WAREHOUSE" for one in ground.shop.warehouses):
        yield Fault(12052115, "The shop has no warehouse")
        return
    for sku in content.skus:
        if not sku.inventory:
            if not (ground.is_edit and sku.id):
                code = 12052486 if ground.is_edit or sku.inventory is not None else 12019022
                yield Fault(code, "The inventory of a SKU is missing")
        else:
            yield from stock_faults(sku.inventory, ground.state, ground.shop, least=1)


def stock_faults(stocks: Iterable[Stock], state: TikTokState, shop: Shop, *, least: int) -> Iterator[Fault]:
    """One SKU's stock in all its warehouses."""
    stocks = list(stocks)
    if len({stock.warehouse_id for stock in stocks}) < len(stocks):
        yield Fault(12052555, "A warehouse is given twice")
    for stock in stocks:
        if fault := _warehouse_fault(stock.warehouse_id, state, shop):
            yield fault
        quantity = stock.quantity
        if quantity is None or not least <= quantity <= MAX_QUANTITY:
            shown = "missing" if quantity is None else quantity
            yield Fault(12052055, f"The quantity must be between {least} and {MAX_QUANTITY}; it is {shown}")


def _warehouse_fault(warehouse_id: str, state: TikTokState, shop: Shop) -> Fault | None:
    warehouse = next((one for one in shop.warehouses if one.id == warehouse_id), None)
    if warehouse is None:
        elsewhere = any(one.id == warehouse_id for other in state.shops.values() for one in other.warehouses)
        if elsewhere:
            return Fault(12052530, f"The warehouse is not this shop's: {warehouse_id}")
        return Fault(12052097, f"The warehouse is unknown: {warehouse_id or '(empty)'}")
    if warehouse.effect_status == "DISABLED":
        return Fault(12052531, f"The warehouse is disabled: {warehouse_id}")
    if warehouse.type != "SALES_WAREHOUSE":
        return Fault(12052532, f"The warehouse does not deliver: {warehouse_id}")
    return None
