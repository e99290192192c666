"""Running, cancelling and finishing bulk operations; their result files are made while they are downloaded."""

from sandbox.shopify import bulk_rules
from sandbox.shopify.bulk_operations import KIND, BulkOperation, BulkStatus
from sandbox.shopify.bulk_results import measure
from sandbox.shopify.context import Args, Context
from sandbox.shopify.hooks import emit
from sandbox.shopify.objects import iso
from sandbox.world import World

MAX_OPEN = 5


def run_query(_root: object, context: Context, args: Args) -> dict[str, object]:
    """`bulkOperationRunQuery`: up to five at once; the rest is up to the ripening rule `bulk_operation`."""
    query, shop = str(args["query"]), context.shop
    if reasons := bulk_rules.faults(query):
        return _refused([(reason, "INVALID") for reason in reasons])
    if sum(one.is_open for one in shop.bulk.values()) >= MAX_OPEN:
        message = "You have reached the limit of concurrent bulk operations for this app and shop."
        return _refused([(message, "LIMIT_REACHED")])
    number = 5_300_000_000_000 + shop.new_number()
    operation = BulkOperation(number, query, bool(args.get("groupObjects")), context.base, context.now)
    shop.bulk[number] = operation
    context.world.ripening.schedule(KIND, f"{shop.domain}/{number}", context.world.settings.bulk_operation)
    return {"bulkOperation": operation, "userErrors": []}


def cancel(_root: object, context: Context, args: Args) -> dict[str, object]:
    """`bulkOperationCancel`: an open operation is canceling, and canceled at the next look."""
    number = str(args["id"]).rsplit("/", 1)[-1]
    operation = context.shop.bulk.get(int(number)) if number.isdigit() else None
    if operation is None:
        return {"bulkOperation": None, "userErrors": [_error("Bulk operation does not exist", None)]}
    if not operation.is_open:
        message = "A bulk operation cannot be canceled when it is " + operation.status.lower()
        return {"bulkOperation": operation, "userErrors": [_error(message, None)]}
    operation.status = BulkStatus.CANCELING
    context.world.ripening.schedule(KIND, f"{context.shop.domain}/{number}", "immediate")
    return {"bulkOperation": operation, "userErrors": []}


def finish(world: World, key: str) -> None:
    """Ripe: canceled, failed for a missing scope, or completed with its counts; sends `bulk_operations/finish`."""
    domain, _, number = key.partition("/")
    shop = world.shopify.shops.get(domain)
    operation = shop.bulk.get(int(number)) if shop else None
    if shop is None or operation is None or not operation.is_open:
        return
    operation.completed = world.clock.now()
    if operation.status == BulkStatus.CANCELING:
        operation.status = BulkStatus.CANCELED
    elif "read_products" not in shop.scopes:
        operation.status, operation.error_code = BulkStatus.FAILED, "ACCESS_DENIED"
    else:
        shop.frozen_stores[operation.number] = shop.store.copy()
        measure(world, shop, operation)
        operation.status = BulkStatus.COMPLETED
    payload = {
        "admin_graphql_api_id": operation.gid,
        "completed_at": iso(operation.completed),
        "created_at": iso(operation.created),
        "error_code": operation.error_code and operation.error_code.lower(),
        "status": operation.status.lower(),
        "type": "query",
    }
    emit(world, shop, "BULK_OPERATIONS_FINISH", payload)


def _refused(reasons: list[tuple[str, str]]) -> dict[str, object]:
    return {"bulkOperation": None, "userErrors": [_error(message, code, ["query"]) for message, code in reasons]}


def _error(message: str, code: str | None, field: list[str] | None = None) -> dict[str, object]:
    return {"__typename": "BulkOperationUserError", "field": field, "message": message, "code": code}
