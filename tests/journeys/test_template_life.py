"""A category template's life through the contract's documents: looked at, made, applied, explained and taken away."""

import json
from collections.abc import Callable

from cli.client import Json
from tests.journeys.merchants import Merchant
from tests.journeys.operations import FILES, TEMPLATE_STORY
from tests.journeys.town import Town, eventually

LEAF = "query L($id: ID!) { categoryTemplate(id: $id) { categoryRef { id version } } }"


class Story:
    """One merchant asks; every document that was used is remembered."""

    def __init__(self, merchant: Merchant) -> None:
        self.merchant = merchant
        self.done: set[str] = set()

    def ask(self, name: str, **variables: object) -> Json:
        """What the document's one root field answered."""
        self.done.add(name)
        return self.merchant.caller.ask(FILES[name].read_text("utf-8"), **variables).payload

    def change(self, name: str, **variables: object) -> Json:
        """The same of a change that is made."""
        payload = self.ask(name, **variables)
        assert payload["userErrors"] == [], (name, payload)
        return payload


def a_candle(number: int) -> Json:
    return {
        "handle": f"candle-{number}",
        "title": f"Scented Candle Number {number}",
        "html": "<p>Burns for forty hours and smells of pine.</p>",
        "vendor": "Halden",
        "product_type": "Candles",
        "images": [{"kind": "png", "width": 600, "height": 600}],
        "variants": [{"price": "12.50", "sku": f"CAN-{number}", "quantity": 5, "weight": 300}],
    }


def test_a_templates_life(town: Town, settle: Callable[[int], Merchant]) -> None:
    merchant = settle(5)
    rest, shop = merchant.prepared(), merchant.tiktok_shop
    story = Story(merchant)
    leaf = merchant.client.ask(LEAF, id=rest)["categoryTemplate"]["categoryRef"]
    products = merchant.client.ask("{ products(first: 50) { nodes { id title } } }")["products"]["nodes"]
    by_title = {one["title"].rpartition(" ")[2]: one["id"] for one in products}

    package = {"dimensions": {"length": "30", "width": "20", "height": "10", "unit": "CENTIMETER"}}
    block = story.change(
        "TemplateBlockCreate", input={"tiktokShopId": shop, "kind": "SHIPPING", "name": "Box", "shipping": package}
    )["templateBlock"]["id"]
    ones = {"conditions": [{"field": "TITLE", "operator": "CONTAINS", "value": "Number 1"}]}
    wanted = {"name": "Ones", "category": leaf, "rules": ones, "shippingBlockId": block}

    faulty = {
        "rules": {"conditions": [], "groups": [{"conditions": [{"field": "PRICE", "operator": "LESS", "value": "x"}]}]}
    }
    refused = story.ask("CategoryTemplatePreview", input={"tiktokShopId": shop, "template": wanted | faulty})
    [error] = refused["userErrors"]
    assert error["field"] == ["input", "rules", "groups", "0", "conditions", "0", "value"]

    look = story.change("CategoryTemplatePreview", input={"tiktokShopId": shop, "template": wanted})
    assert (look["count"], look["gainedCount"], look["lostCount"]) == (1, 1, 0)
    assert [(one["kind"], one["count"], one["before"]["id"]) for one in look["moves"]] == [("GAINED", 1, rest)]
    [shown] = look["products"]
    assert (shown["product"]["id"], shown["categoryDecidedBy"]) == (by_title["1"], "TEMPLATE")
    assert [one["code"] for one in shown["problems"] if one["severity"] == "ERROR"] == []
    assert json.loads(shown["content"]["body"])["category_id"] == leaf["id"]
    assert {one["layer"] for one in shown["provenance"] if one["field"].startswith("package.dimensions")} <= {"BLOCK"}

    template = story.change("CategoryTemplateCreate", input=wanted | {"tiktokShopId": shop})["categoryTemplate"]["id"]
    given = {"templateId": template, "productIds": [by_title["2"]]}
    assert [row["done"] for row in story.change("CategoryTemplateAssignProducts", input=given)["results"]] == [True]
    match = story.ask("ProductTemplateMatch", id=by_title["2"], tiktokShopId=shop)["templateMatch"]
    assert (match["takenBy"], match["template"]["id"], match["insteadOf"]["id"]) == ("ASSIGNMENT", template, rest)
    health = story.ask("CategoryTemplateHealth", id=template, first=10)
    assert (health["takenCount"], health["matchedCount"], health["assignedCount"]) == (2, 1, 1)
    assert [one["code"] for one in health["problems"] if one["severity"] == "ERROR"] == []

    task = story.change("CategoryTemplateActivate", id=template)["task"]["id"]
    assert merchant.ended(task)["counts"]["succeeded"] == 2
    town.sandbox("POST", "shopify/add-product", shop=merchant.domain, product=a_candle(11))
    eventually(merchant.statuses, lambda seen: seen.get("LIVE") == 3 and seen.get("NOT_SYNCED") == 3)

    first = story.change("CategoryTemplateUpdate", id=template, input={"price": {"percent": "10"}})
    assert (first["categoryTemplate"]["affectedListings"]["count"], first["task"]) == (3, None)
    edit = story.change("CategoryTemplateApply", id=template)["task"]["id"]
    assert merchant.ended(edit)["counts"]["succeeded"] == 3
    again = story.change("CategoryTemplateUpdate", id=template, input={"name": "One"}, applyToListings=True)["task"][
        "id"
    ]
    assert merchant.ended(again)["counts"]["skipped"] == 3
    [newest, second, created] = story.ask("CategoryTemplateHealth", id=template, first=1)["revisions"]["nodes"]
    assert [one["path"] for one in newest["differences"]] == [["name"]]
    assert (second["revision"], created["action"]) == (2, "CREATED")

    own = {"productId": by_title["3"], "title": "The third of all scented candles"}
    rows = story.change("ProductOverrideSet", input={"tiktokShopId": shop, "overrides": [own]})["results"]
    assert [(row["done"], row["override"]["title"]) for row in rows] == [(True, own["title"])]
    cleared = {"tiktokShopId": shop, "productIds": [by_title["3"]]}
    assert story.change("ProductOverrideClear", input=cleared)["clearedCount"] == 1
    made = story.change("TikTokShopDefaultsSet", input={"tiktokShopId": shop, "shortenTitle": True})["tiktokShop"]
    assert made["defaults"]["said"] == ["SHORTEN_TITLE"]

    other = wanted | {"tiktokShopId": shop, "name": "Ones again", "shippingBlockId": None}
    second_id = story.change("CategoryTemplateCreate", input=other)["categoryTemplate"]["id"]
    conflicts = story.ask("TemplateConflicts", tiktokShopId=shop, first=5)
    assert [(one["winner"]["id"], one["loser"]["id"], one["count"]) for one in conflicts["overlaps"]["nodes"]] == [
        (template, second_id, 2)
    ]
    assert [one["reason"] for one in conflicts["deadTemplates"]["nodes"]] == ["ALWAYS_LOSES"]
    order = {"tiktokShopId": shop, "templateIds": [second_id, template]}
    assert [one["id"] for one in story.change("CategoryTemplateReorder", input=order)["categoryTemplates"]] == [
        second_id,
        template,
    ]
    assert story.ask("CategoryTemplateHealth", id=second_id, first=5)["takenCount"] == 2

    [listed] = story.ask("TemplateBlocks", tiktokShopId=shop, first=5)["nodes"]
    assert [one["id"] for one in listed["usedBy"]] == [template]
    bigger = {"shipping": {"dimensions": package["dimensions"] | {"height": "12"}}}
    assert story.change("TemplateBlockUpdate", id=block, input=bigger)["templateBlock"]["revision"] == 2
    [error] = story.ask("TemplateBlockDelete", id=block)["userErrors"]
    assert (error["code"], "“One”" in error["message"]) == ("CONFLICT", True)

    assert [row["done"] for row in story.change("CategoryTemplateUnassignProducts", input=given)["results"]] == [True]
    assert story.change("CategoryTemplateDelete", id=template)["deletedCategoryTemplateId"] == template
    match = story.ask("ProductTemplateMatch", id=by_title["2"], tiktokShopId=shop)["templateMatch"]
    assert (match["takenBy"], match["template"]["id"]) == ("DEFAULT", rest)
    assert story.ask("TemplateBlockDetail", id=block)["usedBy"] == []
    assert story.change("TemplateBlockDelete", id=block)["deletedTemplateBlockId"] == block
    assert merchant.statuses()["LIVE"] == 3
    assert story.done >= TEMPLATE_STORY
