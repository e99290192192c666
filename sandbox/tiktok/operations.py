"""The registry of every signed call the sandbox answers; the routes and docs/sandbox-coverage.md are made from it."""

from sandbox.tiktok import (
    brand_calls,
    categories,
    compliance_calls,
    diagnoses,
    events,
    files,
    images,
    inventory,
    listing_check,
    logistics,
    prices,
    products_bulk,
    products_create,
    products_edit,
    products_get,
    products_search,
    recommending,
    replicas,
    shops,
    suggestions,
    upgrading,
)
from sandbox.tiktok.operation import Operation

MODULES = (
    shops,
    images,
    files,
    recommending,
    categories,
    brand_calls,
    listing_check,
    products_create,
    products_edit,
    products_get,
    products_search,
    products_bulk,
    prices,
    inventory,
    logistics,
    upgrading,
    diagnoses,
    compliance_calls,
    events,
    replicas,
    suggestions,
)

OPERATIONS: tuple[Operation, ...] = tuple(operation for module in MODULES for operation in module.OPERATIONS)
