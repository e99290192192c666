"""The main job played to its end, and what each step said."""

from collections import Counter
from dataclasses import dataclass
from typing import Self

from cli import story
from cli.client import Json
from tests.journeys.town import Town, eventually, unwatched

SHOP = "{ shop { productsCount tiktokShops { id } } }"
LISTINGS = """
query Listings($shop: ID!, $after: String) {
  listings(filter: { tiktokShopId: $shop }, first: 100, after: $after) {
    nodes {
      id status remoteId liveSince
      product { id remoteId handle title }
      problems { code path message severity remedy platformCode }
    }
    pageInfo { hasNextPage endCursor }
  }
}
"""
ATTRIBUTES = """
query Attributes($shop: ID!, $ref: CategoryRefInput!) {
  category(tiktokShopId: $shop, ref: $ref) { attributes { id } }
}
"""
TASK = """
query Task($id: ID!) {
  task(id: $id) {
    __typename kind state percent attempts cursor problem { code }
    counts { total queued running succeeded skipped failed }
    startedBy { kind name }
  }
}
"""


@dataclass(frozen=True, slots=True)
class Played:
    """Ids of what the story made; ``after_task`` are the statuses when the listing task had just ended."""

    tiktok_shop: str
    template: str
    leaf: Json
    attribute: str
    imported: str
    synced: str
    listed: str
    after_task: dict[str, int]
    listings: list[Json]

    @classmethod
    def through(cls, town: Town) -> Self:
        """Import, categories, default template, activation; audits ripen only once the task has ended."""
        client = town.client
        [shop] = client.ask(SHOP)["shop"]["tiktokShops"]
        with town.sandbox_rules(audit="never"):
            imported = client.do(story.IMPORT)["task"]["id"]
            unwatched("", client.follow(imported))
            synced = client.do(story.SYNC, input={"tiktokShopId": shop["id"]})["task"]["id"]
            unwatched("", client.follow(synced))
            leaf = story._leaf(client, shop["id"])
            attribute = client.ask(ATTRIBUTES, shop=shop["id"], ref=leaf)["category"]["attributes"][0]["id"]
            made = client.do(story.CREATE, input=story._default_template(shop["id"], leaf))
            template = made["categoryTemplate"]["id"]
            listed = client.do(story.ACTIVATE, id=template)["task"]["id"]
            unwatched("", client.follow(listed))
            after_task = statuses(town, shop["id"])
        for audit in town.sandbox("GET", "ripening?limit=5000")["ripening"]:
            town.sandbox("POST", "ripening/fire", kind=audit["kind"], key=audit["key"])
        eventually(lambda: statuses(town, shop["id"]), lambda seen: "IN_REVIEW" not in seen)
        return cls(
            shop["id"], template, leaf, attribute, imported, synced, listed, after_task, listings(town, shop["id"])
        )

    def by_status(self) -> Counter[str]:
        """How many listings stand where in the end."""
        return Counter(listing["status"] for listing in self.listings)


def statuses(town: Town, tiktok_shop: str) -> dict[str, int]:
    """How many products stand where, without the empty statuses."""
    counts = town.client.ask(story.COUNTS, shop=tiktok_shop)["tiktokShop"]["listingCounts"]
    return {count["status"]: count["count"] for count in counts if count["count"]}


def listings(town: Town, tiktok_shop: str) -> list[Json]:
    """Every listing, page after page."""
    found: list[Json] = []
    after: str | None = None
    while True:
        page = town.client.ask(LISTINGS, shop=tiktok_shop, after=after)["listings"]
        found += page["nodes"]
        if not page["pageInfo"]["hasNextPage"]:
            return found
        after = page["pageInfo"]["endCursor"]


def task(town: Town, task_id: str) -> Json:
    """One task as it stands."""
    found: Json = town.client.ask(TASK, id=task_id)["task"]
    return found
