"""What an import costs: a large store through the real worker, twice, against the platform's own delivery of the file.

Run it by itself: ``python -m benchmarks.imports [--products N]``. It starts a whole service of its own and prints
one ``name value`` per line. The second import meets a store in which nothing has changed.
"""

import argparse
import asyncio
import tempfile
import time
from pathlib import Path

import httpx

from cli import bootstrap, story
from cli.client import Client
from cli.processes import Plan, Stack
from server.clients.http import new_http
from server.clients.shopify import API_VERSION, ShopifyAccess, ShopifyClient
from server.kit.clock import system_clock
from server.kit.secrets import Secret

PATIENCE = 3600.0


async def delivery(stack: Stack) -> tuple[float, int]:
    """Seconds and bytes of the export alone: made, and downloaded by a bare client that looks at nothing."""
    sandbox, credentials = stack.addresses.sandbox, stack.credentials
    async with new_http() as http, httpx.AsyncClient(trust_env=False, timeout=PATIENCE) as bare:
        shopify = ShopifyClient(
            http=http,
            client_id=credentials.shopify_client_id,
            client_secret=Secret(credentials.shopify_client_secret),
            url_template=sandbox + "/shopify/{shop}",
            api_version=API_VERSION,
            clock=system_clock,
        )
        told = (await bare.post(f"{sandbox}/_sandbox/shopify/id-token", json={})).json()
        token = await shopify.exchange_token(told["shop"], Secret(told["id_token"]))
        access = ShopifyAccess(told["shop"], token.access_token)
        began, size = time.perf_counter(), 0
        export = await shopify.bulk.start_products(access, "Benchmark")
        while not export.is_final:
            export = await shopify.bulk.poll(access, export.id)
        assert export.url is not None, export
        async with bare.stream("GET", export.url) as response:
            async for chunk in response.aiter_raw():
                size += len(chunk)
    return time.perf_counter() - began, size


def imported(client: Client) -> tuple[float, int]:
    """Seconds and products of an import, from the mutation to the end of its task."""
    began = time.perf_counter()
    task = client.do(story.IMPORT)["task"]["id"]
    *_, last = client.follow(task)
    assert last["task"]["state"] == "SUCCEEDED", last["task"]
    return time.perf_counter() - began, last["task"]["counts"]["succeeded"]


def peak_mb(pid: int) -> float:
    """The most memory that a process ever held (Linux)."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024


def measure(products: int) -> None:
    """Print what was found, line by line."""
    with tempfile.TemporaryDirectory(prefix="leafmark-benchmark-") as folder:
        options = ("--size", str(products))
        plan = Plan(
            data=Path(folder) / "data", supervised=False, sandbox_options=options, settings={"LOG_LEVEL": "WARNING"}
        )
        with Stack(plan) as stack, httpx.Client(timeout=PATIENCE) as http:
            known = bootstrap.connect(stack)
            client = Client(http, known["graphql_url"], known["api_token"])
            worker = stack.processes["worker-1"].pid
            print(f"idle_memory_mb {peak_mb(worker):.0f}", flush=True)
            for name in ("", "unchanged_"):
                seconds, count = imported(client)
                print(f"{name}products_per_second {count / seconds:.0f}")
                print(f"{name}seconds {seconds:.1f}")
                print(f"{name}peak_memory_mb {peak_mb(worker):.0f}", flush=True)
                if not name:
                    first = seconds
            alone, size = asyncio.run(delivery(stack))
            print(f"file_mb {size / 1e6:.0f}")
            print(f"delivery_seconds {alone:.1f}")
            print(f"ratio_to_delivery {first / alone:.2f}")


def main() -> None:
    """As the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--products", type=int, default=100_000, help="how large the store is (100,000)")
    measure(parser.parse_args().products)


if __name__ == "__main__":
    main()
