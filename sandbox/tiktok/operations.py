"""The registry of every signed call the sandbox answers; the routes and docs/sandbox-coverage.md are made from it."""

from sandbox.tiktok import (
    brand_calls,
    categories,
    images,
    logistics,
    products_create,
    products_get,
    products_search,
    recommending,
    shops,
    upgrading,
)
from sandbox.tiktok.operation import Operation

MODULES = (
    shops,
    images,
    recommending,
    categories,
    brand_calls,
    products_create,
    products_get,
    products_search,
    logistics,
    upgrading,
)

OPERATIONS: tuple[Operation, ...] = tuple(operation for module in MODULES for operation in module.OPERATIONS)
