"""`POST /admin/api/{version}/graphql.json`: who asks, is it valid, can it be paid, the answer."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeGuard, cast

import orjson
from graphql import (
    DocumentNode,
    ExecutionResult,
    FragmentDefinitionNode,
    GraphQLError,
    OperationDefinitionNode,
    execute,
    parse,
    validate,
)
from graphql.execution import get_variable_values
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox.calls import current
from sandbox.shopify.context import Context
from sandbox.shopify.cost import MAX_COST, Costing
from sandbox.shopify.executable import executable_schema
from sandbox.shopify.refusals import RULES, throttled, too_dear, wire
from sandbox.shopify.shops import Shop, Standing
from sandbox.shopify.versions import answered_by
from sandbox.world import World

BAD_TOKEN = "[API] Invalid API key or access token (unrecognized login or wrong password)"  # noqa: S105  # an error text
STANDINGS: Mapping[Standing, tuple[int, str]] = {
    Standing.FROZEN: (402, "Unavailable Shop"),
    Standing.LOCKED: (423, "Shop is locked"),
    Standing.BLOCKED: (430, "Shopify Security Rejection"),
}
MAX_QUERY = 50_000


@dataclass(frozen=True, slots=True)
class Asked:
    """A request's body."""

    query: str
    variables: Mapping[str, object]
    operation: str | None


async def graphql(world: World, shop: Shop, request: Request) -> Response:
    """One GraphQL request, from the door to the answer."""
    version = answered_by(request.path_params["version"])
    if version is None:
        return JSONResponse({"errors": "Not Found"}, 404)
    refused = _refused(world, shop, request)
    if refused is not None:
        return refused
    asked = _asked(await request.body())
    if asked is None:
        answer: Response = JSONResponse({"errors": {"query": "Required parameter missing or invalid"}}, 400)
    else:
        base = str(request.base_url).rstrip("/")
        world.shopify.base_url = base
        context = Context(world, shop, base, frozenset(shop.scopes), version)
        body = _answer(context, asked)
        answer = Response(orjson.dumps(body), media_type="application/json")
    answer.headers["X-Shopify-API-Version"] = version
    answer.headers["X-Request-Id"] = current().request_id or "0"
    if version != request.path_params["version"]:
        answer.headers["X-Shopify-API-Deprecated-Reason"] = "https://shopify.dev/api/usage/versioning"
    return answer


def _refused(world: World, shop: Shop, request: Request) -> Response | None:
    """Whoever has no good token, or asks a shop that does not answer."""
    token = request.headers.get("X-Shopify-Access-Token", "")
    if not shop.installed or shop.tokens.live(token, world.clock.now()) is None:
        return JSONResponse({"errors": BAD_TOKEN}, 401)
    if shop.standing is not Standing.ACTIVE:
        status, words = STANDINGS[shop.standing]
        return JSONResponse({"errors": words}, status)
    if not request.headers.get("content-type", "").startswith(("application/json", "application/graphql")):
        return JSONResponse({"errors": "Unsupported Media Type"}, 415)
    return None


def _asked(raw: bytes) -> Asked | None:
    try:
        body = json.loads(raw)
    except ValueError:
        return None
    if not isinstance(body, dict) or not isinstance(body.get("query"), str) or not body["query"].strip():
        return None
    variables, operation = body.get("variables") or {}, body.get("operationName")
    current().unknown_fields.extend(sorted(set(body) - {"query", "variables", "operationName", "extensions"}))
    return Asked(body["query"], variables if isinstance(variables, dict) else {}, operation)


@lru_cache(maxsize=512)
def _checked(query: str) -> tuple[DocumentNode | None, tuple[GraphQLError, ...]]:
    """A document and what is wrong with it; remembered, since clients send the same texts again and again."""
    if len(query) > MAX_QUERY:
        return None, (GraphQLError("Query is too large"),)
    try:
        document = parse(query)
    except GraphQLError as error:
        return None, (error,)
    return document, tuple(validate(executable_schema(), document, RULES))


def _answer(context: Context, asked: Asked) -> dict[str, object]:
    document, errors = _checked(asked.query)
    if document is None or errors:
        return {"errors": [wire(error) for error in errors]}
    operation = _operation(document, asked.operation)
    if operation is None:
        name = f'No operation named "{asked.operation}"' if asked.operation else "An operation name is required"
        return {"errors": [{"message": name}]}
    coerced = get_variable_values(executable_schema(), operation.variable_definitions or (), dict(asked.variables))
    if isinstance(coerced, list):
        return {"errors": [wire(error) for error in coerced]}
    fragments = {one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)}
    costing = Costing(executable_schema(), operation, fragments, {**_defaults(coerced), **asked.variables})
    return _paid(context, asked, document, costing)


def _defaults(coerced: object) -> Mapping[str, object]:
    """Variables with their default values filled in."""
    values = getattr(coerced, "coerced", {})
    return cast("Mapping[str, object]", values)


def _paid(context: Context, asked: Asked, document: DocumentNode, costing: Costing) -> dict[str, object]:
    """Charge the most it can cost, run it, give the rest back."""
    settings, bucket, requested = context.world.settings, context.shop.bucket, costing.requested()
    size, rate = settings.shopify_bucket, settings.shopify_restore_rate
    if requested > MAX_COST:
        return {"errors": [too_dear(requested, MAX_COST)]}
    if bucket.available(context.now, size, rate) < requested:
        return {"errors": [throttled()], "extensions": {"cost": _cost(context, requested, None)}}
    bucket.take(requested)
    result = execute(
        executable_schema(),
        document,
        context_value=context,
        variable_values=dict(asked.variables),
        operation_name=asked.operation,
        is_awaitable=_never,
    )
    if not isinstance(result, ExecutionResult):
        raise TypeError("the sandbox's resolvers are synchronous")
    actual = min(requested, costing.actual(result.data))
    bucket.give_back(requested - actual)
    answer: dict[str, object] = {"data": result.data}
    if result.errors:
        answer["errors"] = [wire(error) for error in result.errors]
    return {**answer, "extensions": {"cost": _cost(context, requested, actual)}}


def _never(_value: object) -> TypeGuard[Awaitable[object]]:
    """No resolver of ours is asynchronous; not looking saves a tenth of the time."""
    return False


def _cost(context: Context, requested: int, actual: int | None) -> dict[str, object]:
    settings = context.world.settings
    size, rate = settings.shopify_bucket, settings.shopify_restore_rate
    available = context.shop.bucket.available(context.now, size, rate)
    return {
        "requestedQueryCost": requested,
        "actualQueryCost": actual,
        "throttleStatus": {
            "maximumAvailable": size,
            "currentlyAvailable": int(max(0.0, available)),
            "restoreRate": rate,
        },
    }


def _operation(document: DocumentNode, name: str | None) -> OperationDefinitionNode | None:
    found = [one for one in document.definitions if isinstance(one, OperationDefinitionNode)]
    if name is None:
        return found[0] if len(found) == 1 else None
    return next((one for one in found if one.name and one.name.value == name), None)
