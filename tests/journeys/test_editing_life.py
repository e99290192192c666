"""A listing's life after it is live: changes in the store go out by themselves, the seller's own are never overwritten.

Told by the contract's documents only, against the running service.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.journeys.merchants import Merchant
from tests.journeys.operations import EDITING_STORY, FILES
from tests.journeys.town import Town, eventually

LISTINGS = """
query L($shop: ID!) {
  listings(filter: { tiktokShopId: $shop }, first: 10) { nodes { id remoteId status product { id remoteId title } } }
}
"""
OTHER_LEAF = {"id": "1019872", "version": "V2"}


@dataclass(slots=True)
class Life:
    """A merchant with two live listings, and which documents were used."""

    town: Town
    merchant: Merchant
    done: set[str] = field(default_factory=set)

    def document(self, name: str) -> str:
        self.done.add(name)
        return FILES[name].read_text("utf-8")

    def change(self, name: str, **variables: object) -> dict[str, Any]:
        payload: dict[str, Any] = self.merchant.caller.ask(self.document(name), **variables).payload
        assert payload["userErrors"] == [], name
        return payload

    def edits(self, listing: str) -> dict[str, Any]:
        found: dict[str, Any] = self.merchant.client.ask(self.document("ListingEdits"), id=listing, first=50)["listing"]
        return found

    def kinds(self, listing: str) -> list[str]:
        return [line["kind"] for line in self.edits(listing)["history"]["nodes"]]

    def judged(self) -> None:
        """Every review that is going on ends now."""
        for audit in self.town.sandbox("GET", "ripening?limit=5000")["ripening"]:
            self.town.sandbox("POST", "ripening/fire", kind=audit["kind"], key=audit["key"])

    def live(self) -> list[dict[str, Any]]:
        """List both products and let them pass."""
        self.merchant.ended(self.merchant.begin(self.merchant.prepared()))
        self.judged()
        eventually(self.merchant.statuses, lambda seen: seen == {"LIVE": 2})
        nodes: list[dict[str, Any]] = self.merchant.client.ask(LISTINGS, shop=self.merchant.tiktok_shop)["listings"][
            "nodes"
        ]
        return nodes


def test_a_listing_is_edited(town: Town, settle: Callable[[int], Merchant]) -> None:
    life = Life(town, settle(2))
    first, second = life.live()
    assert life.edits(first["id"])["pendingChanges"] == {"isKnown": True, "steps": [], "changes": [], "problems": []}
    the_store_changes(life, first)
    the_seller_changes(life, second)
    by_hand(life, first["id"], second["id"])
    assert life.done == EDITING_STORY


def the_store_changes(life: Life, listing: dict[str, Any]) -> None:
    """Nobody asks for it: the new title goes out by itself, once."""
    better, product = {"title": "A much better title"}, listing["product"]["remoteId"]
    life.town.sandbox("POST", "shopify/change-product", shop=life.merchant.domain, id=product, patch=better)
    told = eventually(lambda: life.kinds(listing["id"]), lambda kinds: "EDITED" in kinds)
    assert told.count("EDITED") == 1
    life.judged()


def the_seller_changes(life: Life, listing: dict[str, Any]) -> None:
    """What the seller wrote in Seller Center is held, and kept when the merchant says so."""
    theirs = {"title": "What the seller likes better"}
    life.town.sandbox("POST", "tiktok/other-hand", product_id=listing["remoteId"], body=theirs)
    life.judged()
    held = eventually(lambda: life.edits(listing["id"]), lambda seen: any(one["held"] for one in seen["ownership"]))
    (title,) = [one for one in held["ownership"] if one["held"]]
    assert (title["group"], title["owner"]) == ("TITLE", "STORE")
    assert title["held"]["fields"][0]["after"] == theirs["title"]
    kept = life.change("ListingOwnershipSet", id=listing["id"], fields=[{"group": "TITLE", "owner": "TIKTOK"}])
    assert [one for one in kept["listing"]["ownership"] if one["isOwn"]] == [
        {"group": "TITLE", "owner": "TIKTOK", "isOwn": True, "held": None}
    ]


def by_hand(life: Life, first: str, second: str) -> None:
    """The shop's default, an edit that is asked for, and another category for one product."""
    shop = life.merchant.tiktok_shop
    owned = life.change("TikTokShopOwnershipSet", id=shop, fields=[{"group": "STOCK", "owner": "TIKTOK"}])
    assert {"group": "STOCK", "owner": "TIKTOK"} in owned["tiktokShop"]["fieldOwners"]
    task = life.change("ListingsEdit", input={"tiktokShopId": shop, "listingIds": [first, second]})["task"]
    assert (task["kind"], life.merchant.ended(task["id"])["counts"]["failed"]) == ("EDIT", 0)
    moved = life.change("ListingChangeCategory", id=first, input={"category": OTHER_LEAF})["task"]
    assert life.merchant.ended(moved["id"])["counts"]["succeeded"] == 1
    assert life.kinds(first)[0] == "CATEGORY_CHANGED"
