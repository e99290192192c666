"""Product diagnoses (fact sheet 3.1): what a listing lacks, from its own content."""

from sandbox.tiktok.call import Call
from sandbox.tiktok.content import Content
from sandbox.tiktok.envelope import Refusal
from sandbox.tiktok.leaves import read_version
from sandbox.tiktok.operation import OPTIMIZE, Body, Operation
from sandbox.tiktok.reading import FULL, read_content

MAX_IDS = 200
SHORT_TITLE, SHORT_DESCRIPTION, FEW_IMAGES = 40, 300, 5
Json = dict[str, object]


def diagnose(call: Call) -> object:
    """For each of up to 200 products of this shop, the fields worth improving."""
    product_ids = call.listed("product_ids")
    if not 0 < len(product_ids) <= MAX_IDS:
        raise Refusal(12052910, f"Invalid input: 1 to {MAX_IDS} product_ids")
    found = (call.state.products.get(one) for one in dict.fromkeys(product_ids))
    mine = [product for product in found if product is not None and product.shop_id == call.shop.id]
    return {"products": [{"id": product.id, "diagnoses": _diagnoses(product.base)} for product in mine]}


def diagnose_draft(call: Call) -> object:
    """The same for a product that need not exist yet: the body is that of Create Product."""
    call.body.value("optimization_fields")
    call.body.value("product_id")
    version = read_version(call.body.text("category_version"))
    content = read_content(call.body, FULL, version)
    return {"diagnoses": _diagnoses(content), "listing_quality": {}}


def _diagnoses(content: Content) -> list[Json]:
    rows = (
        ("TITLE", len(content.title) < SHORT_TITLE, f"Use at least {SHORT_TITLE} characters"),
        ("DESCRIPTION", len(content.description) < SHORT_DESCRIPTION, f"Use at least {SHORT_DESCRIPTION} characters"),
        ("MAIN_IMAGE", len(content.main_images) < FEW_IMAGES, f"Use at least {FEW_IMAGES} images"),
    )
    return [
        {"field": field, "diagnosis_results": [{"code": f"{field}_SHORT", "how_to_solve": advice}]}
        for field, weak, advice in rows
        if weak
    ]


OPERATIONS = (
    Operation(
        "Product Information Issue Diagnosis",
        "GET",
        "/product/202405/products/diagnoses",
        OPTIMIZE,
        diagnose,
        imitates="short titles, short descriptions, few images of up to 200 products",
        leaves_out="SEO words, quality tiers; the answer's exact shape is not documented in our sources",
        query=("product_ids",),
    ),
    Operation(
        "Diagnose and Optimize Product",
        "POST",
        "/product/202411/products/diagnose_optimize",
        OPTIMIZE,
        diagnose_draft,
        imitates="the diagnoses above for a body that need not exist as a product",
        leaves_out="optimized texts and pictures; the answer's exact shape is not documented in our sources",
        body=Body.JSON,
    ),
)
