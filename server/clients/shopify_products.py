"""Reading products by page or one by one, always with all their variants (Shopify fact sheet 3.3-3.5)."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from server.clients.errors import Upstream
from server.clients.shopify_access import Access
from server.clients.shopify_calls import ShopifyCalls
from server.clients.shopify_documents import (
    COUNT,
    MORE_COLLECTIONS,
    MORE_MEDIA,
    MORE_METAFIELDS,
    MORE_VARIANTS,
    PAGE,
    PRODUCT,
    SHOP,
    Document,
)
from server.clients.shopify_errors import MAX_COST
from server.clients.shopify_shapes import Node, ShopifyProduct, Unreadable, parted, readable

COST_GOAL = 900.0
"""One query may cost 1,000 whatever the plan; pages grow or shrink towards this."""
_INSIDE = {"variants": 10, "media": 10, "collections": 10, "metafields": 10}
_FIRST_PAGE = 5
_LARGEST_PAGE = 250
_ONE = {"variants": 50, "media": 30, "collections": 30, "metafields": 30}
_MORE: tuple[tuple[str, Document, int], ...] = (
    ("variants", MORE_VARIANTS, 80),
    ("media", MORE_MEDIA, 200),
    ("collections", MORE_COLLECTIONS, 250),
    ("metafields", MORE_METAFIELDS, 250),
)


@dataclass(frozen=True, slots=True)
class ProductPage:
    """Products in order of change; ``cursor`` continues after them, nothing at the end."""

    products: tuple[ShopifyProduct, ...]
    cursor: str | None
    unreadable: tuple[Unreadable, ...] = ()


@dataclass(frozen=True, slots=True)
class ProductCount:
    """How many products the store has; more than ``count`` when not exact (beyond 25,000)."""

    count: int
    exact: bool


@dataclass(frozen=True, slots=True)
class ShopProfile:
    """What the store is; ``weight_unit`` and ``currency`` apply to all its products."""

    id: str
    name: str
    domain: str
    primary_host: str
    currency: str
    timezone: str
    weight_unit: str
    country: str
    email: str
    plan: str
    is_development: bool


async def read_shop(calls: ShopifyCalls, access: Access) -> ShopProfile:
    """The shop's profile."""
    shop = (await calls.graphql(access, SHOP)).data["shop"]
    return ShopProfile(
        id=shop["id"],
        name=shop["name"],
        domain=shop["myshopifyDomain"],
        primary_host=shop["primaryDomain"]["host"],
        currency=shop["currencyCode"],
        timezone=shop["ianaTimezone"],
        weight_unit=shop["weightUnit"],
        country=(shop.get("shopAddress") or {}).get("countryCodeV2") or "",
        email=shop.get("contactEmail") or "",
        plan=shop["plan"]["publicDisplayName"],
        is_development=shop["plan"]["partnerDevelopment"],
    )


async def read_count(calls: ShopifyCalls, access: Access) -> ProductCount:
    """How many there are."""
    told = (await calls.graphql(access, COUNT)).data["productsCount"]
    return ProductCount(told["count"], told["precision"] == "EXACT")


async def read_pages(
    calls: ShopifyCalls, access: Access, after: str | None, updated_since: datetime | None
) -> AsyncIterator[ProductPage]:
    """Pages sized by what the shop charges. One list can be paged up to 25,000 products; use the export beyond."""
    first, cursor = _FIRST_PAGE, after
    while True:
        asked: dict[str, object] = {"first": first, "after": cursor, "query": _since(updated_since), **_INSIDE}
        try:
            reply = await calls.graphql(access, PAGE, asked)
        except Upstream as error:
            if error.platform_word != MAX_COST or first == 1:
                raise
            first = max(1, first // 2)
            continue
        first = _fitting(first, reply.requested_cost)
        connection = reply.data["products"]
        products, unreadable = parted([await _complete(calls, access, node) for node in connection["nodes"]])
        cursor = _next(connection)
        yield ProductPage(tuple(products), cursor, tuple(unreadable))
        if cursor is None:
            return


async def read_one(calls: ShopifyCalls, access: Access, gid: str) -> ShopifyProduct | Unreadable | None:
    """One product, or nothing when it is gone."""
    node = (await calls.graphql(access, PRODUCT, {"id": gid, **_ONE})).data["product"]
    return await _complete(calls, access, node) if node else None


def _since(moment: datetime | None) -> str | None:
    return f"updated_at:>'{moment.astimezone(UTC).isoformat(timespec='seconds')}'" if moment else None


def _fitting(first: int, cost: float) -> int:
    """The page size that would cost ``COST_GOAL``."""
    return max(1, min(_LARGEST_PAGE, int(first * COST_GOAL / cost))) if cost > 0 else first


def _next(connection: Mapping[str, Any]) -> str | None:
    page = connection["pageInfo"]
    return page["endCursor"] if page["hasNextPage"] else None


async def _complete(calls: ShopifyCalls, access: Access, node: Node) -> ShopifyProduct | Unreadable:
    """Page the inner connections that did not fit."""
    children: dict[str, list[Node]] = {}
    for name, document, first in _MORE:
        connection = node[name]
        children[name] = list(connection["nodes"])
        cursor = _next(connection)
        while cursor is not None:
            reply = await calls.graphql(access, document, {"id": node["id"], "first": first, "after": cursor})
            product = reply.data["product"]
            if not product:
                break
            children[name].extend(product[name]["nodes"])
            cursor = _next(product[name])
    return readable(node, children["variants"], children["media"], children["collections"], children["metafields"])
