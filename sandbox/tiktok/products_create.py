"""Create Product (fact sheet 3.10)."""

from sandbox.tiktok.call import Call
from sandbox.tiktok.content import Sku
from sandbox.tiktok.envelope import bad_parameter
from sandbox.tiktok.leaves import read_version
from sandbox.tiktok.listing import Author, create
from sandbox.tiktok.operation import WRITE, Body, Operation
from sandbox.tiktok.product import OPEN_API, Product
from sandbox.tiktok.reading import CREATE, read_content

SAVE_MODES = ("LISTING", "AS_DRAFT")
MAX_KEY = 128


def create_product(call: Call) -> object:
    """A repeated idempotency key returns the first result and creates nothing (8.10)."""
    as_draft = reads_draft(call)
    key = call.body.text("idempotency_key") or ""
    version = read_version(call.body.text("category_version"))
    content = read_content(call.body, CREATE, version)
    if len(key) > MAX_KEY:
        raise bad_parameter(f"Invalid parameter: idempotency_key exceeds {MAX_KEY} characters")
    first = call.state.idempotency.get(f"{call.shop.id}/{key}") if key else None
    if first is not None:
        return created_view(call.state.products[first])
    product = create(call.world, call.shop, content, Author(OPEN_API, call.app.key), as_draft=as_draft)
    if key:
        call.state.idempotency[f"{call.shop.id}/{key}"] = product.id
    return created_view(product)


def reads_draft(call: Call) -> bool:
    """`save_mode`: LISTING by default."""
    mode = call.body.text("save_mode") or SAVE_MODES[0]
    if mode not in SAVE_MODES:
        raise bad_parameter("Invalid parameter: save_mode must be LISTING or AS_DRAFT")
    return mode == "AS_DRAFT"


def created_view(product: Product) -> dict[str, object]:
    """`data` of create: the ids to store, and the warnings."""
    return {
        "product_id": product.id,
        "skus": [sku_ids(sku) for sku in product.newest.skus],
        "warnings": [{"message": message} for message in product.warnings],
    }


def sku_ids(sku: Sku) -> dict[str, object]:
    """One SKU in the answers of create and edit."""
    found: dict[str, object] = {
        "id": sku.id,
        "seller_sku": sku.seller_sku,
        "sales_attributes": [{"id": axis.id, "value_id": axis.value_id} for axis in sku.sales_attributes],
        "external_sku_id": sku.external_sku_id,
    }
    if sku.fees:
        found["fees"] = [{"type": fee.type, "amount": fee.amount} for fee in sku.fees]
    return found


OPERATIONS = (
    Operation(
        "Create Product",
        "POST",
        "/product/202309/products",
        WRITE,
        create_product,
        imitates="every field's limits by market, required and conditional attributes, certifications, size chart, "
        "category and version rules, images known, external ids, idempotency key, warnings, drafts, daily limit",
        leaves_out="virtual bundles, auction prices, restricted words, the exact sense of codes that no table explains",
        body=Body.JSON,
    ),
)
