"""What a product says: the values of create and edit (fact sheet 3.10.1), as they are kept."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace


@dataclass(frozen=True, slots=True)
class AttributeValue:
    """One value of a product attribute: a listed id, or text of the seller's own."""

    id: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class ProductAttribute:
    """A descriptive attribute and its values."""

    id: str
    values: tuple[AttributeValue, ...]


@dataclass(frozen=True, slots=True)
class Weight:
    """Package weight; the number stays text."""

    value: str
    unit: str


@dataclass(frozen=True, slots=True)
class Dimensions:
    """Package dimensions; the numbers stay text."""

    length: str
    width: str
    height: str
    unit: str


@dataclass(frozen=True, slots=True)
class CertificationFile:
    """A PDF uploaded before."""

    id: str
    name: str
    format: str


@dataclass(frozen=True, slots=True)
class Certification:
    """Evidence for one certification of the category."""

    id: str
    images: tuple[str, ...] = ()
    files: tuple[CertificationFile, ...] = ()
    expiration_date: int | None = None


@dataclass(frozen=True, slots=True)
class SizeChart:
    """A size chart; the template wins over the image."""

    image_uri: str = ""
    template_id: str = ""


@dataclass(frozen=True, slots=True)
class SalesAttribute:
    """One axis of a variant and its value."""

    id: str = ""
    name: str = ""
    value_id: str = ""
    value_name: str = ""
    sku_img: str = ""
    supplementary_images: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Stock:
    """Quantity in one warehouse."""

    warehouse_id: str
    quantity: int | None = None
    backorder_quantity: int | None = None
    handling_time: int | None = None


@dataclass(frozen=True, slots=True)
class Price:
    """`amount` for local sellers, `sale_price` for global ones."""

    currency: str
    amount: str = ""
    sale_price: str = ""

    @property
    def value(self) -> str:
        """What the buyer pays before tax rules."""
        return self.sale_price or self.amount


@dataclass(frozen=True, slots=True)
class ExternalListPrice:
    """A strike-through price known from elsewhere."""

    source: str
    amount: str
    currency: str


@dataclass(frozen=True, slots=True)
class IdentifierCode:
    """GTIN, EAN, UPC, ISBN or JAN."""

    code: str
    type: str


@dataclass(frozen=True, slots=True)
class PreSale:
    """Pre-order, made to order, custom."""

    type: str
    handling_duration_days: int | None = None
    release_date: int | None = None


@dataclass(frozen=True, slots=True)
class Fee:
    """The German deposit."""

    type: str
    amount: str = ""
    additional_attribute: str = ""


@dataclass(frozen=True, slots=True)
class CombinedSku:
    """A part of a virtual bundle."""

    product_id: str
    sku_id: str
    sku_count: int


@dataclass(frozen=True, slots=True)
class Sku:
    """One variant. `price` and `inventory` are None where an edit leaves them as they are."""

    id: str = ""
    sales_attributes: tuple[SalesAttribute, ...] = ()
    inventory: tuple[Stock, ...] | None = None
    price: Price | None = None
    list_price: Price | None = None
    external_list_prices: tuple[ExternalListPrice, ...] = ()
    seller_sku: str = ""
    external_sku_id: str = ""
    identifier_code: IdentifierCode | None = None
    extra_identifier_codes: tuple[str, ...] = ()
    external_urls: tuple[str, ...] = ()
    sku_unit_count: str = ""
    combined_skus: tuple[CombinedSku, ...] = ()
    pre_sale: PreSale | None = None
    fees: tuple[Fee, ...] = ()


@dataclass(frozen=True, slots=True)
class Content:
    """One version of a product. Empty text, empty tuples and None all mean "not given"."""

    title: str = ""
    description: str = ""
    category_id: str = ""
    category_version: str = "v1"
    brand_id: str = ""
    main_images: tuple[str, ...] = ()
    skus: tuple[Sku, ...] = ()
    product_attributes: tuple[ProductAttribute, ...] = ()
    package_weight: Weight | None = None
    package_dimensions: Dimensions | None = None
    certifications: tuple[Certification, ...] = ()
    size_chart: SizeChart | None = None
    video_id: str = ""
    is_cod_allowed: bool = False
    manufacturer_ids: tuple[str, ...] = ()
    responsible_person_ids: tuple[str, ...] = ()
    external_product_id: str = ""
    delivery_option_ids: tuple[str, ...] = ()
    shipping_template_id: str = ""
    listing_platforms: tuple[str, ...] = ()
    is_not_for_sale: bool = False
    primary_combined_product_id: str = ""
    shipping_insurance_requirement: str = ""
    minimum_order_quantity: int | None = None
    is_pre_owned: bool = False
    scheduled_sale_time: int | None = None
    search_terms: tuple[str, ...] = ()
    key_product_features: tuple[str, ...] = ()
    passed_on: Mapping[str, object] = field(default_factory=dict)

    def moved_to(self, category_id: str, version: str) -> "Content":
        """The same content in another leaf."""
        return replace(self, category_id=category_id, category_version=version)
