"""The main job with the built-in store: import, categories, default template, activation, audits; to the last count."""

from collections import Counter

from cli import story
from cli.client import Json
from tests.journeys.merchants import LIST
from tests.journeys.played import Played, task
from tests.journeys.town import Town

FAILING = {
    "blank-description": {"DESCRIPTION_EMPTY": ["description"]},
    "extra-virgin-olive-oil-500-ml": {"STOCK_EMPTY": ["variants", "0", "inventory_quantity"]},
    "free-sample": {"PRICE_TOO_LOW": ["variants", "0", "price"]},
    "image-is-html": {"IMAGES_ALL_BROKEN": ["images"]},
    "japanese-tea": {"TITLE_REFUSED": ["title"]},
    "led-strip-light-5-m": {"STOCK_EMPTY": ["variants", "0", "inventory_quantity"]},
    "long-description": {"DESCRIPTION_TOO_LONG": ["description"]},
    "long-option-names": {"VARIANT_NAME_TOO_LONG": ["variants", "0", "options"]},
    "narrow-image": {"IMAGES_ALL_BROKEN": ["images"]},
    "negative-stock": {"STOCK_EMPTY": ["variants", "0", "inventory_quantity"]},
    "no-description": {"DESCRIPTION_EMPTY": ["description"]},
    "no-images": {"IMAGES_MISSING": ["images"]},
    "over-every-limit": {
        "TITLE_TOO_LONG": ["title"],
        "DESCRIPTION_TOO_LONG": ["description"],
        "VARIANT_NAME_TOO_LONG": ["variants", "24", "options"],
        "PRICE_TOO_LOW": ["variants", "60", "price"],
    },
    "rosemary-mint-shampoo-bar": {"STOCK_EMPTY": ["variants", "0", "inventory_quantity"]},
    "symbols-title": {"TITLE_EMPTY": ["title"]},
    "tiny-image": {"IMAGES_ALL_BROKEN": ["images"]},
    "title-too-long": {"TITLE_TOO_LONG": ["title"]},
    "very-heavy": {"PACKAGE_REFUSED": ["package", "weight"]},
}
"""Each product of the built-in store that TikTok Shop cannot take, with every error and its path."""

FROM_TIKTOK = {"japanese-tea": 12052262, "very-heavy": 12052006}
"""Those that we let pass and the platform refused, with its own code."""

WARNED = {
    "BARCODE_DUPLICATE": {"same-barcode-twice"},
    "BARCODE_NOT_SENT": {"invalid-barcode", "wrong-check-digit"},
    "DESCRIPTION_IMAGE_LEFT_OUT": {"script-in-description"},
    "IMAGES_LEFT_OUT": {"twelve-images"},
    "IMAGE_UNREACHABLE": {"dead-image"},
    "LIST_PRICE_NOT_SENT": {"list-price-too-high"},
}
"""What was left out of products that were listed nevertheless (the warnings that few products have)."""

ITEMS = """
query Items($id: ID!, $after: String) {
  task(id: $id) {
    items(first: 250, after: $after) {
      nodes { position state attempts problems { code severity } product { handle } listing { status } }
      pageInfo { hasNextPage endCursor }
    }
  }
}
"""


def items(town: Town, task_id: str) -> list[Json]:
    found: list[Json] = town.client.ask(ITEMS, id=task_id)["task"]["items"]["nodes"]
    return found


def counts(*, total: int, succeeded: int, skipped: int = 0, failed: int = 0) -> Json:
    return {
        "total": total, "queued": 0, "running": 0, "succeeded": succeeded, "skipped": skipped, "failed": failed,
    }  # fmt: skip


def test_the_import_brings_the_whole_store(town: Town, played: Played) -> None:
    ended = task(town, played.imported)
    assert (ended["__typename"], ended["state"], ended["percent"]) == ("ImportTask", "SUCCEEDED", 100.0)
    assert ended["counts"] == counts(total=178, succeeded=178)
    assert ended["startedBy"] == {"kind": "TOKEN", "name": "development"}
    assert town.client.ask("{ shop { productsCount } }")["shop"]["productsCount"] == 178


def test_a_us_shop_has_one_tree_only(town: Town, played: Played) -> None:
    """TikTok refuses the older tree to US shops; that is no failure, and the shop is marked."""
    ended = task(town, played.synced)
    assert (ended["__typename"], ended["state"]) == ("CategoriesSyncTask", "SUCCEEDED")
    assert ended["counts"] == counts(total=2, succeeded=1, skipped=1)
    shop = town.client.ask("query S($id: ID!) { tiktokShop(id: $id) { enforcedVersion } }", id=played.tiktok_shop)
    assert shop["tiktokShop"]["enforcedVersion"] == "V2"


def test_the_listing_task_ends_with_exact_counts(town: Town, played: Played) -> None:
    ended = task(town, played.listed)
    assert (ended["__typename"], ended["state"]) == ("ListingTask", "PARTIALLY_SUCCEEDED")
    assert ended["counts"] == counts(total=174, succeeded=156, failed=18)
    assert ended["problem"] is None
    found = items(town, played.listed)
    assert [item["position"] for item in found] == list(range(174))
    assert {item["attempts"] for item in found} == {1}
    assert Counter(item["state"] for item in found) == {"SUCCEEDED": 156, "FAILED": 18}


def test_audit_webhooks_turn_in_review_into_live(played: Played) -> None:
    assert played.after_task == {"IN_REVIEW": 156, "SYNC_FAILED": 18, "NOT_SYNCED": 4}
    assert played.by_status() == {"LIVE": 156, "SYNC_FAILED": 18}
    live = [listing for listing in played.listings if listing["status"] == "LIVE"]
    assert all(listing["liveSince"] for listing in live)
    remarks = {problem["severity"] for listing in live for problem in listing["problems"]}
    assert remarks <= {"WARNING"}, "what was remarked when a product was sent outlives its review; nothing else does"


def test_each_failing_product_says_what_is_wrong(played: Played) -> None:
    failing = [listing for listing in played.listings if listing["status"] == "SYNC_FAILED"]
    errors = {
        listing["product"]["handle"]: {
            problem["code"]: problem["path"] for problem in listing["problems"] if problem["severity"] == "ERROR"
        }
        for listing in failing
    }
    assert errors == FAILING
    assert all(listing["remoteId"] is None for listing in failing)
    told = {
        listing["product"]["handle"]: problem["platformCode"]
        for listing in failing
        for problem in listing["problems"]
        if problem["platformCode"] is not None
    }
    assert told == FROM_TIKTOK
    assert {problem["remedy"] for listing in failing for problem in listing["problems"]} == {"FIX_PRODUCT"}


def test_items_keep_the_warnings_of_what_was_listed(town: Town, played: Played) -> None:
    warned: dict[str, set[str]] = {}
    for item in items(town, played.listed):
        for problem in item["problems"]:
            if item["state"] == "SUCCEEDED":
                assert problem["severity"] == "WARNING"
                warned.setdefault(problem["code"], set()).add(item["product"]["handle"])
    assert {code: handles for code, handles in warned.items() if code in WARNED} == WARNED
    assert {code: len(handles) for code, handles in warned.items() if code not in WARNED} == {
        "SKU_NOT_SENT": 2,
        "TITLE_CLEANED": 3,
        "VARIANTS_WITHOUT_STOCK": 34,
        "WEIGHT_FROM_BACKUP": 3,
    }


def test_every_live_product_is_on_tiktok_once_under_its_shopify_id(town: Town, played: Played) -> None:
    there = town.on_tiktok(town.known["tiktok_shop_id"])
    live = [listing for listing in played.listings if listing["status"] == "LIVE"]
    assert Counter((product["id"], product["external_product_id"]) for product in there) == Counter(
        (listing["remoteId"], listing["product"]["remoteId"]) for listing in live
    )
    assert {(product["status"], product["audit"]) for product in there} == {("ACTIVATE", "APPROVED")}
    assert {(product["category_id"], product["category_version"]) for product in there} == {(played.leaf["id"], "v2")}


def test_what_may_not_be_sold_is_left_out(town: Town, played: Played) -> None:
    document = "{ products(first: 250) { nodes { handle status isGiftCard } } }"
    listed = {listing["product"]["handle"] for listing in played.listings}
    products = town.client.ask(document)["products"]["nodes"]
    left_out = {product["handle"]: product for product in products if product["handle"] not in listed}
    assert Counter((product["status"], product["isGiftCard"]) for product in left_out.values()) == {
        ("DRAFT", False): 1,
        ("ARCHIVED", False): 1,
        ("UNLISTED", False): 1,
        ("ACTIVE", True): 1,
    }


def test_nothing_was_sent_that_the_platforms_do_not_know(town: Town, played: Played) -> None:
    assert town.sandbox("GET", "calls/summary")["unknown_fields"] == []


def test_activating_again_finds_nothing_more_to_list(town: Town, played: Played) -> None:
    again = town.client.do(story.ACTIVATE, id=played.template)["task"]["id"]
    list(town.client.follow(again))
    ended = task(town, again)
    assert (ended["state"], ended["counts"]) == ("SUCCEEDED", counts(total=0, succeeded=0))


def test_listing_by_id_skips_what_is_listed_and_tries_the_rest_anew(town: Town, played: Played) -> None:
    before = town.created(town.known["tiktok_shop_id"])
    failing = [listing for listing in played.listings if listing["status"] == "SYNC_FAILED"]
    live = [listing for listing in played.listings if listing["status"] == "LIVE"][:2]
    wanted = [listing["product"]["id"] for listing in failing + live]
    again = town.client.do(LIST, input={"tiktokShopId": played.tiktok_shop, "productIds": wanted})["task"]["id"]
    list(town.client.follow(again))
    ended = task(town, again)
    assert (ended["state"], ended["counts"]) == (
        "PARTIALLY_SUCCEEDED",
        counts(total=20, succeeded=0, skipped=2, failed=18),
    )
    skipped = [item for item in items(town, again) if item["state"] == "SKIPPED"]
    assert [problem["code"] for item in skipped for problem in item["problems"]] == ["ALREADY_LISTED"] * 2
    assert {item["listing"]["status"] for item in skipped} == {"LIVE"}
    assert town.created(town.known["tiktok_shop_id"]) == before
    assert set(before.values()) == {1}
