"""What our clients cost: per call against bare httpx, per imported product against a bare orjson loop, and in memory.

Run it by itself: ``python -m benchmarks.clients [--calls N] [--products N]``. It starts a sandbox on a port of
its own and prints one ``name value`` per line.
"""

import argparse
import asyncio
import contextlib
import json
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import httpx
import orjson

from benchmarks.memory import peak_mb
from sandbox.config import SandboxConfig
from server.clients.http import new_http
from server.clients.retry import NO_RETRY
from server.clients.shopify_export import ExportFile
from server.clients.shopify_shapes import ShopifyProduct
from server.clients.tiktok import TikTokAccess, TikTokClient
from server.clients.tiktok_signing import sign
from server.kit.clock import system_clock
from server.kit.secrets import Secret
from tests.clients.shopify_lines import grouped, ungrouped

CONFIG = SandboxConfig()
ROUND = 20
Call = Callable[[], Awaitable[object]]


@contextlib.contextmanager
def sandbox() -> Iterator[str]:
    """A sandbox process on a free port, until the end."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "sandbox", "--port", str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    origin = f"http://127.0.0.1:{port}"
    try:
        _wait_for(origin, process)
        yield origin
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait_for(origin: str, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(f"{origin}/_sandbox/settings", timeout=2).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise SystemExit(f"The sandbox did not answer on {origin} (exit status {process.poll()}).")


@contextlib.asynccontextmanager
async def connected(origin: str) -> AsyncIterator[tuple[TikTokClient, TikTokAccess, httpx.AsyncClient]]:
    """Our client with a seller's token, and a bare client with the same pool settings."""
    async with new_http() as http, httpx.AsyncClient(trust_env=False) as bare:
        client = TikTokClient(
            http=http,
            app_key=CONFIG.tiktok_app_key,
            app_secret=Secret(CONFIG.tiktok_app_secret),
            api_url=origin,
            auth_url=origin,
            clock=system_clock,
            pace=None,
            policy=NO_RETRY,
        )
        told = (await bare.post(f"{origin}/_sandbox/tiktok/code", json={})).json()
        token = await client.auth.exchange(Secret(told["code"]))
        access = TikTokAccess(token.access_token, None, "benchmark")
        [shop, *_] = await client.auth.authorized_shops(access)
        yield client, TikTokAccess(token.access_token, shop.cipher, shop.id), bare


def bare_get(bare: httpx.AsyncClient, origin: str, access: TikTokAccess, path: str) -> Call:
    """The same call with the signature made beforehand: httpx, one parse, nothing else."""
    query = {
        "app_key": CONFIG.tiktok_app_key,
        "shop_cipher": str(access.cipher),
        "timestamp": str(int(system_clock().timestamp())),
    }
    query["sign"] = sign(Secret(CONFIG.tiktok_app_secret), path, query, b"", "application/json")
    headers = {"x-tts-access-token": access.access_token.reveal(), "content-type": "application/json"}

    async def call() -> object:
        response = await bare.get(f"{origin}{path}", params=query, headers=headers)
        answer = orjson.loads(response.content)
        if answer["code"] != 0:
            raise SystemExit(f"The bare call was refused: {answer}")
        return answer["data"]

    return call


async def timed(call: Call) -> tuple[float, float]:
    """Microseconds a call takes in a round of them, one after the other: on the wall, and of our own processor time."""
    start, busy = time.perf_counter(), time.process_time()
    for _ in range(ROUND):
        await call()
    return (time.perf_counter() - start) / ROUND * 1e6, (time.process_time() - busy) / ROUND * 1e6


async def measure_calls(origin: str, calls: int) -> dict[str, float]:
    """Rounds of both by turns; the best of each are compared, since other work on the machine only ever adds."""
    async with connected(origin) as (client, access, bare):
        plain = bare_get(bare, origin, access, "/logistics/202309/warehouses")

        async def ours() -> object:
            return await client.shops.warehouses(access)

        await timed(plain)
        await timed(ours)
        rounds = [(*await timed(plain), *await timed(ours)) for _ in range(max(4, calls // ROUND))]
    bare_wall, bare_cpu, ours_wall, ours_cpu = (min(column) for column in zip(*rounds, strict=True))
    return {
        "tiktok_call_bare_us": bare_wall,
        "tiktok_call_ours_us": ours_wall,
        "tiktok_call_ratio": ours_wall / bare_wall,
        "tiktok_call_cpu_ratio": ours_cpu / bare_cpu,
    }


def write_export(path: Path, products: int, *, scattered: bool) -> None:
    """An export of products with three variants, two pictures and one collection each."""
    with path.open("wb") as file:
        for line in ungrouped(products) if scattered else grouped(products):
            file.write(line + b"\n")


def import_file(path: Path) -> tuple[float, int, int]:
    """Seconds, products and variants of reading an export as the import does, from the bytes on."""
    start = time.perf_counter()
    products = variants = 0
    with ExportFile() as export, path.open("rb") as download:
        while chunk := download.read(65_536):
            export.write(chunk)
        export.finish()
        for product in export.products():
            products += 1
            variants += len(product.variants) if isinstance(product, ShopifyProduct) else 0
    return time.perf_counter() - start, products, variants


def bare_loop(path: Path) -> float:
    """Seconds for parsing each line with orjson and forgetting it."""
    start = time.perf_counter()
    with path.open("rb") as file:
        for line in file:
            orjson.loads(line)
    return time.perf_counter() - start


def in_a_process(path: Path) -> dict[str, float]:
    """Import in a fresh interpreter: its peak memory holds everything, the interpreter included."""
    command = [sys.executable, __file__, "--import-file", str(path)]
    finished = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(finished.stdout)
    return found


def measure_import(products: int) -> dict[str, float]:
    """Speed and memory for both orders of lines."""
    found: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, scattered in (("grouped", False), ("scattered", True)):
            path = Path(folder) / f"{name}.jsonl"
            write_export(path, products, scattered=scattered)
            bare = min(bare_loop(path) for _ in range(2))
            told = in_a_process(path)
            found |= {
                f"import_{name}_file_mb": path.stat().st_size / 1e6,
                f"import_{name}_products": told["products"],
                f"import_{name}_variants": told["variants"],
                f"import_{name}_products_per_s": told["products"] / told["seconds"],
                f"import_{name}_bare_products_per_s": products / bare,
                f"import_{name}_ratio": told["seconds"] / bare,
                f"import_{name}_peak_mb": told["peak_mb"],
            }
            path.unlink()
    return found


def main() -> None:
    """Everything, or (for itself) one import with its peak memory."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=1000)
    parser.add_argument("--products", type=int, default=100_000)
    parser.add_argument("--import-file", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.import_file:
        seconds, products, variants = import_file(asked.import_file)
        print(json.dumps({"seconds": seconds, "products": products, "variants": variants, "peak_mb": peak_mb()}))
        return
    found = measure_import(asked.products)
    with sandbox() as origin:
        found |= asyncio.run(measure_calls(origin, asked.calls))
    for name, value in found.items():
        print(name, f"{value:.3f}" if value < 100 else f"{value:.0f}")


if __name__ == "__main__":
    main()
