"""The closed sets around linking, with a sentence for each of their values."""

from graphql_schema.enums import publish
from server.domain.linking import Evidence, LinkConflict, LinkState, OnMatch, TraceKind

publish(
    Evidence,
    "Why a product of the store and one on TikTok Shop may be the same, strongest first.",
    {
        Evidence.EXTERNAL_ID: "It carries the store product's own id.",
        Evidence.ALL_SKUS: "Both have exactly the same SKUs, each once.",
        Evidence.EXTERNAL_NUMBER: "It carries a number that is the store product's, without saying whose number it is.",
        Evidence.EXTERNAL_SKU_ID: "One of its SKUs carries the id of one of the product's variants.",
        Evidence.SOME_SKUS: "They share a SKU, but not all.",
        Evidence.BARCODE: "They share a GTIN, EAN or UPC.",
    },
    name="LinkEvidence",
)
publish(
    LinkConflict,
    "Why a pair is not certain.",
    {
        LinkConflict.SEVERAL_PRODUCTS: "Other products of the store match the same product on TikTok Shop.",
        LinkConflict.SEVERAL_REMOTES: "The store's product matches other products on TikTok Shop too.",
        LinkConflict.PARTIAL_SKUS: "Only some of the SKUs are the same.",
        LinkConflict.WEAK_EVIDENCE: "What speaks for the pair may be a coincidence.",
    },
)
publish(
    LinkState,
    "What was decided about a pair.",
    {
        LinkState.PENDING: "A person has to decide: listingLink or linkProposalReject.",
        LinkState.LINKED: "They are one product; a listing ties them.",
        LinkState.UNLINKED: "They were linked and taken apart: never linked again without being asked to.",
        LinkState.REJECTED: "A person said that they are two products.",
    },
    name="LinkProposalState",
)
publish(
    OnMatch,
    "What listing does with a product that seems to be on TikTok Shop already.",
    {
        OnMatch.LINK: "Certain matches are linked instead of created; uncertain ones wait for a person.",
        OnMatch.HOLD: "All matches wait for a person.",
        OnMatch.CREATE: "The product is created all the same.",
    },
    name="MatchPolicy",
)
publish(
    TraceKind,
    "A trace that another connector, or a person, works in the same TikTok shop.",
    {
        TraceKind.CREATED_SINCE_CONNECTING: "Products were created since the shop was connected, and not by Leafmark.",
        TraceKind.FOREIGN_EXTERNAL_ID: "Products carry an id of another system than this store.",
        TraceKind.TWIN_SKU: "Products have a SKU of a product that Leafmark listed or linked.",
    },
    name="OtherConnectorTrace",
)
