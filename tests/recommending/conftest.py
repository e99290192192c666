"""A stall whose products are recommended for; the sandbox is both platforms."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import pytest

from server.domain.categories import CategoryRef, CategoryVersion
from server.kit.ids import to_gid
from server.services import categories, recommendations, tiktok_shops
from server.services.recommendations import Wanted
from server.tables import Category, Recommendation, Task
from tests.listing.conftest import deps, platforms, settings, stall
from tests.listing.stall import Stall

__all__ = ["advisor", "deps", "platforms", "settings", "stall"]


class Advisor:
    """Short words for what the tests do and see."""

    def __init__(self, stall: Stall) -> None:
        self.stall = stall
        self.deps = stall.deps

    async def started(
        self,
        product_ids: Sequence[UUID] | None = None,
        *,
        wanted: Wanted | None = None,
        threshold: float | None = 0.3,
        key: str | None = None,
    ) -> Task:
        async with self.deps.database.write() as session:
            return await recommendations.start(
                session,
                self.deps.queue,
                self.deps.feed,
                **self.stall.where,
                product_ids=product_ids,
                wanted=wanted,
                threshold=threshold,
                started_by="test",
                idempotency_key=key,
                now=self.deps.clock(),
            )

    async def refreshed(self, *product_ids: UUID, **changes: Any) -> list[Recommendation]:
        """Refresh these, or all; in the order of the products."""
        wanted = None if product_ids else Wanted.ALL
        task = await self.started(product_ids or None, wanted=wanted, **changes)
        done = await self.stall.played(task)
        assert done.state == "SUCCEEDED", await self.stall.items(task)
        return await self.known()

    async def known(self) -> list[Recommendation]:
        ids = [product.id for product in await self.stall.products()]
        async with self.deps.database.read() as session:
            found = await recommendations.of_products(session, shop_id=self.stall.shop.id, product_ids=ids)
        return [row for product_id in ids for row in found[product_id]]

    async def approved(self, row: Recommendation, ref: CategoryRef | None = None) -> Recommendation:
        async with self.deps.database.write() as session:
            return await recommendations.approve(
                session,
                shop_id=self.stall.shop.id,
                recommendation_id=row.id,
                ref=ref,
                by="test",
                now=self.deps.clock(),
            )

    async def rejected(self, row: Recommendation) -> Recommendation:
        async with self.deps.database.write() as session:
            return await recommendations.reject(
                session, shop_id=self.stall.shop.id, recommendation_id=row.id, by="test", now=self.deps.clock()
            )

    async def category(self, category_id: str) -> Category | None:
        async with self.deps.database.read() as session:
            ref = CategoryRef(category_id, CategoryVersion.V2)
            return await categories.by_ref(session, **self.stall.where, ref=ref)

    async def disconnected(self) -> None:
        async with self.deps.database.write() as session:
            await tiktok_shops.disconnect(
                session, self.deps.queue, self.deps.feed, **self.stall.where, now=self.deps.clock()
            )

    @property
    def tiktok_gid(self) -> str:
        return to_gid("TikTokShop", self.stall.tiktok_shop.id)


@pytest.fixture
def advisor(stall: Stall) -> Advisor:
    return Advisor(stall)
