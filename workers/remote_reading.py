"""Reading several products from TikTok Shop at once, a bounded number in flight."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import anyio

from server.clients.errors import Upstream
from server.clients.tiktok import Access
from server.clients.tiktok_product_answers import TikTokProduct
from server.deps import Deps

HIDDEN = frozenset({"LISTING_UNKNOWN", "LISTING_STATE_REFUSED"})
"""Unknown there, another shop's, frozen or deleted: TikTok Shop does not show such a product (fact sheet 3.12)."""


@dataclass(slots=True)
class ReadProducts:
    """``products`` as they stand now; ``hidden`` are the ids of those that are not shown."""

    products: list[TikTokProduct] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)


async def read_products(deps: Deps, access: Access, ids: Sequence[str]) -> ReadProducts:
    """Each of them; any other failure than a hidden product is raised once all calls have ended."""
    found = ReadProducts()
    failed: list[Upstream] = []
    places = anyio.CapacityLimiter(deps.settings.worker_calls)

    async def one(remote_id: str) -> None:
        async with places:
            if failed:
                return
            try:
                found.products.append(await deps.tiktok.products.get(access, remote_id))
            except Upstream as error:
                if error.code in HIDDEN:
                    found.hidden.append(remote_id)
                else:
                    failed.append(error)

    async with anyio.create_task_group() as calls:
        for remote_id in ids:
            calls.start_soon(one, remote_id)
    if failed:
        raise failed[0]
    return found
