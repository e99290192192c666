"""Every GraphQL document we send to Shopify's Admin API; a test validates each against the schema (2026-10)."""

from dataclasses import dataclass

_VARIANT = """
  id sku barcode title price compareAtPrice inventoryPolicy inventoryQuantity
  selectedOptions { name value }
  inventoryItem { id tracked requiresShipping measurement { weight { value unit } } }
"""
_PRODUCT = """
  id handle title descriptionHtml vendor productType tags status createdAt updatedAt hasOnlyDefaultVariant isGiftCard
  category { id fullName isLeaf isArchived }
  options { id name position optionValues { id name } }
"""
_FRAGMENTS = f"""
fragment VariantFields on ProductVariant {{{_VARIANT}
  media(first: 1) {{ nodes {{ ... on MediaImage {{ image {{ url }} }} }} }}
}}
fragment ProductFields on Product {{{_PRODUCT}}}
fragment ImageFields on MediaImage {{ id alt image {{ url width height }} }}
"""
_LISTS = """
    media(first: $media) { nodes { ...ImageFields } pageInfo { hasNextPage endCursor } }
    collections(first: $collections) { nodes { id title } pageInfo { hasNextPage endCursor } }
    metafields(first: $metafields) { nodes { id namespace key type value } pageInfo { hasNextPage endCursor } }
    variants(first: $variants) { nodes { ...VariantFields } pageInfo { hasNextPage endCursor } }
"""


@dataclass(frozen=True, slots=True)
class Document:
    """One operation. ``writes``: whether a repetition could do something twice."""

    name: str
    text: str
    writes: bool = False


SHOP = Document(
    "ShopProfile",
    """query ShopProfile {
  shop {
    id name myshopifyDomain currencyCode ianaTimezone weightUnit unitSystem contactEmail
    primaryDomain { host }
    plan { publicDisplayName partnerDevelopment shopifyPlus }
    shopAddress { countryCodeV2 }
  }
}""",
)

PAGE = Document(
    "ProductPage",
    f"""query ProductPage(
  $first: Int!, $after: String, $query: String,
  $variants: Int!, $media: Int!, $collections: Int!, $metafields: Int!
) {{
  products(first: $first, after: $after, query: $query, sortKey: UPDATED_AT) {{
    nodes {{ ...ProductFields {_LISTS} }}
    pageInfo {{ hasNextPage endCursor }}
  }}
}}{_FRAGMENTS}""",
)

PRODUCT = Document(
    "ProductById",
    f"""query ProductById($id: ID!, $variants: Int!, $media: Int!, $collections: Int!, $metafields: Int!) {{
  product(id: $id) {{ ...ProductFields {_LISTS} }}
}}{_FRAGMENTS}""",
)


def _more(name: str, connection: str, fields: str, fragments: str = "") -> Document:
    return Document(
        name,
        f"""query {name}($id: ID!, $first: Int!, $after: String) {{
  product(id: $id) {{
    {connection}(first: $first, after: $after) {{ nodes {{ {fields} }} pageInfo {{ hasNextPage endCursor }} }}
  }}
}}{fragments}""",
    )


_VARIANT_FRAGMENT, _, _REST = _FRAGMENTS.partition("fragment ProductFields")
_IMAGE_FRAGMENT = "\nfragment ImageFields" + _REST.partition("fragment ImageFields")[2]
MORE_VARIANTS = _more("MoreVariants", "variants", "...VariantFields", _VARIANT_FRAGMENT)
MORE_MEDIA = _more("MoreMedia", "media", "...ImageFields", _IMAGE_FRAGMENT)
MORE_COLLECTIONS = _more("MoreCollections", "collections", "id title")
MORE_METAFIELDS = _more("MoreMetafields", "metafields", "id namespace key type value")

BULK_PRODUCTS = Document(
    "BulkProducts",
    # The variant's deprecated `image` is asked for: `variants { media }` would nest three deep, bulk allows two.
    f"""{{
  products {{
    edges {{ node {{{_PRODUCT}
      media {{ edges {{ node {{ id ... on MediaImage {{ alt image {{ url width height }} }} }} }} }}
      collections {{ edges {{ node {{ id title }} }} }}
      metafields {{ edges {{ node {{ id namespace key type value }} }} }}
      variants {{ edges {{ node {{{_VARIANT} image {{ url }} }} }} }}
    }} }}
  }}
}}""",
)
"""The whole catalogue: five connections, as many as may be, two deep (Shopify fact sheet 3.6)."""

COUNT = Document("ProductsCount", "query ProductsCount { productsCount(limit: null) { count precision } }")
"""Exact up to 25,000; beyond that 25,001 with ``AT_LEAST`` (Shopify fact sheet 3.4)."""

BULK_START = Document(
    "BulkStart",
    """mutation BulkStart($query: String!) {
  bulkOperationRunQuery(query: $query, groupObjects: false) {
    bulkOperation { id status }
    userErrors { field message code }
  }
}""",
    writes=True,
)

BULK_POLL = Document(
    "BulkPoll",
    """query BulkPoll($id: ID!) {
  bulkOperation(id: $id) { id status errorCode objectCount rootObjectCount fileSize url createdAt completedAt }
}""",
)

BULK_CANCEL = Document(
    "BulkCancel",
    """mutation BulkCancel($id: ID!) {
  bulkOperationCancel(id: $id) {
    bulkOperation { id status }
    userErrors { field message }
  }
}""",
    writes=True,
)

BULK_FIND = Document(
    "BulkFind",
    """query BulkFind {
  bulkOperations(first: 50, sortKey: CREATED_AT, reverse: true) { nodes { id status query } }
}""",
)

WEBHOOKS = Document(
    "Webhooks",
    """query Webhooks($after: String) {
  webhookSubscriptions(first: 100, after: $after) {
    nodes { id topic uri }
    pageInfo { hasNextPage endCursor }
  }
}""",
)

WEBHOOK_CREATE = Document(
    "WebhookCreate",
    """mutation WebhookCreate($topic: WebhookSubscriptionTopic!, $uri: String!) {
  webhookSubscriptionCreate(topic: $topic, webhookSubscription: { uri: $uri }) {
    webhookSubscription { id topic uri }
    userErrors { field message }
  }
}""",
    writes=True,
)

WEBHOOK_DELETE = Document(
    "WebhookDelete",
    """mutation WebhookDelete($id: ID!) {
  webhookSubscriptionDelete(id: $id) {
    deletedWebhookSubscriptionId
    userErrors { field message }
  }
}""",
    writes=True,
)

DOCUMENTS = (
    SHOP,
    PAGE,
    PRODUCT,
    MORE_VARIANTS,
    MORE_MEDIA,
    MORE_COLLECTIONS,
    MORE_METAFIELDS,
    COUNT,
    BULK_PRODUCTS,
    BULK_START,
    BULK_POLL,
    BULK_CANCEL,
    BULK_FIND,
    WEBHOOKS,
    WEBHOOK_CREATE,
    WEBHOOK_DELETE,
)
"""All of them, for the test that validates each."""
