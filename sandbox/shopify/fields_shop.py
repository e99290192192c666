"""Fields of the shop, its collections, the taxonomy, our installation, subscriptions and operations."""

from collections.abc import Mapping

from sandbox.shopify.bulk_operations import BulkOperation, BulkStatus
from sandbox.shopify.context import Args, Context, Resolver
from sandbox.shopify.fields_products import LOCATION, exact
from sandbox.shopify.objects import gid, iso
from sandbox.shopify.signing import signature
from sandbox.shopify.taxonomy import TaxonomyCategory, children
from sandbox.shopify.versions import CANDIDATE, LIVING

RESULT_LIFE = 7 * 86_400


def location(context: Context) -> dict[str, object]:
    """The shop's only location."""
    opened = iso(1_700_000_000)
    return {
        "__typename": "Location",
        "id": gid("Location", LOCATION),
        "legacyResourceId": str(LOCATION),
        "name": f"{context.shop.profile.name} warehouse",
        "isActive": True,
        "fulfillsOnlineOrders": True,
        "shipsInventory": True,
        "createdAt": opened,
        "updatedAt": opened,
    }


def shop(context: Context) -> dict[str, object]:
    """`Shop`."""
    own, profile = context.shop, context.shop.profile
    imperial = profile.country == "US"
    return {
        "__typename": "Shop",
        "id": own.gid,
        "name": profile.name,
        "email": profile.email,
        "contactEmail": profile.email,
        "shopOwnerName": "Robin Merchant",
        "myshopifyDomain": own.domain,
        "url": f"https://{own.domain}",
        "primaryDomain": {
            "id": gid("Domain", own.number),
            "host": own.domain,
            "url": f"https://{own.domain}",
            "sslEnabled": True,
        },
        "currencyCode": profile.currency,
        "enabledPresentmentCurrencies": [profile.currency],
        "ianaTimezone": profile.timezone,
        "timezoneAbbreviation": "EST" if imperial else "UTC",
        "timezoneOffset": "-0500" if imperial else "+0000",
        "weightUnit": profile.weight_unit,
        "unitSystem": "IMPERIAL_SYSTEM" if imperial else "METRIC_SYSTEM",
        "taxesIncluded": not imperial,
        "plan": {
            "displayName": profile.plan,
            "publicDisplayName": profile.plan,
            "partnerDevelopment": False,
            "shopifyPlus": profile.plan == "Plus",
        },
        "shopAddress": {
            "id": gid("ShopAddress", own.number),
            "address1": "1 Market Street",
            "city": "Springfield",
            "zip": "10001",
            "country": profile.country,
            "countryCodeV2": profile.country,
        },
        "resourceLimits": {
            "locationLimit": 200,
            "maxProductOptions": 3,
            "maxProductVariants": 2048,
            "redirectLimitReached": False,
        },
        "createdAt": iso(1_700_000_000),
        "updatedAt": iso(1_700_000_000),
    }


def installation(context: Context) -> dict[str, object]:
    """`currentAppInstallation`."""
    config = context.world.config
    scopes = [{"handle": one, "description": one.replace("_", " ").capitalize()} for one in context.shop.scopes]
    return {
        "__typename": "AppInstallation",
        "id": gid("AppInstallation", context.shop.number + 1000),
        "launchUrl": f"https://{context.shop.domain}/admin/apps/{config.shopify_client_id}",
        "accessScopes": scopes,
        "app": {
            "id": gid("App", 9_300_000_001),
            "apiKey": config.shopify_client_id,
            "title": "Leafmark",
            "handle": "leafmark",
        },
    }


def api_versions() -> list[dict[str, object]]:
    """`publicApiVersions`."""
    newest = LIVING[-1]
    rows = [(one, f"{one} (Latest)" if one == newest else one, True) for one in LIVING]
    rows += [(CANDIDATE, f"{CANDIDATE} (Release candidate)", False), ("unstable", "unstable", False)]
    return [{"handle": handle, "displayName": name, "supported": supported} for handle, name, supported in rows]


def _result_url(operation: BulkOperation, context: Context, _args: Args) -> str | None:
    """Signed and alive for seven days after completion; null when there are no objects."""
    if operation.status != BulkStatus.COMPLETED or not operation.objects or operation.completed is None:
        return None
    expires = str(int(operation.completed + RESULT_LIFE))
    path = f"/shopify-bulk/{context.shop.domain}/{operation.number}.jsonl"
    return f"{operation.base}{path}?expires={expires}&signature={signature(context.world, path, expires)}"


COLLECTION: Mapping[str, Resolver] = {
    "id": lambda one, _c, _a: one.gid,
    "legacyResourceId": lambda one, _c, _a: str(one.number),
    "handle": lambda one, _c, _a: one.handle,
    "title": lambda one, _c, _a: one.title,
    "description": lambda _one, _c, _a: "",
    "descriptionHtml": lambda _one, _c, _a: "",
    "sortOrder": lambda _one, _c, _a: "BEST_SELLING",
    "updatedAt": lambda one, _c, _a: iso(one.updated),
    "productsCount": lambda one, context, _a: exact(sum(1 for _ in context.shop.store.members(one.handle))),
    "hasProduct": lambda one, context, args: any(
        product.gid == args.get("id") for product in context.shop.store.members(one.handle)
    ),
}
CATEGORY: Mapping[str, Resolver] = {
    "id": lambda one, _c, _a: one.gid,
    "name": lambda one, _c, _a: one.name,
    "fullName": lambda one, _c, _a: one.full_name,
    "level": lambda one, _c, _a: len(one.ancestors) + 1,
    "isLeaf": lambda one, _c, _a: one.is_leaf,
    "isRoot": lambda one, _c, _a: not one.ancestors,
    "isArchived": lambda _one, _c, _a: False,
    "parentId": lambda one, _c, _a: _category_gids(one.ancestors[:1])[0] if one.ancestors else None,
    "ancestorIds": lambda one, _c, _a: _category_gids(one.ancestors),
    "childrenIds": lambda one, _c, _a: [child.gid for child in children(one.code)],
}
BULK: Mapping[str, Resolver] = {
    "id": lambda one, _c, _a: one.gid,
    "status": lambda one, _c, _a: one.status,
    "errorCode": lambda one, _c, _a: one.error_code,
    "type": lambda _one, _c, _a: "QUERY",
    "query": lambda one, _c, _a: one.query,
    "createdAt": lambda one, _c, _a: iso(one.created),
    "completedAt": lambda one, _c, _a: iso(one.completed) if one.completed else None,
    "objectCount": lambda one, _c, _a: str(one.objects),
    "rootObjectCount": lambda one, _c, _a: str(one.roots),
    "fileSize": lambda one, _c, _a: str(one.size) if one.size else None,
    "url": _result_url,
    "partialDataUrl": lambda _one, _c, _a: None,
}
SUBSCRIPTION: Mapping[str, Resolver] = {
    "id": lambda one, _c, _a: one.gid,
    "legacyResourceId": lambda one, _c, _a: str(one.number),
    "topic": lambda one, _c, _a: one.topic,
    "uri": lambda one, _c, _a: one.uri,
    "callbackUrl": lambda one, _c, _a: one.uri,
    "endpoint": lambda one, _c, _a: {"__typename": "WebhookHttpEndpoint", "callbackUrl": one.uri},
    "format": lambda _one, _c, _a: "JSON",
    "filter": lambda one, _c, _a: one.filter,
    "includeFields": lambda one, _c, _a: one.include_fields,
    "metafieldNamespaces": lambda _one, _c, _a: [],
    "name": lambda one, _c, _a: one.name,
    "apiVersion": lambda _one, _c, _a: next(one for one in api_versions() if one["handle"] == LIVING[-1]),
    "createdAt": lambda one, _c, _a: iso(one.created),
    "updatedAt": lambda one, _c, _a: iso(one.updated),
}


def _category_gids(codes: list[str]) -> list[str]:
    return [TaxonomyCategory(code, "", False).gid for code in codes]
