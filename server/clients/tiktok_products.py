"""``client.products``: create, edit, read, search, switch on and off, price and stock (TikTok fact sheet 3.10-3.14)."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from server.clients.quota import ListingDay
from server.clients.retry import Effect
from server.clients.tiktok_access import Access
from server.clients.tiktok_bodies import SkuInventory, SkuPrice
from server.clients.tiktok_calls import Ask, Operation, TikTokCalls
from server.clients.tiktok_listing_check import ListingCheck
from server.clients.tiktok_product_answers import (
    BulkOutcome,
    CreatedProduct,
    Replica,
    ReplicatedProducts,
    SearchPage,
    TikTokProduct,
    WholeProduct,
)
from server.domain.categories import CategoryVersion

CREATE = Operation("Create Product", "POST", "/product/202309/products", Effect.ONCE, lists=True)
EDIT = Operation("Edit Product", "PUT", "/product/202509/products/{id}", Effect.ONCE)
PARTIAL_EDIT = Operation("Partial Edit Product", "POST", "/product/202509/products/{id}/partial_edit", Effect.ONCE)
GET = Operation("Get Product", "GET", "/product/202309/products/{id}")
SEARCH = Operation("Search Products", "POST", "/product/202502/products/search")
CHECK = Operation("Check Product Listing", "POST", "/product/202309/products/listing_check")
ACTIVATE = Operation("Activate Product", "POST", "/product/202309/products/activate", Effect.ONCE, lists=True)
DEACTIVATE = Operation("Deactivate Products", "POST", "/product/202309/products/deactivate", Effect.REPEATABLE)
DELETE = Operation("Delete Products", "DELETE", "/product/202309/products", Effect.ONCE)
RECOVER = Operation("Recover Products", "POST", "/product/202309/products/recover", Effect.ONCE)
REPLICAS = Operation("Get Replicated Products", "GET", "/product/202507/products/{id}/replicated_products")
PRICES = Operation("Update Price", "POST", "/product/202309/products/{id}/prices/update", Effect.REPEATABLE)
INVENTORY = Operation("Update Inventory", "POST", "/product/202309/products/{id}/inventory/update", Effect.REPEATABLE)

BULK_LIMIT = 20
"""Product ids in one activate, deactivate, delete or recover (12019120 beyond)."""
SEARCH_LIMIT = 10_000
"""Hits one search can page through (12052180 beyond): ``tiktok_sweep`` narrows it by time."""
PAGE_SIZE = 100
SEARCHED_SKUS = 10
"""SKU ids, or seller SKUs, that one search may name (12019027, 12019087 beyond)."""


@dataclass(frozen=True, slots=True)
class ProductFilter:
    """``version`` is always said: ``None`` means both trees, as the platform reads an absent one here."""

    version: CategoryVersion | None
    status: str | None = None
    seller_skus: tuple[str, ...] = ()
    sku_ids: tuple[str, ...] = ()
    audit_status: tuple[str, ...] = ()
    created_from: datetime | None = None
    created_to: datetime | None = None
    updated_from: datetime | None = None
    updated_to: datetime | None = None

    def body(self) -> dict[str, object]:
        """Only what was asked for."""
        moments = {
            "create_time_ge": self.created_from,
            "create_time_le": self.created_to,
            "update_time_ge": self.updated_from,
            "update_time_le": self.updated_to,
        }
        asked = {
            "status": self.status,
            "category_version": self.version,
            "seller_skus": list(self.seller_skus),
            "sku_ids": list(self.sku_ids),
            "audit_status": list(self.audit_status),
            **{name: int(moment.timestamp()) for name, moment in moments.items() if moment},
        }
        return {name: value for name, value in asked.items() if value}


class TikTokProducts:
    """Bodies are mappings in the platform's words (``tiktok_bodies``)."""

    def __init__(self, calls: TikTokCalls) -> None:
        self._calls = calls

    async def know_listings(self, access: Access, day: ListingDay) -> None:
        """Tell the shared pace what is remembered of the shop's day: its count, and its limit where it is known."""
        await self._calls.know_listings(access, day)

    async def listings_today(self, access: Access) -> ListingDay:
        """How many products were listed in the shop today, and what room is left; no call to the platform."""
        return await self._calls.listings_today(access)

    async def create(self, access: Access, body: Mapping[str, object], *, idempotency_key: str) -> CreatedProduct:
        """One product. After ``outcome_unknown`` ask the platform first, then repeat with the same key."""
        keyed = _explicit(body) | {"idempotency_key": idempotency_key}
        answer = await self._calls.send(access, Ask(CREATE, body=keyed))
        return answer.read(CreatedProduct)

    async def edit(self, access: Access, product_id: str, body: Mapping[str, object]) -> CreatedProduct:
        """Full replace, and the only way to another category: read the product first, send all of it."""
        answer = await self._calls.send(access, Ask(EDIT, product_id, body=_explicit(body)))
        return answer.read(CreatedProduct, product_id=product_id)

    async def partial_edit(self, access: Access, product_id: str, body: Mapping[str, object]) -> CreatedProduct:
        """Each top-level property sent is replaced whole; there is no category among them."""
        if misplaced := {"category_id", "category_version"} & body.keys():
            raise ValueError(f"Partial Edit has no {', '.join(sorted(misplaced))}: change a category with Edit")
        answer = await self._calls.send(access, Ask(PARTIAL_EDIT, product_id, body=body))
        return answer.read(CreatedProduct, product_id=product_id)

    async def get(self, access: Access, product_id: str, *, under_review: bool = False) -> TikTokProduct:
        """The live version, or the one under review."""
        return (await self.get_whole(access, product_id, under_review=under_review)).product

    async def get_whole(self, access: Access, product_id: str, *, under_review: bool = False) -> WholeProduct:
        """The same with all that the platform told, for sending it back."""
        query = {"return_under_review_version": "true"} if under_review else None
        answer = await self._calls.send(access, Ask(GET, product_id, query=query))
        return WholeProduct(answer.read(TikTokProduct), answer.data)

    async def replicas(self, access: Access, product_id: str) -> tuple[Replica, ...]:
        """A cross-border seller's copies of the product in other markets (TikTok fact sheet 6); others have none."""
        answer = await self._calls.send(access, Ask(REPLICAS, product_id))
        return answer.read(ReplicatedProducts).replicated_products

    async def search(
        self, access: Access, wanted: ProductFilter, *, page_token: str = "", page_size: int = PAGE_SIZE
    ) -> SearchPage:
        """One page of 1-100 hits."""
        query = {"page_size": str(page_size)} | ({"page_token": page_token} if page_token else {})
        answer = await self._calls.send(access, Ask(SEARCH, query=query, body=wanted.body()))
        return answer.read(SearchPage)

    async def pages(
        self, access: Access, wanted: ProductFilter, *, page_size: int = PAGE_SIZE
    ) -> AsyncIterator[SearchPage]:
        """All pages of one search; above ``SEARCH_LIMIT`` in ``total_count`` they are not complete."""
        token = ""
        while True:
            page = await self.search(access, wanted, page_token=token, page_size=page_size)
            yield page
            if not page.next_page_token or page.next_page_token == token:
                return
            token = page.next_page_token

    async def listing_check(self, access: Access, body: Mapping[str, object]) -> ListingCheck:
        """What Create would say; the call takes no category version (TikTok fact sheet 3.14)."""
        unknown = ("save_mode", "category_version", "idempotency_key", "is_not_for_sale", "locale")
        known = {name: value for name, value in body.items() if name not in unknown}
        answer = await self._calls.send(access, Ask(CHECK, body=known))
        return answer.read(ListingCheck)

    async def activate(self, access: Access, product_ids: Sequence[str]) -> BulkOutcome:
        """Puts up to 20 products up again: they are audited first, and each is one of the day's listings.

        ``Upstream`` without a call while the day is known to have no room for all of them.
        """
        return await self._bulk(access, ACTIVATE, product_ids)

    async def deactivate(self, access: Access, product_ids: Sequence[str]) -> BulkOutcome:
        """Takes up to 20 products off sale."""
        return await self._bulk(access, DEACTIVATE, product_ids)

    async def delete(self, access: Access, product_ids: Sequence[str]) -> BulkOutcome:
        """Deletes up to 20 products; ``recover`` brings them back off sale."""
        return await self._bulk(access, DELETE, product_ids)

    async def recover(self, access: Access, product_ids: Sequence[str]) -> BulkOutcome:
        """Brings up to 20 deleted products back, off sale."""
        return await self._bulk(access, RECOVER, product_ids)

    async def update_prices(self, access: Access, product_id: str, skus: Sequence[SkuPrice]) -> str:
        """New prices at once, without audit; only for live products outside promotions. Returns the request's id."""
        return (await self._calls.send(access, Ask(PRICES, product_id, body={"skus": list(skus)}))).request_id

    async def update_inventory(self, access: Access, product_id: str, skus: Sequence[SkuInventory]) -> BulkOutcome:
        """New stock at once; name every warehouse of each SKU. Refused SKUs stand in ``errors``."""
        answer = await self._calls.send(access, Ask(INVENTORY, product_id, body={"skus": list(skus)}))
        return answer.read(BulkOutcome)

    async def _bulk(self, access: Access, operation: Operation, product_ids: Sequence[str]) -> BulkOutcome:
        if not 0 < len(product_ids) <= BULK_LIMIT:
            raise ValueError(f"{operation.name} takes 1 to {BULK_LIMIT} products, not {len(product_ids)}")
        answer = await self._calls.send(access, Ask(operation, body={"product_ids": list(product_ids)}))
        return answer.read(BulkOutcome)


def _explicit(body: Mapping[str, object]) -> dict[str, object]:
    """An absent version would silently mean ``v1`` (TikTok fact sheet 3.2)."""
    if not body.get("category_id") or not body.get("category_version"):
        raise ValueError("a product body names its category together with the category_version")
    return dict(body)
