"""What an answer of a platform means for us: the closed kinds, the closed problem codes and who can mend each."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from server.domain.problems import Remedy


class UpstreamKind(StrEnum):
    """What to do about a refused call; the one classification for both platforms."""

    RETRYABLE = "RETRYABLE"
    NEEDS_AUTHORIZATION = "NEEDS_AUTHORIZATION"
    NEEDS_PERMISSION = "NEEDS_PERMISSION"
    MERCHANT_MUST_FIX = "MERCHANT_MUST_FIX"
    PLATFORM_LIMIT = "PLATFORM_LIMIT"
    OURS = "OURS"


@dataclass(frozen=True, slots=True)
class Verdict:
    """One row of a classification table: ``path`` is our field path, ``retry_after`` seconds when the table knows."""

    kind: UpstreamKind
    problem: str
    path: tuple[str, ...] = ()
    retry_after: float | None = None
    may_have_worked: bool = False
    """A write answered like this may have had its effect (TikTok fact sheet 5.3, code 36009007)."""


@dataclass(frozen=True, slots=True)
class ProblemCode:
    """A code clients may match on: its sentence for people, and who can mend it."""

    text: str
    remedy: Remedy


_PRODUCT, _TEMPLATE, _SHOP, _LINK = Remedy.FIX_PRODUCT, Remedy.FIX_TEMPLATE, Remedy.FIX_SHOP, Remedy.LINK
_OWNER = Remedy.CHOOSE_OWNER
_RECONNECT, _CATEGORY, _WAIT, _SUPPORT = (
    Remedy.RECONNECT,
    Remedy.CHOOSE_CATEGORY,
    Remedy.WAIT,
    Remedy.CONTACT_SUPPORT,
)

CODES: Mapping[str, ProblemCode] = {
    "CATEGORY_UNKNOWN": ProblemCode("TikTok Shop does not know this category (any more); choose another.", _CATEGORY),
    "CATEGORY_NOT_LEAF": ProblemCode("Products can only be listed in a leaf category; choose a deeper one.", _CATEGORY),
    "CATEGORY_FIXED": ProblemCode("The category of this listing may not be changed.", _SUPPORT),
    "REPLICAS_MUST_FOLLOW": ProblemCode(
        "The product has copies in other markets, and TikTok Shop takes another category, or other options, only for "
        "all of them together. Change it in Seller Center; then let TIKTOK own the listing's category and variants.",
        _OWNER,
    ),
    "CATEGORY_VERSION_OUTDATED": ProblemCode("This shop must use the seven-level category tree.", _CATEGORY),
    "CATEGORY_VERSION_MISMATCH": ProblemCode("The category belongs to the other category tree.", _CATEGORY),
    "CATEGORY_PROHIBITED": ProblemCode("Products of this category may not be sold on TikTok Shop.", _CATEGORY),
    "CATEGORY_RESTRICTED": ProblemCode(
        "The shop has no permission for this category; apply in Seller Center's Qualification Center.", _SHOP
    ),
    "CATEGORY_NOT_MAIN": ProblemCode("The category lies outside the shop's main category.", _CATEGORY),
    "CATEGORY_NOT_IN_MARKET": ProblemCode("The category is not open in this market.", _CATEGORY),
    "NO_CATEGORY_RECOMMENDED": ProblemCode("TikTok Shop has no category to recommend; choose one by hand.", _CATEGORY),
    "COD_NOT_SUPPORTED": ProblemCode("Cash on delivery is not possible in this category.", _CATEGORY),
    "ATTRIBUTE_MISSING": ProblemCode("A required attribute of the category is missing.", _TEMPLATE),
    "ATTRIBUTE_REFUSED": ProblemCode("An attribute or one of its values was refused.", _TEMPLATE),
    "CERTIFICATION_MISSING": ProblemCode("A required certification is missing.", _TEMPLATE),
    "CERTIFICATION_REFUSED": ProblemCode("A certification was refused.", _TEMPLATE),
    "TITLE_REFUSED": ProblemCode("The title was refused.", _PRODUCT),
    "DESCRIPTION_REFUSED": ProblemCode("The description was refused.", _PRODUCT),
    "IMAGES_REFUSED": ProblemCode("The product's images were refused.", _PRODUCT),
    "FILE_REFUSED": ProblemCode("An uploaded image or file was refused.", _PRODUCT),
    "VARIANTS_REFUSED": ProblemCode("The variants were refused.", _PRODUCT),
    "SKU_REFUSED": ProblemCode("A seller SKU was refused.", _PRODUCT),
    "BARCODE_REFUSED": ProblemCode("A barcode (GTIN, EAN, UPC, ISBN) was refused.", _PRODUCT),
    "PRICE_REFUSED": ProblemCode("A price was refused.", _PRODUCT),
    "PRICE_LOCKED": ProblemCode("The price is locked by a running promotion.", _WAIT),
    "STOCK_REFUSED": ProblemCode("A stock quantity was refused.", _PRODUCT),
    "WAREHOUSE_REFUSED": ProblemCode("The warehouse cannot be used for this listing.", _SHOP),
    "PACKAGE_REFUSED": ProblemCode("The package's weight or size was refused.", _PRODUCT),
    "BRAND_REFUSED": ProblemCode("The brand was refused.", _TEMPLATE),
    "SIZE_CHART_REFUSED": ProblemCode("The size chart is missing or was refused.", _TEMPLATE),
    "COMPLIANCE_REFUSED": ProblemCode("The manufacturer or responsible person is missing or was refused.", _TEMPLATE),
    "FEES_REFUSED": ProblemCode("The deposit fee was refused.", _SUPPORT),
    "PRE_SALE_REFUSED": ProblemCode("The pre-sale settings were refused.", _SUPPORT),
    "EXTERNAL_ID_REFUSED": ProblemCode("The product's id from the store was refused.", _SUPPORT),
    "LISTING_THERE_ALREADY": ProblemCode(
        "The product is on TikTok Shop already; it is looked for, and linked or proposed as the match policy says.",
        _LINK,
    ),
    "LISTING_UNKNOWN": ProblemCode("TikTok Shop does not know this listing in this shop.", Remedy.LIST),
    "LISTING_STATE_REFUSED": ProblemCode("The listing's state does not allow this.", _WAIT),
    "LISTING_CHECK_FAILED": ProblemCode("TikTok Shop's check of the listing failed.", _PRODUCT),
    "BUNDLE_REFUSED": ProblemCode("The virtual bundle was refused.", _PRODUCT),
    "INPUT_REFUSED": ProblemCode("TikTok Shop refused a value.", _PRODUCT),
    "SHOP_INACTIVE": ProblemCode("The TikTok shop is not active.", _SHOP),
    "SHOP_SETUP_INCOMPLETE": ProblemCode("The shop's set-up is not complete; finish it in Seller Center.", _SHOP),
    "UPGRADE_RUNNING": ProblemCode("A category upgrade is already running for this shop.", _WAIT),
    "UPGRADE_NOT_AVAILABLE": ProblemCode("The category upgrade is not available for this shop.", _SUPPORT),
    "DAILY_LISTING_LIMIT": ProblemCode("The shop reached its listing limit for today; it goes on tomorrow.", _WAIT),
    "REQUEST_LIMIT": ProblemCode("A request limit of the platform is used up; it goes on by itself.", _WAIT),
    "PLATFORM_BUSY": ProblemCode("The platform is busy or had a fault; it will be tried again.", _WAIT),
    "AUTHORIZATION_NEEDED": ProblemCode("The connection is no longer authorized; connect again.", _RECONNECT),
    "PERMISSION_NEEDED": ProblemCode("The connection lacks a permission; connect again and grant it.", _RECONNECT),
    "CONNECTOR_FAULT": ProblemCode("Something on our side is wrong with this request.", _SUPPORT),
    "IMAGE_UNREACHABLE": ProblemCode("The image could not be fetched from its address.", _PRODUCT),
    "IMAGE_ADDRESS_REFUSED": ProblemCode("The image's address is not a public web address.", _PRODUCT),
    "IMAGE_TOO_BIG": ProblemCode("The image is too big to fetch.", _PRODUCT),
    "IMAGE_UNREADABLE": ProblemCode("What was fetched is not an image.", _PRODUCT),
    "FILE_GONE": ProblemCode("An uploaded file was deleted, or never came; upload it again and name it.", _TEMPLATE),
    "FILE_OF_WRONG_KIND": ProblemCode("A picture is needed where a document was named, or the reverse.", _TEMPLATE),
    "FILE_UNREACHABLE": ProblemCode("An uploaded file cannot be read right now; it will be tried again.", _WAIT),
    "EXPORT_FAILED": ProblemCode("The store's product export did not finish; it will be started again.", _WAIT),
    "PLATFORM_REFUSED": ProblemCode("The platform refused this for a reason we do not know.", _SUPPORT),
}
"""Closed set: clients may match on these; anything the platforms invent later is ``PLATFORM_REFUSED``."""

PROBLEM_CODES: Mapping[str, str] = {code: entry.text for code, entry in CODES.items()}
"""Code to description, for the contract file."""
