"""A draft in the platform's words (TikTok fact sheet 3.10.1)."""

from server.clients.tiktok_bodies import (
    AttributeValue,
    Certification,
    CreateProductBody,
    Dimensions,
    IdentifierCode,
    Price,
    ProductAttribute,
    SalesAttribute,
    SizeChart,
    SkuBody,
    Weight,
)
from server.domain.drafts import Axis, ProductDraft, SkuDraft
from server.domain.markets import SellerType
from server.domain.template_content import AttributeChoice, ValueChoice
from server.domain.template_content import Certification as CertificationDraft
from server.domain.template_content import SizeChart as SizeChartDraft
from server.domain.weights import Dimensions as Size
from server.domain.weights import plain


def create_body(draft: ProductDraft, seller: SellerType) -> CreateProductBody:
    """The whole body; the idempotency key is the client's argument."""
    body = CreateProductBody(
        title=draft.title,
        description=draft.description,
        category_id=draft.category.id,
        category_version=draft.category.version,
        main_images=[{"uri": uri} for uri in draft.pictures],
        skus=[_sku(sku, draft, seller) for sku in draft.skus],
        save_mode="LISTING",
        external_product_id=draft.external_product_id,
    )
    if draft.brand_id:
        body["brand_id"] = draft.brand_id
    if draft.attributes:
        body["product_attributes"] = [_attribute(one) for one in draft.attributes]
    if draft.weight:
        weight = draft.weight.weight
        body["package_weight"] = Weight(value=plain(weight.value), unit=weight.unit.value)
    if draft.dimensions:
        body["package_dimensions"] = _dimensions(draft.dimensions)
    _add_papers(body, draft)
    return body


def _add_papers(body: CreateProductBody, draft: ProductDraft) -> None:
    if draft.certifications:
        body["certifications"] = [_certification(one) for one in draft.certifications]
    if draft.size_chart:
        body["size_chart"] = _size_chart(draft.size_chart)
    if draft.manufacturer_ids:
        body["manufacturer_ids"] = list(draft.manufacturer_ids)
    if draft.responsible_person_ids:
        body["responsible_person_ids"] = list(draft.responsible_person_ids)


def _sku(sku: SkuDraft, draft: ProductDraft, seller: SellerType) -> SkuBody:
    amount = format(sku.price, "f")
    own = Price(currency=draft.currency)
    if seller is SellerType.CROSS_BORDER:
        own["sale_price"] = amount
    else:
        own["amount"] = amount
    body = SkuBody(
        inventory=[{"warehouse_id": draft.warehouse_id, "quantity": sku.quantity}],
        price=own,
        external_sku_id=sku.external_sku_id,
    )
    if sku.axes:
        body["sales_attributes"] = [_axis(axis) for axis in sku.axes]
    if sku.seller_sku:
        body["seller_sku"] = sku.seller_sku
    if sku.identifier:
        body["identifier_code"] = IdentifierCode(code=sku.identifier.code, type=sku.identifier.type.value)
    if sku.list_price is not None:
        body["list_price"] = Price(amount=format(sku.list_price, "f"), currency=draft.currency)
    return body


def _axis(axis: Axis) -> SalesAttribute:
    """Ids where the platform has them; else the merchant's own names."""
    body = SalesAttribute()
    if axis.attribute_id:
        body["id"] = axis.attribute_id
    else:
        body["name"] = axis.name
    if axis.value_id:
        body["value_id"] = axis.value_id
    else:
        body["value_name"] = axis.value
    if axis.picture:
        body["sku_img"] = {"uri": axis.picture}
    return body


def _attribute(one: AttributeChoice) -> ProductAttribute:
    return ProductAttribute(id=one.id, values=[_value(value) for value in one.values])


def _value(value: ValueChoice) -> AttributeValue:
    return {"id": value.id} if value.id else {"name": value.name}


def _dimensions(size: Size) -> Dimensions:
    return Dimensions(
        length=plain(size.length), width=plain(size.width), height=plain(size.height), unit=size.unit.value
    )


def _certification(one: CertificationDraft) -> Certification:
    body = Certification(id=one.id)
    if one.image_uris:
        body["images"] = [{"uri": uri} for uri in one.image_uris]
    if one.files:
        body["files"] = [{"id": file.id or "", "name": file.name, "format": "PDF"} for file in one.files]
    if one.expires_at is not None:
        body["expiration_date"] = one.expires_at
    return body


def _size_chart(chart: SizeChartDraft) -> SizeChart:
    if chart.template_id:
        return SizeChart(template={"id": chart.template_id})
    return SizeChart(image={"uri": chart.image_uri or ""})
