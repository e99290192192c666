"""The result file of a bulk operation: measured when it completes, made while it is downloaded."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import orjson

from sandbox.shopify.bulk_export import compile_export
from sandbox.shopify.bulk_operations import BulkOperation
from sandbox.shopify.context import Context
from sandbox.shopify.shops import Shop
from sandbox.world import World

SAMPLED = 1_000  # products (or other roots); the size of longer files follows from these


def measure(world: World, shop: Shop, operation: BulkOperation) -> None:
    """Counts are exact; the file size is exact up to 1,000 roots and estimated from an even sample beyond."""
    export, context = compile_export(operation.query), _context(world, shop, operation)
    operation.objects, operation.roots = export.count(context)
    step = operation.roots // SAMPLED | 1  # odd, so that it does not fall in step with the store's repetitions
    sampled = size = 0
    for line, is_root in export.every(step).lines(context, grouped=True):
        sampled += is_root
        size += len(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))
    operation.size = size * operation.roots // max(1, sampled)


async def blocks(world: World, shop: Shop, operation: BulkOperation) -> AsyncIterator[bytes]:
    """The file in blocks; other requests are answered between two of them."""
    context = _context(world, shop, operation)
    for block in compile_export(operation.query).blocks(context, grouped=operation.group_objects):
        yield block
        await asyncio.sleep(0)


def _context(world: World, shop: Shop, operation: BulkOperation) -> Context:
    store = shop.frozen_stores.get(operation.number, shop.store)
    return Context(world, replace(shop, store=store), operation.base, frozenset(shop.scopes))
