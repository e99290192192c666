"""Get Product (fact sheet 3.12), and finding a product by the id of a path."""

from sandbox.tiktok import audit
from sandbox.tiktok.call import Call
from sandbox.tiktok.categories import read_locale
from sandbox.tiktok.envelope import Refusal, bad_parameter
from sandbox.tiktok.lifecycle import Status
from sandbox.tiktok.operation import BASIC, Operation
from sandbox.tiktok.product import Product
from sandbox.tiktok.product_view import product_view

UNREADABLE = frozenset({Status.FREEZE, Status.DELETED})


def product_fault(call: Call, product_id: str) -> Refusal | None:
    """Why an id names no product of this shop."""
    if not product_id:
        return Refusal(12052030, "The product id is required")
    if not product_id.isascii() or not product_id.isdigit():
        return Refusal(12052031, "The product id is invalid")
    product = call.state.products.get(product_id)
    if product is None:
        return Refusal(12052032, "The product does not exist")
    if product.shop_id != call.shop.id:
        return Refusal(12052048, "The product does not belong to this shop")
    return None


def find_product(call: Call, *, refuse: frozenset[Status] = UNREADABLE) -> Product:
    """The product of the path, in none of the refused states."""
    product_id = call.path["product_id"]
    if fault := product_fault(call, product_id):
        raise fault
    product = call.state.products[product_id]
    if product.status in refuse:
        raise Refusal(12052901, f"The product status {product.status} does not allow this")
    return product


def get_product(call: Call) -> object:
    """The base version, or the one under review, or the draft."""
    under_review, draft = call.flag("return_under_review_version"), call.flag("return_draft_version")
    locale = read_locale(call, call.market.locale)
    if under_review and draft:
        raise bad_parameter("return_under_review_version and return_draft_version exclude each other")
    product = find_product(call)
    call.world.ripening.look(audit.KIND, product.id)
    content = product.base
    if under_review or draft:
        wanted = product.draft if draft else product.under_review
        if wanted is None:
            raise Refusal(12052547, "The product has no such version")
        content = wanted
    return product_view(call.state, product, content, locale)


OPERATIONS = (
    Operation(
        "Get Product",
        "GET",
        "/product/202309/products/{product_id}",
        BASIC,
        get_product,
        imitates="all main fields; base, under-review and draft versions; not for FREEZE and DELETED",
        leaves_out="listing quality, product families, Tokopedia, subscriptions",
        query=("return_under_review_version", "return_draft_version", "locale"),
    ),
)
