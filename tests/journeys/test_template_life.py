"""A category template's life through the contract's documents: looked at, made, applied, explained and taken away."""

import json
from collections.abc import Callable

from cli.client import Json
from tests.journeys.merchants import Merchant
from tests.journeys.operations import FILES, TEMPLATE_STORY
from tests.journeys.town import Town, eventually

LEAF = "query L($id: ID!) { categoryTemplate(id: $id) { categoryRef { id version } } }"


class Story:
    """One merchant asks; every document that was used is remembered, and what was made by them."""

    block: str
    template: str
    package: Json
    wanted: Json
    given: Json

    def __init__(self, town: Town, merchant: Merchant) -> None:
        self.town, self.merchant, self.shop = town, merchant, merchant.tiktok_shop
        self.done: set[str] = set()
        self.rest = merchant.prepared()
        self.leaf = merchant.client.ask(LEAF, id=self.rest)["categoryTemplate"]["categoryRef"]
        products = merchant.client.ask("{ products(first: 50) { nodes { id title } } }")["products"]["nodes"]
        self.by_title = {one["title"].rpartition(" ")[2]: one["id"] for one in products}

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


def look(it: Story) -> None:
    """Nothing is saved by looking; faults are told with the path of the condition."""
    it.package = {"dimensions": {"length": "30", "width": "20", "height": "10", "unit": "CENTIMETER"}}
    it.block = it.change(
        "TemplateBlockCreate",
        input={"tiktokShopId": it.shop, "kind": "SHIPPING", "name": "Box", "shipping": it.package},
    )["templateBlock"]["id"]
    ones = {"conditions": [{"field": "TITLE", "operator": "CONTAINS", "value": "Number 1"}]}
    it.wanted = {"name": "Ones", "category": it.leaf, "rules": ones, "shippingBlockId": it.block}

    faulty = {
        "rules": {"conditions": [], "groups": [{"conditions": [{"field": "PRICE", "operator": "LESS", "value": "x"}]}]}
    }
    refused = it.ask("CategoryTemplatePreview", input={"tiktokShopId": it.shop, "template": it.wanted | faulty})
    [error] = refused["userErrors"]
    assert error["field"] == ["input", "rules", "groups", "0", "conditions", "0", "value"]

    look = it.change("CategoryTemplatePreview", input={"tiktokShopId": it.shop, "template": it.wanted})
    assert (look["count"], look["gainedCount"], look["lostCount"]) == (1, 1, 0)
    assert [(one["kind"], one["count"], one["before"]["id"]) for one in look["moves"]] == [("GAINED", 1, it.rest)]
    [shown] = look["products"]
    assert (shown["product"]["id"], shown["categoryDecidedBy"]) == (it.by_title["1"], "TEMPLATE")
    assert [one["code"] for one in shown["problems"] if one["severity"] == "ERROR"] == []
    assert json.loads(shown["content"]["body"])["category_id"] == it.leaf["id"]
    assert {one["layer"] for one in shown["provenance"] if one["field"].startswith("package.dimensions")} <= {"BLOCK"}


def make(it: Story) -> None:
    """Saved, and a product given to it by hand."""
    it.template = it.change("CategoryTemplateCreate", input=it.wanted | {"tiktokShopId": it.shop})["categoryTemplate"][
        "id"
    ]
    it.given = {"templateId": it.template, "productIds": [it.by_title["2"]]}
    assert [row["done"] for row in it.change("CategoryTemplateAssignProducts", input=it.given)["results"]] == [True]
    match = it.ask("ProductTemplateMatch", id=it.by_title["2"], tiktokShopId=it.shop)["templateMatch"]
    assert (match["takenBy"], match["template"]["id"], match["insteadOf"]["id"]) == ("ASSIGNMENT", it.template, it.rest)
    health = it.ask("CategoryTemplateHealth", id=it.template, first=10)
    assert (health["takenCount"], health["matchedCount"], health["assignedCount"]) == (2, 1, 1)
    assert [one["code"] for one in health["problems"] if one["severity"] == "ERROR"] == []


def list_and_edit(it: Story) -> None:
    """It lists what it takes and what comes; a change is sent to those listings only when asked for."""
    task = it.change("CategoryTemplateActivate", id=it.template)["task"]["id"]
    assert it.merchant.ended(task)["counts"]["succeeded"] == 2
    it.town.sandbox("POST", "shopify/add-product", shop=it.merchant.domain, product=a_candle(11))
    eventually(it.merchant.statuses, lambda seen: seen.get("LIVE") == 3 and seen.get("NOT_SYNCED") == 3)

    first = it.change("CategoryTemplateUpdate", id=it.template, input={"price": {"percent": "10"}})
    assert (first["categoryTemplate"]["affectedListings"]["count"], first["task"]) == (3, None)
    edit = it.change("CategoryTemplateApply", id=it.template)["task"]["id"]
    assert it.merchant.ended(edit)["counts"]["succeeded"] == 3
    again = it.change("CategoryTemplateUpdate", id=it.template, input={"name": "One"}, applyToListings=True)["task"][
        "id"
    ]
    assert it.merchant.ended(again)["counts"]["skipped"] == 3
    [newest, second, created] = it.ask("CategoryTemplateHealth", id=it.template, first=1)["revisions"]["nodes"]
    assert [one["path"] for one in newest["differences"]] == [["name"]]
    assert (second["revision"], created["action"]) == (2, "CREATED")


def say_of_one(it: Story) -> None:
    """Settings of one product, and of the whole TikTok shop."""
    own = {"productId": it.by_title["3"], "title": "The third of all scented candles"}
    rows = it.change("ProductOverrideSet", input={"tiktokShopId": it.shop, "overrides": [own]})["results"]
    assert [(row["done"], row["override"]["title"]) for row in rows] == [(True, own["title"])]
    cleared = {"tiktokShopId": it.shop, "productIds": [it.by_title["3"]]}
    assert it.change("ProductOverrideClear", input=cleared)["clearedCount"] == 1
    made = it.change("TikTokShopDefaultsSet", input={"tiktokShopId": it.shop, "shortenTitle": True})["tiktokShop"]
    assert made["defaults"]["said"] == ["SHORTEN_TITLE"]


def conflict(it: Story) -> None:
    """A second template wants the same; the order decides."""
    other = it.wanted | {"tiktokShopId": it.shop, "name": "Ones again", "shippingBlockId": None}
    second_id = it.change("CategoryTemplateCreate", input=other)["categoryTemplate"]["id"]
    conflicts = it.ask("TemplateConflicts", tiktokShopId=it.shop, first=5)
    assert [(one["winner"]["id"], one["loser"]["id"], one["count"]) for one in conflicts["overlaps"]["nodes"]] == [
        (it.template, second_id, 2)
    ]
    assert [one["reason"] for one in conflicts["deadTemplates"]["nodes"]] == ["ALWAYS_LOSES"]
    order = {"tiktokShopId": it.shop, "templateIds": [second_id, it.template]}
    assert [one["id"] for one in it.change("CategoryTemplateReorder", input=order)["categoryTemplates"]] == [
        second_id,
        it.template,
    ]
    assert it.ask("CategoryTemplateHealth", id=second_id, first=5)["takenCount"] == 2


def share(it: Story) -> None:
    """A block in use is changed for all, and cannot be removed."""
    [listed] = it.ask("TemplateBlocks", tiktokShopId=it.shop, first=5)["nodes"]
    assert [one["id"] for one in listed["usedBy"]] == [it.template]
    bigger = {"shipping": {"dimensions": it.package["dimensions"] | {"height": "12"}}}
    assert it.change("TemplateBlockUpdate", id=it.block, input=bigger)["templateBlock"]["revision"] == 2
    [error] = it.ask("TemplateBlockDelete", id=it.block)["userErrors"]
    assert (error["code"], "“One”" in error["message"]) == ("CONFLICT", True)


def take_away(it: Story) -> None:
    """Its products go to whoever takes them now; what is on TikTok Shop stays."""
    assert [row["done"] for row in it.change("CategoryTemplateUnassignProducts", input=it.given)["results"]] == [True]
    assert it.change("CategoryTemplateDelete", id=it.template)["deletedCategoryTemplateId"] == it.template
    match = it.ask("ProductTemplateMatch", id=it.by_title["2"], tiktokShopId=it.shop)["templateMatch"]
    assert (match["takenBy"], match["template"]["id"]) == ("DEFAULT", it.rest)
    assert it.ask("TemplateBlockDetail", id=it.block)["usedBy"] == []
    assert it.change("TemplateBlockDelete", id=it.block)["deletedTemplateBlockId"] == it.block
    assert it.merchant.statuses()["LIVE"] == 3


def test_a_templates_life(town: Town, settle: Callable[[int], Merchant]) -> None:
    it = Story(town, settle(5))
    for step in (look, make, list_and_edit, say_of_one, conflict, share, take_away):
        step(it)
    assert it.done >= TEMPLATE_STORY
