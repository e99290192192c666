"""A store with one TikTok shop, a small tree of each version, and products sorted in several ways."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import col, select

from server.deps import Deps
from server.domain.categories import CategoryRef, CategoryVersion
from server.domain.category_tree import FlatNode
from server.domain.mappings import MappedLeaf, Source, SourceKind
from server.domain.markets import Market
from server.kit.ids import new_id
from server.services import categories, mappings
from server.services.mappings import Outcome, Wish
from server.store import mappings as mapping_store
from server.tables import CategoryMapping, ConfirmedChoice, Product, Shop, TikTokShop
from tests.catalogue.shops import connected_shop

V1, V2 = CategoryVersion.V1, CategoryVersion.V2
MUGS, KNIVES, BOWLS, OLD_MUGS = CategoryRef("2", V2), CategoryRef("3", V2), CategoryRef("4", V2), CategoryRef("2", V1)
TREE = [
    FlatNode("1", "0", "Home", is_leaf=False, permissions=("AVAILABLE",)),
    FlatNode("2", "1", "Mugs", is_leaf=True, permissions=("AVAILABLE",)),
    FlatNode("3", "1", "Knives", is_leaf=True, permissions=("NON_MAIN_CATEGORY",)),
    FlatNode("4", "1", "Bowls", is_leaf=True, permissions=("AVAILABLE",)),
]


def taxonomy(ident: str) -> str:
    return f"gid://shopify/TaxonomyCategory/{ident}"


def collection(number: int) -> str:
    return f"gid://shopify/Collection/{number}"


def a_type(name: str) -> Source:
    return Source(SourceKind.PRODUCT_TYPE, name)


def a_category(ident: str) -> Source:
    return Source(SourceKind.SHOPIFY_CATEGORY, taxonomy(ident))


def a_collection(number: int) -> Source:
    return Source(SourceKind.COLLECTION, collection(number))


@dataclass
class Bench:
    """The store under test."""

    deps: Deps
    shop: Shop
    tiktok_shop: TikTokShop
    count: int = field(default=0)

    @property
    def where(self) -> dict[str, Any]:
        return {"shop_id": self.shop.id, "tiktok_shop_id": self.tiktok_shop.id}

    async def keep(self, version: CategoryVersion = V2, nodes: Sequence[FlatNode] = TREE) -> None:
        async with self.deps.database.write() as session:
            await categories.keep(
                session, **self.where, version=version, locale="en-US", nodes=nodes, now=self.deps.clock()
            )

    async def add(
        self,
        *,
        product_type: str = "",
        category: str | None = None,
        name: str | None = None,
        collections: Sequence[int] = (),
        amount: int = 1,
    ) -> list[UUID]:
        now = self.deps.clock()
        rows = [
            Product(
                id=new_id(),
                shop_id=self.shop.id,
                remote_id=f"gid://shopify/Product/{self.count + n}",
                title="Thing",
                product_type=product_type,
                category_id=None if category is None else taxonomy(category),
                category_name=name,
                collections=[{"id": collection(one)} for one in collections],
                status="ACTIVE",
                source_updated_at=now,
                imported_at=now,
            )
            for n in range(amount)
        ]
        self.count += amount
        ids = [row.id for row in rows]
        async with self.deps.database.write() as session:
            session.add_all(rows)
        return ids

    async def sells_in(self, market: Market) -> None:
        async with self.deps.database.write() as session:
            row = await session.get_one(TikTokShop, self.tiktok_shop.id)
            row.market = market
            session.add(row)

    async def taught(self) -> list[tuple[UUID, str, str]]:
        """What is remembered, the oldest first: product, leaf, how it was said."""
        async with self.deps.database.read() as session:
            rows = await session.exec(select(ConfirmedChoice).order_by(col(ConfirmedChoice.id)))
            return [(row.product_id, row.category_id, row.source) for row in rows]

    async def mapped(self, product_ids: Sequence[UUID], *versions: CategoryVersion) -> Mapping[UUID, MappedLeaf]:
        """What these products are mapped to, in these trees or any."""
        async with self.deps.database.read() as session:
            return await mapping_store.leaves(session, **self.where, product_ids=product_ids, versions=versions or None)

    async def set(self, source: Source, ref: CategoryRef = MUGS) -> CategoryMapping:
        async with self.deps.database.write() as session:
            return await mappings.set_one(
                session, **self.where, wish=Wish(source, ref), set_by="user:42", now=self.deps.clock()
            )

    async def set_many(self, *wishes: tuple[Source, CategoryRef], **how: Any) -> list[Outcome]:
        async with self.deps.database.write() as session:
            return await mappings.set_many(
                session,
                **self.where,
                wishes=[Wish(*one) for one in wishes],
                set_by="user:42",
                now=self.deps.clock(),
                **how,
            )


@pytest.fixture
async def bench(deps: Deps) -> Bench:
    shop, tiktok_shop = await connected_shop(deps)
    made = Bench(deps, shop, tiktok_shop)
    await made.keep()
    return made
