"""Every place of the API that takes an id, and how to put one there."""

from dataclasses import dataclass

from cli.client import Json

NOWHERE = "00000000-0000-0000-0000-000000000001"
ERRORS = "userErrors { code field message }"


@dataclass(frozen=True, slots=True)
class Try:
    """How to put an id in one place: a document over ``$id``, the kind that belongs there, what nothing looks like."""

    document: str
    kind: str
    nothing: object = None


def one(field: str, kind: str) -> Try:
    return Try(f"query Q($id: ID!) {{ {field}(id: $id) {{ id }} }}", kind)


def change(field: str, kind: str, made: str, argument: str = "id: $id", also: str = "") -> Try:
    return Try(f"mutation M($id: ID!{also}) {{ {field}({argument}) {{ {made} {ERRORS} }} }}", kind)


MAPPED = 'source: { kind: PRODUCT_TYPE, key: "Candles" }, category: { id: "1008592", version: V2 }'
EMPTY: Json = {"totalCount": 0}
TRIES = {
    "node id": one("node", "Product"),
    "nodes ids": Try("query Q($id: ID!) { nodes(ids: [$id]) { id } }", "Product", [None]),
    "tiktokShop id": one("tiktokShop", "TikTokShop"),
    "product id": one("product", "Product"),
    "listing id": one("listing", "Listing"),
    "file id": one("file", "File"),
    "fileDelete id": change("fileDelete", "File", "deletedFileId"),
    "task id": one("task", "Task"),
    "categoryTemplate id": one("categoryTemplate", "CategoryTemplate"),
    "categoryTemplates tiktokShopId": Try(
        "query Q($id: ID!) { categoryTemplates(tiktokShopId: $id, first: 5) { totalCount } }", "TikTokShop", EMPTY
    ),
    "listings filter.tiktokShopId": Try(
        "query Q($id: ID!) { listings(filter: { tiktokShopId: $id }, first: 5) { totalCount } }", "TikTokShop", EMPTY
    ),
    "listings filter.templateId": Try(
        "query Q($id: ID!) { listings(filter: { templateId: $id }, first: 5) { totalCount } }",
        "CategoryTemplate",
        EMPTY,
    ),
    "category tiktokShopId": Try(
        'query Q($id: ID!) { category(tiktokShopId: $id, ref: { id: "1008592", version: V2 }) { id } }', "TikTokShop"
    ),
    "tiktokShopDisconnect input.tiktokShopId": change(
        "tiktokShopDisconnect", "TikTokShop", "tiktokShop { id }", "input: { tiktokShopId: $id }"
    ),
    "categoriesSync input.tiktokShopId": change(
        "categoriesSync", "TikTokShop", "task { id }", "input: { tiktokShopId: $id }"
    ),
    "categoryTemplateCreate input.tiktokShopId": change(
        "categoryTemplateCreate",
        "TikTokShop",
        "categoryTemplate { id }",
        'input: { tiktokShopId: $id, name: "Mine", category: { id: "1008592", version: V2 } }',
    ),
    "categoryTemplateUpdate id": change(
        "categoryTemplateUpdate", "CategoryTemplate", "categoryTemplate { id }", 'id: $id, input: { name: "Mine" }'
    ),
    "categoryTemplateDelete id": change("categoryTemplateDelete", "CategoryTemplate", "deletedCategoryTemplateId"),
    "categoryTemplateActivate id": change("categoryTemplateActivate", "CategoryTemplate", "task { id }"),
    "categoryTemplateDeactivate id": change(
        "categoryTemplateDeactivate", "CategoryTemplate", "categoryTemplate { id }"
    ),
    "productsList input.tiktokShopId": change(
        "productsList",
        "TikTokShop",
        "task { id }",
        f'input: {{ tiktokShopId: $id, templateId: "gid://leafmark/CategoryTemplate/{NOWHERE}" }}',
    ),
    "productsList input.productIds": change(
        "productsList", "Product", "task { id }", "input: { tiktokShopId: $own, productIds: [$id] }", ", $own: ID!"
    ),
    "productsList input.templateId": change(
        "productsList",
        "CategoryTemplate",
        "task { id }",
        "input: { tiktokShopId: $own, templateId: $id }",
        ", $own: ID!",
    ),
    "productsList input.filter.tiktokShopId": change(
        "productsList",
        "TikTokShop",
        "task { id }",
        "input: { tiktokShopId: $own, filter: { tiktokShopId: $id } }",
        ", $own: ID!",
    ),
    "productsList input.filter.templateId": change(
        "productsList",
        "CategoryTemplate",
        "task { id }",
        "input: { tiktokShopId: $own, filter: { templateId: $id } }",
        ", $own: ID!",
    ),
    "productsCheck input.tiktokShopId": change(
        "productsCheck",
        "TikTokShop",
        "task { id }",
        f'input: {{ tiktokShopId: $id, productIds: ["gid://leafmark/Product/{NOWHERE}"] }}',
    ),
    "productsCheck input.productIds": change(
        "productsCheck", "Product", "task { id }", "input: { tiktokShopId: $own, productIds: [$id] }", ", $own: ID!"
    ),
    "productsCheck input.templateId": change(
        "productsCheck",
        "CategoryTemplate",
        "task { id }",
        "input: { tiktokShopId: $own, productIds: [], templateId: $id }",
        ", $own: ID!",
    ),
    "problems filter.tiktokShopId": Try(
        "query Q($id: ID!) { problems(filter: { tiktokShopId: $id }, first: 5) { totalCount } }", "TikTokShop", EMPTY
    ),
    "problemDismiss input.tiktokShopId": change(
        "problemDismiss", "TikTokShop", "changed", 'input: { code: "TITLE_EMPTY", tiktokShopId: $id }'
    ),
    "problemDismiss input.listingIds": change(
        "problemDismiss", "Listing", "changed", 'input: { code: "TITLE_EMPTY", listingIds: [$id] }'
    ),
    "categoryMappingSet input.tiktokShopId": change(
        "categoryMappingSet", "TikTokShop", "categoryMapping { id }", f"input: {{ tiktokShopId: $id, {MAPPED} }}"
    ),
    "categoryMappingsSet input.tiktokShopId": change(
        "categoryMappingsSet",
        "TikTokShop",
        "results { userErrors { code } }",
        f"input: {{ tiktokShopId: $id, mappings: [{{ {MAPPED} }}] }}",
    ),
    "categoryMappingDelete id": change("categoryMappingDelete", "CategoryMapping", "deletedCategoryMappingId"),
    "categoryMappingPackImport input.tiktokShopId": change(
        "categoryMappingPackImport",
        "TikTokShop",
        "report { coverage }",
        "input: { tiktokShopId: $id, file: $file }",
        ", $file: String!",
    ),
    "categoryMappingsCopy input.fromTiktokShopId": change(
        "categoryMappingsCopy",
        "TikTokShop",
        "report { coverage }",
        "input: { fromTiktokShopId: $id, toTiktokShopId: $own }",
        ", $own: ID!",
    ),
    "categoryMappingsCopy input.toTiktokShopId": change(
        "categoryMappingsCopy",
        "TikTokShop",
        "report { coverage }",
        "input: { fromTiktokShopId: $own, toTiktokShopId: $id }",
        ", $own: ID!",
    ),
    "tiktokShopRecommendationThresholdSet input.tiktokShopId": change(
        "tiktokShopRecommendationThresholdSet", "TikTokShop", "tiktokShop { id }", "input: { tiktokShopId: $id }"
    ),
    "recommendationsRefresh input.tiktokShopId": change(
        "recommendationsRefresh", "TikTokShop", "task { id }", "input: { tiktokShopId: $id, filter: ALL }"
    ),
    "recommendationsRefresh input.productIds": change(
        "recommendationsRefresh",
        "Product",
        "task { id }",
        "input: { tiktokShopId: $own, productIds: [$id] }",
        ", $own: ID!",
    ),
    "recommendationApprove id": change("recommendationApprove", "Recommendation", "recommendation { id }"),
    "recommendationReject id": change("recommendationReject", "Recommendation", "recommendation { id }"),
    "taskRetry ids": change("taskRetry", "Task", "tasks { id }", "ids: [$id]"),
    "taskRetry filter.tiktokShopId": change("taskRetry", "TikTokShop", "tasks { id }", "filter: { tiktokShopId: $id }"),
    "taskItemFixAndRetry itemId": change(
        "taskItemFixAndRetry", "TaskItem", "task { id }", 'itemId: $id, patch: { title: "A candle" }'
    ),
    "remoteProducts tiktokShopId": Try(
        "query Q($id: ID!) { remoteProducts(tiktokShopId: $id, first: 5) { totalCount } }", "TikTokShop", EMPTY
    ),
    "linkProposals tiktokShopId": Try(
        "query Q($id: ID!) { linkProposals(tiktokShopId: $id, first: 5) { totalCount } }", "TikTokShop", EMPTY
    ),
    "tiktokShopSweep input.tiktokShopId": change(
        "tiktokShopSweep", "TikTokShop", "task { id }", "input: { tiktokShopId: $id }"
    ),
    "tiktokShopMatchPolicySet input.tiktokShopId": change(
        "tiktokShopMatchPolicySet", "TikTokShop", "tiktokShop { id }", "input: { tiktokShopId: $id, matchPolicy: HOLD }"
    ),
    "listingLink input.tiktokShopId": change(
        "listingLink",
        "TikTokShop",
        "listing { id }",
        f'input: {{ tiktokShopId: $id, productId: "gid://leafmark/Product/{NOWHERE}", remoteId: "1" }}',
    ),
    "listingLink input.productId": change(
        "listingLink",
        "Product",
        "listing { id }",
        'input: { tiktokShopId: $own, productId: $id, remoteId: "1" }',
        ", $own: ID!",
    ),
    "listingUnlink listingId": change("listingUnlink", "Listing", "listing { id }", "listingId: $id"),
    "linkProposalReject id": change("linkProposalReject", "LinkProposal", "linkProposal { id }"),
    **{
        f"{field} input.{path}": change(field, kind, "task { id }", f"input: {{ {given} }}", also)
        for field in ("listingsActivate", "listingsDeactivate", "listingsDelete", "listingsRecover")
        for path, kind, given, also in (
            (
                "tiktokShopId",
                "TikTokShop",
                f'tiktokShopId: $id, listingIds: ["gid://leafmark/Listing/{NOWHERE}"]',
                "",
            ),
            ("listingIds", "Listing", "tiktokShopId: $own, listingIds: [$id]", ", $own: ID!"),
        )
    },
    "productOverridesImport input.tiktokShopId": change(
        "productOverridesImport",
        "TikTokShop",
        "report { applied }",
        'input: { tiktokShopId: $id, csv: "product_id" }',
    ),
    "listingsEdit input.tiktokShopId": change(
        "listingsEdit", "TikTokShop", "task { id }", "input: { tiktokShopId: $id }"
    ),
    **{
        f"listingsEdit input.{path}": change(
            "listingsEdit", kind, "task { id }", f"input: {{ tiktokShopId: $own, {given} }}", ", $own: ID!"
        )
        for path, kind, given in (
            ("listingIds", "Listing", "listingIds: [$id]"),
            ("productIds", "Product", "productIds: [$id]"),
            ("filter.templateId", "CategoryTemplate", "filter: { templateId: $id }"),
        )
    },
    "listingChangeCategory id": change(
        "listingChangeCategory",
        "Listing",
        "task { id }",
        'id: $id, input: { category: { id: "1008592", version: V2 } }',
    ),
    "listingOwnershipSet id": change(
        "listingOwnershipSet", "Listing", "listing { id }", "id: $id, fields: [{ group: TITLE, owner: TIKTOK }]"
    ),
    "tiktokShopOwnershipSet id": change(
        "tiktokShopOwnershipSet",
        "TikTokShop",
        "tiktokShop { id }",
        "id: $id, fields: [{ group: TITLE, owner: TIKTOK }]",
    ),
    "taskCancel id": change("taskCancel", "Task", "task { id }"),
    "taskPause id": change("taskPause", "Task", "task { id }"),
    "taskResume id": change("taskResume", "Task", "task { id }"),
    "apiTokenRevoke id": change("apiTokenRevoke", "ApiToken", "apiToken { id }"),
}
REFUSING_QUERIES = {
    "categoryMappings tiktokShopId": Try(
        "query Q($id: ID!) { categoryMappings(tiktokShopId: $id, first: 5) { totalCount } }", "TikTokShop"
    ),
    "categoryMappingPack tiktokShopId": Try(
        "query Q($id: ID!) { categoryMappingPack(tiktokShopId: $id) { file } }", "TikTokShop"
    ),
    "listingBackups tiktokShopId": Try(
        "query Q($id: ID!) { listingBackups(tiktokShopId: $id) { field } }", "TikTokShop"
    ),
    "attributeValueMatch tiktokShopId": Try(
        "query Q($id: ID!) { attributeValueMatch(tiktokShopId: $id, "
        'ref: { id: "1008592", version: V2 }, attributeId: "1", texts: ["Red"]) { text } }',
        "TikTokShop",
    ),
    "attributeRequirements tiktokShopId": Try(
        "query Q($id: ID!) { attributeRequirements(tiktokShopId: $id, "
        'category: { id: "1008592", version: V2 }, answers: []) { forbidden { id } } }',
        "TikTokShop",
    ),
    "recommendations tiktokShopId": Try(
        "query Q($id: ID!) { recommendations(tiktokShopId: $id, first: 5) { totalCount } }", "TikTokShop"
    ),
    "productOverridesExport tiktokShopId": Try(
        "query Q($id: ID!) { productOverridesExport(tiktokShopId: $id, first: 5) { csv } }", "TikTokShop"
    ),
    "categories tiktokShopId": Try(
        "query Q($id: ID!) { categories(tiktokShopId: $id, version: V2, first: 5) { totalCount } }", "TikTokShop"
    ),
}
"""Questions that cannot be answered with nothing: an unknown shop has no tree and no file, not even empty ones."""

ALL = TRIES | REFUSING_QUERIES
