"""How fast changed prices go out, beside a bare loop of the same calls, and how overtaking changes gather.

Run it by itself: ``python -m benchmarks.editing [--products N] [--workers N]``. It starts a stack of its own, lists the
sandbox's store, lets the reviews pass and prints one ``name value`` per line.
"""

import argparse
import asyncio
import os
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx
import uvloop

from benchmarks import bare
from benchmarks.listed import last, lift_quota
from cli import bootstrap, story
from cli.client import Client, Json
from cli.processes import Plan, Stack
from server.clients.http import new_http

PRICE = "Update Price"
CHANGES = 3
"""Prices set one after the other while the first are still going out."""
KEPT_BODY = 1000
REVIEW_SECONDS = 900.0
"""What the platform's reviews may take of all that was listed."""

TEMPLATE = """
mutation T($id: ID!, $input: CategoryTemplateInput!) {
  categoryTemplateUpdate(id: $id, input: $input) { categoryTemplate { revision } userErrors { message field } }
}
"""
EDIT = "mutation E($input: ListingsEditInput!) { listingsEdit(input: $input) { task { id } userErrors { message } } }"


def measure(*, products: int, workers: int) -> dict[str, float]:
    """Seconds for one price of each listing, the same calls without us, then three changes on each other's heels."""
    with tempfile.TemporaryDirectory(prefix="leafmark-benchmark-") as folder:
        plan = Plan(Path(folder) / "data", workers=workers, temporary=True, sandbox_options=("--size", str(products)))
        with Stack(plan) as stack:
            known = bootstrap.connect(stack)
            with httpx.Client(timeout=60.0) as http:
                desk = Desk(Client(http, known["graphql_url"], known["api_token"]), http, known["sandbox_url"])
                desk.list_all()
                told = desk.priced(1)
                with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                    plain = runner.run(_bare(known, desk.price_calls(), int(told["price_calls"])))
                told |= {"bare_calls_per_second": told["price_calls"] / plain, "ratio_to_bare": told["seconds"] / plain}
                return told | desk.overtaken(CHANGES)


class Desk:
    """A merchant with listed products, and what the sandbox saw."""

    def __init__(self, client: Client, http: httpx.Client, sandbox: str) -> None:
        self._client, self._http, self._sandbox = client, http, sandbox
        self._shop, self._template = "", ""

    def list_all(self) -> None:
        """List the store and let every review pass."""
        self._shop, self._template = story.prepare(self._client, lambda _title, looks: last(looks))
        lift_quota(self._http, self._sandbox)
        task = self._client.do(story.ACTIVATE, id=self._template)["task"]["id"]
        last(self._client.follow(task))
        story.await_reviews(self._client, self._shop, seconds=REVIEW_SECONDS)

    def priced(self, percent: int) -> dict[str, float]:
        """Raise all prices, and send them."""
        before = bare.counted(self._http, self._sandbox).get(PRICE, 0)
        began = time.perf_counter()
        counts = last(self._client.follow(self._edit(percent)))["task"]["counts"]
        seconds = time.perf_counter() - began
        calls = bare.counted(self._http, self._sandbox).get(PRICE, 0) - before
        if not calls or counts["failed"] > counts["succeeded"]:
            raise SystemExit(f"The edit ended with {counts} after {calls} calls.")
        return {"seconds": seconds, "price_calls": float(calls), "calls_per_second": calls / seconds}

    def overtaken(self, times: int) -> dict[str, float]:
        """Change the prices again before they are out: what was not sent yet goes out once, with the latest value."""
        before = bare.counted(self._http, self._sandbox).get(PRICE, 0)
        for task in [self._edit(10 + step) for step in range(times)]:
            last(self._client.follow(task))
        calls = bare.counted(self._http, self._sandbox).get(PRICE, 0) - before
        return {"changes_asked": float(times), "calls_for_overtaking_changes": float(calls)}

    def price_calls(self) -> list[Json]:
        """Price calls as the sandbox saw them, a sample of the newest; it keeps 1,000 characters of a body."""
        query = {"path": "/product/202309/products", "limit": "500", "status": "200"}
        calls = self._http.get(f"{self._sandbox}/_sandbox/calls", params=query).raise_for_status().json()["calls"]
        return [one for one in calls if one["path"].endswith("/prices/update") and len(one["body"]) < KEPT_BODY]

    def _edit(self, percent: int) -> str:
        price = {"percent": str(percent)}
        self._client.do(TEMPLATE, id=self._template, input={"price": price})
        task: str = self._client.do(EDIT, input={"tiktokShopId": self._shop})["task"]["id"]
        return task


async def _bare(known: dict[str, str], sample: list[Json], amount: int) -> float:
    """The same calls, signed and read, nothing else."""
    async with new_http() as http:
        loop = bare.BareLoop(known, http, bare.Seen({}, [], "", ""))
        began = time.perf_counter()
        places = asyncio.Semaphore(bare.AT_ONCE)

        async def one(call: Json) -> None:
            async with places:
                await loop.post_json(call["path"], call["body"].encode())

        async with asyncio.TaskGroup() as group:
            for number in range(amount):
                group.create_task(one(sample[number % len(sample)]))
        return time.perf_counter() - began


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--products", type=int, default=500)
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args()
    found: dict[str, Any] = {"load": os.getloadavg()[0]}
    found |= measure(products=asked.products, workers=asked.workers)
    for name, value in found.items():
        print(f"editing_{asked.products}_{name} {value:.3f}")


if __name__ == "__main__":
    main()
