"""Helpers around a listing: white-background pictures, required properties, and the global products of the past."""

from sandbox.tiktok.calendar import TreeVersion
from sandbox.tiktok.call import Call
from sandbox.tiktok.checks.attributes import called_for, product_properties
from sandbox.tiktok.envelope import Refusal
from sandbox.tiktok.leaves import find_leaf
from sandbox.tiktok.operation import BASIC, WRITE, Body, Operation

MAX_IMAGES = 10


def optimize_images(call: Call) -> object:
    """The pictures as they are, one result each; unknown ones fail by themselves."""
    images = call.body.children("images") or []
    uris = [image.text("uri") or "" for image in images]
    for image in images:
        image.value("optimization_mode")
    if not 0 < len(uris) <= MAX_IMAGES:
        raise Refusal(12052910, f"Invalid input: 1 to {MAX_IMAGES} images")
    return {"images": [_optimized(call, uri) for uri in uris]}


def _optimized(call: Call, uri: str) -> dict[str, object]:
    image = call.state.images.get(uri)
    if image is None or image.open_id != call.seller.open_id:
        return {"original_uri": uri, "optimize_status": "FAILED"}
    return {
        "original_uri": uri,
        "original_url": image.url,
        "optimized_uri": uri,
        "optimized_url": image.url,
        "optimize_status": "SUCCESS",
        "width": image.width,
        "height": image.height,
    }


def recommend_properties(call: Call) -> object:
    """The required attributes of a leaf of the new tree, without guesses about their values."""
    category_id, title = call.body.text("category_id") or "", call.body.text("product_title") or ""
    for known in ("description", "images", "sales_properties"):
        call.body.value(known)
    targets = call.body.texts("target_property_ids") or []
    if not title:
        raise Refusal(12052261, "The product title is empty")
    leaf = find_leaf(call.state, call.world.settings, call.shop, category_id, TreeVersion.V2, call.now)
    known_properties = product_properties(leaf.attributes)
    wanted = set(targets) or called_for(known_properties, {})
    return {
        "recommended_properties": [
            {
                "id": one.id,
                "name": one.name,
                "type": one.type,
                "is_required": one.is_required,
                "is_customizable": one.is_customizable,
                "is_multiple_selection": one.is_multiple,
                "values": [],
            }
            for one in known_properties.values()
            if one.id in wanted
        ]
    }


_SHUT = "shut down from 31 January 2026 for all cross-border sellers: 36009014"
OPERATIONS = (
    Operation(
        "Optimize Images",
        "POST",
        "/product/202404/images/optimize",
        BASIC,
        optimize_images,
        imitates="one result for each picture, unknown ones fail",
        leaves_out="nothing is drawn; the answer's exact shape is not documented in our sources",
        body=Body.JSON,
    ),
    Operation(
        "Recommend Required Properties",
        "POST",
        "/product/202609/products/properties/recommend",
        BASIC,
        recommend_properties,
        imitates="the required attributes of a leaf",
        leaves_out="recommended values; known from one package only, its scope is a guess",
        body=Body.JSON,
    ),
    Operation(
        "Create Global Product", "POST", "/product/202309/global_products", WRITE, None, imitates=_SHUT, cipher=False
    ),
    Operation(
        "Publish Global Product",
        "POST",
        "/product/202309/global_products/{global_product_id}/publish",
        WRITE,
        None,
        imitates=_SHUT,
        cipher=False,
    ),
)
