"""A large import whose workers are killed in the middle: nothing is lost, nothing comes twice, one export is made."""

from pathlib import Path
from time import monotonic, sleep

import httpx

from cli import bootstrap, story
from cli.client import Client, Json
from cli.processes import Plan, Stack

PRODUCTS = 6_000
KILLS = 3
SECONDS = 120

PROGRESS = """
query Progress($id: ID!) {
  node(id: $id) { ... on Task { state counts { total succeeded skipped failed } } }
}
"""


def test_an_import_whose_workers_are_killed(tmp_path: Path) -> None:
    options = ("--size", str(PRODUCTS))
    plan = Plan(data=tmp_path / "data", supervised=False, fast=True, sandbox_options=options)
    with Stack(plan) as stack, httpx.Client(timeout=30) as http:
        known = bootstrap.connect(stack)
        client = Client(http, known["graphql_url"], known["api_token"])
        task = client.do(story.IMPORT)["task"]["id"]
        kills, last, looks = 0, -1, [look(client, task)]
        deadline = monotonic() + SECONDS
        while looks[-1]["state"] not in ("SUCCEEDED", "FAILED", "PARTIALLY_SUCCEEDED"):
            assert monotonic() < deadline, looks[-1]
            sleep(0.05)
            looks.append(look(client, task))
            if kills < KILLS and looks[-1]["counts"]["succeeded"] > last + 400 * kills:
                last = looks[-1]["counts"]["succeeded"]
                stack.processes["worker-1"].kill()
                stack.start_worker("worker-1")
                kills += 1
        counts = {"total": PRODUCTS, "succeeded": PRODUCTS, "skipped": 0, "failed": 0}
        assert (kills, looks[-1]) == (KILLS, {"state": "SUCCEEDED", "counts": counts})
        for name in counts:
            seen = [one["counts"][name] for one in looks]
            assert seen == sorted(seen)
        assert client.ask(story.SHOP)["shop"]["productsCount"] == PRODUCTS
        assert starts(http, stack.addresses.sandbox) == 1


def look(client: Client, task: str) -> Json:
    found: Json = client.ask(PROGRESS, id=task)["node"]
    return found


def starts(http: httpx.Client, sandbox: str) -> int:
    """How many exports the sandbox was asked for."""
    calls = http.get(f"{sandbox}/_sandbox/calls/summary").json()
    count: int = calls["operations"]["BulkStart"]
    return count
