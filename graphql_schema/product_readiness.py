"""Whether a product could be listed as it is now."""

import asyncio
from uuid import UUID
from weakref import WeakKeyDictionary

import strawberry
from strawberry.dataloader import DataLoader

from graphql_schema.categories import CategoryRefOutput
from graphql_schema.context import Info, Reading
from graphql_schema.leaves import load_leaf
from graphql_schema.problems import Problem
from graphql_schema.templates import CategoryTemplate, load_template
from server.kit.errors import NotFound
from server.services.listings.creating import readiness
from server.services.listings.creating.readiness import Readiness, ReadySlice


@strawberry.type
class ProductReadiness:
    """What listing a product in a TikTok shop would find, before any call; the same functions decide as then."""

    found: strawberry.Private[Readiness]
    is_ready: bool = strawberry.field(description="Whether nothing keeps it from being sent; warnings may be there.")
    category_ref: CategoryRefOutput | None = strawberry.field(description="Its category; null when none is decided.")
    problems: list[Problem] = strawberry.field(description="What is wrong, errors and warnings, with remedies.")

    @classmethod
    def of(cls, found: Readiness) -> "ProductReadiness":
        """A service's value as clients see it."""
        ref = found.planned.category.ref
        return cls(
            found=found,
            is_ready=found.is_ready,
            category_ref=None if ref is None else CategoryRefOutput.of(ref),
            problems=[Problem.of_value(one) for one in found.problems],
        )

    @strawberry.field
    async def template(self, info: Info) -> CategoryTemplate | None:
        """The template that takes it; null when none does."""
        taker = self.found.planned.template
        return None if taker is None else await load_template(info, taker.id)


Key = tuple[UUID, UUID]
"""A TikTok shop's row id and a product's."""

_loaders: WeakKeyDictionary[Reading, DataLoader[Key, Readiness | None]] = WeakKeyDictionary()
"""One loader an operation."""


async def load_readiness(info: Info, tiktok_shop_id: UUID, product_id: UUID) -> ProductReadiness | None:
    """A product judged together with all others that the operation asks about; nothing where there is none such."""
    reading = info.context.reading
    if reading not in _loaders:
        _loaders[reading] = DataLoader(lambda keys: _load(info, keys))
    found = await _loaders[reading].load((tiktok_shop_id, product_id))
    return None if found is None else ProductReadiness.of(found)


async def _load(info: Info, keys: list[Key]) -> list[Readiness | None]:
    known: dict[Key, Readiness] = {}
    for shop in dict.fromkeys(shop for shop, _ in keys):
        found = await _judged(info, shop, [product for at, product in keys if at == shop])
        known |= {(shop, product_id): one for product_id, one in found.products.items()}
    return [known.get(key) for key in keys]


async def _judged(info: Info, tiktok_shop_id: UUID, product_ids: list[UUID]) -> ReadySlice:
    """Leaves that are not known yet are read first; where TikTok does not answer, the problems say so."""
    found = await _look(info, tiktok_shop_id, product_ids)
    if not found.missing:
        return found
    asked = (load_leaf(info, tiktok_shop_id, ref) for ref in found.missing)
    await asyncio.gather(*asked, return_exceptions=True)
    return await _look(info, tiktok_shop_id, product_ids)


async def _look(info: Info, tiktok_shop_id: UUID, product_ids: list[UUID]) -> ReadySlice:
    context = info.context
    async with context.read() as session:
        try:
            return await readiness.of_products(
                session,
                shop_id=context.shop_id,
                tiktok_shop_id=tiktok_shop_id,
                product_ids=product_ids,
                now=context.now,
            )
        except NotFound:
            return ReadySlice({}, ())
