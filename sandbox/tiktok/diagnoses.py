"""Product diagnoses (fact sheet 3.1): what a listing lacks, from its own content."""

from sandbox.tiktok.call import Call
from sandbox.tiktok.content import Content
from sandbox.tiktok.envelope import Refusal
from sandbox.tiktok.operation import OPTIMIZE, Operation

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
)
