"""A stall with listings on sale: the store changes, the seller meddles, edits are played."""

from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from sandbox.shopify.changes import change_product, change_variant
from sandbox.shopify.objects import Product as StoreProduct
from sandbox.tiktok import audit
from sandbox.tiktok.editing import edit
from sandbox.tiktok.fields import Fields
from sandbox.tiktok.listing import Author
from sandbox.tiktok.product import SELLER_CENTER, Product, Verdict
from sandbox.tiktok.reading import read_changes
from server.clients.tiktok import TokenSource
from server.clients.tiktok_product_answers import FoundProduct
from server.clients.tiktok_products import ProductFilter
from server.domain.history import ChangeCause
from server.services import listings, tiktok_shops
from server.services.listings.editing import marking
from server.services.listings.editing import starting as editing
from server.tables import Listing, ListingChange, Task
from tests.listing.stall import Stall, a_product

PASS = Verdict("pass")
EDITS = ("Update Price", "Update Inventory", "Partial Edit Product", "Edit Product", "Get Product")


class Bench:
    """Short words for what the tests of editing do and see."""

    def __init__(self, stall: Stall) -> None:
        self.stall = stall
        self.calls: dict[str, int] = {}
        self.world = stall.world

    async def on_sale(self, *products: dict[str, Any], **template: Any) -> list[Listing]:
        """List these and let the review pass."""
        task = await self.stall.listed(*(products or (a_product(),)), **template)
        assert task.succeeded == len(products or (1,)), [item.problems for item in await self.stall.items(task)]
        await self.reviewed()
        return await self.stall.listings()

    async def reviewed(self, verdict: Verdict = PASS) -> None:
        """The auditors are done, and we heard of it."""
        for product in list(self.world.tiktok.products.values()):
            if product.audit.value == "AUDITING":
                audit.judge(self.world, product, verdict)
        await self.looked()

    async def looked(self) -> None:
        """We read every product anew, as after a webhook that says nothing."""
        stall = self.stall
        source = await stall_source(stall)
        for row in await stall.listings():
            if row.remote_id is None:
                continue
            self.world.clock.advance(1)
            product = await stall.deps.tiktok.products.get(source, row.remote_id)
            async with stall.deps.database.write() as session:
                await listings.apply_product(
                    session,
                    stall.deps.feed,
                    shop_id=stall.shop.id,
                    tiktok_shop_id=stall.tiktok_shop.id,
                    product=product,
                    now=stall.deps.clock(),
                    confirmed=True,
                )

    async def store(self, patch: dict[str, Any], handle: str = "beeswax-candle-in-ivory") -> None:
        """The merchant changes a product in the store, and we read it."""
        self.world.clock.advance(5)
        change_product(self.world, handle, patch)
        await self.stall.imported()

    async def variant(self, patch: dict[str, Any], slot: int = 0) -> None:
        """The merchant changes a variant of the only product."""
        self.world.clock.advance(5)
        change_variant(self.world, self.stores()[0].variants[slot].gid, patch)
        await self.stall.imported()

    def stores(self) -> list[StoreProduct]:
        """The products of the Shopify store."""
        return list(next(iter(self.world.shopify.shops.values())).store)

    def sellers(self, body: dict[str, Any], number: int = 0) -> Product:
        """The seller edits a product in Seller Center; the review passes at once."""
        product = self.remote(number)
        content = read_changes(Fields(body), product.newest)
        self.world.clock.advance(60)
        edit(self.world, product, content, Author(SELLER_CENTER, "seller"), as_draft=False)
        if product.audit.value == "AUDITING":
            audit.judge(self.world, product, PASS)
        return product

    def remote(self, number: int = 0) -> Product:
        """A product as it stands on TikTok Shop."""
        return self.products()[number]

    def products(self) -> list[Product]:
        """All that stand on TikTok Shop."""
        return list(self.world.tiktok.products.values())

    async def started(self, **named: Any) -> Task:
        """An edit of all that is on TikTok Shop, or of these."""
        async with self.stall.deps.database.write() as session:
            return await editing.start(
                session,
                self.stall.deps.queue,
                self.stall.deps.feed,
                shop_id=self.stall.shop.id,
                tiktok_shop_id=self.stall.tiktok_shop.id,
                started_by="user:1",
                idempotency_key=None,
                now=self.stall.deps.clock(),
                **named,
            )

    async def edited(self, **named: Any) -> Task:
        """The same, played to its end; what was called on the way is in ``calls``."""
        self.world.clock.advance(1)
        before = self.counted()
        task = await self.stall.played(await self.started(**named))
        self.calls = {name: amount for name, amount in (self.counted() - before).items() if amount}
        return task

    def counted(self) -> Counter[str]:
        """How often each call of an edit was made so far."""
        return Counter({name: self.stall.calls(name) for name in EDITS})

    async def mark(self, product_ids: list[UUID], cause: ChangeCause = ChangeCause.STORE) -> int:
        async with self.stall.deps.database.write() as session:
            return await marking.mark(
                session,
                shop_id=self.stall.shop.id,
                product_ids=product_ids,
                cause=cause,
                now=self.stall.deps.clock(),
            )

    async def swept(self, pause: float = 0) -> list[Task]:
        """Open what is due, and play it."""
        async with self.stall.deps.database.write() as session:
            await editing.sweep(
                session,
                self.stall.deps.queue,
                self.stall.deps.feed,
                pause=timedelta(seconds=pause),
                now=self.stall.deps.clock(),
            )
        async with self.stall.deps.database.read() as session:
            statement = select(Task).where(Task.kind == "EDIT", col(Task.finished_at).is_(None))
            found = list(await session.exec(statement.order_by(col(Task.created_at))))
        return [await self.stall.played(task) for task in found]

    async def found(self) -> list[FoundProduct]:
        """What a search of the TikTok shop tells now."""
        products = self.stall.deps.tiktok.products
        page = await products.search(await stall_source(self.stall), ProductFilter(None))
        return list(page.products)

    async def history(self, number: int = 0) -> list[ListingChange]:
        """A listing's lines, oldest first."""
        rows = await self.stall.listings()
        async with self.stall.deps.database.read() as session:
            statement = select(ListingChange).where(ListingChange.listing_id == rows[number].id)
            return list(await session.exec(statement.order_by(col(ListingChange.at), col(ListingChange.id))))

    async def one(self) -> Listing:
        """The only listing."""
        (row,) = await self.stall.listings()
        return row


async def stall_source(stall: Stall) -> TokenSource:
    """Access to the TikTok shop."""
    deps = stall.deps
    return tiktok_shops.token_source(deps.database, deps.vault, deps.tiktok, **stall.where, clock=deps.clock)
