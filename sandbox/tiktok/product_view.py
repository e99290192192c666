"""A product as Get Product shows it (fact sheet 3.12). Reads say `sale_price` where writes said `amount`."""

from sandbox.catalogue.attributes import attribute_book
from sandbox.catalogue.tree import Tree
from sandbox.tiktok.calendar import TreeVersion
from sandbox.tiktok.checks.brands import BRANDS
from sandbox.tiktok.content import Certification, Content, SalesAttribute, Sku, Stock
from sandbox.tiktok.lifecycle import Audit
from sandbox.tiktok.product import Product
from sandbox.tiktok.state import TikTokState

Json = dict[str, object]


def product_view(state: TikTokState, product: Product, content: Content, locale: str) -> Json:
    """`data` of Get Product for one version of the product; there is no category version in it."""
    tree = state.trees.tree(TreeVersion(content.category_version))
    found: Json = {
        "id": product.id,
        "status": product.status.value,
        "product_status": product.product_status,
        "title": content.title,
        "description": content.description,
        "category_chains": _chain(tree, content.category_id, locale),
        "main_images": [image_view(state, uri) for uri in content.main_images],
        "skus": [sku_view(state, product, sku) for sku in content.skus],
        "certifications": [_certification(state, one) for one in content.certifications],
        "is_cod_allowed": content.is_cod_allowed,
        "product_attributes": _attributes(content),
        "audit": audit_view(product),
        "audit_failed_reasons": _failed_reasons(product),
        "create_time": product.create_time,
        "update_time": product.update_time,
        "delivery_options": [{"id": one, "is_available": True} for one in content.delivery_option_ids],
        "external_product_id": content.external_product_id,
        "product_types": [],
        "is_not_for_sale": content.is_not_for_sale,
        "recommended_categories": [],
        "manufacturer_ids": list(content.manufacturer_ids),
        "responsible_person_ids": list(content.responsible_person_ids),
        "integrated_platform_statuses": [
            {"platform": one, "status": product.status.value} for one in content.listing_platforms
        ],
        "has_draft": product.draft is not None,
        "is_replicated": product.id in state.replicas,
        "shipping_template_id": content.shipping_template_id,
        "search_terms": list(content.search_terms),
        "key_product_features": list(content.key_product_features),
    }
    return found | _optional(state, content)


def audit_view(product: Product) -> Json:
    """`audit` of get and search."""
    found: Json = {"status": product.audit.value}
    if product.audit is Audit.PRE_APPROVED:
        found["pre_approved_reasons"] = list(product.pre_approved_reasons)
    return found


def image_view(state: TikTokState, uri: str) -> Json:
    """A picture with its addresses and size."""
    image = state.images.get(uri)
    url = image.url if image else ""
    width, height = (image.width, image.height) if image else (0, 0)
    return {"uri": uri, "urls": [url], "thumb_urls": [url], "width": width, "height": height}


def _optional(state: TikTokState, content: Content) -> Json:
    found: Json = {}
    if content.brand_id:
        brand = BRANDS.get(content.brand_id) or state.brands.get(content.brand_id)
        found["brand"] = {"id": content.brand_id, "name": brand.name if brand else ""}
    if content.package_weight:
        found["package_weight"] = {"value": content.package_weight.value, "unit": content.package_weight.unit}
    if content.package_dimensions:
        sides = content.package_dimensions
        found["package_dimensions"] = {
            "length": sides.length,
            "width": sides.width,
            "height": sides.height,
            "unit": sides.unit,
        }
    if content.size_chart:
        found["size_chart"] = _size_chart(state, content.size_chart.image_uri, content.size_chart.template_id)
    if video := state.files.get(content.video_id):
        found["video"] = {"id": video.id, "url": video.url, "format": video.format}
    if content.scheduled_sale_time is not None:
        moment = content.scheduled_sale_time
        found["scheduled_sale"] = {"is_enabled_scheduled_sale": True, "schedule_sale_time": moment}
    if content.minimum_order_quantity is not None:
        found["minimum_order_quantity"] = content.minimum_order_quantity
    return found


def _size_chart(state: TikTokState, uri: str, template_id: str) -> Json:
    if template_id:
        return {"template": {"id": template_id}}
    return {"image": image_view(state, uri)}


def _chain(tree: Tree, category_id: str, locale: str) -> list[Json]:
    return [
        {
            "id": one.id,
            "parent_id": one.parent_id,
            "local_name": tree.name(one, locale),
            "is_leaf": one.is_leaf,
        }
        for one in tree.path(category_id)
    ]


def _attributes(content: Content) -> list[Json]:
    names = {one.id: one.name for one in attribute_book().attributes.values()}
    return [
        {
            "id": one.id,
            "name": names.get(one.id, ""),
            "values": [{"id": value.id, "name": value.name} for value in one.values],
        }
        for one in content.product_attributes
    ]


def _certification(state: TikTokState, one: Certification) -> Json:
    found: Json = {
        "id": one.id,
        "images": [image_view(state, uri) for uri in one.images],
        "files": [{"id": file.id, "name": file.name, "format": file.format} for file in one.files],
    }
    if one.expiration_date is not None:
        found["expiration_date"] = one.expiration_date
    return found


def _failed_reasons(product: Product) -> list[Json]:
    return [
        {
            "position": one.position,
            "reasons": list(one.reasons),
            "suggestions": list(one.suggestions),
            "listing_platform": "TIKTOK_SHOP",
        }
        for one in product.failed_reasons
    ]


def sku_view(state: TikTokState, product: Product, sku: Sku) -> Json:
    """A variant with its present price and stock, as Get Product shows it."""
    found = short_sku_view(product, sku)
    found["sales_attributes"] = [_axis(state, axis) for axis in sku.sales_attributes]
    found["external_sku_id"] = sku.external_sku_id
    if sku.identifier_code:
        found["identifier_code"] = {"code": sku.identifier_code.code, "type": sku.identifier_code.type}
    return found


def short_sku_view(product: Product, sku: Sku) -> Json:
    """A variant as Search Products shows it: without axes, external id and identifier code."""
    found: Json = {
        "id": sku.id,
        "seller_sku": sku.seller_sku,
        "inventory": [stock_view(stock) for stock in product.stock.get(sku.id, ())],
        "status_info": {"status": "NORMAL"},
    }
    if price := product.prices.get(sku.id):
        found["price"] = {
            "sale_price": price.value,
            "tax_exclusive_price": price.amount or price.sale_price,
            "currency": price.currency,
        }
    if sku.list_price:
        found["list_price"] = {"amount": sku.list_price.amount, "currency": sku.list_price.currency}
    if sku.external_list_prices:
        found["external_list_prices"] = [
            {"source": one.source, "amount": one.amount, "currency": one.currency} for one in sku.external_list_prices
        ]
    if sku.pre_sale:
        found["pre_sale"] = {"type": sku.pre_sale.type}
    if sku.fees:
        found["fees"] = [{"type": fee.type, "amount": fee.amount} for fee in sku.fees]
    return found


def stock_view(stock: Stock) -> Json:
    """Quantity in one warehouse."""
    found: Json = {"warehouse_id": stock.warehouse_id, "quantity": stock.quantity or 0}
    if stock.backorder_quantity is not None:
        found["backorder_quantity"] = stock.backorder_quantity
    if stock.handling_time is not None:
        found["handling_time"] = stock.handling_time
    return found


def _axis(state: TikTokState, axis: SalesAttribute) -> Json:
    found: Json = {"id": axis.id, "name": axis.name, "value_id": axis.value_id, "value_name": axis.value_name}
    if axis.sku_img:
        found["sku_img"] = image_view(state, axis.sku_img)
    if axis.supplementary_images:
        found["supplementary_sku_images"] = [image_view(state, uri) for uri in axis.supplementary_images]
    return found
