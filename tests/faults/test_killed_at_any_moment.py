"""Workers are killed, Redis is emptied, PostgreSQL restarts, the API dies: nothing is lost and nothing is doubled."""

import random
from collections import Counter
from pathlib import Path
from time import monotonic, sleep

import httpx
import pytest
from redis import Redis as SyncRedis

from cli import story
from cli.processes import Plan, Stack
from tests.faults.watcher import Watcher
from tests.journeys.town import Town, unwatched

PRODUCTS = 240
SECONDS = 150
SEED = 20261121

CREATES = "Create Product"


def let_twins_show(town: Town) -> None:
    """The platform takes a second product with the same external id: only we ourselves keep twins from being made."""
    town.sandbox("PATCH", "settings", external_ids_unique=False)


def wreck(stack: Stack, what: str, number: int) -> None:
    """One accident, and what an operator's supervisor would do about it."""
    if what == "worker":
        name = f"worker-{1 + number % 2}"
        stack.processes[name].kill()
        stack.start_worker(name)
    elif what == "redis":
        assert stack.redis is not None
        with SyncRedis.from_url(stack.redis.url) as redis:
            redis.flushall()
    elif what == "postgres":
        assert stack.postgres is not None
        stack.postgres.restart()
    else:
        stack.processes["api"].kill()
        stack.restart_api()


@pytest.fixture
def battered(tmp_path: Path) -> Plan:
    """Two workers that are not started again by themselves, and a platform slow enough to be caught in the middle."""
    options = ("--size", str(PRODUCTS), "--latency-ms", "25")
    return Plan(data=tmp_path / "data", workers=2, supervised=False, fast=True, sandbox_options=options)


def test_every_product_ends_once_and_every_event_comes_once(battered: Plan) -> None:
    chance = random.Random(SEED)
    with Stack(battered) as stack, httpx.Client(timeout=30) as http:
        town = Town.settled(stack, http)
        let_twins_show(town)
        shop, template = story.prepare(town.client, unwatched)
        task = town.client.do(story.ACTIVATE, id=template)["task"]["id"]
        watcher = Watcher(town.known["ws_url"], town.known["api_token"], task, seconds=SECONDS)
        watcher.start()
        for number, what in enumerate(["worker", "redis", "worker", "postgres", "worker", "api", "worker", "redis"]):
            sleep(chance.uniform(0.2, 0.9))
            if watcher.state == "QUEUED" or not watcher.is_alive():
                continue
            wreck(stack, what, number)
        watcher.join(SECONDS)
        assert watcher.state in ("SUCCEEDED", "PARTIALLY_SUCCEEDED"), watcher.state
        listings = story.reviewed(town.client, shop)

        cursors = [cursor for cursor, _, _ in watcher.seen]
        assert cursors == list(range(1, len(cursors) + 1))
        assert watcher.ends == sorted(watcher.ends)
        assert watcher.connections > 1
        ended = Counter(
            item for _, kind, item in watcher.seen if kind in ("ITEM_SUCCEEDED", "ITEM_FAILED", "ITEM_SKIPPED")
        )
        assert set(ended.values()) == {1}
        assert len(ended) == watcher.ends[-1]

        on_sale = sum(listing["status"] in ("LIVE", "REVIEW_FAILED", "IN_REVIEW") for listing in listings)
        assert {listing["status"] for listing in listings} <= {"LIVE", "REVIEW_FAILED", "SYNC_FAILED"}
        failed = {p["code"] for one in listings if one["status"] == "SYNC_FAILED" for p in one["problems"]}
        assert not failed & {"LISTING_THERE_ALREADY", "LINK_UNDECIDED", "CREATION_UNANSWERED"}, failed
        created = town.created()
        assert set(created.values()) == {1}, [key for key, count in created.items() if count > 1]
        assert len(created) == on_sale


def test_a_killed_worker_is_replaced_and_its_work_taken_up(battered: Plan) -> None:
    with Stack(battered) as stack, httpx.Client(timeout=30) as http:
        town = Town.settled(stack, http)
        let_twins_show(town)
        _, template = story.prepare(town.client, unwatched)
        town.sandbox("POST", "faults", operation=CREATES, kind="slow", ms=1500)
        task = town.client.do(story.ACTIVATE, id=template)["task"]["id"]
        looks = town.client.follow(task)
        while next(looks)["task"]["counts"]["running"] == 0:
            pass
        stack.processes["worker-2"].kill()
        stack.processes["worker-1"].kill()
        killed = monotonic()
        town.sandbox("DELETE", "faults")
        stack.start_worker("worker-1")
        events = Watcher(town.known["ws_url"], town.known["api_token"], task, seconds=60)
        events.start()
        while not any(kind == "ITEM_RETRY" for _, kind, _ in events.seen):
            assert monotonic() - killed < 5 + 60, (
                "nobody took the chunk over (60 s: a process's start on a busy machine)"
            )
            sleep(0.02)
        events.join(60)
        assert events.state in ("SUCCEEDED", "PARTIALLY_SUCCEEDED")
        assert set(town.created().values()) == {1}
