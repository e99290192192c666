"""Reads `skus[]` of product bodies into `Sku` values; checks types only."""

from collections.abc import Sequence

from sandbox.tiktok.content import (
    CombinedSku,
    ExternalListPrice,
    Fee,
    IdentifierCode,
    PreSale,
    Price,
    SalesAttribute,
    Sku,
    Stock,
)
from sandbox.tiktok.fields import Fields

# Newer fields that some bodies carry; known, and not kept.
NOT_KEPT = ("sku_weight", "sku_dimensions", "global_listing_policy")


def read_skus(found: Sequence[Fields]) -> tuple[Sku, ...]:
    """All variants of a body."""
    return tuple(read_sku(one) for one in found)


def read_sku(one: Fields) -> Sku:
    """One variant."""
    for name in NOT_KEPT:
        one.value(name)
    return Sku(
        id=one.text("id") or "",
        sales_attributes=tuple(_sales_attribute(axis) for axis in one.children("sales_attributes") or ()),
        inventory=read_inventory(one),
        price=read_price(one.child("price")),
        list_price=read_price(one.child("list_price")),
        external_list_prices=read_external_prices(one),
        seller_sku=one.text("seller_sku") or "",
        external_sku_id=one.text("external_sku_id") or "",
        identifier_code=_identifier(one.child("identifier_code")),
        extra_identifier_codes=tuple(one.texts("extra_identifier_codes") or ()),
        external_urls=tuple(one.texts("external_urls") or ()),
        sku_unit_count=one.text("sku_unit_count") or "",
        combined_skus=tuple(_combined(part) for part in one.children("combined_skus") or ()),
        pre_sale=_pre_sale(one.child("pre_sale")),
        fees=tuple(
            Fee(fee.text("type") or "", fee.text("amount") or "", fee.text("additional_attribute") or "")
            for fee in one.children("fees") or ()
        ),
    )


def read_price(found: Fields | None) -> Price | None:
    """A price object, or nothing."""
    if found is None:
        return None
    found.value("starting_bid_price")
    return Price(found.text("currency") or "", found.text("amount") or "", found.text("sale_price") or "")


def read_external_prices(one: Fields) -> tuple[ExternalListPrice, ...]:
    """`external_list_prices[]`."""
    return tuple(
        ExternalListPrice(price.text("source") or "", price.text("amount") or "", price.text("currency") or "")
        for price in one.children("external_list_prices") or ()
    )


def read_inventory(one: Fields) -> tuple[Stock, ...] | None:
    """`inventory[]`; None when absent, which edits understand as "leave it"."""
    found = one.children("inventory")
    if found is None:
        return None
    return tuple(
        Stock(
            stock.text("warehouse_id") or "",
            stock.whole("quantity"),
            stock.whole("backorder_quantity"),
            stock.whole("handling_time"),
        )
        for stock in found
    )


def _sales_attribute(axis: Fields) -> SalesAttribute:
    image = axis.child("sku_img")
    return SalesAttribute(
        id=axis.text("id") or "",
        name=axis.text("name") or "",
        value_id=axis.text("value_id") or "",
        value_name=axis.text("value_name") or "",
        sku_img=(image.text("uri") or "") if image else "",
        supplementary_images=tuple(one.text("uri") or "" for one in axis.children("supplementary_sku_images") or ()),
    )


def _identifier(found: Fields | None) -> IdentifierCode | None:
    return IdentifierCode(found.text("code") or "", found.text("type") or "") if found else None


def _combined(part: Fields) -> CombinedSku:
    return CombinedSku(part.text("product_id") or "", part.text("sku_id") or "", part.whole("sku_count") or 0)


def _pre_sale(found: Fields | None) -> PreSale | None:
    if found is None:
        return None
    fulfilment = found.child("fulfillment_type")
    days = fulfilment.whole("handling_duration_days") if fulfilment else None
    release = fulfilment.whole("release_date") if fulfilment else None
    return PreSale(found.text("type") or "", days, release)
