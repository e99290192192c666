"""What TikTok Shop tells about products (TikTok fact sheet 3.10.2-3.14)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from server.clients.quota import Closing
from server.clients.tiktok_wire import Audited, Flag, Many, Text, Wire, Words


class ProductStatus(StrEnum):
    """Status words we act on; the wire may bring others."""

    DRAFT = "DRAFT"
    PENDING = "PENDING"
    FAILED = "FAILED"
    ACTIVATE = "ACTIVATE"
    SELLER_DEACTIVATED = "SELLER_DEACTIVATED"
    PLATFORM_DEACTIVATED = "PLATFORM_DEACTIVATED"
    FREEZE = "FREEZE"
    DELETED = "DELETED"
    SCHEDULED = "SCHEDULED"


class ImageRead(Wire):
    """One image."""

    uri: Text = ""
    urls: Words = ()


class SkuAxis(Wire):
    """Ids newly made for custom axes and values: edits need them."""

    id: Text = ""
    name: Text = ""
    value_id: Text = ""
    value_name: Text = ""
    sku_img: ImageRead | None = None


class CreatedSku(Wire):
    """One SKU as the platform filed it."""

    id: str
    seller_sku: Text = ""
    external_sku_id: Text = ""
    sales_attributes: Many[SkuAxis] = ()


class Warn(Wire):
    """A value was cleared without failing the call: always show it."""

    message: Text = ""


class CreatedProduct(Wire):
    """Answer of Create, Edit and Partial Edit; ``audit`` only after edits."""

    product_id: str
    skus: Many[CreatedSku] = ()
    warnings: Many[Warn] = ()
    audit: Audited | None = None
    request_id: str = ""


class CategoryLink(Wire):
    """One step of the chain from root to leaf."""

    id: str
    parent_id: Text = ""
    local_name: Text = ""
    is_leaf: Flag = False


class SkuPriceRead(Wire):
    """Reads say ``sale_price`` where writes say ``amount``."""

    currency: Text = ""
    sale_price: Text = ""
    tax_exclusive_price: Text = ""


class Stock(Wire):
    """Stock in one warehouse."""

    warehouse_id: Text = ""
    quantity: int = 0
    backorder_quantity: int | None = None
    handling_time: int | None = None


class IdentifierRead(Wire):
    """A SKU's GTIN, EAN, UPC or ISBN."""

    code: Text = ""


class ListPriceRead(Wire):
    """A price that is struck through."""

    amount: Text = ""
    currency: Text = ""


class ProductSku(Wire):
    """One SKU of a product."""

    id: str
    seller_sku: Text = ""
    external_sku_id: Text = ""
    identifier_code: IdentifierRead | None = None
    price: SkuPriceRead | None = None
    list_price: ListPriceRead | None = None
    inventory: Many[Stock] = ()
    sales_attributes: Many[SkuAxis] = ()


class AuditFailure(Wire):
    """Why the audit failed, and what the platform suggests."""

    position: Text = ""
    reasons: Words = ()
    suggestions: Words = ()


class AttributeValueRead(Wire):
    """One chosen value."""

    id: Text = ""
    name: Text = ""


class AttributeRead(Wire):
    """One attribute with its chosen values."""

    id: str
    name: Text = ""
    values: Many[AttributeValueRead] = ()


class BrandRead(Wire):
    """The listing's brand."""

    id: Text = ""
    name: Text = ""


class Named(Wire):
    """Something that is known by its id."""

    id: Text = ""


class Measure(Wire):
    """A number with its unit, both as sent."""

    value: Text = ""
    unit: Text = ""


class Box(Wire):
    """Package dimensions, as sent."""

    length: Text = ""
    width: Text = ""
    height: Text = ""
    unit: Text = ""


class PaperRead(Wire):
    """Evidence for one certification."""

    id: Text = ""
    images: Many[ImageRead] = ()
    files: Many[Named] = ()
    expiration_date: int | None = None


class SizeChartRead(Wire):
    """A chart of the seller's, or an image; the template wins."""

    image: ImageRead | None = None
    template: Named | None = None


class TikTokProduct(Wire):
    """Get Product. The answer has no category version: it is known only from where the product was found."""

    id: str
    status: Text = ""
    product_status: Text = ""
    title: Text = ""
    description: Text = ""
    category_chains: Many[CategoryLink] = ()
    brand: BrandRead | None = None
    main_images: Many[ImageRead] = ()
    package_weight: Measure | None = None
    package_dimensions: Box | None = None
    skus: Many[ProductSku] = ()
    product_attributes: Many[AttributeRead] = ()
    certifications: Many[PaperRead] = ()
    size_chart: SizeChartRead | None = None
    manufacturer_ids: Words = ()
    responsible_person_ids: Words = ()
    audit: Audited | None = None
    audit_failed_reasons: Many[AuditFailure] = ()
    recommended_categories: Many[CategoryLink] = ()
    external_product_id: Text = ""
    create_time: int = 0
    update_time: int = 0

    @property
    def leaf_category_id(self) -> str | None:
        """The current category: the chain's leaf."""
        return next((link.id for link in self.category_chains if link.is_leaf), None)


@dataclass(frozen=True, slots=True)
class WholeProduct:
    """A product as it was read, with the fields we do not know in ``data``: a full edit sends them back."""

    product: TikTokProduct
    data: Mapping[str, object]


class FoundProduct(Wire):
    """One hit of Search Products, which tells no category."""

    id: str
    title: Text = ""
    status: Text = ""
    skus: Many[ProductSku] = ()
    audit: Audited | None = None
    create_time: int = 0
    update_time: int = 0


class SearchPage(Wire):
    """One page; an empty token ends the search."""

    products: Many[FoundProduct] = ()
    total_count: int = 0
    next_page_token: Text = ""


class Replica(Wire):
    """A copy of a product in another market of its cross-border seller; the status is spelled otherwise elsewhere."""

    region: Text = ""
    shop_id: Text = ""
    product_id: Text = ""
    product_status: Text = ""


class ReplicatedProducts(Wire):
    """Answer of Get Replicated Products (TikTok fact sheet 6)."""

    replicated_products: Many[Replica] = ()


class ExtraError(Wire):
    """A nested reason of a partial failure."""

    code: int = 0
    message: Text = ""
    warehouse_id: Text = ""


class RefusedId(Wire):
    """Which thing a partial failure is about."""

    product_id: Text = ""
    sku_id: Text = ""
    extra_errors: Many[ExtraError] = ()


class PartialFailure(Wire):
    """One refused thing inside a call that answered code 0 (TikTok fact sheet 3.14)."""

    code: int = 0
    message: Text = ""
    detail: RefusedId = RefusedId()


class BulkOutcome(Wire):
    """Everything asked for worked, except ``errors``. ``closing``, which is ours: what a refusal among them closed."""

    errors: Many[PartialFailure] = ()
    request_id: str = ""
    closing: Closing | None = None
