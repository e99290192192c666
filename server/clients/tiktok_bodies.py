"""Request bodies as TikTok Shop spells them (TikTok fact sheet 3.10.1): the fields we send, typed."""

from typing import Literal, NotRequired, TypedDict

from server.domain.categories import CategoryVersion


class ImageUri(TypedDict):
    """An image uploaded through ``client.media``."""

    uri: str


class SalesAttribute(TypedDict):
    """One axis of a variant: ids where known, else names (axis up to 20, value up to 50 characters)."""

    id: NotRequired[str]
    name: NotRequired[str]
    value_id: NotRequired[str]
    value_name: NotRequired[str]
    sku_img: NotRequired[ImageUri]
    supplementary_sku_images: NotRequired[list[ImageUri]]


class Inventory(TypedDict):
    """Stock in one warehouse."""

    warehouse_id: NotRequired[str]
    quantity: int
    backorder_quantity: NotRequired[int]
    handling_time: NotRequired[int]


class Price(TypedDict):
    """Decimal strings. Local sellers write ``amount``, global ones ``sale_price``."""

    amount: NotRequired[str]
    sale_price: NotRequired[str]
    currency: str


class ExternalListPrice(TypedDict):
    """US selected sellers only."""

    source: Literal["SHOPIFY_COMPARE_AT_PRICE"]
    amount: str
    currency: str


class IdentifierCode(TypedDict):
    """GTIN, EAN, UPC, ISBN or JAN."""

    code: str
    type: str


class SkuBody(TypedDict):
    """One variant; ``id`` only in edits."""

    id: NotRequired[str]
    sales_attributes: NotRequired[list[SalesAttribute]]
    inventory: NotRequired[list[Inventory]]
    price: NotRequired[Price]
    list_price: NotRequired[Price]
    external_list_prices: NotRequired[list[ExternalListPrice]]
    seller_sku: NotRequired[str]
    external_sku_id: NotRequired[str]
    identifier_code: NotRequired[IdentifierCode]
    sku_unit_count: NotRequired[str]


class AttributeValue(TypedDict):
    """Id where known, else the seller's own words."""

    id: NotRequired[str]
    name: NotRequired[str]


class ProductAttribute(TypedDict):
    """One ``PRODUCT_PROPERTY`` with its chosen values."""

    id: str
    values: list[AttributeValue]


class Weight(TypedDict):
    """Unit ``KILOGRAM``, ``POUND`` or ``GRAM`` by market."""

    value: str
    unit: str


class Dimensions(TypedDict):
    """Positive whole numbers as strings."""

    length: str
    width: str
    height: str
    unit: str


class CertificationFile(TypedDict):
    """A PDF uploaded through ``client.media.upload_file``."""

    id: str
    name: str
    format: Literal["PDF"]


class Certification(TypedDict):
    """Evidence for one certification of the category's rules; ``expiration_date`` in Unix seconds."""

    id: str
    images: NotRequired[list[ImageUri]]
    files: NotRequired[list[CertificationFile]]
    expiration_date: NotRequired[int]


class SizeChartTemplate(TypedDict):
    """A size chart kept in Seller Center."""

    id: str


class SizeChart(TypedDict):
    """An image or a template; the template wins."""

    image: NotRequired[ImageUri]
    template: NotRequired[SizeChartTemplate]


class ProductBody(TypedDict):
    """What Create and Edit share. ``category_version`` is required here although the platform has a default."""

    title: str
    description: str
    category_id: str
    category_version: CategoryVersion | Literal["v1", "v2"]
    main_images: list[ImageUri]
    skus: list[SkuBody]
    save_mode: NotRequired[Literal["LISTING", "AS_DRAFT"]]
    brand_id: NotRequired[str]
    product_attributes: NotRequired[list[ProductAttribute]]
    package_weight: NotRequired[Weight]
    package_dimensions: NotRequired[Dimensions]
    certifications: NotRequired[list[Certification]]
    size_chart: NotRequired[SizeChart]
    is_cod_allowed: NotRequired[bool]
    manufacturer_ids: NotRequired[list[str]]
    responsible_person_ids: NotRequired[list[str]]
    external_product_id: NotRequired[str]
    delivery_option_ids: NotRequired[list[str]]
    shipping_template_id: NotRequired[str]
    minimum_order_quantity: NotRequired[int]


class CreateProductBody(ProductBody):
    """The whole body of Create Product; ``idempotency_key`` is the client's argument."""


class SkuPrice(TypedDict):
    """One SKU's new price."""

    id: str
    price: Price
    list_price: NotRequired[Price]
    external_list_prices: NotRequired[list[ExternalListPrice]]


class SkuInventory(TypedDict):
    """One SKU's stock in all its warehouses."""

    id: str
    inventory: list[Inventory]
