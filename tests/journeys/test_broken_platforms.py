"""A platform that is gone for a while, and secrets that are wrong: clear answers, nothing lost, nothing doubled."""

from collections.abc import Callable

import pytest

from cli import story
from cli.bootstrap import CONNECT, id_token
from tests.journeys.asking import Caller
from tests.journeys.footprint import footprint
from tests.journeys.merchants import LIST, Merchant
from tests.journeys.played import Played
from tests.journeys.town import Town, eventually

PRODUCTS = 40
ITEMS = "query I($id: ID!) { task(id: $id) { items(states: [QUEUED], first: 100) { nodes { problems { code } } } } }"
WRONG = {"TIKTOK_APP_SECRET": "0" * 40, "SHOPIFY_CLIENT_SECRET": "shpss_" + "0" * 32}

SIGNATURE = {
    "code": "CONNECTOR_FAULT",
    "message": "Something on our side is wrong with this request. "
    "TikTok Shop said: Invalid signature: the sign does not match the request (106001)",
    "remedy": "CONTACT_SUPPORT",
}


def waiting(merchant: Merchant, task: str) -> list[str]:
    """Why products of the task wait for another attempt."""
    items = merchant.client.ask(ITEMS, id=task)["task"]["items"]["nodes"]
    return [problem["code"] for item in items for problem in item["problems"]]


@pytest.mark.usefixtures("played")
def test_platforms_that_die_in_the_middle_of_a_task(town: Town, settle: Callable[[int], Merchant]) -> None:
    """The listing waits while nobody answers, and goes on once they are back, each product created once."""
    merchant = settle(PRODUCTS)
    template = merchant.prepared()
    town.sandbox("PATCH", "settings", latency_ms=300)
    task = merchant.begin(template)
    eventually(merchant.created, lambda seen: len(seen) > 0)
    town.stack.processes["sandbox"].stop()
    refused = eventually(lambda: waiting(merchant, task), lambda seen: len(seen) > 3)
    assert set(refused) == {"PLATFORM_BUSY"}
    halted = merchant.task(task)
    assert halted["state"] in ("RUNNING", "WAITING")
    assert halted["counts"]["failed"] == 0
    town.stack.restart_sandbox()
    town.sandbox("PATCH", "settings", latency_ms=0)
    assert merchant.ended(task)["state"] == "SUCCEEDED"
    assert merchant.task(task)["counts"]["succeeded"] == PRODUCTS
    created = merchant.created()
    assert (len(created), set(created.values())) == (PRODUCTS, {1})
    assert eventually(merchant.statuses, lambda seen: "IN_REVIEW" not in seen, seconds=60) == {"LIVE": PRODUCTS}


def test_a_store_that_cannot_be_reached_is_told_to_come_back(town: Town, played: Played) -> None:
    """An installation needs Shopify: without it nothing is stored, and the same request works later."""
    domain = "patient.myshopify.com"
    town.sandbox("POST", "shopify/add-shop", shop=domain, products=[])
    newcomer = Caller(town.http, town.known["graphql_url"], id_token(town.http, town.known["sandbox_url"], domain))
    town.sandbox("POST", "faults", kind="reset", pattern=domain)
    answer = newcomer.ask("{ shop { domain } }")
    town.sandbox("DELETE", "faults")
    assert (answer.status, answer.codes) == (503, ["UNAVAILABLE"])
    assert answer.headers["retry-after"] == "5"
    assert answer.messages[0].startswith("The app could not be installed in this shop: ")
    assert newcomer.ask("{ shop { domain } }").data == {"shop": {"domain": domain}}


def test_wrong_app_secrets_are_told_and_everything_can_be_repeated(
    town: Town, played: Played, settle: Callable[[int], Merchant]
) -> None:
    merchant = settle(3)
    template = merchant.prepared()
    before = footprint(town)[0]
    with town.app_settings(**WRONG):
        assert footprint(town)[0] == before
        refused = merchant.task(finished(merchant, merchant.begin(template)))
        assert (refused["state"], refused["counts"]["failed"]) == ("FAILED", 3)
        assert refused["problem"] == SIGNATURE
        assert merchant.statuses() == {"SYNC_FAILED": 3}
        sync = merchant.client.do(story.SYNC, input={"tiktokShopId": merchant.tiktok_shop})["task"]["id"]
        assert merchant.task(finished(merchant, sync))["problem"] == SIGNATURE
        link = merchant.client.do(CONNECT, input={"market": "US"})["authorizeUrl"]
        page = town.http.get(link, follow_redirects=True)
        assert page.status_code == 502
        assert "Invalid app_secret (36009004)" in page.text
        town.sandbox("POST", "shopify/expire-tokens", shop=merchant.domain)
        imported = merchant.task(finished(merchant, merchant.client.do(story.IMPORT)["task"]["id"]))
        assert (imported["state"], imported["problem"]["code"]) == ("FAILED", "CONNECTOR_FAULT")
        proof = id_token(town.http, town.known["sandbox_url"], merchant.domain)
        stranger = Caller(town.http, town.known["graphql_url"], proof).ask("{ shop { id } }")
        assert (stranger.status, stranger.codes) == (401, ["UNAUTHENTICATED"])
        assert merchant.created() == {}
    assert merchant.task(finished(merchant, merchant.client.do(story.IMPORT)["task"]["id"]))["state"] == "SUCCEEDED"
    products = merchant.client.ask("{ products(first: 10) { nodes { id } } }")["products"]["nodes"]
    wanted = {"tiktokShopId": merchant.tiktok_shop, "productIds": [product["id"] for product in products]}
    again = merchant.client.do(LIST, input=wanted)["task"]["id"]
    assert merchant.task(finished(merchant, again))["counts"]["succeeded"] == 3
    assert set(merchant.created().values()) == {1}
    assert footprint(town)[0] == before


def finished(merchant: Merchant, task: str) -> str:
    merchant.ended(task)
    return task
