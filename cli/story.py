"""The main job through the public API: import, categories, a default template, listings, and what came of them."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from time import monotonic, sleep

from cli.client import Client, Json
from cli.problems import CannotRun

Watch = Callable[[str, Iterator[Json]], Json]
"""Shows a task's progress under a title and answers with its last look."""

REVIEW_SECONDS = 60.0
LOOK_SECONDS = 0.5
OPEN_STATUSES = frozenset({"QUEUED", "SYNCING", "IN_REVIEW"})
ORDINARY = ("scented candles", "home", "")
"""Searches for the template's leaf, the last one for trees that know neither."""

ENDED = frozenset({"SUCCEEDED", "PARTIALLY_SUCCEEDED"})

SHOP = "{ shop { productsCount tiktokShops { id } } }"
COUNTS = "query Counts($shop: ID!) { tiktokShop(id: $shop) { listingCounts { status count } } }"
IMPORT = """
mutation Import {
  productsImport { task { id } userErrors { message } }
}
"""
SYNC = """
mutation Sync($input: CategoriesSyncInput!) {
  categoriesSync(input: $input) { task { id } userErrors { message } }
}
"""
LEAVES = """
query Leaves($shop: ID!, $search: String!) {
  categories(tiktokShopId: $shop, version: V2, filter: { search: $search, leavesOnly: true }, first: 50) {
    nodes { ref { id version } path permissions }
  }
}
"""
CREATE = """
mutation Create($input: CategoryTemplateCreateInput!) {
  categoryTemplateCreate(input: $input) { categoryTemplate { id } userErrors { message } }
}
"""
ACTIVATE = """
mutation Activate($id: ID!) {
  categoryTemplateActivate(id: $id) { task { id } userErrors { message } }
}
"""
LISTINGS = """
query Listings($shop: ID!, $after: String) {
  listings(filter: { tiktokShopId: $shop }, first: 250, after: $after) {
    nodes { status product { title } problems { code message severity } }
    pageInfo { hasNextPage endCursor }
  }
}
"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the closing table tells. ``needing``: each product that is not on sale, with its first reason."""

    imported: int
    statuses: Counter[str]
    needing: list[tuple[str, str]]
    seconds: float

    @property
    def is_true(self) -> bool:
        """Every product came to an end."""
        return sum(self.statuses.values()) > 0 and not OPEN_STATUSES & set(self.statuses)


def play(client: Client, watch: Watch) -> Outcome:
    """The whole story. Raises CannotRun when a step that everything hangs on fails."""
    began = monotonic()
    shop, template = prepare(client, watch)
    _watched(client, watch, "Listing products on TikTok Shop", client.do(ACTIVATE, id=template), may_fail=True)
    listings = reviewed(client, shop)
    statuses = Counter(str(listing["status"]) for listing in listings)
    needing = [(listing["product"]["title"], _reason(listing)) for listing in listings if listing["status"] != "LIVE"]
    return Outcome(client.ask(SHOP)["shop"]["productsCount"], statuses, needing, monotonic() - began)


def prepare(client: Client, watch: Watch) -> tuple[str, str]:
    """Up to the inactive default template: the ids of the TikTok shop and of the template."""
    [tiktok_shop] = client.ask(SHOP)["shop"]["tiktokShops"]
    shop = tiktok_shop["id"]
    _watched(client, watch, "Importing products from Shopify", client.do(IMPORT))
    _watched(client, watch, "Fetching TikTok's category trees", client.do(SYNC, input={"tiktokShopId": shop}))
    made = client.do(CREATE, input=_default_template(shop, _leaf(client, shop)))
    return shop, made["categoryTemplate"]["id"]


def _watched(client: Client, watch: Watch, title: str, payload: Json, *, may_fail: bool = False) -> Json:
    task: Json = watch(title, client.follow(payload["task"]["id"]))["task"]
    if task["state"] not in ENDED and (task["problem"] or not may_fail):
        reason = task["problem"]["message"] if task["problem"] else "no reason given"
        raise CannotRun(f"{title}: {task['state']} ({reason}).", status=1)
    return task


def _leaf(client: Client, shop: str) -> Json:
    """An ordinary leaf that demands no attribute of its own, so that one template can take a whole mixed store."""
    for search in ORDINARY:
        for leaf in client.ask(LEAVES, shop=shop, search=search)["categories"]["nodes"]:
            if leaf["permissions"] == ["AVAILABLE"]:
                ref: Json = leaf["ref"]
                return ref
    raise CannotRun("The category tree has no leaf for the demonstration's template.", status=1)


def _default_template(shop: str, leaf: Json) -> Json:
    return {
        "tiktokShopId": shop,
        "name": "Everything else",
        "isDefault": True,
        "category": leaf,
        "shipping": {
            "weight": {"source": "FROM_STORE", "value": "0.5", "unit": "KILOGRAM"},
            "dimensions": {"length": "20", "width": "15", "height": "10", "unit": "CENTIMETER"},
        },
    }


def reviewed(client: Client, shop: str) -> list[Json]:
    """All listings once TikTok has reviewed them, or as they stand when that takes too long."""
    await_reviews(client, shop, seconds=REVIEW_SECONDS)
    return list(_listings(client, shop))


def await_reviews(client: Client, shop: str, *, seconds: float) -> None:
    """Until TikTok has reviewed all listings, or so long."""
    deadline = monotonic() + seconds
    while OPEN_STATUSES & _statuses(client, shop) and monotonic() < deadline:
        sleep(LOOK_SECONDS)


def _statuses(client: Client, shop: str) -> set[str]:
    counts = client.ask(COUNTS, shop=shop)["tiktokShop"]["listingCounts"]
    return {count["status"] for count in counts if count["count"]}


def _listings(client: Client, shop: str) -> Iterator[Json]:
    after: str | None = None
    while True:
        page = client.ask(LISTINGS, shop=shop, after=after)["listings"]
        yield from page["nodes"]
        if not page["pageInfo"]["hasNextPage"]:
            return
        after = page["pageInfo"]["endCursor"]


def _reason(listing: Json) -> str:
    errors = [problem for problem in listing["problems"] if problem["severity"] == "ERROR"] or listing["problems"]
    return errors[0]["message"] if errors else f"Its status is {listing['status']}."
