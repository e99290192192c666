"""A product as it will be created on TikTok Shop: Create Product's body in our words (TikTok fact sheet 3.10.1)."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from server.domain.categories import CategoryRef
from server.domain.problems import Problem
from server.domain.provenance import Provenance
from server.domain.template_content import AttributeChoice, Certification, SizeChart
from server.domain.validators.package import PackageWeight
from server.domain.weights import Dimensions


class PictureUse(StrEnum):
    """What an uploaded file is for; the platform keeps one upload per use (TikTok fact sheet 3.4, 3.5)."""

    MAIN_IMAGE = "MAIN_IMAGE"
    ATTRIBUTE_IMAGE = "ATTRIBUTE_IMAGE"
    DESCRIPTION_IMAGE = "DESCRIPTION_IMAGE"
    CERTIFICATION_IMAGE = "CERTIFICATION_IMAGE"
    SIZE_CHART_IMAGE = "SIZE_CHART_IMAGE"
    CERTIFICATION_FILE = "CERTIFICATION_FILE"
    """A document, not a picture: ``Picture.uri`` is the platform's file id."""


@dataclass(frozen=True, slots=True)
class PictureNeed:
    """A picture that must be on TikTok's CDN before the product is created.

    ``url`` is a web address, or ``StoredFileRef.address`` for one that the seller uploaded to us.
    """

    url: str
    use: PictureUse


@dataclass(frozen=True, slots=True)
class Picture:
    """An uploaded picture: ``uri`` goes into product calls, ``url`` into descriptions."""

    uri: str
    url: str = ""
    width: int | None = None
    height: int | None = None


def not_uploaded(need: PictureNeed) -> Picture:
    """Stands in for a picture that is not uploaded, under its own address: so it counts as another one than theirs."""
    return Picture(need.url, need.url, 1, 1)


Shelf = Mapping[PictureNeed, Picture | Problem]
"""What became of each need: uploaded, or broken and why."""


class IdentifierType(StrEnum):
    """Kinds of bar codes (TikTok fact sheet 3.10.1)."""

    GTIN = "GTIN"
    EAN = "EAN"
    UPC = "UPC"
    ISBN = "ISBN"
    JAN = "JAN"


@dataclass(frozen=True, slots=True)
class Identifier:
    """A bar code with its kind."""

    code: str
    type: IdentifierType


@dataclass(frozen=True, slots=True)
class Axis:
    """One option of a variant: the platform's attribute and value by id where they match, else by name."""

    name: str
    value: str
    attribute_id: str | None = None
    value_id: str | None = None
    picture: str | None = None
    """The store's address until the draft is completed, TikTok's uri afterwards."""


@dataclass(frozen=True, slots=True)
class SkuDraft:
    """One variant. Amounts are in the draft's currency; ``position`` is its place in the store, for telling of it."""

    external_sku_id: str
    price: Decimal
    quantity: int
    axes: tuple[Axis, ...] = ()
    seller_sku: str | None = None
    identifier: Identifier | None = None
    list_price: Decimal | None = None
    position: int = 0


@dataclass(frozen=True, slots=True)
class ProductDraft:
    """A whole product. ``pictures`` and ``description`` hold the store's addresses until the draft is completed."""

    title: str
    description: str
    category: CategoryRef
    currency: str
    warehouse_id: str
    external_product_id: str
    pictures: tuple[str, ...]
    skus: tuple[SkuDraft, ...]
    attributes: tuple[AttributeChoice, ...] = ()
    brand_id: str | None = None
    weight: PackageWeight | None = None
    dimensions: Dimensions | None = None
    certifications: tuple[Certification, ...] = ()
    size_chart: SizeChart | None = None
    manufacturer_ids: tuple[str, ...] = ()
    responsible_person_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Offer:
    """What one variant costs, and how many there are. Without a price only the quantity can be told."""

    external_sku_id: str
    quantity: int
    price: Decimal | None = None
    list_price: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Offers:
    """What can be told of a listed product whatever is wrong with the rest. Without a warehouse it is prices only."""

    currency: str
    warehouse_id: str
    variants: tuple[Offer, ...]


@dataclass(frozen=True, slots=True)
class Built:
    """A draft, or nothing with the errors that kept it from being built; warnings come with either.

    ``provenance`` tells of every value of the draft where it came from. ``offers`` are there without a draft too,
    unless the product may not be sold at all. ``spare_description`` is what will be told of the title when it has to
    stand in for a description whose pictures all break; nothing where the layers forbid it.
    """

    draft: ProductDraft | None
    problems: tuple[Problem, ...] = ()
    needs: tuple[PictureNeed, ...] = ()
    provenance: tuple[Provenance, ...] = ()
    offers: Offers | None = None
    spare_description: Provenance | None = None
