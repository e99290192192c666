"""Replication of products to other markets of a cross-border seller (fact sheet 6), the new way of 2025."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sandbox.tiktok import audit, news
from sandbox.tiktok.call import Call
from sandbox.tiktok.content import Content, Price, Stock
from sandbox.tiktok.envelope import Refusal
from sandbox.tiktok.fields import Fields
from sandbox.tiktok.lifecycle import Audit, Event, Status
from sandbox.tiktok.operation import BASIC, WRITE, Body, Operation
from sandbox.tiktok.product import Product
from sandbox.tiktok.products_get import find_product
from sandbox.tiktok.reading_skus import read_inventory, read_price
from sandbox.tiktok.sellers import SellerType, Shop
from sandbox.tiktok.state import TikTokState

REPLICATED = 51
Offer = tuple[Price | None, tuple[Stock, ...]]


def check_synced(state: TikTokState, product: Product, content: Content, given: Sequence[Fields] | None) -> None:
    """A change of category or axes must name all replicas in the same call (12052514, 12052515)."""
    regions = {state.shops[state.products[one].shop_id].region for one in state.replicas.get(product.id, ())}
    if not regions:
        return
    ids = {axis.name: axis.id for sku in product.base.skus for axis in sku.sales_attributes}
    if product.base.category_id == content.category_id and _axes(product.base, ids) == _axes(content, ids):
        return
    named = {one.text("region") for one in given or ()}
    if not named:
        raise Refusal(12052514, "The replicated products must be edited in the same call")
    if not named >= regions:
        raise Refusal(12052515, f"Replicated regions are missing: {', '.join(sorted(regions))}")


def _axes(content: Content, ids: Mapping[str, str]) -> set[str]:
    return {axis.id or ids.get(axis.name, axis.name) for sku in content.skus for axis in sku.sales_attributes}


def replicate(call: Call) -> object:
    """Copies a product to shops of the same seller; faults are reported by region."""
    targets = [(one.text("region") or "", _offers(one)) for one in call.body.children("replicate_target") or ()]
    product = find_product(call)
    if call.seller.seller_type is not SellerType.CROSS_BORDER:
        raise Refusal(12052501, "Only cross-border sellers replicate products")
    errors: list[dict[str, object]] = []
    for region, offers in targets:
        try:
            _copy(call, product, region, offers)
        except Refusal as refused:
            errors.append({"code": refused.code, "message": refused.message, "detail": {"region": region}})
    return {"errors": errors}


def _offers(target: Fields) -> dict[str, Offer]:
    target.value("inventory_mode")
    return {
        sku.text("source_sku_id") or "": (read_price(sku.child("price")), read_inventory(sku) or ())
        for sku in target.children("skus") or ()
    }


def _copy(call: Call, product: Product, region: str, offers: Mapping[str, Offer]) -> None:
    shop = _shop_in(call, region)
    made = call.state.replicas.setdefault(product.id, [])
    if any(call.state.products[one].shop_id == shop.id for one in made):
        raise Refusal(12052500, "The replica exists already")
    if set(offers) != {sku.id for sku in product.base.skus}:
        raise Refusal(12052518, "The SKUs differ from those of the source product")
    copy = _replica(call, product, shop, offers)
    made.append(copy.id)
    call.state.put(copy)
    news.created(call.world, copy)
    audit.submit(call.world, copy)
    told = {"product_id": copy.id, "region": region, "result": "SUCCESS", "fail_reasons": []}
    data = {"source_product_id": product.id, "replicated_product": told}
    call.world.outbox.tiktok(REPLICATED, product.shop_id, data)


def _replica(call: Call, product: Product, shop: Shop, offers: Mapping[str, Offer]) -> Product:
    ids = {sku.id: call.state.ids.decimal("sku") for sku in product.base.skus}
    content = replace(product.base, skus=tuple(replace(sku, id=ids[sku.id]) for sku in product.base.skus))
    copy = Product(
        id=call.state.ids.decimal("product"),
        number=call.state.ids.counters["product"],
        shop_id=shop.id,
        base=content,
        status=Status.DRAFT,
        audit=Audit.NONE,
        create_time=call.now,
        update_time=call.now,
        made_by=call.app.key,
        prices={ids[source]: price for source, (price, _) in offers.items() if price is not None},
        stock={ids[source]: stock for source, (_, stock) in offers.items()},
    )
    copy.apply(Event.SUBMIT, call.now)
    return copy


def _shop_in(call: Call, region: str) -> Shop:
    for shop_id in call.seller.shop_ids:
        shop = call.state.shops[shop_id]
        if shop.region == region and shop.id != call.shop.id:
            return shop
    raise Refusal(12052503, f"The seller has no other shop in {region or '(empty)'}")


def get_replicas(call: Call) -> object:
    """Replicas of a product, with their states."""
    product = find_product(call)
    copies = [call.state.products[one] for one in call.state.replicas.get(product.id, ())]
    return {
        "replicated_products": [
            {
                "region": call.state.shops[copy.shop_id].region,
                "shop_id": copy.shop_id,
                "product_id": copy.id,
                "product_status": "ACTIVE" if copy.status is Status.ACTIVATE else copy.status.value,
            }
            for copy in copies
        ]
    }


def get_rules(call: Call) -> object:
    """How a cross-border seller lists: by replication since 2026-01-31."""
    rules = [
        {"local_warehouse_id": one.id, "allocation_mode": "MANUAL", "associated_warehouses": []}
        for one in call.shop.warehouses
        if one.type == "SALES_WAREHOUSE"
    ]
    return {"listing_methods": ["LOCAL_REPLICATION"], "inventory_rules": rules}


OPERATIONS = (
    Operation(
        "Replicate Product",
        "POST",
        "/product/202507/products/{product_id}/global_replicate",
        WRITE,
        replicate,
        imitates="a copy in each named market of a cross-border seller, faults by region, webhooks 16 and 51",
        leaves_out="translation, category mapping between markets, shared stock",
        body=Body.JSON,
    ),
    Operation(
        "Get Replicated Products",
        "GET",
        "/product/202507/products/{product_id}/replicated_products",
        BASIC,
        get_replicas,
        imitates="region, shop, id and status (`ACTIVE` spelled so here only)",
    ),
    Operation(
        "Get Global Listing Rules",
        "GET",
        "/product/202507/global_listing_rules",
        BASIC,
        get_rules,
        imitates="LOCAL_REPLICATION with manual stock",
        leaves_out="shared and dynamic stock",
    ),
)
