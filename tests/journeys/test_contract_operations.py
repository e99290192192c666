"""Every document that the frontend contract offers is executed as it stands and answers without errors."""

from collections.abc import Callable
from pathlib import Path

import pytest

from cli.client import Json
from tests.journeys.feeds import subscribed
from tests.journeys.merchants import Merchant
from tests.journeys.operations import EDITING_STORY, TEMPLATE_STORY
from tests.journeys.played import Played
from tests.journeys.town import Town

OPERATIONS = Path(__file__).resolve().parents[2] / "frontend-contract" / "operations"
FILES = {path.stem: path for path in sorted(OPERATIONS.rglob("*.graphql"))}

QUESTIONS: dict[str, Callable[[Played], Json]] = {
    "ApiTokens": lambda _: {"first": 10},
    "Categories": lambda it: {
        "tiktokShopId": it.tiktok_shop, "version": "V2", "filter": {"roots": True}, "first": 50,
    },
    "AttributeRequirements": lambda it: {
        "tiktokShopId": it.tiktok_shop,
        "category": it.leaf,
        "answers": [{"id": it.attribute, "values": [{"name": "Cotton"}]}],
    },
    "AttributeValueMatch": lambda it: {
        "tiktokShopId": it.tiktok_shop,
        "ref": it.leaf,
        "attributeId": it.attribute,
        "texts": ["Red", "Cotton"],
    },
    "CategoryBrands": lambda it: {"tiktokShopId": it.tiktok_shop, "ref": it.leaf, "first": 10},
    "CategoryBrowse": lambda it: {"tiktokShopId": it.tiktok_shop, "ref": it.leaf, "first": 10},
    "CategoryMappingPack": lambda it: {"tiktokShopId": it.tiktok_shop},
    "CategoryMappings": lambda it: {"tiktokShopId": it.tiktok_shop, "first": 10},
    "CategoryPolicy": lambda _: {"market": "GB", "on": "2026-11-21"},
    "CategoryRequirements": lambda it: {"tiktokShopId": it.tiktok_shop, "ref": it.leaf},
    "CategoryByRef": lambda it: {"tiktokShopId": it.tiktok_shop, "ref": it.leaf},
    "CategoryTemplateDetail": lambda it: {"id": it.template},
    "CategoryTemplates": lambda it: {"tiktokShopId": it.tiktok_shop, "first": 10},
    "ListingBackups": lambda it: {"tiktokShopId": it.tiktok_shop},
    "ListingDetail": lambda it: {"id": it.listings[0]["id"]},
    "Listings": lambda it: {"filter": {"statuses": ["SYNC_FAILED"], "templateId": it.template}, "first": 50},
    "ProductOverridesExport": lambda it: {"tiktokShopId": it.tiktok_shop, "first": 10, "allProducts": True},
    "Problems": lambda it: {"filter": {"tiktokShopId": it.tiktok_shop}, "first": 50, "listings": 2},
    "ProductDetail": lambda it: {"id": it.listings[0]["product"]["id"], "tiktokShopId": it.tiktok_shop},
    "Products": lambda it: {"tiktokShopId": it.tiktok_shop, "filter": {"search": "candle"}, "first": 50},
    "Refetch": lambda it: {"ids": [it.tiktok_shop, it.template, it.listed, it.listings[0]["id"]]},
    "ServiceStatus": lambda _: {},
    "Shop": lambda _: {},
    "TaskDetail": lambda it: {"id": it.listed, "states": ["FAILED"], "first": 50, "eventsAfter": "3"},
    "Tasks": lambda _: {"filter": {"kinds": ["LISTING"]}, "first": 10},
    "TikTokShopCategories": lambda it: {"id": it.tiktok_shop, "first": 10},
    "TikTokShopDetail": lambda it: {"id": it.tiktok_shop},
}  # fmt: skip
"""Questions that change nothing, each with the variables a client would send; asked by the main job's merchant."""

ITEMS = "query I($id: ID!) { task(id: $id) { items(first: 1) { nodes { id } } } }"
FOLLOWED = {"TaskProgress"}
CHANGES = {
    "ApiTokenCreate", "ApiTokenRevoke", "CategoriesSync", "CategoryTemplateActivate", "CategoryTemplateCreate",
    "CategoryTemplateDeactivate", "CategoryTemplateDelete", "CategoryTemplateUpdate", "ProblemDismiss",
    "ProductOverridesImport", "ProductsCheck", "ProductsImport", "ProductsList",
    "TaskCancel", "TaskItemFixAndRetry", "TaskPause", "TaskResume", "TaskRetry",
    "TikTokShopConnect", "TikTokShopDisconnect",
}  # fmt: skip
"""Changes, in the story of a merchant below."""
MAPPING_CHANGES = {
    "CategoryMappingDelete", "CategoryMappingPackImport", "CategoryMappingSet", "CategoryMappingsCopy",
    "CategoryMappingsSet",
}  # fmt: skip
RECOMMENDING = {
    "RecommendationApprove", "RecommendationReject", "Recommendations", "RecommendationsRefresh",
    "TikTokShopRecommendationThresholdSet",
}  # fmt: skip
FILES_STORY = {"FileDelete", "FileDetail", "Files", "StagedUploadCreate"}
LINKING = {
    "LinkProposalReject", "LinkProposals", "ListingLink", "ListingUnlink", "ListingsActivate", "ListingsDeactivate",
    "ListingsDelete", "ListingsRecover", "RemoteProducts", "TikTokShopMatchPolicySet", "TikTokShopSweep",
}  # fmt: skip
"""Changes around mappings, recommendations, files and links, in stories of their own."""


def document(name: str) -> str:
    return FILES[name].read_text("utf-8")


def test_no_document_is_left_out() -> None:
    told_here = set(QUESTIONS) | CHANGES | MAPPING_CHANGES | RECOMMENDING | FILES_STORY | LINKING | FOLLOWED
    assert set(FILES) == told_here | TEMPLATE_STORY | EDITING_STORY


@pytest.mark.parametrize("name", sorted(QUESTIONS))
def test_a_question_is_answered(town: Town, played: Played, name: str) -> None:
    data = town.caller.ask(document(name), **QUESTIONS[name](played)).data
    assert None not in data.values(), data
    for field in data.values():
        if isinstance(field, dict) and "nodes" in field:
            assert field["nodes"], f"{name} answered an empty page"


def test_a_task_is_followed(town: Town, played: Played) -> None:
    with subscribed(town, document("TaskProgress"), taskId=played.listed, after="0") as looks:
        last = list(looks)[-1]
    assert last["task"]["counts"]["succeeded"] == 156
    assert last["task"]["state"] == "PARTIALLY_SUCCEEDED"


def test_every_change_of_a_merchants_day(town: Town, played: Played, settle: Callable[[int], Merchant]) -> None:
    """From the first token to the goodbye, by the contract's documents only."""
    merchant = settle(3)
    done: set[str] = set()

    def change(name: str, **variables: object) -> Json:
        payload = merchant.caller.ask(document(name), **variables).payload
        assert payload["userErrors"] == [], name
        done.add(name)
        return {key: value for key, value in payload.items() if key != "userErrors"}

    def task(name: str, **variables: object) -> Json:
        started = change(name, **variables)["task"]
        return merchant.ended(started["id"])

    shop = merchant.tiktok_shop
    assert task("ProductsImport", input={"idempotencyKey": "monday"})["counts"]["succeeded"] == 3
    assert task("CategoriesSync", input={"tiktokShopId": shop, "versions": ["V2"]})["state"] == "SUCCEEDED"
    written = {"tiktokShopId": shop, "name": "All", "isDefault": True, "category": played.leaf}
    template = change("CategoryTemplateCreate", input=written)["categoryTemplate"]["id"]
    package = {"dimensions": {"length": "20", "width": "15", "height": "10", "unit": "CENTIMETER"}}
    changed = change("CategoryTemplateUpdate", id=template, input={"shipping": package})
    assert changed["categoryTemplate"]["revision"] == 2
    assert task("CategoryTemplateActivate", id=template, idempotencyKey="first")["counts"]["succeeded"] == 3
    products = merchant.client.ask(document("Products"), tiktokShopId=shop, first=10)["products"]["nodes"]
    again = change("ProductsList", input={"tiktokShopId": shop, "productIds": [products[0]["id"]]})["task"]["id"]
    assert merchant.ended(again)["counts"]["skipped"] == 1
    asked = {"tiktokShopId": shop, "productIds": [products[0]["id"]], "templateId": template}
    assert merchant.ended(change("ProductsCheck", input=asked)["task"]["id"])["counts"]["total"] == 1
    file = merchant.client.ask(document("ProductOverridesExport"), tiktokShopId=shop, first=10, allProducts=True)[
        "productOverridesExport"
    ]["csv"]
    report = change("ProductOverridesImport", input={"tiktokShopId": shop, "csv": file, "dryRun": False})["report"]
    assert (report["applied"], report["unchangedCount"], report["faults"]) == (True, 3, [])
    assert change("ProblemDismiss", input={"code": "WEIGHT_FROM_BACKUP"})["changed"] in range(4)
    nothing = merchant.caller.ask(document("TaskRetry"), ids=[again])
    assert [code for code, _ in nothing.refusals] == ["CONFLICT"]
    item = merchant.client.ask(ITEMS, id=again)["task"]["items"]["nodes"][0]["id"]
    patch = {"title": "A better title for it"}
    nothing = merchant.caller.ask(document("TaskItemFixAndRetry"), itemId=item, patch=patch, layer="PRODUCT")
    assert [code for code, _ in nothing.refusals] == ["CONFLICT"]
    done |= {"TaskRetry", "TaskItemFixAndRetry"}
    with town.sandbox_rules(latency_ms=500):
        third = change("ProductsImport", input={})["task"]["id"]
        assert change("TaskPause", id=third)["task"] == {"id": third, "state": "PAUSED"}
        assert change("TaskResume", id=third)["task"]["state"] in ("QUEUED", "RUNNING", "WAITING")
        assert change("TaskCancel", id=third)["task"]["state"] in ("CANCELLING", "CANCELLED")
    assert merchant.ended(third)["state"] == "CANCELLED"
    made = change("ApiTokenCreate", input={"name": "ERP", "scopes": ["READ_PRODUCTS"]})
    town.tokens.append(made["secret"])
    assert change("ApiTokenRevoke", id=made["apiToken"]["id"])["apiToken"]["revokedAt"]
    assert change("CategoryTemplateDeactivate", id=template)["categoryTemplate"]["isActive"] is False
    assert change("CategoryTemplateDelete", id=template) == {"deletedCategoryTemplateId": template}
    gone = change("TikTokShopDisconnect", input={"tiktokShopId": shop})["tiktokShop"]
    assert gone == {"id": shop, "status": "DISCONNECTED"}
    assert change("TikTokShopConnect", input={"market": "GB"})["authorizeUrl"].startswith("http")
    assert done == CHANGES


@pytest.fixture
def mapper(town: Town, played: Played, settle: Callable[[int], Merchant]) -> Merchant:
    """A merchant with three products, trees and a template."""
    merchant = settle(3)
    merchant.prepared()
    return merchant


def changed(merchant: Merchant, name: str, **variables: object) -> Json:
    """The payload of a change that was made."""
    payload = merchant.caller.ask(document(name), **variables).payload
    assert payload["userErrors"] == [], name
    return payload


def test_every_change_of_mappings(mapper: Merchant, played: Played) -> None:
    shop = mapper.tiktok_shop
    candles = {"source": {"kind": "PRODUCT_TYPE", "key": "Candles"}, "category": played.leaf}
    made = changed(mapper, "CategoryMappingSet", input={"tiktokShopId": shop, **candles})["categoryMapping"]
    assert made["source"]["kind"] == "PRODUCT_TYPE"
    assert made["categoryRef"] == played.leaf
    rows = changed(mapper, "CategoryMappingsSet", input={"tiktokShopId": shop, "mappings": [candles]})["results"]
    assert [row["userErrors"] for row in rows] == [[]]
    pack = mapper.caller.ask(document("CategoryMappingPack"), tiktokShopId=shop).payload
    assert pack["mappingsCount"] == 1
    told = changed(mapper, "CategoryMappingPackImport", input={"tiktokShopId": shop, "file": pack["file"]})["report"]
    assert (told["dryRun"], told["mappings"]["same"]) == (True, 1)
    refused = mapper.caller.ask(
        document("CategoryMappingsCopy"), input={"fromTiktokShopId": shop, "toTiktokShopId": shop}
    )
    assert [code for code, _ in refused.refusals] == ["INVALID"]
    gone = changed(mapper, "CategoryMappingDelete", id=made["id"])
    assert gone["deletedCategoryMappingId"] == made["id"]


def test_every_change_of_recommendations(mapper: Merchant, played: Played) -> None:
    shop = mapper.tiktok_shop
    wish = {"tiktokShopId": shop, "minProbability": 0.2}
    told = changed(mapper, "TikTokShopRecommendationThresholdSet", input=wish)["tiktokShop"]
    assert told == {"id": shop, "recommendationThreshold": 0.2}
    task = changed(mapper, "RecommendationsRefresh", input={"tiktokShopId": shop, "filter": "ALL"})["task"]
    assert mapper.ended(task["id"])["counts"]["succeeded"] == 3
    found = mapper.caller.ask(document("Recommendations"), tiktokShopId=shop, first=10).payload["nodes"]
    assert len(found) == 3
    first = changed(mapper, "RecommendationApprove", id=found[0]["id"], ref=played.leaf)["recommendation"]
    assert first == {"id": found[0]["id"], "state": "APPROVED", "chosen": played.leaf}
    assert changed(mapper, "RecommendationReject", id=found[1]["id"])["recommendation"]["state"] == "REJECTED"


def test_every_step_of_a_sellers_file(town: Town, mapper: Merchant) -> None:
    data = b"%PDF-1.7\ntrailer << >>\n%%EOF\n"
    wish = {"filename": "ce.pdf", "mimeType": "application/pdf", "fileSize": len(data), "purpose": "CERTIFICATION_FILE"}
    (row,) = changed(mapper, "StagedUploadCreate", input=[wish])["results"]
    assert row["userErrors"] == []
    target = row["target"]
    headers = {one["name"]: one["value"] for one in target["parameters"]}
    assert town.http.request(target["httpMethod"], target["url"], content=data, headers=headers).status_code == 201
    found = mapper.caller.ask(document("FileDetail"), id=target["resourceId"]).payload
    assert (found["state"], found["fileSize"], found["tiktokCopies"]) == ("STORED", len(data), [])
    assert town.http.get(found["url"]).content == data
    page = mapper.caller.ask(document("Files"), purposes=["CERTIFICATION_FILE"], first=10).payload
    assert [node["id"] for node in page["nodes"]] == [target["resourceId"]]
    gone = changed(mapper, "FileDelete", id=target["resourceId"])
    assert gone["deletedFileId"] == target["resourceId"]
    assert town.http.get(found["url"]).status_code == 404


def test_every_change_of_links_and_standings(mapper: Merchant, played: Played) -> None:
    """What was listed is let go, found again, linked, taken off sale, deleted and brought back."""
    shop, done = mapper.tiktok_shop, set[str]()

    def change(name: str, **variables: object) -> Json:
        done.add(name)
        return changed(mapper, name, **variables)

    def ask(name: str, **variables: object) -> list[Json]:
        done.add(name)
        nodes: list[Json] = mapper.caller.ask(document(name), tiktokShopId=shop, first=10, **variables).payload["nodes"]
        return nodes

    template = mapper.client.ask(
        "query T($id: ID!) { categoryTemplates(tiktokShopId: $id, first: 1) { nodes { id } } }", id=shop
    )["categoryTemplates"]["nodes"][0]["id"]
    assert mapper.ended(mapper.begin(template))["counts"]["succeeded"] == 3
    sweep = {"tiktokShopId": shop}
    assert mapper.ended(change("TikTokShopSweep", input=sweep)["task"]["id"])["state"] == "SUCCEEDED"
    assert ask("RemoteProducts", linked=False) == []
    first = ask("RemoteProducts", linked=True)[0]
    listing, pair = first["listing"]["id"], {"tiktokShopId": shop, "remoteId": first["remoteId"]}
    held = change("TikTokShopMatchPolicySet", input={"tiktokShopId": shop, "matchPolicy": "HOLD"})
    assert held["tiktokShop"]["matchPolicy"] == "HOLD"
    assert change("ListingUnlink", listingId=listing)["listing"] == {
        "id": listing, "status": "NOT_SYNCED", "remoteId": None,
    }  # fmt: skip
    (proposal,) = ask("LinkProposals", states=["UNLINKED"])
    rejected = change("LinkProposalReject", id=proposal["id"])["linkProposal"]
    assert rejected == {"id": proposal["id"], "state": "REJECTED"}
    linked = change("ListingLink", input=pair | {"productId": proposal["product"]["id"]})["listing"]
    assert linked["remoteId"] == first["remoteId"]
    mapper.ended(change("TikTokShopSweep", input=sweep)["task"]["id"])
    for name in ("ListingsDeactivate", "ListingsActivate", "ListingsDelete", "ListingsRecover"):
        made = change(name, input={"tiktokShopId": shop, "listingIds": [listing]})
        assert [row["userErrors"] for row in made["results"]] == [[]]
        assert mapper.ended(made["task"]["id"])["counts"]["succeeded"] == 1, name
    assert done == LINKING
