"""Update Price (fact sheet 3.14): live products only, at once and without audit."""

from dataclasses import replace

from sandbox.tiktok.call import Call
from sandbox.tiktok.checks.prices import list_price_faults, price_faults
from sandbox.tiktok.content import Sku
from sandbox.tiktok.envelope import Refusal
from sandbox.tiktok.lifecycle import Audit, Event, Status
from sandbox.tiktok.listing import refuse_first
from sandbox.tiktok.operation import WRITE, Body, Operation
from sandbox.tiktok.product import Product
from sandbox.tiktok.products_get import find_product
from sandbox.tiktok.reading_skus import read_external_prices, read_price

NOT_LIVE = frozenset(Status) - {Status.ACTIVATE}


def update_prices(call: Call) -> object:
    """All SKUs named are checked before any price changes."""
    skus = [
        Sku(
            id=one.text("id") or "",
            price=read_price(one.child("price")),
            list_price=read_price(one.child("list_price")),
            external_list_prices=read_external_prices(one),
        )
        for one in call.body.children("skus") or ()
    ]
    product = find_product(call, refuse=NOT_LIVE)
    if not skus:
        raise Refusal(12052902, "The SKU list is empty")
    for sku in skus:
        _check(call, product, sku)
    product.prices.update({sku.id: sku.price for sku in skus if sku.price is not None})
    _take_list_prices(product, skus)
    if product.audit is not Audit.AUDITING:
        product.apply(Event.PRICE_OR_STOCK, call.now)
    product.update_time = call.now
    call.state.put(product)
    return {}


def _check(call: Call, product: Product, sku: Sku) -> None:
    if product.sku(sku.id) is None:
        raise Refusal(12052557, f"The SKU does not belong to this product: {sku.id or '(empty)'}")
    if sku.price is None:
        raise Refusal(12052571, "The price of a SKU is missing")
    refuse_first(price_faults(sku.price, call.market, is_local=call.shop.is_local))
    refuse_first(list_price_faults(sku, call.market))


def _take_list_prices(product: Product, skus: list[Sku]) -> None:
    """They take effect at once, so a version in review that passes later has them too (fact sheet 3.11)."""
    given = {sku.id: sku for sku in skus}

    def changed(old: Sku) -> Sku:
        new = given.get(old.id)
        if new is None:
            return old
        external = new.external_list_prices or old.external_list_prices
        return replace(old, list_price=new.list_price or old.list_price, external_list_prices=external)

    product.base = replace(product.base, skus=tuple(changed(sku) for sku in product.base.skus))
    if product.under_review is not None:
        skus_in_review = tuple(changed(sku) for sku in product.under_review.skus)
        product.under_review = replace(product.under_review, skus=skus_in_review)


OPERATIONS = (
    Operation(
        "Update Price",
        "POST",
        "/product/202309/products/{product_id}/prices/update",
        WRITE,
        update_prices,
        imitates="live products only, range and currency by market, list prices, all or nothing",
        leaves_out="promotions that lock a price",
        body=Body.JSON,
    ),
)
