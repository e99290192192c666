"""How fast products are really listed: the demonstration's story through the public API, beside a bare loop."""

import asyncio
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import uvloop

from benchmarks import bare
from benchmarks.processor import tree_seconds
from cli import bootstrap, story
from cli.client import Client, Json
from cli.processes import Plan, Stack


def measure(*, products: int, workers: int) -> dict[str, float]:
    """A store of so many products in a fresh stack; the sandbox answers at once. Then its calls without us."""
    with tempfile.TemporaryDirectory(prefix="leafmark-benchmark-") as folder:
        plan = Plan(Path(folder) / "data", workers=workers, temporary=True, sandbox_options=("--size", str(products)))
        with Stack(plan) as stack:
            known = bootstrap.connect(stack)
            with httpx.Client(timeout=60.0) as http:
                client = Client(http, known["graphql_url"], known["api_token"])
                _, template = story.prepare(client, lambda _title, looks: _last(looks))
                _lift_quota(http, known["sandbox_url"])
                before = bare.counted(http, known["sandbox_url"])
                busy, began = _busy(stack), time.perf_counter()
                payload = client.do(story.ACTIVATE, id=template)
                task = _last(client.follow(payload["task"]["id"]))["task"]
                seconds = time.perf_counter() - began
                cpu = {name: value - busy[name] for name, value in _busy(stack).items()}
                seen = bare.Seen.by(http, known["sandbox_url"], before)
            with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                plain, plain_cpu = runner.run(bare.run(known, seen))
    counts = task["counts"]
    if counts["succeeded"] < products / 2:
        raise SystemExit(f"The listing ended {task['state']} with {counts}: {task['problem']}")
    cpu["bare"] = plain_cpu
    return _told(f"listing_{products}_products_{workers}w", counts["total"], seen, seconds, plain, cpu)


def _told(
    prefix: str, items: int, seen: bare.Seen, seconds: float, plain: float, cpu: dict[str, float]
) -> dict[str, float]:
    calls = {name: float(seen.counts.get(name, 0)) for name in (bare.FETCH, bare.UPLOAD, bare.CREATE)}
    found = {
        "fetch_calls": calls[bare.FETCH],
        "upload_calls": calls[bare.UPLOAD],
        "create_calls": calls[bare.CREATE],
        "products_per_second": items / seconds,
        "bare_products_per_second": items / plain,
        "ratio_to_bare": seconds / plain,
        "overhead_ms_per_item": (seconds - plain) / items * 1e3,
        **{f"{name}_cpu_ms_per_item": value / items * 1e3 for name, value in cpu.items()},
    }
    return {f"{prefix}_{name}": value for name, value in found.items()}


def _lift_quota(http: httpx.Client, sandbox: str) -> None:
    """A shop's usual daily quota would end the measurement."""
    http.patch(f"{sandbox}/_sandbox/settings", json={"daily_listing_limit": 1_000_000}).raise_for_status()


def _last(looks: Iterator[Json]) -> Json:
    last: Json = {}
    for last in looks:  # noqa: B007 - only the last is wanted
        pass
    return last


def _busy(stack: Stack) -> dict[str, float]:
    """Processor seconds so far by kind of process."""
    found = {"workers": 0.0}
    for name, process in stack.processes.items():
        kind = "workers" if name.startswith("worker") else name
        found[kind] = found.get(kind, 0.0) + tree_seconds(process.pid)
    for name, server in (("postgres", stack.postgres), ("redis", stack.redis)):
        found[name] = 0.0 if server is None else tree_seconds(server.pid)
    return found
