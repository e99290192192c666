"""Check Product Listing (fact sheet 3.14): the rules of create, all faults at once, nothing created."""

from sandbox.tiktok.calendar import TreeVersion
from sandbox.tiktok.call import Call
from sandbox.tiktok.checks.order import faults
from sandbox.tiktok.cleaning import cleaned
from sandbox.tiktok.content import Content
from sandbox.tiktok.envelope import Refusal
from sandbox.tiktok.leaves import check_permission
from sandbox.tiktok.listing import ground_of
from sandbox.tiktok.operation import BASIC, Body, Operation
from sandbox.tiktok.reading import FULL, read_content

Json = dict[str, object]


def check_listing(call: Call) -> object:
    """There is no `category_version` here: the tree that knows the id is taken, the new one first."""
    if option := call.body.child("option"):
        option.value("need_trigger_gne_async_check")
        option.value("gne_async_check_session_id")
    category_id = call.body.text("category_id") or ""
    version = TreeVersion.V1 if category_id not in call.state.trees.v2 else TreeVersion.V2
    content = read_content(call.body, FULL, version)
    reasons, warnings = _judge(call, content)
    return {
        "check_result": "FAILED" if reasons else "PASS",
        "fail_reasons": reasons,
        "warnings": {"message": " ".join(warnings)} if warnings else {},
        "pre_check_results": [],
    }


def _judge(call: Call, content: Content) -> tuple[list[Json], list[str]]:
    try:
        ground = ground_of(call.world, call.shop, content)
        check_permission(ground.leaf, call.shop)
    except Refusal as refused:
        return [{"code": refused.code, "message": refused.message}], []
    reasons: list[Json] = [{"code": fault.code, "message": fault.message} for fault in faults(content, ground)]
    return reasons, [] if reasons else cleaned(content, ground)[1]


OPERATIONS = (
    Operation(
        "Check Product Listing",
        "POST",
        "/product/202309/products/listing_check",
        BASIC,
        check_listing,
        imitates="every rule of Create Product, all faults at once",
        leaves_out="pre_check_results, deprecated listing quality; what the platform does with an L7 id is unknown",
        body=Body.JSON,
    ),
)
