"""A listing is held, continued and cancelled over the API while a worker is in the middle of it."""

from collections.abc import Callable, Iterator

import pytest

from cli import story
from cli.client import Json
from tests.journeys.merchants import Merchant
from tests.journeys.town import Town, eventually

PRODUCTS = 120
"""More than a worker holds at once, so that something is left to hold back."""
STEER = "mutation S($id: ID!) {{ {change}(id: $id) {{ task {{ state }} userErrors {{ message }} }} }}"


@pytest.fixture
def slow(town: Town) -> Iterator[None]:
    """A platform that takes its time."""
    with town.sandbox_rules(latency_ms=100):
        yield


def steer(merchant: Merchant, change: str, task: str) -> str:
    state: str = merchant.client.do(STEER.format(change=change), id=task)["task"]["state"]
    return state


def midway(merchant: Merchant, task: str) -> Json:
    """The task with something under way."""
    return eventually(lambda: merchant.task(task), lambda seen: seen["counts"]["running"] > 0)


def at_rest(merchant: Merchant, task: str) -> Json:
    """The task once nothing of it is under way."""
    return eventually(lambda: merchant.task(task), lambda seen: seen["counts"]["running"] == 0)


@pytest.mark.usefixtures("slow", "played")
def test_a_cancelled_listing_finishes_what_is_under_way_and_skips_the_rest(settle: Callable[[int], Merchant]) -> None:
    merchant = settle(PRODUCTS)
    task = merchant.begin(merchant.prepared())
    midway(merchant, task)
    assert steer(merchant, "taskCancel", task) in ("CANCELLING", "CANCELLED")
    assert steer(merchant, "taskCancel", task) in ("CANCELLING", "CANCELLED")
    assert merchant.ended(task)["state"] == "CANCELLED"
    counts = merchant.task(task)["counts"]
    assert counts["succeeded"] > 0
    assert counts["skipped"] > 0
    assert counts == {
        "total": PRODUCTS,
        "queued": 0,
        "running": 0,
        "succeeded": PRODUCTS - counts["skipped"],
        "skipped": counts["skipped"],
        "failed": 0,
    }
    created = merchant.created()
    assert (len(created), set(created.values())) == (counts["succeeded"], {1})
    statuses = eventually(merchant.statuses, lambda seen: "IN_REVIEW" not in seen)
    assert statuses == {"LIVE": counts["succeeded"], "NOT_SYNCED": counts["skipped"]}


@pytest.mark.usefixtures("slow", "played")
def test_a_paused_listing_stands_still_until_it_is_resumed(settle: Callable[[int], Merchant]) -> None:
    merchant = settle(PRODUCTS)
    task = merchant.begin(merchant.prepared())
    midway(merchant, task)
    assert steer(merchant, "taskPause", task) == "PAUSED"
    held = at_rest(merchant, task)
    assert held["state"] == "PAUSED"
    assert held["counts"]["queued"] > 0
    assert held["counts"]["queued"] + held["counts"]["succeeded"] == PRODUCTS
    meanwhile = merchant.client.do(story.IMPORT)["task"]["id"]
    assert merchant.ended(meanwhile)["state"] == "SUCCEEDED"
    assert merchant.task(task) == held
    assert len(merchant.created()) == held["counts"]["succeeded"]
    assert steer(merchant, "taskResume", task) in ("QUEUED", "RUNNING")
    assert merchant.ended(task)["state"] == "SUCCEEDED"
    assert merchant.task(task)["counts"] == {
        "total": PRODUCTS, "queued": 0, "running": 0, "succeeded": PRODUCTS, "skipped": 0, "failed": 0,
    }  # fmt: skip
    created = merchant.created()
    assert (len(created), set(created.values())) == (PRODUCTS, {1})
