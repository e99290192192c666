"""A merchant's stall for the tests of listing: the sandbox's store filled at will, our tasks played in this process."""

import asyncio
from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlmodel import col, delete, select

from sandbox.catalogue.products import product_from_json
from sandbox.faults import read_fault
from sandbox.world import World
from server.deps import Deps
from server.domain.categories import CategoryRef, CategoryVersion
from server.domain.listings import ListingStatus
from server.domain.problems import Problem
from server.domain.tasks import ItemState, TaskKind, TaskState
from server.services import categories, imports, tasks, templates
from server.services.listings import Wanted, start
from server.services.templates import TemplateDraft
from server.tables import CategoryTemplate, Intent, Listing, Product, Shop, Task, TaskChunk, TaskItem, TikTokShop
from workers.runtime import play
from workers.stories import STORIES

CANDLES = CategoryRef("1008592", CategoryVersion.V2)
CONTENT: dict[str, Any] = {
    "shipping": {
        "weight": {"value": "0.5", "unit": "KILOGRAM"},
        "dimensions": {"length": 10, "width": 10, "height": 10, "unit": "CENTIMETER"},
    }
}
"""What every leaf of the tests is content with; attributes are added where a leaf demands them."""


def a_product(title: str = "Beeswax Candle in Ivory", **changes: Any) -> dict[str, Any]:
    """A product that can be listed as it is, in the sandbox's data form."""
    picture = {"kind": "jpg", "width": 600, "height": 600}
    variant = {"price": "19.90", "sku": "WAX-1", "quantity": 5, "weight": 250.0}
    handle = title.lower().replace(" ", "-")
    return {
        "handle": handle,
        "title": title,
        "html": "<p>Burns for a day.</p>",
        "images": [picture],
        "variants": [variant],
    } | changes


class Stall:
    """Short words for what the tests do and see."""

    def __init__(self, deps: Deps, world: World, shop: Shop, tiktok_shop: TikTokShop) -> None:
        self.deps = deps
        self.world = world
        self.shop = shop
        self.tiktok_shop = tiktok_shop

    @property
    def where(self) -> dict[str, UUID]:
        return {"shop_id": self.shop.id, "tiktok_shop_id": self.tiktok_shop.id}

    def stock(self, *products: dict[str, Any]) -> None:
        """The store holds exactly these."""
        store = next(iter(self.world.shopify.shops.values())).store
        for index in list(store.indexes()):
            store.remove(index)
        for one in products:
            store.add(product_from_json(one), self.world.clock.now())

    def add(self, product: dict[str, Any]) -> None:
        """The merchant makes one more."""
        next(iter(self.world.shopify.shops.values())).store.add(product_from_json(product), self.world.clock.now())

    async def imported(self, *products: dict[str, Any]) -> list[Product]:
        """Stock these, or leave the store as it is, and import it."""
        if products:
            self.stock(*products)
        await self.played(await self.importing())
        return await self.products()

    async def importing(self) -> Task:
        """An import that has not begun."""
        async with self.deps.database.write() as session:
            return await imports.start(
                session,
                self.deps.queue,
                self.deps.feed,
                shop_id=self.shop.id,
                started_by="test",
                idempotency_key=None,
                now=self.deps.clock(),
            )

    async def trees(self) -> None:
        """Fetch the category trees."""
        async with self.deps.database.write() as session:
            task = await categories.start_sync(
                session,
                self.deps.queue,
                self.deps.feed,
                shop_id=self.shop.id,
                tiktok_shop_id=self.tiktok_shop.id,
                started_by="test",
                idempotency_key=None,
                now=self.deps.clock(),
            )
        await self.played(task)

    async def template(self, *, category: CategoryRef | None = CANDLES, **changes: Any) -> CategoryTemplate:
        """A default template; ``content`` comes on top of what the tests' leaves need."""
        content = CONTENT | changes.pop("content", {})
        draft = TemplateDraft("Everything", category, content, **({"is_default": True} | changes))
        async with self.deps.database.write() as session:
            return await templates.create(
                session,
                shop_id=self.shop.id,
                tiktok_shop_id=self.tiktok_shop.id,
                draft=draft,
                now=self.deps.clock(),
            )

    async def activated(self, template: CategoryTemplate, *, key: str | None = None) -> Task:
        async with self.deps.database.write() as session:
            _, task = await templates.activate(
                session,
                self.deps.queue,
                self.deps.feed,
                shop_id=self.shop.id,
                template_id=template.id,
                started_by="test",
                idempotency_key=key,
                now=self.deps.clock(),
            )
        return task

    async def started(
        self, product_ids: list[UUID], *, template_id: UUID | None = None, key: str | None = None
    ) -> Task:
        return await self.wanted(Wanted(product_ids, template_id=template_id), key=key)

    async def wanted(self, wanted: Wanted, *, key: str | None = None) -> Task:
        """The task; the first error of its rows is raised when none was opened."""
        async with self.deps.database.write() as session:
            started = await start(
                session,
                self.deps.queue,
                self.deps.feed,
                **self.where,
                wanted=wanted,
                started_by="test",
                idempotency_key=key,
                now=self.deps.clock(),
            )
        if started.task is None:
            raise started.errors[0]
        return started.task

    async def listed(self, *products: dict[str, Any], **changes: Any) -> Task:
        """Import, activate a default template, and play to the end."""
        await self.imported(*products)
        return await self.played(await self.activated(await self.template(**changes)))

    async def once(self, task: Task, *, worker: str = "w1") -> Task:
        """Let every chunk that is due be worked on once."""
        async with self.deps.database.read() as session:
            chunks = list(await session.exec(select(TaskChunk.id).where(TaskChunk.task_id == task.id)))
        stopping = asyncio.Event()
        await asyncio.gather(
            *(play(self.deps, STORIES, chunk_id=chunk, worker=worker, stopping=stopping) for chunk in chunks)
        )
        async with self.deps.database.read() as session:
            return await tasks.get(session, shop_id=self.shop.id, task_id=task.id)

    async def played(self, task: Task, *, rounds: int = 40) -> Task:
        """Play until the task has ended; waiting chunks do not make us wait, the clock goes on."""
        for _ in range(rounds):
            task = await self.once(task)
            if task.state.is_final:
                return task
            self.world.clock.advance(timedelta(seconds=40).total_seconds())
        raise AssertionError(f"after {rounds} rounds the task is {task.state}: {await self.items(task)}")

    async def products(self) -> list[Product]:
        async with self.deps.database.read() as session:
            return list(await session.exec(select(Product).order_by(col(Product.remote_id))))

    async def items(self, task: Task) -> list[TaskItem]:
        async with self.deps.database.read() as session:
            statement = select(TaskItem).where(TaskItem.task_id == task.id).order_by(col(TaskItem.position))
            return list(await session.exec(statement))

    async def listings(self) -> list[Listing]:
        async with self.deps.database.read() as session:
            statement = select(Listing).join(Product, col(Product.id) == col(Listing.product_id))
            return list(await session.exec(statement.order_by(col(Product.remote_id))))

    async def tasks(self, kind: TaskKind) -> list[Task]:
        """All of a kind, the oldest first."""
        async with self.deps.database.read() as session:
            return list(await session.exec(select(Task).where(Task.kind == kind).order_by(col(Task.id))))

    async def failed(
        self,
        kind: TaskKind,
        product: Product,
        asked: dict[str, Any],
        *,
        state: ItemState = ItemState.FAILED,
        ended: TaskState = TaskState.FAILED,
        code: str | None = "TITLE_EMPTY",
    ) -> Task:
        """An ended task over one product, written as if it had been worked on."""
        now = self.deps.clock()
        task = Task(
            shop_id=self.shop.id, kind=kind, state=ended, input=asked, started_by="test", total=1, created_at=now
        )
        task.tiktok_shop_id = self.tiktok_shop.id
        problems = [] if code is None else [Problem(code, (), "Told by the test.").to_json()]
        one = TaskItem(
            task_id=task.id,
            shop_id=self.shop.id,
            position=0,
            chunk=0,
            subject_id=product.id,
            state=state,
            problems=problems,
        )
        async with self.deps.database.write() as session:
            session.add(task)
            await session.flush()
            session.add(one)
        return (await self.tasks(kind))[-1]

    async def shelved(
        self, product: Product, status: ListingStatus, *, template: CategoryTemplate | None = None
    ) -> None:
        """The product's listing stands so, whatever it was before."""
        there = status not in (ListingStatus.NOT_SYNCED, ListingStatus.SYNC_FAILED)
        remote_id, template_id = "1729382256910270000" if there else None, template.id if template else None
        async with self.deps.database.write() as session:
            await session.exec(delete(Listing).where(col(Listing.product_id) == product.id))
            shops = {"shop_id": self.shop.id, "tiktok_shop_id": self.tiktok_shop.id, "product_id": product.id}
            row = Listing.model_validate(shops | {"status": status, "updated_at": self.deps.clock()})
            row.remote_id, row.template_id = remote_id, template_id
            session.add(row)

    async def statuses(self) -> Counter[ListingStatus]:
        return Counter(listing.status for listing in await self.listings())

    async def open_intents(self) -> list[Intent]:
        async with self.deps.database.read() as session:
            return list(await session.exec(select(Intent).where(col(Intent.closed_at).is_(None))))

    def created(self) -> Counter[str]:
        """How often each of our products stands on TikTok Shop, by its Shopify id."""
        products = self.world.tiktok.products.values()
        return Counter(product.base.external_product_id for product in products)

    def calls(self, operation: str) -> int:
        """How often the platforms were called so."""
        return self.world.calls.by_operation[operation]

    def fault(self, **rule: Any) -> None:
        """Put a fault in force."""
        self.world.faults.add(read_fault(rule, self.world.clock.now()))


def codes(row: Listing | TaskItem) -> list[str]:
    """The problems of an item or a listing, by code."""
    return [problem["code"] for problem in row.problems]
