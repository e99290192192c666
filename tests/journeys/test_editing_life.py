"""A listing's life after it is live: changes in the store go out by themselves, the seller's own are never overwritten.

Told by the contract's documents only, against the running service.
"""

from collections.abc import Callable
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


def test_a_listing_is_edited(town: Town, settle: Callable[[int], Merchant]) -> None:
    merchant, done = settle(2), set[str]()
    shop = merchant.tiktok_shop

    def document(name: str) -> str:
        done.add(name)
        return FILES[name].read_text("utf-8")

    def change(name: str, **variables: object) -> dict[str, Any]:
        payload: dict[str, Any] = merchant.caller.ask(document(name), **variables).payload
        assert payload["userErrors"] == [], name
        return payload

    def edits(listing: str) -> dict[str, Any]:
        found: dict[str, Any] = merchant.client.ask(document("ListingEdits"), id=listing, first=50)["listing"]
        return found

    def judged() -> None:
        for audit in town.sandbox("GET", "ripening?limit=5000")["ripening"]:
            town.sandbox("POST", "ripening/fire", kind=audit["kind"], key=audit["key"])

    merchant.ended(merchant.begin(merchant.prepared()))
    judged()
    eventually(merchant.statuses, lambda seen: seen == {"LIVE": 2})
    first, second = merchant.client.ask(LISTINGS, shop=shop)["listings"]["nodes"]
    assert edits(first["id"])["pendingChanges"] == {"isKnown": True, "steps": [], "changes": [], "problems": []}

    town.sandbox(
        "POST",
        "shopify/change-product",
        shop=merchant.domain,
        id=first["product"]["remoteId"],
        patch={"title": "A much better title"},
    )
    told = eventually(
        lambda: [line["kind"] for line in edits(first["id"])["history"]["nodes"]], lambda kinds: "EDITED" in kinds
    )
    assert told.count("EDITED") == 1
    judged()

    town.sandbox(
        "POST", "tiktok/other-hand", product_id=second["remoteId"], body={"title": "What the seller likes better"}
    )
    judged()
    held = eventually(lambda: edits(second["id"]), lambda seen: any(one["held"] for one in seen["ownership"]))
    (title,) = [one for one in held["ownership"] if one["held"]]
    assert (title["group"], title["owner"]) == ("TITLE", "STORE")
    assert title["held"]["fields"][0]["after"] == "What the seller likes better"
    kept = change("ListingOwnershipSet", id=second["id"], fields=[{"group": "TITLE", "owner": "TIKTOK"}])["listing"]
    assert [one for one in kept["ownership"] if one["isOwn"]] == [
        {"group": "TITLE", "owner": "TIKTOK", "isOwn": True, "held": None}
    ]
    shops = change("TikTokShopOwnershipSet", id=shop, fields=[{"group": "STOCK", "owner": "TIKTOK"}])["tiktokShop"]
    assert {"group": "STOCK", "owner": "TIKTOK"} in shops["fieldOwners"]

    asked = {"tiktokShopId": shop, "listingIds": [first["id"], second["id"]]}
    task = change("ListingsEdit", input=asked)["task"]
    assert (task["kind"], merchant.ended(task["id"])["counts"]["failed"]) == ("EDIT", 0)
    moved = change("ListingChangeCategory", id=first["id"], input={"category": OTHER_LEAF})["task"]
    assert merchant.ended(moved["id"])["counts"]["succeeded"] == 1
    assert edits(first["id"])["history"]["nodes"][0]["kind"] == "CATEGORY_CHANGED"
    assert done == EDITING_STORY
