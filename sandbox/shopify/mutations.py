"""The fields of `Mutation`."""

from collections.abc import Mapping
from dataclasses import replace
from typing import cast
from urllib.parse import urlsplit

from graphql import GraphQLError

from sandbox.shopify import bulk, changes
from sandbox.shopify.context import Args, Context, Resolver
from sandbox.shopify.roots import node
from sandbox.shopify.subscriptions import Subscription

RENAMED = {"descriptionHtml": "html", "productType": "product_type"}


def error(field: list[str] | None, message: str, code: str | None = None) -> dict[str, object]:
    """One entry of `userErrors`."""
    return {"__typename": "UserError", "field": field, "message": message, "code": code}


def _create(_root: object, context: Context, args: Args) -> dict[str, object]:
    given = cast("Mapping[str, object]", args["webhookSubscription"])
    topic = str(args["topic"])
    errors = _faults(context, topic, given, None)
    if errors:
        return {"webhookSubscription": None, "userErrors": errors}
    number = 1_500_000_000_000 + context.shop.new_number()
    made = Subscription(number, topic, _uri(given), context.now, context.now)
    context.shop.subscriptions[number] = _filled(made, given)
    return {"webhookSubscription": context.shop.subscriptions[number], "userErrors": []}


def _update(_root: object, context: Context, args: Args) -> dict[str, object]:
    given = cast("Mapping[str, object]", args["webhookSubscription"])
    found = _subscription(context, args)
    if found is None:
        return {"webhookSubscription": None, "userErrors": [_missing()]}
    errors = _faults(context, found.topic, {"uri": found.uri, **given}, found)
    if not errors:
        found.uri, found.updated = _uri(given) or found.uri, context.now
        found = context.shop.subscriptions[found.number] = _filled(found, given)
    return {"webhookSubscription": None if errors else found, "userErrors": errors}


def _delete(_root: object, context: Context, args: Args) -> dict[str, object]:
    found = _subscription(context, args)
    if found is None:
        return {"deletedWebhookSubscriptionId": None, "userErrors": [_missing()]}
    del context.shop.subscriptions[found.number]
    return {"deletedWebhookSubscriptionId": found.gid, "userErrors": []}


def _subscription(context: Context, args: Args) -> Subscription | None:
    found = node(context, args["id"])
    return found if isinstance(found, Subscription) else None


def _missing() -> dict[str, object]:
    return error(["id"], "Webhook subscription does not exist")


def _filled(made: Subscription, given: Mapping[str, object]) -> Subscription:
    include = given.get("includeFields", made.include_fields)
    return replace(
        made,
        filter=cast("str | None", given.get("filter", made.filter)),
        include_fields=cast("list[str]", include or []),
        name=cast("str | None", given.get("name", made.name)),
    )


def _uri(given: Mapping[str, object]) -> str:
    return str(given.get("uri") or given.get("callbackUrl") or "")


def _faults(
    context: Context, topic: str, given: Mapping[str, object], own: Subscription | None
) -> list[dict[str, object]]:
    """Why a subscription cannot be made. Plain http is taken for loopback addresses only, so that tests can listen."""
    uri = _uri(given)
    parts = urlsplit(uri)
    where = ["webhookSubscription", "uri"]
    if not uri:
        return [error(where, "Address can't be blank")]
    if parts.scheme == "http" and parts.hostname not in {"127.0.0.1", "localhost", "::1"}:
        return [error(where, "Address protocol http:// is not supported")]
    if parts.scheme not in {"http", "https", "pubsub", "arn"}:
        return [error(where, "Address is invalid")]
    others = (one for one in context.shop.subscriptions.values() if one is not own)
    if any(one.topic == topic and one.uri == uri and one.filter == given.get("filter") for one in others):
        return [error(where, "Address for this topic has already been taken")]
    return []


def _product_update(_root: object, context: Context, args: Args) -> dict[str, object]:
    if "write_products" not in context.scopes:
        extensions = {"code": "ACCESS_DENIED", "requiredAccess": "`write_products` access scope."}
        raise GraphQLError(
            "Access denied for productUpdate field. Required access: `write_products` access scope.",
            extensions=extensions,
        )
    given = dict(cast("Mapping[str, object]", args.get("product") or {}))
    wanted = str(given.pop("id", ""))
    product = node(context, wanted) if wanted.startswith("gid://shopify/Product/") else None
    if product is None:
        return {"product": None, "userErrors": [error(["id"], "Product does not exist")]}
    if given.get("title", "x") in {"", None}:
        return {"product": None, "userErrors": [error(["title"], "Title can't be blank")]}
    seo = cast("Mapping[str, object]", given.pop("seo", None) or {})
    patch = {RENAMED.get(key, key): value for key, value in given.items()}
    patch |= {f"seo_{key}": value for key, value in seo.items()}
    if isinstance(code := patch.get("category"), str):
        patch["category"] = code.rsplit("/", 1)[-1]
    changed = changes.change_product(context.world, wanted, patch, shop=context.shop.domain)
    return {"product": changed, "userErrors": []}


MUTATION: Mapping[str, Resolver] = {
    "bulkOperationRunQuery": bulk.run_query,
    "bulkOperationCancel": bulk.cancel,
    "webhookSubscriptionCreate": _create,
    "webhookSubscriptionUpdate": _update,
    "webhookSubscriptionDelete": _delete,
    "productUpdate": _product_update,
}
