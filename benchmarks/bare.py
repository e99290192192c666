"""The same calls as a listing's, without Leafmark: fetch, upload, create, straight through httpx, as many at once."""

import asyncio
import itertools
import json
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

import httpx

from server.clients.http import new_http
from server.clients.tiktok_signing import sign
from server.kit.clock import system_clock
from server.kit.secrets import Secret

FETCH, UPLOAD, CREATE = "GET /cdn/shop", "Upload Product Image", "Create Product"
PICTURES, UPLOAD_PATH, CREATE_PATH = "/cdn/shop", "/product/202309/images/upload", "/product/202309/products"
AT_ONCE = 16
"""More makes it slower: httpx looks through its connections and waiting requests at each call."""

PROBED = 60
USE = {"use_case": "MAIN_IMAGE"}
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Seen:
    """What the sandbox saw of a listing: how many calls of each operation, the pictures, and two ids of bodies."""

    counts: Mapping[str, int]
    pictures: list[str]
    category_id: str
    warehouse_id: str

    @classmethod
    def by(cls, http: httpx.Client, sandbox: str, before: Mapping[str, int]) -> "Seen":
        """Since ``before``, which ``counted`` told."""
        counts = {name: amount - before.get(name, 0) for name, amount in counted(http, sandbox).items()}
        pictures = [
            call["path"] + (f"?{call['query']}" if call["query"] else "") for call in _calls(http, sandbox, PICTURES)
        ]
        creations = "".join(call["body"] for call in _calls(http, sandbox, CREATE_PATH))
        return cls(counts, pictures, _first_id("category_id", creations), _first_id("warehouse_id", creations))

    def part(self, creations: int) -> "Seen":
        """The same mix of calls around so many creations at most."""
        most = self.counts[CREATE]
        wanted = min(creations, most)
        return replace(self, counts={name: -(-amount * wanted // most) for name, amount in self.counts.items()})


def counted(http: httpx.Client, sandbox: str) -> dict[str, int]:
    """Calls so far by operation."""
    counts: dict[str, int] = http.get(f"{sandbox}/_sandbox/calls/summary").raise_for_status().json()["operations"]
    return counts


def _calls(http: httpx.Client, sandbox: str, path: str) -> list[Json]:
    query = {"path": path, "limit": "500", "status": "200"}
    calls: list[Json] = http.get(f"{sandbox}/_sandbox/calls", params=query).raise_for_status().json()["calls"]
    return calls


def _first_id(name: str, text: str) -> str:
    found = re.search(rf'"{name}":"(\d+)"', text)
    if found is None:
        raise SystemExit(f"The sandbox saw no {name}: nothing was listed.")
    return found[1]


class BareLoop:
    """One seller's calls with the least that the platform demands: a signature and a read answer."""

    def __init__(self, known: Mapping[str, str], http: httpx.AsyncClient, seen: Seen) -> None:
        self._known = known
        self._http = http
        self._pictures: Iterator[str] = iter(())
        self._seen = seen
        self._places = asyncio.Semaphore(AT_ONCE)
        self._data, self._uri = b"", ""

    async def find_pictures(self) -> None:
        """Of those seen, some that the platform takes: a store has broken ones too."""
        good = []
        for path in self._seen.pictures[:PROBED]:
            content = (await self._http.get(self._known["sandbox_url"] + path)).content
            answer = await self._send(UPLOAD_PATH, files={"data": ("image.jpg", content)}, data=USE)
            if answer["code"] == 0:
                good.append(path)
        self._pictures = itertools.cycle(good)

    async def product(self, fetches: int, uploads: int) -> None:
        """Fetch so many pictures, upload so many of them, create one product."""
        async with self._places:
            for _ in range(fetches):
                response = await self._http.get(self._known["sandbox_url"] + next(self._pictures))
                self._data = response.raise_for_status().content
            for _ in range(uploads):
                files = {"data": ("image.jpg", self._data)}
                self._uri = (await self._post(UPLOAD_PATH, files=files, data=USE))["uri"]
            await self.post_json(CREATE_PATH, json.dumps(self._body(max(1, uploads))).encode())

    async def post_json(self, path: str, body: bytes) -> None:
        """One call about the shop, signed and its answer read."""
        await self._post(path, content=body, headers={"content-type": "application/json"})

    def _body(self, pictures: int) -> Json:
        """A mug in three colours, about as long as a real product."""
        number = str(uuid4())
        stock = [{"warehouse_id": self._seen.warehouse_id, "quantity": 12}]
        return {
            "idempotency_key": number,
            "external_product_id": number,
            "save_mode": "LISTING",
            "title": f"Stoneware mug with a comfortable handle, number {number[:8]}",
            "description": f"<p>{'Holds a third of a litre, and is made to be used every day. ' * 8}</p>",
            "category_id": self._seen.category_id,
            "category_version": "v2",
            "main_images": [{"uri": self._uri}] * min(pictures, 9),
            "package_weight": {"value": "0.5", "unit": "KILOGRAM"},
            "package_dimensions": {"length": "20", "width": "15", "height": "10", "unit": "CENTIMETER"},
            "skus": [
                {
                    "inventory": stock,
                    "price": {"currency": "USD", "amount": "24.00"},
                    "seller_sku": f"{number}-{colour}",
                    "external_sku_id": f"{number}-{colour}",
                    "sales_attributes": [{"id": "100000", "value_name": colour}],
                }
                for colour in ("Sand", "Slate", "Moss")
            ],
        }

    async def _post(self, path: str, **request: Any) -> Json:
        answer = await self._send(path, **request)
        if answer["code"] != 0:
            raise SystemExit(f"The bare loop's {path} was refused: {answer}")
        told: Json = answer["data"]
        return told

    async def _send(self, path: str, **request: Any) -> Json:
        query = {"app_key": self._known["tiktok_app_key"], "timestamp": str(int(system_clock().timestamp()))}
        content = request.get("content", b"")
        if content:
            query["shop_cipher"] = self._known["tiktok_shop_cipher"]
        kind = "application/json" if content else "multipart/form-data"
        query["sign"] = sign(Secret(self._known["tiktok_app_secret"]), path, query, content, kind)
        headers = {"x-tts-access-token": self._known["tiktok_access_token"]} | request.pop("headers", {})
        url = self._known["sandbox_url"] + path
        answer: Json = (await self._http.post(url, params=query, headers=headers, **request)).json()
        return answer


def shares(total: int, among: int) -> Iterator[int]:
    """``total`` cut into ``among`` parts as even as can be."""
    for n in range(among):
        yield total * (n + 1) // among - total * n // among


async def run(known: Mapping[str, str], seen: Seen) -> tuple[float, float]:
    """Wall and own processor seconds for all of them, over the HTTP client that workers use."""
    products = seen.counts[CREATE]
    async with new_http() as http:
        loop = BareLoop(known, http, seen)
        await loop.find_pictures()
        work = zip(shares(seen.counts[FETCH], products), shares(seen.counts.get(UPLOAD, 0), products), strict=True)
        began, busy = time.perf_counter(), time.process_time()
        async with asyncio.TaskGroup() as group:
            for fetches, uploads in work:
                group.create_task(loop.product(fetches, uploads))
        return time.perf_counter() - began, time.process_time() - busy
