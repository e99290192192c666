"""Activate, deactivate, delete, recover: up to 20 ids, code 0 with partial failures inside (fact sheet 3.14)."""

from collections.abc import Callable

from sandbox.tiktok import audit
from sandbox.tiktok.call import Call
from sandbox.tiktok.checks.order import faults
from sandbox.tiktok.envelope import Refusal
from sandbox.tiktok.lifecycle import Event, Status
from sandbox.tiktok.listing import count_listing, ground_of
from sandbox.tiktok.operation import BASIC, DELETE, Body, Handler, Operation
from sandbox.tiktok.product import Product
from sandbox.tiktok.products_get import product_fault

MAX_IDS = 20
Act = Callable[[Call, Product], list[Refusal]]


def _bulk(event: Event, act: Act, *, by_platform: bool) -> Handler:
    def run(call: Call) -> object:
        product_ids = call.body.texts("product_ids") or []
        if by_platform:
            call.body.texts("listing_platforms")
        if len(product_ids) > MAX_IDS:
            raise Refusal(12019120, f"At most {MAX_IDS} product_ids")
        if not product_ids:
            raise Refusal(12052030, "The product id is required")
        errors = []
        for product_id in dict.fromkeys(product_ids):
            errors += _one(call, product_id, event, act)
        return {"errors": errors} if errors else {}

    return run


def _one(call: Call, product_id: str, event: Event, act: Act) -> list[dict[str, object]]:
    fault, extra = product_fault(call, product_id), []
    if fault is None:
        product = call.state.products[product_id]
        try:
            extra = act(call, product)
            if not extra and not product.apply(event, call.now):
                fault = Refusal(12052901, f"The product status {product.status.value} does not allow this")
        except Refusal as refused:
            fault = refused
        if extra:
            fault = Refusal(12052990, "The product did not pass the check; see extra_errors")
        if fault is None:
            _settle(call, product, event)
    if fault is None:
        return []
    detail: dict[str, object] = {"product_id": product_id}
    if extra:
        detail["extra_errors"] = [{"code": one.code, "message": one.message} for one in extra]
    return [{"code": fault.code, "message": fault.message, "detail": detail}]


def _settle(call: Call, product: Product, event: Event) -> None:
    if event is Event.ACTIVATE:
        audit.submit(call.world, product)
    elif event is not Event.RECOVER:
        call.world.ripening.cancel(audit.KIND, product.id)
        product.under_review = None
    call.state.put(product)


def _check_activation(call: Call, product: Product) -> list[Refusal]:
    """A product must keep today's rules to go live again; it counts as one listing."""
    if product.status not in (Status.SELLER_DEACTIVATED, Status.PLATFORM_DEACTIVATED):
        return []
    try:
        ground = ground_of(call.world, call.shop, product.base, product)
    except Refusal as refused:
        return [refused]
    found = [Refusal(fault.code, fault.message) for fault in faults(product.base, ground)]
    if not found:
        count_listing(call.world, call.shop)
    return found


def _nothing_more(_call: Call, _product: Product) -> list[Refusal]:
    return []


_ACTIVATE = _bulk(Event.ACTIVATE, _check_activation, by_platform=True)
_DEACTIVATE = _bulk(Event.DEACTIVATE, _nothing_more, by_platform=True)
_DELETE = _bulk(Event.DELETE, _nothing_more, by_platform=False)
_RECOVER = _bulk(Event.RECOVER, _nothing_more, by_platform=False)

OPERATIONS = (
    Operation(
        "Activate Product",
        "POST",
        "/product/202309/products/activate",
        BASIC,
        _ACTIVATE,
        imitates="partial failures with extra_errors, a new audit, the daily limit",
        leaves_out="listing_platforms is taken and not applied",
        body=Body.JSON,
    ),
    Operation(
        "Deactivate Products",
        "POST",
        "/product/202309/products/deactivate",
        BASIC,
        _DEACTIVATE,
        imitates="partial failures",
        leaves_out="listing_platforms is taken and not applied",
        body=Body.JSON,
    ),
    Operation(
        "Delete Products",
        "DELETE",
        "/product/202309/products",
        DELETE,
        _DELETE,
        imitates="partial failures, JSON body, not for FREEZE",
        body=Body.JSON,
    ),
    Operation(
        "Recover Products",
        "POST",
        "/product/202309/products/recover",
        DELETE,
        _RECOVER,
        imitates="DELETED to SELLER_DEACTIVATED, partial failures",
        body=Body.JSON,
    ),
)
