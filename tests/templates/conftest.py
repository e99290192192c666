"""A store with one TikTok shop whose tree and leaf are known, and products that could be sent as they are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from server.deps import Deps
from server.domain.categories import CategoryRef, CategoryVersion
from server.domain.category_tree import FlatNode
from server.domain.leaves import Leaf
from server.domain.listings import ListingStatus
from server.domain.traits import Traits
from server.kit.ids import new_id
from server.services import categories, leaves, templates
from server.services.templates import TemplateDraft, TemplatePatch
from server.store import product_traits
from server.tables import (
    CategoryTemplate,
    Listing,
    LocalImage,
    Product,
    ProductImage,
    Shop,
    TikTokShop,
    Variant,
)
from tests.catalogue.shops import connected_shop

V2 = CategoryVersion.V2
MUGS, BOWLS = CategoryRef("2", V2), CategoryRef("4", V2)
TREE = [
    FlatNode("1", "0", "Home", is_leaf=False, permissions=("AVAILABLE",)),
    FlatNode("2", "1", "Mugs", is_leaf=True, permissions=("AVAILABLE",)),
    FlatNode("4", "1", "Bowls", is_leaf=True, permissions=("AVAILABLE",)),
]
PACKAGE: dict[str, Any] = {
    "shipping": {
        "weight": {"value": "0.5", "unit": "KILOGRAM"},
        "dimensions": {"length": 10, "width": 10, "height": 10, "unit": "CENTIMETER"},
    }
}
"""What the tests' leaves are content with."""


def takes(*tags: str, match: str = "ANY") -> dict[str, Any]:
    """Rules over tags."""
    conditions = [{"field": "TAG", "operator": "EQUALS", "value": tag} for tag in tags]
    return {"rules": {"match": match, "conditions": conditions}}


@dataclass
class Desk:
    """The store under test, and short words for what is done in it."""

    deps: Deps
    shop: Shop
    tiktok_shop: TikTokShop
    count: int = field(default=0)

    @property
    def where(self) -> dict[str, Any]:
        return {"shop_id": self.shop.id, "tiktok_shop_id": self.tiktok_shop.id}

    async def keep(self, nodes: Sequence[FlatNode] = TREE) -> None:
        """The tree as TikTok tells it now."""
        async with self.deps.database.write() as session:
            await categories.keep(session, **self.where, version=V2, locale="en-US", nodes=nodes, now=self.deps.clock())

    async def keep_leaf(self, leaf: Leaf) -> None:
        async with self.deps.database.write() as session:
            await leaves.keep(session, **self.where, leaf=leaf, now=self.deps.clock())

    async def add(self, *tags: Sequence[str], title: str = "Stoneware mug") -> list[UUID]:
        """Products with these tags, each with a variant, a picture and a description."""
        now, ids = self.deps.clock(), [new_id() for _ in tags]
        async with self.deps.database.write() as session:
            for product_id, names in zip(ids, tags, strict=True):
                self.count += 1
                session.add(
                    Product(
                        id=product_id,
                        shop_id=self.shop.id,
                        remote_id=f"gid://shopify/Product/{self.count}",
                        title=f"{title} number {self.count}, hand made",
                        description_html="<p>Holds a pint of tea.</p>",
                        tags=list(names),
                        status="ACTIVE",
                        source_updated_at=now,
                        imported_at=now,
                    )
                )
            await session.flush()
            for product_id in ids:
                self._furnish(session, product_id)
            await session.flush()
            traits = {one: Traits(title, tags=tuple(names)) for one, names in zip(ids, tags, strict=True)}
            await product_traits.write(session, shop_id=self.shop.id, traits=traits, now=now)
        return ids

    def _furnish(self, session: Any, product_id: UUID) -> None:
        session.add(
            Variant(
                shop_id=self.shop.id,
                product_id=product_id,
                remote_id=f"gid://shopify/ProductVariant/{product_id}",
                position=1,
                price=Decimal("19.90"),
                inventory_quantity=7,
                weight_value=0.3,
                weight_unit="KILOGRAMS",
            )
        )
        image = LocalImage(shop_id=self.shop.id, url=f"https://cdn.shopify.com/{product_id}.jpg")
        session.add(image)
        session.add(ProductImage(shop_id=self.shop.id, product_id=product_id, local_image_id=image.id, position=1))

    async def list_with(self, template_id: UUID | None, *product_ids: UUID) -> None:
        """As if these products had been listed with the template."""
        async with self.deps.database.write() as session:
            for product_id in product_ids:
                session.add(
                    Listing(
                        **self.where,
                        product_id=product_id,
                        template_id=template_id,
                        status=ListingStatus.LIVE,
                        remote_id=str(abs(hash(product_id)))[:18],
                        updated_at=self.deps.clock(),
                    )
                )

    async def make(
        self,
        name: str,
        content: Mapping[str, Any] | None = None,
        *,
        category: CategoryRef | None = MUGS,
        actor: str = "user:42",
        **head: Any,
    ) -> CategoryTemplate:
        draft = TemplateDraft(name, category, {**PACKAGE, **(content or {})}, **head)
        async with self.deps.database.write() as session:
            return await templates.create(session, **self.where, draft=draft, actor=actor, now=self.deps.clock())

    async def change(self, template_id: UUID, *, actor: str = "user:42", **patch: Any) -> CategoryTemplate:
        async with self.deps.database.write() as session:
            return await templates.update(
                session,
                shop_id=self.shop.id,
                template_id=template_id,
                patch=TemplatePatch(**patch),
                actor=actor,
                now=self.deps.clock(),
            )


@pytest.fixture
async def desk(deps: Deps) -> Desk:
    shop, tiktok_shop = await connected_shop(deps)
    async with deps.database.write() as session:
        row = await session.get(TikTokShop, tiktok_shop.id)
        assert row is not None
        row.warehouse_id = "7000"
    made = Desk(deps, shop, tiktok_shop)
    await made.keep()
    for ref in (MUGS, BOWLS):
        await made.keep_leaf(Leaf(ref))
    return made
