"""May this TikTok shop list at all? Asked once for a task, before its first product (capability C1)."""

import asyncio
from uuid import UUID
from weakref import WeakValueDictionary

from redis.exceptions import RedisError

from server.clients.tiktok import Access
from server.clients.tiktok_shop import CheckedItem
from server.domain.problems import Problem, Remedy
from workers.runtime import ChunkRun

_KEPT_SECONDS = 600
"""A task that runs longer asks again: what was true at its start may have changed."""

_locks: WeakValueDictionary[UUID, asyncio.Lock] = WeakValueDictionary()

_STEPS = {
    "SHOP_STATUS": "Make the shop active",
    "SHOP_TAX": "Complete the tax information",
    "PICKUP_WAREHOUSE": "Add a pickup warehouse",
    "RETURN_WAREHOUSE": "Add a return warehouse",
    "DELIVERY_OPTION": "Choose a delivery option",
    "SHIPPING_TEMPLATE": "Make a shipping template",
    "PRODUCT_QUANTITY_LIMIT": "The shop's number of products is used up: delete some, or ask for more",
    "EXTENDED_PRODUCER_RESPONSIBILITY": "Register for extended producer responsibility",
    "BANK_ACCOUNT": "Add a bank account",
    "CONTACT_INFO": "Complete the contact information",
}


async def failed_prerequisites(run: ChunkRun, access: Access) -> Problem | None:
    """What keeps the shop from listing, or nothing. Chunks of a task that start together ask once between them.

    The memory is in Redis and may be lost: then it is asked again, which does no harm.
    """
    lock = _locks.setdefault(run.claim.task_id, asyncio.Lock())
    async with lock:
        if await _is_known(run):
            return None
        items = await run.deps.tiktok.shops.prerequisites(access)
        failed = [item for item in items if item.is_failed]
        if failed:
            return _problem(failed)
        await _remember(run)
        return None


def _problem(failed: list[CheckedItem]) -> Problem:
    steps = "; ".join(_step(item) for item in failed)
    message = (
        f"TikTok Shop takes no listings from this shop yet. In Seller Center: {steps}. Then list the products again."
    )
    return Problem("PREREQUISITE_FAILED", ("shop",), message, remedy=Remedy.FIX_SHOP)


def _step(item: CheckedItem) -> str:
    """Unknown items are told by their own name and reasons."""
    step = _STEPS.get(item.item, item.item.replace("_", " ").capitalize())
    return f"{step} ({'; '.join(item.fail_reasons)})" if item.fail_reasons else step


def _key(run: ChunkRun) -> str:
    return f"leafmark:prerequisites:{run.claim.task_id}"


async def _is_known(run: ChunkRun) -> bool:
    try:
        return bool(await run.deps.redis.exists(_key(run)))
    except (RedisError, OSError):
        return False


async def _remember(run: ChunkRun) -> None:
    try:
        await run.deps.redis.set(_key(run), b"1", ex=_KEPT_SECONDS)
    except (RedisError, OSError):
        return
