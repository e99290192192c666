"""The closed sets of the API: the domain's own enums, with a sentence for each of their values."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar, cast

import strawberry
from strawberry.types.enum import WithStrawberryEnumDefinition

from server.domain.bulk import ErrorPolicy
from server.domain.categories import CategoryVersion, PermissionStatus
from server.domain.listings import ListingStatus
from server.domain.markets import Market, SellerType
from server.domain.problems import Remedy, Severity
from server.domain.remedies import FixLayer
from server.domain.tasks import EventKind, ItemState, TaskKind, TaskState
from server.domain.template_content import EmptyDescription, WeightSource
from server.services.access import Scope
from server.services.tiktok_shops import ConnectionStatus

Closed = TypeVar("Closed", bound=StrEnum)


def publish(kind: type[Closed], description: str, values: Mapping[Closed, str], *, name: str | None = None) -> None:
    """Make ``kind`` a GraphQL enum. A member without a sentence stops the start."""
    enum: object = strawberry.enum(kind, name=name, description=description)
    for value in cast("WithStrawberryEnumDefinition", enum).__strawberry_definition__.values:
        value.description = values[kind(value.value)]


publish(
    CategoryVersion,
    "Which of TikTok's two category trees an id belongs to; ids mean nothing without it.",
    {
        CategoryVersion.V1: "The older tree of three levels (L3).",
        CategoryVersion.V2: "The newer tree of up to seven levels (L7).",
    },
)
publish(
    PermissionStatus,
    "What a TikTok shop may do in a category.",
    {
        PermissionStatus.AVAILABLE: "Products may be listed here.",
        PermissionStatus.INVITE_ONLY: "TikTok must admit the seller first.",
        PermissionStatus.NON_MAIN_CATEGORY: "Outside the main category that the seller registered.",
        PermissionStatus.PROHIBITED: "Nothing may be listed here.",
    },
)
publish(
    ListingStatus,
    "Where a product stands on TikTok Shop.",
    {
        ListingStatus.NOT_SYNCED: "Not on TikTok Shop.",
        ListingStatus.QUEUED: "Waits for its turn to be sent.",
        ListingStatus.SYNCING: "Being sent now.",
        ListingStatus.IN_REVIEW: "Sent; TikTok is auditing it.",
        ListingStatus.LIVE: "Buyers can see it.",
        ListingStatus.SYNC_FAILED: "Could not be sent; its problems say why.",
        ListingStatus.REVIEW_FAILED: "TikTok's audit refused it; its problems say why.",
        ListingStatus.DEACTIVATED: "Taken off sale, by the seller or by TikTok.",
        ListingStatus.FROZEN: "TikTok froze it: it can neither be sold nor edited.",
        ListingStatus.DELETED: "Deleted on TikTok Shop.",
    },
)
publish(Market, "Where a TikTok shop sells.", {
    Market.US: "United States.",
    Market.GB: "United Kingdom.",
    Market.DE: "Germany.",
    Market.ES: "Spain.",
    Market.FR: "France.",
    Market.IE: "Ireland.",
    Market.IT: "Italy.",
    Market.JP: "Japan.",
    Market.BR: "Brazil.",
    Market.MX: "Mexico.",
    Market.ID: "Indonesia.",
    Market.MY: "Malaysia.",
    Market.PH: "Philippines.",
    Market.SG: "Singapore.",
    Market.TH: "Thailand.",
    Market.VN: "Vietnam.",
})  # fmt: skip
publish(
    SellerType,
    "What kind of seller stands behind a TikTok shop.",
    {
        SellerType.LOCAL: "Sells in one market, with one shop.",
        SellerType.CROSS_BORDER: "Sells into several markets, with a shop in each.",
    },
)
publish(
    Severity,
    "How much a problem matters.",
    {
        Severity.ERROR: "Keeps the product from being listed.",
        Severity.WARNING: "Worth mending; does not stop the listing.",
    },
)
publish(
    Remedy,
    "Who can mend a problem, and where.",
    {
        Remedy.FIX_PRODUCT: "Change the product in Shopify.",
        Remedy.FIX_TEMPLATE: "Change the category template.",
        Remedy.FIX_SHOP: "Finish the set-up of the shop.",
        Remedy.RECONNECT: "Connect the TikTok shop or the store again.",
        Remedy.CHOOSE_CATEGORY: "Choose another category.",
        Remedy.CHOOSE_OWNER: "Say whose value counts, the store's or the one on TikTok Shop.",
        Remedy.LINK: "Say whether it is the product on TikTok Shop: listingLink, or linkProposalReject.",
        Remedy.LIST: "List the product with productsList, or link it to what is on TikTok Shop with listingLink.",
        Remedy.WAIT: "Nothing to do: it is done already, or resolves by itself.",
        Remedy.CONTACT_SUPPORT: "Ask support, naming the code.",
    },
)
publish(
    FixLayer,
    "Where a patch is kept, and so for which products it holds.",
    {
        FixLayer.PRODUCT: "The product's own settings: for this product only.",
        FixLayer.TEMPLATE: "The category template that takes the product: for all its products.",
        FixLayer.SHOP_DEFAULTS: "The TikTok shop's defaults: for all products whose templates do not say otherwise.",
    },
)
publish(
    TaskKind,
    "What kind of long work a task is.",
    {
        TaskKind.IMPORT: "Products are read from Shopify.",
        TaskKind.CATEGORIES: "TikTok's category trees are read.",
        TaskKind.LISTING: "Products are created on TikTok Shop.",
        TaskKind.CHECK: "TikTok Shop is asked what it would say to products; nothing is created.",
        TaskKind.EDIT: "Listings are brought up to date on TikTok Shop.",
        TaskKind.RECOMMENDATION: "Categories are looked for.",
        TaskKind.SWEEP: "What stands on TikTok Shop is read.",
        TaskKind.STATUS: "Listings are put on sale, taken off, deleted or brought back.",
    },
)
publish(
    TaskState,
    "Where a task stands. The last four are ends: nothing moves after them.",
    {
        TaskState.QUEUED: "Waits for a worker.",
        TaskState.RUNNING: "A worker is on it.",
        TaskState.WAITING: "Waits for a moment: its open items are to be tried again later.",
        TaskState.PAUSED: "Held by a user; taskResume continues it.",
        TaskState.CANCELLING: "Being stopped; items on their way come to an end first.",
        TaskState.CANCELLED: "Stopped by a user.",
        TaskState.SUCCEEDED: "Every item succeeded or had nothing to do.",
        TaskState.PARTIALLY_SUCCEEDED: "Some items failed, others did not.",
        TaskState.FAILED: "Nothing succeeded, or the whole task had to stop; its problem says why.",
    },
)
publish(
    ItemState,
    "Where one item of a task stands. The last three are ends.",
    {
        ItemState.QUEUED: "Waits for its turn, or for its next attempt.",
        ItemState.RUNNING: "Being worked on.",
        ItemState.SUCCEEDED: "Done.",
        ItemState.SKIPPED: "There was nothing to do.",
        ItemState.FAILED: "Could not be done; its problems say why.",
    },
)
publish(
    EventKind,
    "What a line of a task's log tells.",
    {
        EventKind.TASK_CREATED: "The task was started.",
        EventKind.TASK_STATE: "The task changed its state.",
        EventKind.TASK_PROGRESS: "The counts moved on (tasks without items).",
        EventKind.ITEM_STARTED: "An item was taken up.",
        EventKind.ITEM_RETRY: "An attempt failed; the item is tried again later.",
        EventKind.ITEM_SUCCEEDED: "An item succeeded.",
        EventKind.ITEM_SKIPPED: "An item had nothing to do.",
        EventKind.ITEM_FAILED: "An item failed.",
    },
)
publish(
    ConnectionStatus,
    "How a TikTok shop stands to Leafmark.",
    {
        ConnectionStatus.CONNECTED: "Leafmark can act for it.",
        ConnectionStatus.EXPIRING: "Leafmark can act for it, but the authorization ends within 30 days: connect again.",
        ConnectionStatus.NEEDS_AUTHORIZATION: "The authorization has ended: connect again.",
        ConnectionStatus.DISCONNECTED: "Disconnected in Leafmark; no call is made for it.",
    },
)
publish(
    Scope,
    "What a caller may do. A merchant in the Shopify admin has them all.",
    {
        Scope.READ_PRODUCTS: "Read products, categories, templates, listings and tasks.",
        Scope.WRITE_LISTINGS: "Import and list products, steer tasks.",
        Scope.WRITE_TEMPLATES: "Change category templates.",
        Scope.WRITE_UPGRADES: "Move the shop to the newer category tree.",
        Scope.MANAGE_SHOP: "Connect TikTok shops, manage API tokens.",
    },
    name="AccessScope",
)
publish(
    WeightSource,
    "Where the package weight comes from.",
    {
        WeightSource.FROM_STORE: "From the variant in Shopify, with a backup for empty or refused weights.",
        WeightSource.CUSTOM: "The same fixed weight for every product.",
    },
)
publish(
    EmptyDescription,
    "What becomes of a product whose description is empty once cleaned; TikTok demands one.",
    {
        EmptyDescription.FAIL: "It is not listed; a problem says so.",
        EmptyDescription.USE_TITLE: "Its title is sent as the description; a warning says so.",
    },
)
publish(
    ErrorPolicy,
    "What a bulk mutation does when some of its rows are faulty.",
    {
        ErrorPolicy.IGNORE_FAILED: "Do what can be done of each row. One without parts, as an id, is refused whole.",
        ErrorPolicy.REJECT_FAILED_ROWS: "Refuse the faulty rows and do the others.",
        ErrorPolicy.REJECT_EVERYTHING: "Do nothing if any row is faulty.",
    },
)
