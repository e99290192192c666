"""From rows to the values that the rules of listing read."""

from server.domain.categories import CategoryRef, CategoryVersion
from server.domain.facts import ProductFacts, VariantFacts
from server.domain.template_json import content_from_json
from server.domain.templates import Template
from server.domain.weights import shopify_weight
from server.store.facts import ProductRows
from server.tables import CategoryTemplate


def as_template(row: CategoryTemplate) -> Template:
    """A template row; its content was checked when it was written."""
    content, _ = content_from_json(row.content)
    return Template(
        id=row.id,
        name=row.name,
        category=category_of(row.category_id, row.category_version),
        is_default=row.is_default,
        is_active=row.is_active,
        rank=row.rank,
        revision=row.revision,
        content=content,
        blocks=tuple(
            block_id
            for block_id in (row.shipping_block_id, row.size_chart_block_id, row.compliance_block_id)
            if block_id is not None
        ),
    )


def category_of(remote_id: str | None, version: CategoryVersion | None) -> CategoryRef | None:
    """A category kept in two columns; nothing when it is left to be chosen for each product."""
    return None if remote_id is None or version is None else CategoryRef(remote_id, version)


def as_facts(rows: ProductRows, currency: str) -> ProductFacts:
    """A product with its variants and pictures; prices are in the store's ``currency``."""
    product = rows.product
    variants = tuple(
        VariantFacts(
            remote_id=row.remote_id,
            title=row.title,
            price=row.price,
            position=row.position,
            options=tuple((option["name"], option["value"]) for option in row.selected_options),
            sku=row.sku,
            barcode=row.barcode,
            compare_at_price=row.compare_at_price,
            inventory_quantity=row.inventory_quantity,
            oversells=row.inventory_policy == "CONTINUE",
            tracked=row.tracked,
            requires_shipping=row.requires_shipping,
            weight=shopify_weight(row.weight_value, row.weight_unit),
            picture_url=row.image_url,
        )
        for row in rows.variants
    )
    return ProductFacts(
        id=product.id,
        remote_id=product.remote_id,
        title=product.title,
        currency=currency,
        variants=variants,
        pictures=tuple(rows.pictures),
        description_html=product.description_html,
        vendor=product.vendor,
        product_type=product.product_type,
        tags=tuple(product.tags),
        status="DELETED" if product.deleted_at is not None else product.status,
        is_gift_card=product.is_gift_card,
        metafields=product.metafields,
    )
