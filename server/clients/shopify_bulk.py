"""``client.bulk``: export the whole catalogue, follow the operation, stream its result (Shopify fact sheet 3.6)."""

from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from typing import Any

import anyio
import httpx

from server.clients.errors import Upstream, UpstreamKind
from server.clients.shopify_access import Access
from server.clients.shopify_calls import ShopifyCalls
from server.clients.shopify_documents import BULK_CANCEL, BULK_FIND, BULK_POLL, BULK_PRODUCTS, BULK_START
from server.clients.shopify_export import ExportFile
from server.clients.shopify_shapes import ShopifyProduct, Unreadable
from server.clients.verdicts import Verdict

_FAILED = Verdict(UpstreamKind.RETRYABLE, "EXPORT_FAILED")
_RUNNING = Verdict(UpstreamKind.PLATFORM_LIMIT, "REQUEST_LIMIT", retry_after=60.0)
_LATER = frozenset({"OPERATION_IN_PROGRESS", "LIMIT_REACHED"})
_ATTEMPTS = 4
BATCH = 250


class BulkStatus(StrEnum):
    """Where an operation stands; the wire may bring others."""

    CREATED = "CREATED"
    RUNNING = "RUNNING"
    COMPLETED = "COMPLETED"
    CANCELING = "CANCELING"
    CANCELED = "CANCELED"
    FAILED = "FAILED"
    EXPIRED = "EXPIRED"


_OPEN = frozenset({BulkStatus.CREATED, BulkStatus.RUNNING, BulkStatus.CANCELING})


@dataclass(frozen=True, slots=True)
class BulkRun:
    """One operation. ``url`` is signed and lives seven days; absent when nothing was found."""

    id: str
    status: str
    url: str | None = None
    error_code: str = ""
    object_count: int = 0
    root_object_count: int = 0
    file_size: int = 0

    @property
    def is_final(self) -> bool:
        """No further look will change it."""
        return self.status not in _OPEN

    @property
    def completed(self) -> bool:
        """The result may be read; ``url`` is absent when it is empty."""
        return self.status == BulkStatus.COMPLETED


class ShopifyBulk:
    """Start, keep the id, poll it (or wait for ``bulk_operations/finish``), then read the products."""

    def __init__(self, calls: ShopifyCalls, http: httpx.AsyncClient) -> None:
        self._calls = calls
        self._http = http

    async def start_products(self, access: Access, name: str = "Products") -> BulkRun:
        """Starts the catalogue export; at the shop's limit of running operations it is ``PLATFORM_LIMIT``.

        ``name`` (a GraphQL name) is the export's own, by which ``find_products`` knows it again.
        """
        asked = {"query": _named(name)}
        try:
            payload = await self._calls.mutate(access, BULK_START, "bulkOperationRunQuery", asked)
        except Upstream as error:
            if error.platform_word not in _LATER:
                raise
            refused = error
        else:
            operation = payload["bulkOperation"]
            return BulkRun(operation["id"], operation["status"])
        raise Upstream(
            _RUNNING,
            platform="Shopify",
            operation=BULK_START.name,
            platform_word=refused.platform_word,
            platform_message=refused.platform_message,
        )

    async def find_products(self, access: Access, name: str) -> BulkRun | None:
        """The export of this name, if its start reached Shopify; for when the answer to it was lost."""
        nodes = (await self._calls.graphql(access, BULK_FIND)).data["bulkOperations"]["nodes"]
        return next((BulkRun(node["id"], node["status"]) for node in nodes if node["query"] == _named(name)), None)

    async def poll(self, access: Access, run_id: str) -> BulkRun:
        """The operation as it stands; one that is unknown counts as expired."""
        found = (await self._calls.graphql(access, BULK_POLL, {"id": run_id})).data["bulkOperation"]
        return _run(found) if found else BulkRun(run_id, BulkStatus.EXPIRED)

    async def cancel(self, access: Access, run_id: str) -> None:
        """Ends an operation that nobody waits for any more; one that has ended already raises ``Upstream``."""
        await self._calls.mutate(access, BULK_CANCEL, "bulkOperationCancel", {"id": run_id})

    async def products(self, run: BulkRun, *, batch: int = BATCH) -> AsyncIterator[list[ShopifyProduct | Unreadable]]:
        """All products of a completed run in batches; the file rests on disk, never whole in memory."""
        if not run.completed:
            raise failure(run)
        if run.url is None:
            return
        with ExportFile() as export:
            await self._download(run.url, export)
            products = export.products()
            while taken := await anyio.to_thread.run_sync(_some, products, batch):
                yield taken

    async def _download(self, url: str, export: ExportFile) -> None:
        """Resumes where a connection broke; the address is signed and carries no token of ours."""
        for _attempt in range(_ATTEMPTS):
            try:
                if await self._append(url, export):
                    return
            except httpx.HTTPError:
                await anyio.sleep(0.2)
            except ValueError:
                break
        raise Upstream(_FAILED, platform="Shopify", operation="export", platform_message="the file broke off")

    async def _append(self, url: str, export: ExportFile) -> bool:
        headers = {"accept-encoding": "identity"} | ({"range": f"bytes={export.size}-"} if export.size else {})
        skip = export.size
        async with self._http.stream("GET", url, headers=headers, follow_redirects=True) as response:
            if response.status_code == 206:
                skip = 0
            elif response.status_code != 200:
                raise Upstream(
                    _FAILED, platform="Shopify", operation="export", platform_message=f"HTTP {response.status_code}"
                )
            async for chunk in response.aiter_bytes():
                # A server that ignores the range sends the file again from its start.
                export.write(chunk[skip:])
                skip = max(0, skip - len(chunk))
        export.finish()
        return True


def failure(run: BulkRun) -> Upstream:
    """Why a run that ended has no result."""
    return Upstream(_FAILED, platform="Shopify", operation="export", platform_word=run.error_code or str(run.status))


def _named(name: str) -> str:
    return f"query {name} {BULK_PRODUCTS.text}"


def _some(products: Iterator[ShopifyProduct | Unreadable], batch: int) -> list[ShopifyProduct | Unreadable]:
    try:
        return list(islice(products, batch))
    except (ValueError, KeyError, TypeError) as caught:
        fault = type(caught).__name__
    raise Upstream(_FAILED, platform="Shopify", operation="export", platform_message=f"unreadable line ({fault})")


def _run(found: Mapping[str, Any]) -> BulkRun:
    return BulkRun(
        id=found["id"],
        status=found["status"],
        url=found.get("url"),
        error_code=found.get("errorCode") or "",
        object_count=int(found.get("objectCount") or 0),
        root_object_count=int(found.get("rootObjectCount") or 0),
        file_size=int(found.get("fileSize") or 0),
    )
