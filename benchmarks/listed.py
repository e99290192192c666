"""Products really listed: the demonstration's story through the public API in a fresh stack, beside a bare loop."""

import asyncio
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx
import uvloop

from benchmarks import bare
from benchmarks.memory import tree_peak_mb
from benchmarks.processor import tree_seconds
from cli import bootstrap, story
from cli.client import Client, Json
from cli.guarded import Guarded
from cli.processes import Plan, Stack

COMPARED = 2_000
"""Products that the bare loop lists at most: it only tells the sandbox's pace, which does not change."""


@dataclass(frozen=True, slots=True)
class Listed:
    """What one task was seen to take. Peaks are of the biggest worker, in MiB: when half was done, and at the end."""

    items: int
    seen: bare.Seen
    seconds: float
    cpu: Mapping[str, float]
    peaks: tuple[float, float]
    plain_items: int
    plain_seconds: float
    plain_cpu: float

    @property
    def per_second(self) -> float:
        """Products a second."""
        return self.items / self.seconds

    @property
    def plain_per_second(self) -> float:
        """The same of the bare loop."""
        return self.plain_items / self.plain_seconds

    def cpu_ms(self, name: str) -> float:
        """Processor time an item of one kind of process."""
        return self.cpu[name] / self.items * 1e3


def listed(*, products: int, workers: int) -> Listed:
    """A store of so many products in a fresh stack; the sandbox answers at once. Then its calls without us."""
    with tempfile.TemporaryDirectory(prefix="leafmark-benchmark-") as folder:
        plan = Plan(Path(folder) / "data", workers=workers, temporary=True, sandbox_options=("--size", str(products)))
        with Stack(plan) as stack:
            known = bootstrap.connect(stack)
            with httpx.Client(timeout=60.0) as http:
                client = Client(http, known["graphql_url"], known["api_token"])
                _, template = story.prepare(client, lambda _title, looks: last(looks))
                lift_quota(http, known["sandbox_url"])
                before = bare.counted(http, known["sandbox_url"])
                busy, began = _busy(stack), time.perf_counter()
                task, half = _watched(stack, client.follow(client.do(story.ACTIVATE, id=template)["task"]["id"]))
                seconds = time.perf_counter() - began
                cpu = {name: value - busy[name] for name, value in _busy(stack).items()}
                peaks = (half, _peak(stack))
                seen = bare.Seen.by(http, known["sandbox_url"], before)
            for process in _workers(stack):
                process.stop()
            plain = seen.part(COMPARED)
            with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                plain_seconds, plain_cpu = runner.run(bare.run(known, plain))
    counts = task["counts"]
    if counts["succeeded"] < products / 2:
        raise SystemExit(f"The listing ended {task['state']} with {counts}: {task['problem']}")
    plain_items = round(counts["total"] * plain.counts[bare.CREATE] / seen.counts[bare.CREATE])
    return Listed(counts["total"], seen, seconds, cpu, peaks, plain_items, plain_seconds, plain_cpu)


def measure(*, products: int, workers: int) -> dict[str, float]:
    """The figures that ``benchmarks.tasks`` tells beside those of tasks that do nothing."""
    found = listed(products=products, workers=workers)
    told = {
        **calls(found),
        "products_per_second": found.per_second,
        "bare_products_per_second": found.plain_per_second,
        "ratio_to_bare": found.plain_per_second / found.per_second,
        "overhead_ms_per_item": (1 / found.per_second - 1 / found.plain_per_second) * 1e3,
        **{f"{name}_cpu_ms_per_item": found.cpu_ms(name) for name in found.cpu},
        "bare_cpu_ms_per_item": found.plain_cpu / found.plain_items * 1e3,
    }
    return {f"listing_{products}_products_{workers}w_{name}": value for name, value in told.items()}


def calls(found: Listed) -> dict[str, float]:
    """How many of each kind the platforms saw."""
    names = {"fetch_calls": bare.FETCH, "upload_calls": bare.UPLOAD, "create_calls": bare.CREATE}
    return {name: float(found.seen.counts.get(operation, 0)) for name, operation in names.items()}


def _watched(stack: Stack, looks: Iterator[Json]) -> tuple[Json, float]:
    """The task at its end, and the biggest worker's peak when half of its items had ended."""
    task: Json = {}
    half = 0.0
    for look in looks:
        task = look["task"]
        counts = task["counts"]
        if not half and 2 * (counts["queued"] + counts["running"]) <= counts["total"]:
            half = _peak(stack)
    return task, half


def _peak(stack: Stack) -> float:
    return max(tree_peak_mb(process.pid) for process in _workers(stack))


def _workers(stack: Stack) -> list[Guarded]:
    return [process for name, process in stack.processes.items() if name.startswith("worker")]


def lift_quota(http: httpx.Client, sandbox: str) -> None:
    """A shop's usual daily quota would end the measurement."""
    http.patch(f"{sandbox}/_sandbox/settings", json={"daily_listing_limit": 1_000_000}).raise_for_status()


def last(looks: Iterator[Json]) -> Json:
    """What the last look saw; nothing when there was none."""
    seen: Json = {}
    for seen in looks:  # noqa: B007 - only the last is wanted
        pass
    return seen


def _busy(stack: Stack) -> dict[str, float]:
    """Processor seconds so far by kind of process."""
    found = {"workers": 0.0}
    for name, process in stack.processes.items():
        kind = "workers" if name.startswith("worker") else name
        found[kind] = found.get(kind, 0.0) + tree_seconds(process.pid)
    for name, server in (("postgres", stack.postgres), ("redis", stack.redis)):
        found[name] = 0.0 if server is None else tree_seconds(server.pid)
    return found
