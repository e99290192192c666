"""Which documented calls are imitated, and what is left out: read by the call log's names and the coverage page."""

from dataclasses import dataclass

GRAPHQL = "/shopify/{shop}/admin/api/{version}/graphql.json"
TOKENS = "/shopify/{shop}/admin/oauth/access_token"


@dataclass(frozen=True, slots=True)
class Operation:
    """One documented call; GraphQL fields share one path."""

    name: str
    method: str
    path: str
    imitates: str
    leaves_out: str = ""


def _field(name: str, imitates: str, leaves_out: str = "") -> Operation:
    return Operation(name, "POST", GRAPHQL, imitates, leaves_out)


OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "token exchange",
        "POST",
        TOKENS,
        "ID token to offline (expiring or not) and online tokens; old non-expiring tokens turned into expiring ones; "
        "`invalid_subject_token`, `invalid_client`",
        "repeating the turning of an old token for 7 days; authorization code, client credentials and application-only "
        "grants; 429",
    ),
    Operation(
        "token refresh",
        "POST",
        TOKENS,
        "rotation; the previous refresh token works until its follower is used, 30 days from first use, 90 in all; "
        "`invalid_grant`",
    ),
    _field(
        "Admin GraphQL, every request",
        "validation against an excerpt of the 2026-10 schema; unknown fields and arguments in the platform's words; "
        "fall forward to living versions; 401, 402, 404, 423, 430; access scopes; cost, bucket per shop, THROTTLED, "
        "MAX_COST_EXCEEDED",
        "types and fields outside the excerpt; differences between versions; the cost of a connection follows one "
        "measurement of the live platform; `Shopify-GraphQL-Cost-Debug`; `@idempotent` is accepted and ignored",
    ),
    _field(
        "product, products, productByIdentifier, productsCount",
        "all fields of the listing documents; search terms, AND, OR, NOT, ranges; sort keys; "
        "cursors that survive deletes",
        "saved searches, metafields of variants (always none) and the filters of `metafields`, publications, "
        "selling plans, bundles; search never lags; "
        "paging goes on beyond 25,000 objects",
    ),
    _field("productVariant, productVariants, inventoryItem, location, locations", "one location per shop"),
    _field("collection, collections", "manual collections by the products' own lists", "rules, sorting"),
    _field("taxonomy", "the categories the built-in store uses, with all their ancestors", "every other category"),
    _field("node, nodes, shop, currentAppInstallation, publicApiVersions", "the fields of the excerpt"),
    _field("productUpdate", "text, status, category, tags and SEO fields", "media, options, metafields, collections"),
    _field(
        "bulkOperationRunQuery, bulkOperation, bulkOperations, currentBulkOperation, bulkOperationCancel",
        "rules on connections and depth, five at once, states by the setting `bulk_operation`, `groupObjects`, "
        "the store as it was at completion",
        "partial results, the ten-day end; the file size beyond 1,000 products is estimated; lines are made while "
        "they are downloaded",
    ),
    Operation(
        "bulk result file",
        "GET",
        "/shopify-bulk/{shop}/{number}.jsonl",
        "JSONL with `__parentId`, children never before and, ungrouped, not right after their parents; signed, 7 days",
    ),
    _field(
        "webhookSubscriptionCreate, -Update, -Delete, webhookSubscription, webhookSubscriptions",
        "uri, filter, includeFields, name; doubles and plain http (but on loopback) refused; "
        "compliance topics are not in the enum; deleted when the last retry fails",
        "Pub/Sub and EventBridge addresses are kept and never sent to",
    ),
    Operation(
        "product pictures",
        "GET",
        "/cdn/shop/{shop}/products/{name}",
        "drawn with the size and format the media says; some are missing or no picture",
        "resizing by `transform`; pictures named in a CSV file are drawn too, never fetched",
    ),
)
